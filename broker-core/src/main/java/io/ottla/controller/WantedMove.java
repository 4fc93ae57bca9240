package io.ottla.controller;

import io.ottla.types.BrokerId;
import io.ottla.types.TopicPartition;
import java.util.List;

/**
 * Where a partition is to go.
 *
 * @param target its replicas, the preferred leader first; null takes back a move that runs
 */
public record WantedMove(TopicPartition partition, List<BrokerId> target) {
    public WantedMove {
        target = target == null ? null : List.copyOf(target);
    }
}
