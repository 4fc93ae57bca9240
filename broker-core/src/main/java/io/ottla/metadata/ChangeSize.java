package io.ottla.metadata;

import io.ottla.types.BrokerId;
import java.util.List;
import java.util.Map;

/**
 * How many bytes changes are at most, without turning them into bytes: so that images and steps are divided before. About
 * three times what they are as a rule, and linear in what they are made of.
 */
public final class ChangeSize {
    private static final int VARINT = 5;
    /** Kind, size, tags, ids and whatever else is there once. */
    private static final int FRAME = 64;
    /** What a partition has besides lists of brokers. */
    private static final int PARTITION = 32;
    /** Of one access list, credential, quota or token, beside its texts. */
    private static final int ENTRY = 1_000;

    private ChangeSize() {}

    public static long bytesAtMost(List<MetadataChange> changes) {
        long bytes = 0;
        for (MetadataChange change : changes) {
            bytes += bytesAtMost(change);
        }
        return bytes;
    }

    public static long bytesAtMost(MetadataChange change) {
        return FRAME
                + switch (change) {
                    case MetadataChange.BrokerSet(BrokerImage broker) ->
                        ENTRY
                                * (1L
                                        + broker.endpoints().size()
                                        + broker.features().size());
                    case MetadataChange.BrokerGone gone -> 0;
                    case MetadataChange.ControllerSet set -> 0;
                    case MetadataChange.TopicSet(TopicImage topic) -> of(topic);
                    case MetadataChange.TopicGone(TopicImage topic) -> of(topic);
                    case MetadataChange.PartitionSet(String topic, int partition, PartitionImage state) ->
                        of(topic) + of(state);
                    case MetadataChange.ConfigSet(ConfigResourceName resource, ConfigImage config) ->
                        of(resource.name()) + of(config.values());
                    case MetadataChange.FeaturesSet(FeaturesImage features) ->
                        ENTRY * (1L + features.levels().size());
                    case MetadataChange.AccessSet(AccessImage access) ->
                        ENTRY
                                * (1L
                                        + access.acls().size()
                                        + access.scram().size()
                                        + access.quotas().size()
                                        + access.tokens().size());
                };
    }

    private static long of(TopicImage topic) {
        long bytes = of(topic.name());
        for (PartitionImage partition : topic.partitions()) {
            bytes += of(partition);
        }
        return bytes;
    }

    private static long of(PartitionImage partition) {
        return PARTITION
                + of(partition.replicas())
                + (partition.inSync().equals(partition.replicas()) ? 0 : of(partition.inSync()))
                + of(partition.adding())
                + of(partition.removing())
                + of(partition.eligible())
                + of(partition.offline());
    }

    private static long of(List<BrokerId> brokers) {
        return VARINT * (1L + brokers.size());
    }

    /** A character takes three bytes at most. */
    private static long of(String text) {
        return VARINT + 3L * text.length();
    }

    private static long of(Map<String, String> values) {
        long bytes = VARINT;
        for (Map.Entry<String, String> value : values.entrySet()) {
            bytes += of(value.getKey()) + (value.getValue() == null ? VARINT : of(value.getValue()));
        }
        return bytes;
    }
}
