package io.ottla.console.topics;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A topic to be made.
 *
 * @param partitions empty: the cluster's default
 * @param replicationFactor empty: the cluster's default
 * @param assignments brokers by partition; when there are any, the two counts above are empty
 * @param validateOnly only says whether it could be made
 */
public record NewTopicDraft(
        String name,
        OptionalInt partitions,
        OptionalInt replicationFactor,
        Map<Integer, List<Integer>> assignments,
        Map<String, String> settings,
        boolean validateOnly) {}
