package io.ottla.oracle;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Values that can't be the same on two brokers, each with the reason. What is left of them in a comparison is whether they are
 * given at all; ids of topics are not among them, since they are compared by what they stand for.
 *
 * @param key null for all
 * @param path as a regular expression; of the place in the answer, names of elements left out
 * @param unset the value that stays as it is, since it says "none"; null where nothing of it is compared
 */
record Volatile(ApiKeys key, Pattern path, String unset, String reason) {
    private static final Pattern ELEMENT = Pattern.compile("\\[[^]]*](#\\d+)?");

    private static final List<Volatile> ALL = List.of(
            of(null, "throttleTimeMs", null, "quotas are time"),
            of(
                    null,
                    "(.*\\.)?(batchIndexE|e)rrorMessage",
                    null,
                    "the words are each broker's own; without any, clients take the code's"),
            of(null, "(.*\\.)?clusterId", "null", "each cluster draws its own"),
            of(null, "(.*\\.)?port", "-1", "each broker has a port of its own"),
            of(null, ".*\\.logAppendTimeMs", "-1", "the broker's clock"),
            of(ApiKeys.DESCRIBE_CONFIGS, "results.configs.documentation", null, "the words are each broker's own"),
            of(ApiKeys.FETCH, "sessionId", "0", "drawn at random"),
            of(ApiKeys.JOIN_GROUP, "(members.)?memberId|leader", "", "drawn at random"),
            of(ApiKeys.LEAVE_GROUP, "members.memberId", "", "drawn at random"),
            of(ApiKeys.DESCRIBE_GROUPS, "groups.members.memberId", "", "drawn at random"),
            of(ApiKeys.DESCRIBE_TRANSACTIONS, ".*transactionStartTimeMs", "-1", "when it began"),
            of(
                    ApiKeys.DESCRIBE_TRANSACTIONS,
                    "transactionStates.producerId",
                    "-1",
                    "from the cluster's own block of ids"),
            of(ApiKeys.END_TXN, "producerId", "-1", "from the cluster's own block of ids"),
            of(ApiKeys.INIT_PRODUCER_ID, "producerId", "-1", "from the cluster's own block of ids"),
            of(ApiKeys.DESCRIBE_LOG_DIRS, "results.logDir", null, "each broker has a folder of its own"),
            of(ApiKeys.DESCRIBE_LOG_DIRS, "results.(totalBytes|usableBytes)", "-1", "the disk fills while it is read"),
            of(ApiKeys.DESCRIBE_PRODUCERS, ".*\\.lastTimestamp", "-1", "the broker's clock"),
            of(ApiKeys.API_VERSIONS, "finalizedFeaturesEpoch", "-1", "counts the changes of each cluster"));

    /** Places in one topic of the tests, element names included. */
    private static final List<Volatile> STAMPED = List.of(
            of(ApiKeys.FETCH, ".*__transaction_state.*\\.records.*", null, "with ids and times of each cluster"),
            of(
                    ApiKeys.DESCRIBE_LOG_DIRS,
                    ".*__transaction_state.*\\.partitionSize",
                    "-1",
                    "each says as often as it likes how far a transaction is"),
            of(ApiKeys.FETCH, ".*appended.*\\.(maxTimestamp|timestamp)", null, "stamped with the broker's clock"),
            of(ApiKeys.LIST_OFFSETS, ".*appended.*\\.timestamp", "-1", "stamped with the broker's clock"));

    private static Volatile of(ApiKeys key, String path, String unset, String reason) {
        return new Volatile(key, Pattern.compile(path), unset, reason);
    }

    /** What is compared of a value. */
    static String compared(ApiKeys key, String path, String value) {
        String place = place(path);
        for (Volatile each : ALL) {
            if (each.covers(key, place)) {
                return each.rest(value);
            }
        }
        for (Volatile each : STAMPED) {
            if (each.covers(key, path)) {
                return each.rest(value);
            }
        }
        return value;
    }

    /** A path without the names of elements. */
    static String place(String path) {
        return ELEMENT.matcher(path).replaceAll("");
    }

    private boolean covers(ApiKeys asked, String place) {
        return (key == null || key == asked) && path.matcher(place).matches();
    }

    private String rest(String value) {
        return value.equals(unset) ? value : unset == null ? "volatile" : "given";
    }
}
