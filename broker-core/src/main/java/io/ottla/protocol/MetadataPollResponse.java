package io.ottla.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;

/**
 * What has changed since. The steps follow on what the broker said it knows, or on the whole image where there is one. A
 * large image is told in parts, an answer each, and the steps come when it has all been told.
 *
 * <pre>
 *   errorCode        int16
 *   errorMessage     nullable string
 *   controllerEpoch  int32   of who answers; -1 where it is not the controller
 *   wholeNumber      int64   the number of the whole image within that epoch
 *   parts            int32   of how many parts it is
 *   part             int32   which of them this is, from 0
 *   whole            nullable bytes   see ImageCodec
 *   steps            array of
 *     number         int64   within that epoch
 *     changes        bytes   see ChangeCodec
 *     tagged fields
 *   mayLeave         bool    whether the broker leads nothing any more that others could
 *   tagged fields
 * </pre>
 */
public final class MetadataPollResponse extends OwnMessage {
    /** @param changes encoded */
    public record Step(long number, ByteBuffer changes) {}

    private short errorCode;
    private String errorMessage;
    private int controllerEpoch = -1;
    private long wholeNumber;
    private int parts;
    private int part;
    private ByteBuffer whole;
    private List<Step> steps = List.of();
    private boolean mayLeave;

    /** Nothing new. */
    public MetadataPollResponse() {
        super(OwnApi.METADATA_POLL);
    }

    /** @param message for people; null for none */
    public MetadataPollResponse refusing(short code, String message) {
        errorCode = code;
        errorMessage = message;
        return this;
    }

    public MetadataPollResponse of(int epoch, boolean leave) {
        controllerEpoch = epoch;
        mayLeave = leave;
        return this;
    }

    /**
     * Tells an image, or a part of one.
     *
     * @param bytes stay as they are until the frame is sent
     */
    public MetadataPollResponse whole(long number, int ofParts, int which, ByteBuffer bytes) {
        wholeNumber = number;
        parts = ofParts;
        part = which;
        whole = bytes;
        return this;
    }

    public MetadataPollResponse steps(List<Step> following) {
        steps = List.copyOf(following);
        return this;
    }

    public short errorCode() {
        return errorCode;
    }

    public String errorMessage() {
        return errorMessage;
    }

    public int controllerEpoch() {
        return controllerEpoch;
    }

    public long wholeNumber() {
        return wholeNumber;
    }

    public int parts() {
        return parts;
    }

    public int part() {
        return part;
    }

    /** Null where the steps follow on what the broker knows. */
    public ByteBuffer whole() {
        return whole;
    }

    public List<Step> steps() {
        return steps;
    }

    public boolean mayLeave() {
        return mayLeave;
    }

    @Override
    void writeFields(Writable to, short version) {
        to.writeShort(errorCode);
        Compact.writeString(to, errorMessage);
        to.writeInt(controllerEpoch);
        to.writeLong(wholeNumber);
        to.writeInt(parts);
        to.writeInt(part);
        Compact.writeBytes(to, whole);
        Compact.writeCount(to, steps.size());
        for (Step step : steps) {
            to.writeLong(step.number());
            Compact.writeBytes(to, step.changes());
            Compact.writeNoTags(to);
        }
        Compact.writeBoolean(to, mayLeave);
        Compact.writeNoTags(to);
    }

    @Override
    void readFields(Readable from, short version) {
        errorCode = from.readShort();
        errorMessage = Compact.readNullableString(from);
        controllerEpoch = from.readInt();
        wholeNumber = from.readLong();
        parts = from.readInt();
        part = from.readInt();
        whole = Compact.readNullableBytes(from);
        int count = Compact.readCount(from);
        List<Step> read = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            read.add(new Step(from.readLong(), Compact.readBytes(from)));
            Compact.skipTags(from);
        }
        steps = List.copyOf(read);
        mayLeave = Compact.readBoolean(from);
        Compact.skipTags(from);
    }

    @Override
    public String toString() {
        return "MetadataPoll answer(error " + errorCode + ", controller epoch " + controllerEpoch
                + (whole == null ? "" : ", whole image " + wholeNumber + ", part " + part + " of " + parts) + ", "
                + steps.size() + " steps)";
    }
}
