package io.ottla.metadata;

import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metadata.BrokerImage.VersionRange;
import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.Compact;
import io.ottla.protocol.MalformedFrame;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Brokers as bytes.
 *
 * <pre>
 *   id          zigzag
 *   epoch       int64
 *   endpoints   array of
 *     listener  string
 *     protocol  int16    Kafka's number of it
 *     host      string
 *     port      int32
 *     tagged fields
 *   rack        nullable string
 *   features    array of
 *     name      string
 *     min, max  int16
 *   tagged fields
 *     0         uuid     incarnation, where there is one
 * </pre>
 */
final class BrokerCodec {
    private static final int INCARNATION = 0;
    private static final int UUID_BYTES = 16;

    private BrokerCodec() {}

    static void write(Writable to, BrokerImage broker) {
        to.writeVarint(broker.id().value());
        to.writeLong(broker.epoch().value());
        Compact.writeCount(to, broker.endpoints().size());
        for (Endpoint endpoint : broker.endpoints()) {
            Compact.writeString(to, endpoint.listener());
            to.writeShort(endpoint.protocol().id);
            Compact.writeString(to, endpoint.host());
            to.writeInt(endpoint.port());
            Compact.writeNoTags(to);
        }
        Compact.writeString(to, broker.rack());
        Compact.writeCount(to, broker.features().size());
        broker.features().forEach((name, range) -> {
            Compact.writeString(to, name);
            to.writeShort(range.min());
            to.writeShort(range.max());
        });
        if (broker.incarnation() == null) {
            Compact.writeNoTags(to);
        } else {
            to.writeUnsignedVarint(1);
            to.writeUnsignedVarint(INCARNATION);
            to.writeUnsignedVarint(UUID_BYTES);
            to.writeUuid(broker.incarnation());
        }
    }

    static BrokerImage read(BoundedReadable from) {
        BrokerId id = new BrokerId(from.readVarint());
        BrokerEpoch epoch = new BrokerEpoch(from.readLong());
        int count = Compact.readCount(from);
        List<Endpoint> endpoints = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            endpoints.add(readEndpoint(from));
        }
        String rack = Compact.readNullableString(from);
        Map<String, VersionRange> features = new LinkedHashMap<>();
        for (int left = Compact.readCount(from); left > 0; left--) {
            features.put(Compact.readString(from), new VersionRange(from.readShort(), from.readShort()));
        }
        return new BrokerImage(id, epoch, List.copyOf(endpoints), rack, Map.copyOf(features), readIncarnation(from));
    }

    /** Null where there is none. */
    private static Uuid readIncarnation(BoundedReadable from) {
        Uuid incarnation = null;
        for (int left = from.readUnsignedVarint(); left > 0; left--) {
            int tag = from.readUnsignedVarint();
            int size = from.readUnsignedVarint();
            if (tag == INCARNATION && size == UUID_BYTES) {
                incarnation = from.readUuid();
            } else {
                from.readUnknownTaggedField(null, tag, size);
            }
        }
        return incarnation;
    }

    private static Endpoint readEndpoint(BoundedReadable from) {
        String listener = Compact.readString(from);
        short number = from.readShort();
        SecurityProtocol protocol = SecurityProtocol.forId(number);
        if (protocol == null) {
            throw new MalformedFrame("Expected a security protocol, but got number " + number);
        }
        Endpoint endpoint = new Endpoint(listener, protocol, Compact.readString(from), from.readInt());
        Compact.skipTags(from);
        return endpoint;
    }
}
