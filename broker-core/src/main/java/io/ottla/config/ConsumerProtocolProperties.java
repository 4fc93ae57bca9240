package io.ottla.config;

import java.util.List;
import java.util.Locale;

/**
 * How groups of the consumer protocol are coordinated, all of them alike (KIP-848); what can differ from group to group is
 * in {@link ConsumerGroupProperties}.
 *
 * @param isServed whether {@code group.coordinator.rebalance.protocols} names them
 * @param maxSize {@code group.consumer.max.size}: members of a group; 1 or more
 * @param assignors {@code group.consumer.assignors}: their names, one or more; the first is the default
 * @param migration {@code group.consumer.migration.policy}
 * @param regexRefreshMs {@code group.consumer.regex.refresh.interval.ms}: how often topics of regular expressions are
 *     looked for in any case
 */
public record ConsumerProtocolProperties(
        boolean isServed, int maxSize, List<String> assignors, MigrationPolicy migration, int regexRefreshMs) {
    public static final ConsumerProtocolProperties DEFAULTS = new ConsumerProtocolProperties(
            true, Integer.MAX_VALUE, List.of("uniform", "range"), MigrationPolicy.BIDIRECTIONAL, 600_000);

    public ConsumerProtocolProperties {
        assignors = List.copyOf(assignors);
    }

    /** As a broker is configured. */
    static ConsumerProtocolProperties of(ConfigValues values) {
        return new ConsumerProtocolProperties(
                values.list("group.coordinator.rebalance.protocols").contains("consumer"),
                values.integer("group.consumer.max.size"),
                AssignorNames.of(values.list("group.consumer.assignors")),
                MigrationPolicy.valueOf(
                        values.text("group.consumer.migration.policy").toUpperCase(Locale.ROOT)),
                values.integer("group.consumer.regex.refresh.interval.ms"));
    }
}
