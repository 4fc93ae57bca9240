package io.ottla.protocol;

import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/**
 * A request or answer of one of our own APIs. Its class writes and reads the fields; the size is found by writing them to
 * nowhere. Not thread-safe while it is being filled.
 */
public abstract class OwnMessage implements ApiMessage {
    private final OwnApi api;

    OwnMessage(OwnApi api) {
        this.api = api;
    }

    /** Writes all fields in their order, tagged ones last. */
    abstract void writeFields(Writable to, short version);

    /** Reads what {@link #writeFields} wrote; fields of a later release are stepped over. */
    abstract void readFields(Readable from, short version);

    @Override
    public final short apiKey() {
        return api.id();
    }

    @Override
    public final short lowestSupportedVersion() {
        return api.oldestVersion();
    }

    @Override
    public final short highestSupportedVersion() {
        return api.latestVersion();
    }

    @Override
    public final void addSize(MessageSizeAccumulator size, ObjectSerializationCache cache, short version) {
        SizeCounter counter = new SizeCounter();
        writeFields(counter, version);
        size.addBytes(counter.copied());
        size.addZeroCopyBytes(counter.uncopied());
    }

    @Override
    public final void write(Writable to, ObjectSerializationCache cache, short version) {
        writeFields(to, version);
    }

    @Override
    public final void read(Readable from, short version) {
        readFields(from, version);
    }

    /** None: they are stepped over and never kept. */
    @Override
    public final List<RawTaggedField> unknownTaggedFields() {
        return List.of();
    }

    /** Not how we use them. */
    @Override
    public final Message duplicate() {
        throw new UnsupportedOperationException("Expected no copy of " + api.label() + " to be asked for");
    }
}
