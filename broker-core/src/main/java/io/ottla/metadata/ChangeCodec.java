package io.ottla.metadata;

import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.Compact;
import io.ottla.protocol.GrowingBytes;
import io.ottla.protocol.MalformedFrame;
import io.ottla.types.BrokerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Writable;

/**
 * Changes as bytes, for brokers that ask what is new. A kind that a broker does not know is stepped over by its size, and
 * every part ends with tagged fields (KIP-482), so that a later release can say more.
 *
 * <pre>
 *   count        array of
 *     kind       varint   see the constants
 *     size       varint   bytes that follow
 *     body                by kind
 *     tagged fields
 * </pre>
 *
 * Numbers are varints where they are small as a rule, zigzag where they may be -1. Immutable; any thread.
 */
public final class ChangeCodec {
    /** Bytes of a step or of a part of an image at most: some five million partitions of three replicas. */
    public static final int MAX_BYTES = 64 << 20;

    /** Bytes of heap that a byte may become: a partition of three replicas takes about a dozen bytes here. */
    private static final int EXPANSION = 64;

    private static final int BROKER_SET = 0;
    private static final int BROKER_GONE = 1;
    private static final int CONTROLLER_SET = 2;
    private static final int TOPIC_SET = 3;
    private static final int TOPIC_GONE = 4;
    private static final int PARTITION_SET = 5;
    private static final int CONFIG_SET = 6;
    private static final int FEATURES_SET = 7;
    private static final int ACCESS_SET = 8;

    private ChangeCodec() {}

    /**
     * The bytes of some changes.
     *
     * @throws IllegalArgumentException where they are more than {@link #MAX_BYTES}
     */
    public static ByteBuffer encode(List<MetadataChange> changes) {
        return GrowingBytes.of(MAX_BYTES, to -> write(to, changes));
    }

    /** @throws MalformedFrame where these are no changes */
    public static List<MetadataChange> decode(ByteBuffer bytes) {
        return Malformed.guard("changes of metadata", () -> read(readable(bytes)));
    }

    static BoundedReadable readable(ByteBuffer bytes) {
        return new BoundedReadable().over(bytes, EXPANSION);
    }

    static void write(Writable to, List<MetadataChange> changes) {
        Compact.writeCount(to, changes.size());
        for (MetadataChange change : changes) {
            to.writeUnsignedVarint(kind(change));
            Compact.writeSized(to, body -> {
                write(body, change);
                Compact.writeNoTags(body);
            });
        }
    }

    static List<MetadataChange> read(BoundedReadable from) {
        PartitionCodec partitions = new PartitionCodec();
        int count = Compact.readCount(from);
        List<MetadataChange> changes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int kind = from.readUnsignedVarint();
            int size = from.readUnsignedVarint();
            int end = from.index() + size;
            MetadataChange change = read(from, kind, partitions);
            if (change == null) {
                from.skip(size);
                continue;
            }
            Compact.skipTags(from);
            if (from.index() != end) {
                throw new MalformedFrame("Expected a change of kind " + kind + " in " + size + " bytes, but it takes "
                        + (from.index() - end + size));
            }
            changes.add(change);
        }
        return List.copyOf(changes);
    }

    private static int kind(MetadataChange change) {
        return switch (change) {
            case MetadataChange.BrokerSet set -> BROKER_SET;
            case MetadataChange.BrokerGone gone -> BROKER_GONE;
            case MetadataChange.ControllerSet set -> CONTROLLER_SET;
            case MetadataChange.TopicSet set -> TOPIC_SET;
            case MetadataChange.TopicGone gone -> TOPIC_GONE;
            case MetadataChange.PartitionSet set -> PARTITION_SET;
            case MetadataChange.ConfigSet set -> CONFIG_SET;
            case MetadataChange.FeaturesSet set -> FEATURES_SET;
            case MetadataChange.AccessSet set -> ACCESS_SET;
        };
    }

    private static void write(Writable to, MetadataChange change) {
        switch (change) {
            case MetadataChange.BrokerSet(BrokerImage broker) -> BrokerCodec.write(to, broker);
            case MetadataChange.BrokerGone(BrokerId id) -> to.writeVarint(id.value());
            case MetadataChange.ControllerSet(BrokerId id) -> to.writeVarint(id.value());
            case MetadataChange.TopicSet(TopicImage topic) -> PartitionCodec.write(to, topic);
            case MetadataChange.TopicGone(TopicImage topic) -> PartitionCodec.write(to, topic);
            case MetadataChange.PartitionSet(String topic, int partition, PartitionImage state) -> {
                Compact.writeString(to, topic);
                to.writeUnsignedVarint(partition);
                PartitionCodec.write(to, state);
            }
            case MetadataChange.ConfigSet(ConfigResourceName resource, ConfigImage config) ->
                SettingsCodec.write(to, resource, config);
            case MetadataChange.FeaturesSet(FeaturesImage features) -> SettingsCodec.write(to, features);
            case MetadataChange.AccessSet(AccessImage access) -> AccessCodec.write(to, access);
        }
    }

    /** Null where a later release has made the kind. */
    private static MetadataChange read(BoundedReadable from, int kind, PartitionCodec partitions) {
        return switch (kind) {
            case BROKER_SET -> new MetadataChange.BrokerSet(BrokerCodec.read(from));
            case BROKER_GONE -> new MetadataChange.BrokerGone(new BrokerId(from.readVarint()));
            case CONTROLLER_SET -> new MetadataChange.ControllerSet(new BrokerId(from.readVarint()));
            case TOPIC_SET -> new MetadataChange.TopicSet(partitions.readTopic(from));
            case TOPIC_GONE -> new MetadataChange.TopicGone(partitions.readTopic(from));
            case PARTITION_SET ->
                new MetadataChange.PartitionSet(
                        Compact.readString(from), from.readUnsignedVarint(), partitions.readPartition(from));
            case CONFIG_SET -> SettingsCodec.readConfig(from);
            case FEATURES_SET -> new MetadataChange.FeaturesSet(SettingsCodec.readFeatures(from));
            case ACCESS_SET -> new MetadataChange.AccessSet(AccessCodec.read(from));
            default -> null;
        };
    }
}
