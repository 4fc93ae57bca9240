package io.ottla.coordinator.group;

import io.ottla.config.ConsumerGroupProperties;
import io.ottla.config.ConsumerProtocolProperties;
import io.ottla.config.MigrationPolicy;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigResourceName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is set for groups of the consumer protocol, and for each of them. Thread-safe. */
final class ConsumerSettings {
    private final ConsumerProtocolProperties all;
    private final Supplier<ClusterImage> image;
    private final Function<Map<String, String>, ConsumerGroupProperties> groups;
    /** Of a group for which nothing is set: what the broker sets, which never changes while it runs. */
    private final ConsumerGroupProperties unset;
    /** Of groups for which something is set. */
    private final Map<String, Read> read = new ConcurrentHashMap<>();

    /** What is set on a group, and what comes of it. */
    private record Read(Map<String, String> set, ConsumerGroupProperties value) {}

    /** @param groups a group's settings from what is set on it */
    ConsumerSettings(
            ConsumerProtocolProperties all,
            Supplier<ClusterImage> image,
            Function<Map<String, String>, ConsumerGroupProperties> groups) {
        this.all = all;
        this.image = image;
        this.groups = groups;
        this.unset = groups.apply(Map.of());
    }

    private ConsumerGroupProperties of(String group) {
        Map<String, String> set =
                image.get().config(ConfigResourceName.group(group)).values();
        if (set.isEmpty()) {
            read.remove(group);
            return unset;
        }
        Read known = read.get(group);
        if (known == null || !known.set().equals(set)) {
            known = new Read(set, groups.apply(set));
            read.put(group, known);
        }
        return known.value();
    }

    int sessionTimeoutMs(String group) {
        return of(group).sessionTimeoutMs();
    }

    int heartbeatIntervalMs(String group) {
        return of(group).heartbeatIntervalMs();
    }

    int assignmentIntervalMs(String group) {
        return of(group).assignmentIntervalMs();
    }

    int maxSize() {
        return all.maxSize();
    }

    MigrationPolicy migration() {
        return all.migration();
    }
}
