package io.ottla.chaos.checker;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation that has to do with records.
 *
 * @param number its place among them
 * @param transaction whether all its steps count or none
 * @param outcome of the transaction; DONE for the others, whose sends have their own
 */
record Work(int number, long client, boolean transaction, Outcome outcome, List<Step> steps) {
    static List<Work> of(List<Event> history) {
        List<Work> works = new ArrayList<>();
        for (Event event : history) {
            if (event instanceof Event.Operation operation) {
                Work work = of(works.size(), operation);
                if (work != null) {
                    works.add(work);
                }
            }
        }
        return works;
    }

    /** Null where it has nothing to do with records. */
    static Work of(int number, Event.Operation operation) {
        return switch (operation.action()) {
            case Action.Work work -> new Work(number, operation.client(), false, Outcome.DONE, work.steps());
            case Action.Transaction all -> new Work(number, operation.client(), true, all.outcome(), all.steps());
            case Action.Assign _, Action.Subscribe _, Action.Commit _, Action.Crash _ -> null;
        };
    }

    /** Whether it sends this value. */
    boolean sends(long value) {
        return steps.stream().anyMatch(step -> step instanceof Step.Send send && send.value() == value);
    }

    /** What became of one of its sends, as far as its client knows. */
    Outcome outcomeOf(Step.Send send) {
        return transaction ? outcome : send.outcome();
    }
}
