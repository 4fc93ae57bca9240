package io.ottla.coordinator.group;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.apache.kafka.common.protocol.Errors;

/**
 * Whether a regular expression may stand in a subscription: RE2's syntax (KIP-848), and a bound on what it grows to when it
 * is compiled, which is also what matching costs. Pure; may take its time.
 */
final class RegexRules {
    private static final int MAX_CHARS = 8 << 10;
    private static final long MAX_COST = 16 << 10;

    private RegexRules() {}

    /** Null where it may. */
    static Refusal refusal(String regex) {
        if (regex.length() > MAX_CHARS) {
            return refused("Expected a regular expression of at most " + MAX_CHARS + " characters, but it has "
                    + regex.length());
        }
        if (RegexCost.of(regex) > MAX_COST) {
            return refused("Expected a regular expression with fewer repetitions");
        }
        try {
            Pattern.compile(regex);
            return null;
        } catch (PatternSyntaxException e) {
            return refused("Expected a regular expression of RE2, but " + regex + " is none: " + e.getDescription());
        } catch (StackOverflowError e) {
            return refused("Expected a regular expression that is nested less");
        }
    }

    private static Refusal refused(String message) {
        return new Refusal(Errors.INVALID_REGULAR_EXPRESSION, message);
    }
}
