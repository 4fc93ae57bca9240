package io.ottla.simulation;

import java.util.Map;
import java.util.TreeMap;

/** How often things happened, over one run or many. */
final class Tally {
    private final Map<String, Long> counts = new TreeMap<>();

    void add(Object what) {
        add(what, 1);
    }

    void add(Object what, long times) {
        counts.merge(what.toString(), times, Long::sum);
    }

    void add(Tally other) {
        other.counts.forEach(this::add);
    }

    long of(Object what) {
        return counts.getOrDefault(what.toString(), 0L);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((what, times) ->
                text.append(text.isEmpty() ? "" : ", ").append(what).append(' ').append(times));
        return text.toString();
    }
}
