package io.ottla.api;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;

/** Who leads instead, told with a refusal so that the client need not ask (KIP-951). */
final class LeaderHints {
    private LeaderHints() {}

    /** Null where nobody knows the partition. */
    static PartitionImage state(ClusterImage image, String topic, int partition) {
        TopicImage known = topic == null ? null : image.topic(topic);
        return known == null ? null : known.partition(partition);
    }

    /** Null where that partition has no leader that is alive and reached by that listener. */
    static BrokerImage.Endpoint endpoint(ClusterImage image, PartitionImage state, String listener) {
        BrokerImage leader = state == null ? null : image.brokers().get(state.leader());
        return leader == null ? null : leader.endpoint(listener);
    }

    /** Null where the broker is not known or has none. */
    static String rack(ClusterImage image, PartitionImage state) {
        BrokerImage leader = image.brokers().get(state.leader());
        return leader == null ? null : leader.rack();
    }
}
