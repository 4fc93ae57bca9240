package io.ottla.coordinator.group;

import java.util.List;

/**
 * How far a group has read.
 *
 * @param members how many are in it
 */
public record GroupPositions(String group, int members, List<Position> offsets) {
    public GroupPositions {
        offsets = List.copyOf(offsets);
    }

    /** @param offset of the record to read next */
    public record Position(String topic, int partition, long offset) {}
}
