package io.ottla.coordinator.group;

import java.util.Set;

/**
 * The topics that a regular expression matched. Immutable.
 *
 * @param version of the cluster's image that it was matched against
 * @param timestampMs when
 */
record ResolvedRegex(Set<String> topics, long version, long timestampMs) {
    ResolvedRegex {
        topics = Set.copyOf(topics);
    }
}
