package io.ottla.chaos.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What one operation of a client was. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "action")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Action.Work.class, name = "work"),
    @JsonSubTypes.Type(value = Action.Transaction.class, name = "transaction"),
    @JsonSubTypes.Type(value = Action.Assign.class, name = "assign"),
    @JsonSubTypes.Type(value = Action.Subscribe.class, name = "subscribe"),
    @JsonSubTypes.Type(value = Action.Commit.class, name = "commit"),
    @JsonSubTypes.Type(value = Action.Crash.class, name = "crash")
})
public sealed interface Action {
    /** Sends and polls that stand each for itself. */
    record Work(List<Step> steps) implements Action {
        public Work {
            steps = List.copyOf(steps);
        }
    }

    /** Sends and polls of which all or none count. */
    record Transaction(Outcome outcome, List<Step> steps) implements Action {
        public Transaction {
            steps = List.copyOf(steps);
        }
    }

    /**
     * A consumer takes these partitions, and no others; it goes on where it was in those that it had, and begins at the first record
     * in the others, for it has no group that could have committed.
     *
     * @param fromBeginning it starts all of them anew
     */
    record Assign(List<LogName> logs, boolean fromBeginning) implements Action {
        public Assign {
            logs = List.copyOf(logs);
        }
    }

    /** A consumer joins a group. */
    record Subscribe(String group, List<String> topics) implements Action {
        public Subscribe {
            topics = List.copyOf(topics);
        }
    }

    /** A member's group was acknowledged to go on there, should the partitions be given to anybody anew. */
    record Commit(List<Position> positions) implements Action {
        public Commit {
            positions = List.copyOf(positions);
        }
    }

    /** A client ends in the midst of its work; nobody goes on under its number in its place with what it knew. */
    record Crash() implements Action {}
}
