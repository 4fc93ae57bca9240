package io.ottla.console.people;

import io.ottla.console.access.Grant;
import io.ottla.console.access.NamePattern;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.util.List;
import java.util.Locale;

/**
 * A grant as programs write and read it.
 *
 * @param role {@code viewer}, {@code operator} or {@code admin}
 * @param clusters patterns of names; null or empty for all, as with the others
 */
public record GrantData(String role, List<String> clusters, List<String> topics, List<String> groups) {
    public static GrantData of(Grant grant) {
        return new GrantData(
                grant.role().name().toLowerCase(Locale.ROOT),
                names(grant.clusters()),
                names(grant.topics()),
                names(grant.groups()));
    }

    public static List<GrantData> of(List<Grant> grants) {
        return grants.stream().map(GrantData::of).toList();
    }

    private static List<String> names(List<NamePattern> patterns) {
        return patterns.stream().map(NamePattern::text).toList();
    }

    /** @throws Mistyped where one is missing or has a pattern that can't be written */
    static List<GrantText> texts(List<GrantData> grants) {
        if (grants == null) {
            return List.of();
        }
        return grants.stream().map(GrantData::text).toList();
    }

    private static GrantText text(GrantData grant) {
        if (grant == null) {
            throw bad("Expected no null in grants.");
        }
        return new GrantText(grant.role, joined(grant.clusters), joined(grant.topics), joined(grant.groups));
    }

    private static String joined(List<String> patterns) {
        if (patterns == null) {
            return "";
        }
        for (String pattern : patterns) {
            // A blank one would be left out and so widen the grant, as would a comma.
            if (pattern == null || pattern.isBlank() || pattern.indexOf(',') >= 0) {
                throw bad("Expected names or patterns such as orders-*, each without a comma, but got '" + pattern
                        + "'.");
            }
        }
        return String.join(",", patterns);
    }

    private static Mistyped bad(String sentence) {
        return new Mistyped(Wording.quoted(sentence));
    }
}
