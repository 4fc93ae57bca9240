package io.ottla.coordinator;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Whether a regular expression may stand in a request: RE2's syntax (KIP-848, KIP-1152), and a bound on what it grows to when
 * it is compiled, which is also what matching costs. Pure; may take its time.
 */
public final class RegexRules {
    private static final int MAX_CHARS = 8 << 10;
    private static final long MAX_COST = 16 << 10;

    private RegexRules() {}

    /** Why not; null where it may. */
    public static String refusal(String regex) {
        if (regex.length() > MAX_CHARS) {
            return "Expected a regular expression of at most " + MAX_CHARS + " characters, but it has "
                    + regex.length();
        }
        if (RegexCost.of(regex) > MAX_COST) {
            return "Expected a regular expression with fewer repetitions";
        }
        try {
            Pattern.compile(regex);
            return null;
        } catch (PatternSyntaxException e) {
            return "Expected a regular expression of RE2, but " + regex + " is none: " + e.getDescription();
        } catch (StackOverflowError e) {
            return "Expected a regular expression that is nested less";
        }
    }
}
