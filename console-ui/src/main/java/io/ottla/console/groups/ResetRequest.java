package io.ottla.console.groups;

import java.util.Set;

/**
 * Which offsets are to be set, and where.
 *
 * @param topic empty for all in which the group has committed
 * @param partitions of that topic; empty for all
 */
public record ResetRequest(OffsetTarget target, String topic, Set<Integer> partitions) {
    public ResetRequest {
        partitions = Set.copyOf(partitions);
    }
}
