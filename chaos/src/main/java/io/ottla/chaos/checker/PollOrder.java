package io.ottla.chaos.checker;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Rebalance;
import io.ottla.chaos.history.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A consumer reads a partition record for record: it passes over nothing that is there, and never goes back; who takes a partition
 * by itself begins at its first record. After a
 * rebalance, which tells it that it has the partition anew, it begins where its group has committed; then neither is held against
 * it.
 */
final class PollOrder {
    private static final long BEGINNING = -1;

    private final Logs logs;
    private final Verdict verdict;
    private final Map<Long, Reader> readers = new HashMap<>();

    private PollOrder(Logs logs, Verdict verdict) {
        this.logs = logs;
        this.verdict = verdict;
    }

    static void judge(List<Event> history, Logs logs, Verdict verdict) {
        PollOrder rule = new PollOrder(logs, verdict);
        for (Event event : history) {
            if (event instanceof Event.Operation operation) {
                rule.readers
                        .computeIfAbsent(operation.client(), rule::newReader)
                        .did(operation.action());
            }
        }
    }

    private Reader newReader(long client) {
        return new Reader(client);
    }

    /** Where one consumer is. */
    private final class Reader {
        private final long client;
        /** The offset of the last record that it was given of each partition, and goes on behind. */
        private final Map<LogName, Long> last = new HashMap<>();
        /** What it has taken by itself. */
        private final Set<LogName> assigned = new HashSet<>();
        /** The same as last, of partitions that a rebalance took or gave meanwhile. */
        private final Map<LogName, Long> excused = new HashMap<>();

        Reader(long client) {
            this.client = client;
        }

        void did(Action action) {
            switch (action) {
                case Action.Work work -> read(work.steps());
                case Action.Transaction all -> {
                    read(all.steps());
                    if (all.outcome() != Outcome.DONE) {
                        forget(all.steps());
                    }
                }
                case Action.Assign assign -> assigned(assign);
                case Action.Commit _ -> {}
                case Action.Subscribe _, Action.Crash _ -> {
                    last.clear();
                    assigned.clear();
                    excused.clear();
                }
            }
        }

        private void assigned(Action.Assign assign) {
            excused.clear();
            if (assign.fromBeginning()) {
                last.clear();
                assign.logs().forEach(log -> last.put(log, BEGINNING));
            } else {
                last.keySet().retainAll(assign.logs());
                assign.logs().stream().filter(log -> !assigned.contains(log)).forEach(log -> last.put(log, BEGINNING));
            }
            assigned.clear();
            assigned.addAll(assign.logs());
        }

        /** Whose transaction did not commit reads again from where it began. */
        private void forget(List<Step> steps) {
            for (Step step : steps) {
                if (step instanceof Step.Poll poll) {
                    poll.reads().forEach(read -> last.remove(read.log()));
                }
            }
        }

        private void read(List<Step> steps) {
            Map<LogName, Long> within = new HashMap<>();
            for (Step step : steps) {
                if (step instanceof Step.Poll poll) {
                    poll.rebalances().forEach(rebalance -> rebalanced(rebalance, within));
                    poll.reads().forEach(read -> read(read, within));
                }
            }
        }

        private void rebalanced(Rebalance rebalance, Map<LogName, Long> within) {
            for (LogName log : rebalance.logs()) {
                within.remove(log);
                Long was = last.remove(log);
                if (was != null) {
                    excused.put(log, was);
                }
            }
        }

        private void read(Read read, Map<LogName, Long> within) {
            Long inside = within.put(read.log(), read.offset());
            Long outside = last.put(read.log(), read.offset());
            Long before = excused.remove(read.log());
            if (inside != null) {
                compare(read, inside, Anomaly.BACKWARD_POLL_WITHIN, Anomaly.POLL_SKIP_WITHIN);
            } else if (outside != null) {
                compare(read, outside, Anomaly.BACKWARD_POLL, Anomaly.POLL_SKIP);
            } else if (before != null && read.offset() <= before) {
                verdict.normal(Normal.REBALANCED_BACKWARD);
            } else if (before != null && logs.log(read.log()).between(before, read.offset()) != null) {
                verdict.normal(Normal.REBALANCED_SKIP);
            }
        }

        private void compare(Read read, long from, Anomaly backward, Anomaly skip) {
            if (read.offset() <= from) {
                found(backward, read, from, "went back");
                return;
            }
            Long passed = logs.log(read.log()).between(from, read.offset());
            if (passed != null) {
                found(skip, read, from, "passed over offset " + passed);
            }
        }

        private void found(Anomaly anomaly, Read read, long from, String what) {
            verdict.found(
                    anomaly,
                    read.log(),
                    read.offset(),
                    read.value(),
                    "client " + client + " " + what + " in " + read.log() + ": it read "
                            + (from == BEGINNING ? "from the beginning" : "offset " + from) + " and then offset "
                            + read.offset());
        }
    }
}
