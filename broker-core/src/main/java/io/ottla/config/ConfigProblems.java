package io.ottla.config;

import io.ottla.types.Amount;
import java.util.List;

/**
 * Everything that is wrong with a configuration, found at once. The process says all of it and exits with 1.
 *
 * @param lines one sentence each, without secrets; at least one
 */
public record ConfigProblems(List<String> lines) {
    public ConfigProblems {
        lines = List.copyOf(lines);
    }

    /** One line for each problem, under a heading. */
    public String text() {
        return "The configuration has " + Amount.of(lines.size(), "problem") + ":\n  " + String.join("\n  ", lines);
    }
}
