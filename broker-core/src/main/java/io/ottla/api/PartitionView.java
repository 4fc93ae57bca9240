package io.ottla.api;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * A partition as the clients of one listener see it: who does not live, or can't be reached by that listener, leads
 * nothing, and neither does one whose log folder has failed (KIP-112).
 *
 * @param leader -1 where there is none
 */
record PartitionView(Errors error, int leader, List<Integer> replicas, List<Integer> inSync, List<Integer> offline) {
    /** Whether the broker lives and is reached by that listener. */
    private static boolean isReached(ClusterImage image, BrokerId id, String listener) {
        BrokerImage broker = image.brokers().get(id);
        return broker != null && broker.endpoint(listener) != null;
    }

    /** @param namesListener whether the client knows the error for a leader that lacks its listener */
    static PartitionView of(ClusterImage image, PartitionImage partition, String listener, boolean namesListener) {
        List<Integer> offline = new ArrayList<>(0);
        for (BrokerId replica : partition.replicas()) {
            if (partition.offline().contains(replica) || !isReached(image, replica, listener)) {
                offline.add(replica.value());
            }
        }
        Errors error = Errors.NONE;
        int leader = partition.leader().value();
        if (!image.brokers().containsKey(partition.leader())) {
            error = Errors.LEADER_NOT_AVAILABLE;
            leader = -1;
        } else if (!isReached(image, partition.leader(), listener)) {
            error = namesListener ? Errors.LISTENER_NOT_FOUND : Errors.LEADER_NOT_AVAILABLE;
            leader = -1;
        }
        return new PartitionView(error, leader, ids(partition.replicas()), ids(partition.inSync()), offline);
    }

    static List<Integer> ids(List<BrokerId> brokers) {
        List<Integer> ids = new ArrayList<>(brokers.size());
        for (BrokerId broker : brokers) {
            ids.add(broker.value());
        }
        return ids;
    }
}
