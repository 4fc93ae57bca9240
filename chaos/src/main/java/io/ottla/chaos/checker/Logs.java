package io.ottla.chaos.checker;

import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Step;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What each partition's log holds, put together from acknowledgements and from all that was read. */
final class Logs {
    private final Map<LogName, Log> byName = new TreeMap<>();

    static Logs of(Collection<Work> works) {
        Logs logs = new Logs();
        for (Work work : works) {
            for (Step step : work.steps()) {
                switch (step) {
                    case Step.Send send -> {
                        if (work.outcomeOf(send) == Outcome.DONE && send.offset() != Step.UNTOLD) {
                            logs.log(send.log()).acknowledged(send.offset(), send.value());
                        }
                    }
                    case Step.Poll poll -> {
                        for (Read read : poll.reads()) {
                            logs.log(read.log()).read(read.offset(), read.value());
                        }
                    }
                    case Step.Offsets _ -> {}
                }
            }
        }
        return logs;
    }

    Log log(LogName name) {
        return byName.computeIfAbsent(name, _ -> new Log());
    }

    Map<LogName, Log> all() {
        return byName;
    }

    long reads() {
        return byName.values().stream().mapToLong(log -> log.reads).sum();
    }

    /** One of them. */
    static final class Log {
        private final TreeMap<Long, NavigableSet<Long>> values = new TreeMap<>();
        private final Map<Long, NavigableSet<Long>> offsets = new HashMap<>();
        private final Map<Long, Integer> timesRead = new HashMap<>();
        private final Map<Long, Long> firstRead = new HashMap<>();
        private long reads;

        private void acknowledged(long offset, long value) {
            values.computeIfAbsent(offset, _ -> new TreeSet<>()).add(value);
            offsets.computeIfAbsent(value, _ -> new TreeSet<>()).add(offset);
        }

        private void read(long offset, long value) {
            acknowledged(offset, value);
            timesRead.merge(value, 1, Integer::sum);
            firstRead.merge(value, offset, Math::min);
            reads++;
        }

        /** The values at each offset: one, in a sound history. */
        NavigableMap<Long, NavigableSet<Long>> values() {
            return values;
        }

        /** The offsets of each value: one, in a sound history. */
        Map<Long, NavigableSet<Long>> offsets() {
            return offsets;
        }

        int timesRead(long value) {
            return timesRead.getOrDefault(value, 0);
        }

        /** The offset of the last value that was read, the earliest of that value's; -1 where nothing was. */
        long readUpTo() {
            return firstRead.values().stream().mapToLong(Long::longValue).max().orElse(-1);
        }

        /** Where a value is, as far as anybody saw it at one place; {@link Step#UNTOLD} elsewhere. */
        long placeOf(long value) {
            NavigableSet<Long> places = offsets.get(value);
            return places != null && places.size() == 1 ? places.first() : Step.UNTOLD;
        }

        /** The first record behind an offset and before another, or null. */
        Long between(long offset, long end) {
            Long next = values.higherKey(offset);
            return next != null && next < end ? next : null;
        }
    }
}
