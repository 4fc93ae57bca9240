package io.ottla.chaos.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** A part of an operation that works with records. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "step")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Step.Send.class, name = "send"),
    @JsonSubTypes.Type(value = Step.Poll.class, name = "poll"),
    @JsonSubTypes.Type(value = Step.Offsets.class, name = "offsets")
})
public sealed interface Step {
    /** What stands for an offset or a time that nobody was told. */
    long UNTOLD = -1;

    /**
     * A value, which is sent once in a whole history.
     *
     * @param outcome its own; that of the transaction where it is part of one
     * @param offset as the acknowledgement has it, or {@link #UNTOLD}
     * @param acknowledgedUs when, or {@link #UNTOLD}
     */
    record Send(LogName log, long value, Outcome outcome, long offset, long acknowledgedUs) implements Step {}

    /**
     * One call of poll.
     *
     * @param rebalances what the consumer was told during the call: before it got the records
     */
    record Poll(List<Rebalance> rebalances, List<Read> reads) implements Step {
        public Poll {
            rebalances = List.copyOf(rebalances);
            reads = List.copyOf(reads);
        }
    }

    /** A group goes on there if the transaction that this is a part of is committed: it has read all before, this transaction the last of it. */
    record Offsets(String group, List<Position> positions) implements Step {
        public Offsets {
            positions = List.copyOf(positions);
        }
    }
}
