package io.ottla.chaos.checker;

import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A transaction that reads another one's value comes after it; committed transactions can't all come after each other. Only
 * what was read counts: that writes are in circles is allowed, for transactions do not keep others from writing between. Who is in a
 * circle is found by taking away, again and again, those before whom or after whom none is left.
 */
final class Cycles {
    private final Map<Integer, Set<Integer>> readFrom = new TreeMap<>();
    private final Map<Integer, Set<Integer>> readBy = new TreeMap<>();

    private Cycles() {}

    static void judge(List<Work> works, Sends sends, Verdict verdict) {
        Cycles graph = new Cycles();
        for (Work work : works) {
            if (work.transaction() && isCommitted(work, sends)) {
                graph.add(work, sends);
            }
        }
        for (Set<Integer> circle : graph.circles()) {
            Step.Send send = works.get(circle.iterator().next()).steps().stream()
                    .filter(Step.Send.class::isInstance)
                    .map(Step.Send.class::cast)
                    .findFirst()
                    .orElseThrow();
            verdict.found(
                    Anomaly.CYCLE,
                    send.log(),
                    send.offset(),
                    send.value(),
                    "transactions of the clients "
                            + circle.stream()
                                    .map(number -> works.get(number).client())
                                    .toList() + " have read each other's values in a circle");
        }
    }

    /** By its own outcome, or since others have read what it wrote. */
    private static boolean isCommitted(Work work, Sends sends) {
        return work.outcome() == Outcome.DONE
                || work.steps().stream()
                        .anyMatch(step -> step instanceof Step.Send send
                                && sends.of(send.value()).outcome() == Outcome.DONE);
    }

    private void add(Work reader, Sends sends) {
        for (Step step : reader.steps()) {
            if (step instanceof Step.Poll poll) {
                for (Read read : poll.reads()) {
                    Sends.Sent sent = sends.of(read.value());
                    if (sent != null
                            && sent.writer().transaction()
                            && sent.writer().number() != reader.number()) {
                        readFrom.computeIfAbsent(reader.number(), _ -> new TreeSet<>())
                                .add(sent.writer().number());
                        readBy.computeIfAbsent(sent.writer().number(), _ -> new TreeSet<>())
                                .add(reader.number());
                    }
                }
            }
        }
    }

    private List<Set<Integer>> circles() {
        prune(readFrom, readBy);
        prune(readBy, readFrom);
        List<Set<Integer>> found = new ArrayList<>();
        Set<Integer> left = new TreeSet<>(readFrom.keySet());
        while (!left.isEmpty()) {
            Set<Integer> together = reachable(left.iterator().next());
            found.add(together);
            left.removeAll(together);
        }
        return found;
    }

    /** Takes away whoever has nobody before it, and then those who had only them. */
    private static void prune(Map<Integer, Set<Integer>> before, Map<Integer, Set<Integer>> after) {
        Deque<Integer> free = new ArrayDeque<>();
        for (Integer each : after.keySet()) {
            if (!before.containsKey(each)) {
                free.add(each);
            }
        }
        while (!free.isEmpty()) {
            Integer each = free.remove();
            Set<Integer> next = after.remove(each);
            if (next == null) {
                continue;
            }
            for (Integer other : next) {
                Set<Integer> its = before.get(other);
                if (its != null && its.remove(each) && its.isEmpty()) {
                    before.remove(other);
                    free.add(other);
                }
            }
        }
    }

    private Set<Integer> reachable(Integer start) {
        Set<Integer> seen = new TreeSet<>();
        Deque<Integer> next = new ArrayDeque<>(List.of(start));
        while (!next.isEmpty()) {
            Integer each = next.remove();
            if (seen.add(each)) {
                next.addAll(readFrom.getOrDefault(each, Set.of()));
                next.addAll(readBy.getOrDefault(each, Set.of()));
            }
        }
        return seen;
    }
}
