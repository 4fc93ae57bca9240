package io.ottla.console.groups;

import java.time.Duration;
import java.time.Instant;

/** Where a group's offsets are to be set. */
public sealed interface OffsetTarget {
    /** To the first record that is still there. */
    record Earliest() implements OffsetTarget {}

    /** Behind the last record. */
    record Latest() implements OffsetTarget {}

    /** The same in each partition. */
    record Offset(long offset) implements OffsetTarget {}

    /** To the first record that is not older; behind the last where all are. */
    record At(Instant time) implements OffsetTarget {}

    /** As far back from now. */
    record Back(Duration span) implements OffsetTarget {}

    /** From where it is, on or back. */
    record Shift(long by) implements OffsetTarget {}

    /** To where another group is. */
    record CopyOf(String group) implements OffsetTarget {}

    /** For the trail of changes. */
    default String text() {
        return switch (this) {
            case Earliest() -> "earliest";
            case Latest() -> "latest";
            case Offset(long offset) -> "offset " + offset;
            case At(Instant time) -> "time " + time;
            case Back(Duration span) -> "back " + span;
            case Shift(long by) -> "shift " + by;
            case CopyOf(String group) -> "group " + group;
        };
    }
}
