package io.ottla.chaos.checker;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Position;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Rebalance;
import io.ottla.chaos.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;

/** Makes one thing in a history wrong. What else follows from it may be found as well. */
enum Mutation {
    /** Nobody reads an acknowledged value that is not the last one. */
    LOSE(Anomaly.LOST_WRITE) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            List<Read> all = lastReads(history);
            return acknowledged(
                            history,
                            random,
                            send -> all.stream()
                                    .anyMatch(read -> read.log().equals(send.log()) && read.offset() > send.offset()))
                    .map(send -> withReads(history, read -> read.value() == send.value() ? List.of() : List.of(read)));
        }
    },
    /** Nobody reads the last values of a log, of which one is acknowledged. */
    HIDE_THE_END(Anomaly.UNSEEN) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return acknowledged(history, random, _ -> true)
                    .map(send -> withReads(
                            history,
                            read -> read.log().equals(send.log()) && read.offset() >= send.offset()
                                    ? List.of()
                                    : List.of(read)));
        }
    },
    /** The last reader gets to the end of a log before a value that another one has read. */
    FORGET_THE_END(Anomaly.VANISHED) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            List<Read> before = new ArrayList<>();
            withReads(history.subList(0, history.size() - 1), read -> {
                before.add(read);
                return List.of(read);
            });
            return draw(before, random)
                    .map(first -> replaceLastReads(
                            history,
                            lastReads(history).stream()
                                    .filter(read -> !read.log().equals(first.log()) || read.offset() < first.offset())
                                    .toList()));
        }
    },
    /** The last reader is given a part of a transaction. */
    TEAR(Anomaly.TORN) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            List<Read> all = lastReads(history);
            List<Step.Send> read = history.stream()
                    .filter(Event.Operation.class::isInstance)
                    .map(event -> ((Event.Operation) event).action())
                    .filter(Action.Transaction.class::isInstance)
                    .flatMap(action -> ((Action.Transaction) action).steps().stream())
                    .map(Step.Send.class::cast)
                    .filter(send -> all.stream().anyMatch(each -> each.value() == send.value()))
                    .toList();
            return draw(read, random)
                    .map(send -> replaceLastReads(
                            history,
                            all.stream()
                                    .filter(each -> each.value() != send.value())
                                    .toList()));
        }
    },
    /** A member of the group begins at a record that the group has behind it. */
    UNCOMMIT(Anomaly.COMMIT_LOST) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            List<Position> committed = history.stream()
                    .filter(Event.Operation.class::isInstance)
                    .map(event -> ((Event.Operation) event).action())
                    .filter(Action.Commit.class::isInstance)
                    .flatMap(action -> ((Action.Commit) action).positions().stream())
                    .toList();
            List<Read> behind = lastReads(history).stream()
                    .filter(read -> committed.stream()
                            .anyMatch(each -> each.log().equals(read.log()) && each.offset() > read.offset()))
                    .toList();
            return draw(behind, random).map(read -> begun(history, read));
        }

        private List<Event> begun(List<Event> history, Read read) {
            List<Event> changed = new ArrayList<>(history);
            Rebalance given = new Rebalance(Rebalance.Change.ASSIGNED, List.of(read.log()));
            Event.FinalReads end = (Event.FinalReads) changed.get(changed.size() - 3);
            changed.add(
                    changed.size() - 3,
                    new Event.Operation(
                            30,
                            end.atUs(),
                            end.atUs(),
                            new Action.Work(List.of(new Step.Poll(List.of(given), List.of(read))))));
            return changed;
        }
    },
    /** The last reader is given a value again, at the end. */
    REPEAT(Anomaly.DUPLICATE) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return draw(lastReads(history), random)
                    .map(read -> withLastReads(history, new Read(read.log(), 1_000_000, read.value())));
        }
    },
    /** The last reader is given another value where somebody has been given one. */
    REPLACE(Anomaly.INCONSISTENT_OFFSETS) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return acknowledged(history, random, _ -> true)
                    .map(send -> withReads(
                            history,
                            read -> read.value() == send.value()
                                    ? List.of(new Read(read.log(), read.offset(), 999_999))
                                    : List.of(read)));
        }
    },
    /** A value that was read turns out to have been refused. */
    REFUSE(Anomaly.ABORTED_READ) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return acknowledged(history, random, _ -> true)
                    .map(send -> withSends(
                            history,
                            each -> each.value() == send.value()
                                    ? new Step.Send(each.log(), each.value(), Outcome.REFUSED, Step.UNTOLD, Step.UNTOLD)
                                    : each));
        }
    },
    /** A value appears at the end of a log that nobody sent. */
    INVENT(Anomaly.NEVER_SENT) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return Optional.of(withLastReads(history, new Read(ModelledRun.LOGS.getFirst(), 1_000_000, 999_999)));
        }
    },
    /** The last reader leaves out what another one has read. */
    SKIP(Anomaly.POLL_SKIP_WITHIN) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            List<Read> all = lastReads(history);
            return acknowledged(
                            history,
                            random,
                            send -> all.stream().anyMatch(read -> isSame(read, send) && read.offset() > send.offset())
                                    && all.stream()
                                            .anyMatch(read -> isSame(read, send) && read.offset() < send.offset()))
                    .map(send -> replaceLastReads(
                            history,
                            all.stream()
                                    .filter(read -> read.value() != send.value())
                                    .toList()));
        }

        private boolean isSame(Read read, Step.Send send) {
            return read.log().equals(send.log());
        }
    },
    /** The last reader is given a record again. */
    GO_BACK(Anomaly.BACKWARD_POLL_WITHIN) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return draw(lastReads(history), random).map(read -> withLastReads(history, read));
        }
    },
    /** Two sends of one operation have changed places, in acknowledgements and for readers. */
    SWAP(Anomaly.REORDERED_WITHIN) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            for (Event event : history) {
                if (event instanceof Event.Operation operation && operation.action() instanceof Action.Work work) {
                    List<Step.Send> done = work.steps().stream()
                            .filter(Step.Send.class::isInstance)
                            .map(Step.Send.class::cast)
                            .filter(send -> send.outcome() == Outcome.DONE)
                            .toList();
                    if (done.size() > 1 && done.get(0).log().equals(done.get(1).log())) {
                        return Optional.of(swapped(history, done.get(0), done.get(1)));
                    }
                }
            }
            return Optional.empty();
        }

        private List<Event> swapped(List<Event> history, Step.Send one, Step.Send other) {
            List<Event> sends = withSends(history, each -> {
                long offset = each.value() == one.value()
                        ? other.offset()
                        : each.value() == other.value() ? one.offset() : each.offset();
                return new Step.Send(each.log(), each.value(), each.outcome(), offset, each.acknowledgedUs());
            });
            return withReads(sends, read -> {
                long value = read.value() == one.value()
                        ? other.value()
                        : read.value() == other.value() ? one.value() : read.value();
                return List.of(new Read(read.log(), read.offset(), value));
            });
        }
    };

    private final Anomaly anomaly;

    Mutation(Anomaly anomaly) {
        this.anomaly = anomaly;
    }

    /** What must be found. */
    Anomaly anomaly() {
        return anomaly;
    }

    /** Empty where this history has nothing that could be made wrong that way. */
    abstract Optional<List<Event>> apply(List<Event> history, Random random);

    static Optional<Step.Send> acknowledged(List<Event> history, Random random, Predicate<Step.Send> which) {
        List<Step.Send> sends = new ArrayList<>();
        withSends(history, send -> {
            sends.add(send);
            return send;
        });
        return draw(
                sends.stream()
                        .filter(send -> send.outcome() == Outcome.DONE)
                        .filter(which)
                        .toList(),
                random);
    }

    static <T> Optional<T> draw(List<T> list, Random random) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(random.nextInt(list.size())));
    }

    static List<Read> lastReads(List<Event> history) {
        Event.Operation last = (Event.Operation) history.getLast();
        return ((Step.Poll) ((Action.Work) last.action()).steps().getFirst()).reads();
    }

    static List<Event> withLastReads(List<Event> history, Read more) {
        List<Read> reads = new ArrayList<>(lastReads(history));
        reads.add(more);
        return replaceLastReads(history, reads);
    }

    static List<Event> replaceLastReads(List<Event> history, List<Read> reads) {
        List<Event> changed = new ArrayList<>(history);
        Event.Operation last = (Event.Operation) changed.removeLast();
        changed.add(new Event.Operation(
                last.client(),
                last.startUs(),
                last.endUs(),
                new Action.Work(List.of(new Step.Poll(List.of(), reads)))));
        return changed;
    }

    static List<Event> withReads(List<Event> history, Function<Read, List<Read>> change) {
        return withSteps(
                history,
                step -> step instanceof Step.Poll poll
                        ? new Step.Poll(
                                poll.rebalances(),
                                poll.reads().stream()
                                        .map(change)
                                        .flatMap(List::stream)
                                        .toList())
                        : step);
    }

    /** Of those that are in no transaction. */
    static List<Event> withSends(List<Event> history, Function<Step.Send, Step.Send> change) {
        List<Event> changed = new ArrayList<>();
        for (Event event : history) {
            changed.add(
                    event instanceof Event.Operation operation && operation.action() instanceof Action.Transaction
                            ? event
                            : withSteps(
                                            List.of(event),
                                            step -> step instanceof Step.Send send ? change.apply(send) : step)
                                    .getFirst());
        }
        return changed;
    }

    private static List<Event> withSteps(List<Event> history, Function<Step, Step> change) {
        List<Event> changed = new ArrayList<>();
        for (Event event : history) {
            if (event instanceof Event.Operation operation && operation.action() instanceof Action.Work work) {
                changed.add(new Event.Operation(
                        operation.client(),
                        operation.startUs(),
                        operation.endUs(),
                        new Action.Work(work.steps().stream().map(change).toList())));
            } else {
                changed.add(event);
            }
        }
        return changed;
    }
}
