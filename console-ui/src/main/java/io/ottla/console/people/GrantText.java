package io.ottla.console.people;

import io.ottla.console.access.Grant;
import io.ottla.console.access.NamePattern;
import io.ottla.console.access.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A grant as people write it and as it is kept.
 *
 * @param role {@code viewer}, {@code operator} or {@code admin}
 * @param clusters patterns with commas between them; empty for all, as with {@code topics} and {@code groups}
 */
public record GrantText(String role, String clusters, String topics, String groups) {
    private static final String ALL = "*";
    private static final int MAX_LENGTH = 2_000;

    public GrantText {
        role = role == null ? "" : role.strip();
        clusters = clusters == null ? "" : clusters.strip();
        topics = topics == null ? "" : topics.strip();
        groups = groups == null ? "" : groups.strip();
    }

    public static GrantText of(Grant grant) {
        return new GrantText(
                grant.role().name().toLowerCase(Locale.ROOT),
                text(grant.clusters()),
                text(grant.topics()),
                text(grant.groups()));
    }

    /** As the trail tells it. */
    @Override
    public String toString() {
        return role + " (clusters " + orAll(clusters) + "; topics " + orAll(topics) + "; groups " + orAll(groups) + ")";
    }

    private static String orAll(String patterns) {
        return patterns.isEmpty() ? ALL : patterns;
    }

    private static String text(List<NamePattern> patterns) {
        return patterns.stream().map(NamePattern::text).collect(Collectors.joining(", "));
    }

    /** @throws IllegalArgumentException with a sentence for the one who wrote it */
    public Grant grant() {
        return new Grant(role(role), patterns(clusters), patterns(topics), patterns(groups));
    }

    private static Role role(String text) {
        return Arrays.stream(Role.values())
                .filter(each -> each.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Expected viewer, operator or admin as the role, but got '" + text + "'."));
    }

    private static List<NamePattern> patterns(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "Expected patterns of at most " + MAX_LENGTH + " characters, but got " + text.length() + ".");
        }
        List<NamePattern> patterns = Stream.of(text.split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .map(NamePattern::new)
                .distinct()
                .toList();
        return patterns.isEmpty() ? List.of(new NamePattern(ALL)) : patterns;
    }
}
