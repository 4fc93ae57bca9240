package io.ottla.chaos.checker;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Position;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Rebalance;
import io.ottla.chaos.history.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who is given a partition by its group begins at what the group has committed, or behind it. Only what was acknowledged before the
 * operation began that told the member of the partition counts: later commits may have come after it asked.
 */
final class Commits {
    private record Place(String group, LogName log) {}

    private final Verdict verdict;
    private final Map<Long, String> groups = new HashMap<>();
    /** The furthest commit so far, by the time when it had been acknowledged. */
    private final Map<Place, TreeMap<Long, Long>> committed = new HashMap<>();
    /** Where members have to begin that have read nothing of the partition yet. */
    private final Map<Long, Map<LogName, Long>> floors = new HashMap<>();

    private Commits(Verdict verdict) {
        this.verdict = verdict;
    }

    static void judge(List<Event> history, Verdict verdict) {
        Commits rule = new Commits(verdict);
        for (Event event : history) {
            if (event instanceof Event.Operation operation) {
                rule.judge(operation);
            }
        }
    }

    private void judge(Event.Operation operation) {
        switch (operation.action()) {
            case Action.Subscribe subscribe -> {
                groups.put(operation.client(), subscribe.group());
                floors.put(operation.client(), new HashMap<>());
            }
            case Action.Commit commit -> commit.positions().forEach(each -> committed(operation, each));
            case Action.Work work -> work.steps().forEach(step -> judge(operation, step));
            case Action.Transaction all -> {
                all.steps().forEach(step -> judge(operation, step));
                if (all.outcome() == Outcome.DONE) {
                    all.steps().forEach(step -> committed(operation, step));
                }
            }
            case Action.Assign _, Action.Crash _ -> {
                groups.remove(operation.client());
                floors.remove(operation.client());
            }
        }
    }

    private void committed(Event.Operation operation, Step step) {
        if (step instanceof Step.Offsets offsets) {
            offsets.positions().forEach(each -> committed(operation, each));
        }
    }

    private void committed(Event.Operation operation, Position position) {
        String group = groups.get(operation.client());
        if (group == null) {
            throw new IllegalArgumentException(
                    "Expected who commits to be in a group, but client " + operation.client() + " is in none");
        }
        TreeMap<Long, Long> furthest =
                committed.computeIfAbsent(new Place(group, position.log()), _ -> new TreeMap<>());
        Map.Entry<Long, Long> before = furthest.floorEntry(operation.endUs());
        if (before == null || before.getValue() < position.offset()) {
            furthest.put(operation.endUs(), position.offset());
        }
    }

    private void judge(Event.Operation operation, Step step) {
        String group = groups.get(operation.client());
        if (group != null && step instanceof Step.Poll poll) {
            Map<LogName, Long> own = floors.get(operation.client());
            poll.rebalances().forEach(rebalance -> rebalanced(operation, group, rebalance, own));
            poll.reads().forEach(read -> judge(operation.client(), group, read, own.remove(read.log())));
        }
    }

    private void rebalanced(Event.Operation operation, String group, Rebalance rebalance, Map<LogName, Long> own) {
        for (LogName log : rebalance.logs()) {
            own.remove(log);
            TreeMap<Long, Long> furthest = committed.get(new Place(group, log));
            Map.Entry<Long, Long> floor = furthest == null ? null : furthest.floorEntry(operation.startUs());
            if (rebalance.change() == Rebalance.Change.ASSIGNED && floor != null) {
                own.put(log, floor.getValue());
            }
        }
    }

    private void judge(long client, String group, Read read, Long floor) {
        if (floor != null && read.offset() < floor) {
            verdict.found(
                    Anomaly.COMMIT_LOST,
                    read.log(),
                    read.offset(),
                    read.value(),
                    "client " + client + " of group " + group + " began at offset " + read.offset() + " of "
                            + read.log() + ", though " + floor + " was acknowledged as committed before");
        }
    }
}
