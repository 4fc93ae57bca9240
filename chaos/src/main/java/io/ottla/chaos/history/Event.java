package io.ottla.chaos.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** An entry of a history. Times are microseconds since its beginning, on one clock. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Operation.class, name = "operation"),
    @JsonSubTypes.Type(value = Event.Fault.class, name = "fault"),
    @JsonSubTypes.Type(value = Event.Breakdown.class, name = "breakdown"),
    @JsonSubTypes.Type(value = Event.Hanging.class, name = "hanging"),
    @JsonSubTypes.Type(value = Event.Standing.class, name = "standing"),
    @JsonSubTypes.Type(value = Event.FinalReads.class, name = "final-reads")
})
public sealed interface Event {
    /**
     * One client did something, and nothing else meanwhile. Those of one client stand in their order; those of several as
     * they ended.
     */
    record Operation(long client, long startUs, long endUs, Action action) implements Event {}

    /**
     * A fault, from its injection until it was healed; {@code none} is a spell without one.
     *
     * @param target whom it met
     * @param seen how it was seen to be in effect
     */
    record Fault(String kind, String target, long startUs, long endUs, String seen) implements Event {}

    /** The cluster did not do what it has to: it did not come back, or a process ended by itself. */
    record Breakdown(long atUs, String what) implements Event {}

    /**
     * When all was healed and every transaction's time was over, one of them had no end.
     *
     * @param log where it hangs: that of transactions' own, where its coordinator tells so
     * @param offset where it begins, or {@link Step#UNTOLD}
     */
    record Hanging(long atUs, LogName log, long offset, String what) implements Event {}

    /** Where a group is that moves with transactions, when all are over. */
    record Standing(long atUs, String group, List<Position> positions) implements Event {
        public Standing {
            positions = List.copyOf(positions);
        }
    }

    /**
     * From here on everything is healed, nobody writes, and readers go through all that there is; each one of several in a history, until
     * the next, is a reading of its own.
     */
    record FinalReads(long atUs) implements Event {}
}
