package io.ottla.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gathers what is wrong with a configuration: sentences, each with where the settings it is about were given. */
final class FoundProblems {
    private final Map<String, SourcedValue> given;
    private final List<String> lines = new ArrayList<>();

    /** @param given where settings come from; empty where nobody needs to know */
    FoundProblems(Map<String, SourcedValue> given) {
        this.given = given;
    }

    /**
     * One more.
     *
     * @param names the settings it is about, the one it speaks of first; those that were not given are left out
     */
    void add(String sentence, String... names) {
        List<String> from = new ArrayList<>();
        for (String name : names) {
            SourcedValue value = given.get(name);
            if (value != null) {
                from.add(name + " from " + value.origin());
            }
        }
        SourcedValue first = names.length == 0 ? null : given.get(names[0]);
        if (from.size() == 1 && first != null) {
            lines.add(sentence + " (from " + first.origin() + ")");
        } else {
            lines.add(from.isEmpty() ? sentence : sentence + " (" + String.join(", ", from) + ")");
        }
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    int count() {
        return lines.size();
    }

    /** A copy of what was found so far. */
    List<String> lines() {
        return new ArrayList<>(lines);
    }
}
