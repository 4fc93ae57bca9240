package io.ottla.oracle;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Where Ottla's answer is meant to be another than Kafka 4.3's. {@code docs/protocol.md} lists them all, and the comparison
 * fails on one that no scenario shows any more.
 *
 * @param scenario its name, as a regular expression
 * @param path of the value in the answer, as a regular expression over the whole path
 * @param what for people: what differs; null where another one tells
 * @param why for people: the reason
 */
record Deviation(ApiKeys key, Pattern scenario, Pattern path, String what, String why) {
    private static final String ANY = ".*";
    /** Names of topic configs that one of the two does not know. */
    private static final String CONFIGS_OF_ONE =
            "(message.format.version|message.downconversion.enable|message.timestamp.difference.max.ms"
                    + "|errors.deadletterqueue.group.enable|max.decompressed.message.bytes|remote.copy.lag.(bytes|ms))";

    static final List<Deviation> ALL = List.of(
            of(
                    ApiKeys.API_VERSIONS,
                    ANY,
                    "apiKeys\\[.*",
                    "APIs and versions other than Kafka 4.3's are announced",
                    "announced is what has a handler: the table above; ApiVersions itself is served in version 5 (Kafka 4.4)"),
            of(
                    ApiKeys.API_VERSIONS,
                    ANY,
                    "(supported|finalized)Features.*",
                    "of Kafka's features only `group.version`, `transaction.version` and `eligible.leader.replicas.version` are named",
                    "the levels of the others are KRaft's, or of what is not served"),
            of(
                    ApiKeys.FETCH,
                    "fetch negative bytes",
                    ANY,
                    "a negative partition limit is taken as 0: the first batch",
                    "Kafka fails with UNKNOWN_SERVER_ERROR, by accident"),
            of(
                    ApiKeys.FETCH,
                    "fetch with an unknown isolation",
                    ANY,
                    "an isolation level other than 1 reads uncommitted",
                    "Kafka fails with UNKNOWN_SERVER_ERROR, by accident"),
            of(
                    ApiKeys.FETCH,
                    "fetch a new session of nothing",
                    "sessionId",
                    "a session of no partition is not kept",
                    "it would hold a slot for nothing; the next fetch that names a partition makes one"),
            of(
                    ApiKeys.FETCH,
                    "fetch as an unknown follower",
                    "nodeEndpoints.*",
                    "a leader that is named is named with its address",
                    "Kafka leaves it out where the broker that is asked is itself the leader"),
            of(
                    ApiKeys.METADATA,
                    "metadata by zero id and no name",
                    ANY,
                    "a topic with neither name nor id is INVALID_REQUEST",
                    "Kafka fails with UNKNOWN_SERVER_ERROR, by accident"),
            of(
                    ApiKeys.METADATA,
                    "metadata by id mixed with names",
                    ANY,
                    "a request that names some topics and has the ids of others is answered for all",
                    "Kafka leaves the names out without a word"),
            of(
                    ApiKeys.LIST_OFFSETS,
                    "offsets with an unknown isolation",
                    ANY,
                    "an isolation level other than 1 reads uncommitted",
                    "Kafka fails with UNKNOWN_SERVER_ERROR, by accident"),
            of(
                    ApiKeys.LIST_OFFSETS,
                    "offsets of a partition twice",
                    ".*#2",
                    "a partition named twice is refused as often as it is named",
                    "Kafka refuses it once; each element of the request gets its answer here"),
            of(
                    ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                    "end of epoch -2",
                    ANY,
                    "a negative epoch is unknown",
                    "Kafka takes every number below the first epoch for an older one"),
            of(
                    ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                    "partitions of an empty name",
                    ANY,
                    "an empty name is INVALID_TOPIC_EXCEPTION",
                    "Kafka fails with UNKNOWN_SERVER_ERROR for the whole request, by accident"),
            of(
                    ApiKeys.DESCRIBE_CONFIGS,
                    ANY,
                    ".*configs\\[" + CONFIGS_OF_ONE + "].*",
                    "topic configs of 3.9 and of 4.4 that 4.3 does not have",
                    "Ottla has 3.9's configuration, and takes what later releases add"),
            of(
                    ApiKeys.CREATE_TOPICS,
                    ANY,
                    ".*configs\\[" + CONFIGS_OF_ONE + "].*",
                    "topic configs of 3.9 and of 4.4 that 4.3 does not have",
                    "Ottla has 3.9's configuration, and takes what later releases add"),
            of(
                    ApiKeys.DESCRIBE_CONFIGS,
                    ANY,
                    ".*configs\\[message.timestamp.after.max.ms].*",
                    "the default of `message.timestamp.after.max.ms` is the largest number",
                    "defaults are 3.9's; Kafka 4.0 made it an hour (KIP-1030)"),
            of(
                    ApiKeys.CREATE_TOPICS,
                    ANY,
                    ".*configs\\[message.timestamp.after.max.ms].*",
                    "the default of `message.timestamp.after.max.ms` is the largest number",
                    "defaults are 3.9's; Kafka 4.0 made it an hour (KIP-1030)"),
            of(
                    ApiKeys.DESCRIBE_CONFIGS,
                    ANY,
                    "(.*configs\\[min.insync.replicas].*|results\\[''].configs)",
                    "`min.insync.replicas` is no dynamic default of the cluster",
                    "Kafka sets it as one when it formats a cluster with eligible leader replicas (KIP-966)"),
            of(
                    ApiKeys.CREATE_TOPICS,
                    ANY,
                    ".*configs\\[min.insync.replicas].*",
                    "`min.insync.replicas` is no dynamic default of the cluster",
                    "Kafka sets it as one when it formats a cluster with eligible leader replicas (KIP-966)"),
            of(
                    ApiKeys.CREATE_TOPICS,
                    "create only to validate",
                    ".*topicId",
                    "a topic that is only validated has no id",
                    "Kafka draws one and forgets it"),
            of(
                    ApiKeys.CREATE_TOPICS,
                    "create colliding names at once",
                    "topics\\[at_once.*",
                    "the second of two names in one request that differ in '.' and '_' only is refused",
                    "Kafka looks for collisions among the topics that exist, so that both come to be, and their metrics are mixed up"),
            of(
                    ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                    "alter by (an unknown|a negative) operation",
                    ".*errorCode",
                    "an operation that does not exist is INVALID_REQUEST",
                    "Kafka fails with UNKNOWN_SERVER_ERROR, by accident"),
            of(
                    ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                    "alter an unknown config of the broker",
                    ".*errorCode",
                    "a broker's setting that nobody knows is refused",
                    "Kafka keeps it for plug-ins; here nothing would heed it, and a slip of the pen would go unseen"),
            of(
                    ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                    "alter a subscription",
                    ".*errorCode",
                    "subscriptions to clients' metrics are refused",
                    "telemetry comes later"),
            of(
                    ApiKeys.LIST_GROUPS,
                    "list .*",
                    "groups\\[(mute|untyped) .*",
                    "a group into which nobody ever came does not exist",
                    "Kafka keeps an empty group where the first who wanted to join was refused"),
            of(
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    "join by an expression",
                    "memberEpoch|assignment.*",
                    "who joins by a regular expression is told its partitions at once",
                    "Kafka answers before topics are found, and tells them with the next heartbeat, seconds later"),
            of(
                    ApiKeys.ELECT_LEADERS,
                    "elect (uncleanly )?of all",
                    "replicaElectionResults.*",
                    "topics of which nothing was to be done are not named",
                    "Kafka names every topic, with an empty list"),
            of(
                    ApiKeys.DELETE_RECORDS,
                    "delete records of a partition twice",
                    ANY,
                    "a partition named twice is cut twice, and answered twice",
                    "Kafka drops all but the last without a word"),
            of(
                    ApiKeys.PRODUCE,
                    "produce a partition twice in a request",
                    ANY,
                    "a partition named twice is appended to twice, and answered twice",
                    "Kafka drops all but the last without a word: records would be lost"),
            of(
                    ApiKeys.PRODUCE,
                    "produce .*",
                    ".*logStartOffset",
                    "a batch that is refused for what is in it is answered without the log's start",
                    "clients heed it where a sequence is refused only, and have it there"),
            of(
                    ApiKeys.PRODUCE,
                    "produce (a batch cut off|a length beyond the end)",
                    ".*errorCode",
                    "a batch that is cut off is CORRUPT_MESSAGE",
                    "that is what damage on the way looks like, and producers try it again; Kafka's INVALID_RECORD they do not"),
            of(
                    ApiKeys.PRODUCE,
                    "produce a batch followed by (5|100) zeros",
                    ANY,
                    "bytes behind the batch are INVALID_RECORD",
                    "Kafka drops fewer than 17 of them without a word, and calls more CORRUPT_MESSAGE"),
            of(ApiKeys.FETCH, "produce a batch followed by 5 zeros", ANY, null, null),
            of(
                    ApiKeys.PRODUCE,
                    "produce (an unknown codec|the last codec)",
                    ".*errorCode",
                    "a codec that does not exist is UNSUPPORTED_COMPRESSION_TYPE",
                    "Kafka fails with UNKNOWN_SERVER_ERROR, by accident"),
            of(
                    ApiKeys.PRODUCE,
                    "produce (gzip|snappy|lz4|zstd) that is none",
                    ".*errorCode",
                    "what can't be decompressed is CORRUPT_MESSAGE",
                    "Kafka fails with UNKNOWN_SERVER_ERROR, by accident"),
            of(
                    ApiKeys.PRODUCE,
                    "produce a broker's timestamp type",
                    ANY,
                    "a batch that says a broker has stamped it is INVALID_TIMESTAMP",
                    "Kafka means to refuse it, but looks at a place where format v2 never has it"),
            of(ApiKeys.FETCH, "produce a broker's timestamp type", ANY, null, null),
            of(
                    ApiKeys.PRODUCE,
                    "produce (a delete horizon|a producer without epoch|a negative producer)",
                    ANY,
                    "a delete horizon, a producer id without an epoch, and a producer id below -1 are INVALID_RECORD",
                    "Kafka stores them as they are"),
            of(
                    ApiKeys.FETCH,
                    "produce (a delete horizon|a producer without epoch|a negative producer)",
                    ANY,
                    null,
                    null));

    private static Deviation of(ApiKeys key, String scenario, String path, String what, String why) {
        return new Deviation(key, Pattern.compile(scenario), Pattern.compile(path), what, why);
    }

    boolean covers(ApiKeys asked, String scenarioName, String at) {
        return key == asked
                && scenario.matcher(scenarioName).matches()
                && path.matcher(at).matches();
    }
}
