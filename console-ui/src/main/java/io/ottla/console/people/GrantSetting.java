package io.ottla.console.people;

import io.ottla.console.access.Grant;
import java.util.List;

/**
 * A grant of the configuration: what the members of a group of a directory, or the bearers of a claim, may.
 *
 * @param role {@code viewer}, {@code operator} or {@code admin}
 * @param clusters patterns of the clusters' keys; all of them where it is not set, as with the others
 */
public record GrantSetting(String role, List<String> clusters, List<String> topics, List<String> groups) {
    /**
     * What is meant.
     *
     * @param setting that it is of
     * @throws IllegalArgumentException naming the setting where it can't hold
     */
    public Grant grant(String setting) {
        try {
            return new GrantText(role, text(clusters), text(topics), text(groups)).grant();
        } catch (IllegalArgumentException unusable) {
            throw new IllegalArgumentException(setting + ": " + unusable.getMessage(), unusable);
        }
    }

    private static String text(List<String> patterns) {
        return patterns == null ? "" : String.join(",", patterns);
    }
}
