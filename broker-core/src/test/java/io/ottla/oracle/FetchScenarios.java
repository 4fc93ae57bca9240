package io.ottla.oracle;

import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FOR_LEADER_EPOCH;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;

/** Reads, and lookups of offsets. */
final class FetchScenarios {
    private static final String SESSION = "session";

    private FetchScenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(good());
        all.addAll(wrong());
        all.addAll(sessions());
        all.addAll(lookups());
        all.addAll(epochs());
        return all;
    }

    private static List<Scenario> good() {
        return List.of(
                Scenario.of(
                        "fetch all",
                        FETCH,
                        (side, version) -> request(topic(side, "events", part(0, 0), part(1, 0), part(2, 0)))),
                Scenario.of(
                        "fetch two topics",
                        FETCH,
                        (side, version) ->
                                request(topic(side, "events", part(0, 0)), topic(side, "trimmed", part(0, 6)))),
                Scenario.of("fetch what is older than zstd", FETCH, (side, version) -> fetch(side, "events", 1, 0)),
                Scenario.of("fetch zstd", FETCH, (side, version) -> fetch(side, "zstd", 0, 0)),
                Scenario.of("fetch from the middle of a batch", FETCH, (side, version) -> fetch(side, "events", 0, 13)),
                Scenario.of(
                        "fetch at the end",
                        FETCH,
                        (side, version) -> fetch(side, "events", 2, 0).setMaxWaitMs(50)),
                Scenario.of(
                        "fetch at the end without waiting",
                        FETCH,
                        (side, version) -> fetch(side, "events", 2, 0).setMaxWaitMs(0)),
                Scenario.of(
                        "fetch one byte of each",
                        FETCH,
                        (side, version) -> request(topic(
                                side,
                                "events",
                                part(0, 0).setPartitionMaxBytes(1),
                                part(1, 0).setPartitionMaxBytes(1)))),
                Scenario.of(
                        "fetch one byte of all",
                        FETCH,
                        (side, version) -> request(topic(side, "events", part(0, 0), part(1, 0)))
                                .setMaxBytes(1)),
                Scenario.of(
                        "fetch 600 bytes of each",
                        FETCH,
                        (side, version) -> request(topic(
                                side,
                                "events",
                                part(0, 0).setPartitionMaxBytes(600),
                                part(1, 0).setPartitionMaxBytes(600)))),
                Scenario.of(
                        "fetch 0 bytes",
                        FETCH,
                        (side, version) -> request(
                                        topic(side, "events", part(0, 0).setPartitionMaxBytes(0)))
                                .setMaxWaitMs(50)),
                Scenario.of(
                        "fetch at most 0 bytes",
                        FETCH,
                        (side, version) ->
                                fetch(side, "events", 0, 0).setMaxBytes(0).setMaxWaitMs(50)),
                Scenario.of(
                        "fetch negative bytes",
                        FETCH,
                        (side, version) -> request(
                                        topic(side, "events", part(0, 0).setPartitionMaxBytes(-1)))
                                .setMaxWaitMs(50)),
                Scenario.of(
                        "fetch more than there is",
                        FETCH,
                        (side, version) -> fetch(side, "events", 0, 0)
                                .setMinBytes(1_000_000)
                                .setMaxWaitMs(50)),
                Scenario.of(
                        "fetch committed",
                        FETCH,
                        (side, version) -> fetch(side, "events", 1, 0).setIsolationLevel((byte) 1)),
                Scenario.of(
                        "fetch committed at the end",
                        FETCH,
                        (side, version) -> fetch(side, "events", 2, 0)
                                .setIsolationLevel((byte) 1)
                                .setMaxWaitMs(0)),
                Scenario.of(
                        "fetch with an unknown isolation",
                        FETCH,
                        (side, version) -> fetch(side, "events", 1, 0).setIsolationLevel((byte) 9)),
                Scenario.of(
                        "fetch with the right leader epoch",
                        FETCH,
                        (side, version) ->
                                request(topic(side, "events", part(0, 0).setCurrentLeaderEpoch(0)))),
                Scenario.of(
                        "fetch with a rack",
                        FETCH,
                        (side, version) -> fetch(side, "events", 0, 0).setRackId("r1")),
                Scenario.of(
                        "fetch with a last epoch",
                        FETCH,
                        (side, version) ->
                                request(topic(side, "events", part(0, 10).setLastFetchedEpoch(0)))),
                Scenario.of("fetch what a broker stamped", FETCH, (side, version) -> fetch(side, "appended", 0, 0)),
                Scenario.of(
                        "fetch what is trimmed, from the first",
                        FETCH,
                        (side, version) -> fetch(side, "trimmed", 0, 5)),
                Scenario.of(
                        "fetch with a cluster id",
                        FETCH,
                        (side, version) -> fetch(side, "events", 0, 0).setClusterId("other")),
                Scenario.of(
                        "fetch as a debugger",
                        FETCH,
                        (side, version) -> version < 15
                                ? fetch(side, "events", 0, 0).setReplicaId(-2)
                                : fetch(side, "events", 0, 0)),
                Scenario.of(
                        "fetch a partition twice",
                        FETCH,
                        (side, version) -> request(topic(side, "events", part(0, 0), part(0, 10)))));
    }

    private static List<Scenario> wrong() {
        return List.of(
                Scenario.of("fetch an unknown topic", FETCH, (side, version) -> fetch(side, "nowhere", 0, 0)),
                Scenario.of("fetch an illegal topic", FETCH, (side, version) -> fetch(side, "a b", 0, 0)),
                Scenario.of(
                        "fetch no topic's name and id",
                        FETCH,
                        (side, version) -> request(
                                new FetchTopic().setTopicId(Uuid.ZERO_UUID).setPartitions(List.of(part(0, 0))))),
                Scenario.of(
                        "fetch unknown partitions",
                        FETCH,
                        (side, version) -> request(topic(side, "events", part(33, 0), part(-1, 0)))),
                Scenario.of(
                        "fetch, one right and one wrong",
                        FETCH,
                        (side, version) -> request(
                                topic(side, "events", part(0, 0), part(33, 0)), topic(side, "nowhere", part(0, 0)))),
                Scenario.of("fetch behind the end", FETCH, (side, version) -> fetch(side, "events", 0, 5000)),
                Scenario.of("fetch before the start", FETCH, (side, version) -> fetch(side, "trimmed", 0, 1)),
                Scenario.of("fetch at a negative offset", FETCH, (side, version) -> fetch(side, "events", 0, -1)),
                Scenario.of(
                        "fetch in a later leader epoch",
                        FETCH,
                        (side, version) ->
                                request(topic(side, "events", part(0, 0).setCurrentLeaderEpoch(9)))),
                Scenario.of(
                        "fetch with a later last epoch",
                        FETCH,
                        (side, version) -> request(
                                        topic(side, "events", part(0, 10).setLastFetchedEpoch(7)))
                                .setMaxWaitMs(50)),
                Scenario.of(
                        "fetch with a last epoch behind the end",
                        FETCH,
                        (side, version) -> request(
                                        topic(side, "events", part(0, 5000).setLastFetchedEpoch(0)))
                                .setMaxWaitMs(50)),
                Scenario.of(
                        "fetch as an unknown follower",
                        FETCH,
                        (side, version) -> version < 15
                                ? fetch(side, "events", 0, 0).setReplicaId(44)
                                : fetch(side, "events", 0, 0)
                                        .setReplicaState(new FetchRequestData.ReplicaState()
                                                .setReplicaId(44)
                                                .setReplicaEpoch(1))),
                Scenario.of("fetch nothing", FETCH, (side, version) -> request().setMaxWaitMs(50)));
    }

    private static List<Scenario> sessions() {
        return List.of(
                Scenario.sequence("fetch session", FETCH)
                        .remembering(
                                (side, version) -> request(
                                                topic(side, "events", part(0, 0), part(1, 0)),
                                                topic(side, "session-" + version, part(0, 0)))
                                        .setSessionEpoch(0),
                                FetchScenarios::remember)
                        // nothing has changed but what is read on
                        .then((side, version) -> next(
                                side,
                                1,
                                topic(side, "events", part(0, 50), part(1, 12)),
                                topic(side, "session-" + version, part(0, 0))))
                        // nothing is new
                        .then((side, version) -> next(side, 2).setMaxWaitMs(50))
                        // an error is told, and again
                        .then((side, version) -> next(side, 3, topic(side, "events", part(0, 9000))))
                        .then((side, version) -> next(side, 4).setMaxWaitMs(50))
                        // a partition goes, one comes
                        .then((side, version) -> next(
                                        side, 5, topic(side, "events", part(2, 0)), topic(side, "trimmed", part(0, 7)))
                                .setForgottenTopicsData(List.of(forgotten(side, "events", 0))))
                        // an unknown one comes
                        .then((side, version) -> next(side, 6, topic(side, "events", part(66, 0)))
                                .setMaxWaitMs(50))
                        .then((side, version) -> next(side, 7, topic(side, "nowhere", part(0, 0)))
                                .setMaxWaitMs(50))
                        .then((side, version) -> next(side, 8).setMaxWaitMs(50))
                        // a wrong epoch
                        .then((side, version) -> next(side, 50))
                        // still there?
                        .then((side, version) -> next(side, 9).setMaxWaitMs(50))
                        // ends
                        .then((side, version) -> next(side, -1, topic(side, "events", part(1, 0))))
                        .then((side, version) -> next(side, 10)),
                Scenario.of(
                        "fetch in an unknown session",
                        FETCH,
                        (side, version) -> request().setSessionId(12345).setSessionEpoch(3)),
                Scenario.of(
                        "fetch in session 0 with an epoch",
                        FETCH,
                        (side, version) -> request(topic(side, "events", part(0, 0)))
                                .setSessionId(0)
                                .setSessionEpoch(3)),
                Scenario.of(
                        "fetch a new session of nothing",
                        FETCH,
                        (side, version) -> request().setSessionEpoch(0).setMaxWaitMs(50)),
                Scenario.of(
                        "fetch a new session of unknown things",
                        FETCH,
                        (side, version) ->
                                request(topic(side, "nowhere", part(0, 0))).setSessionEpoch(0)),
                Scenario.of(
                        "fetch ends an unknown session",
                        FETCH,
                        (side, version) -> request(topic(side, "events", part(0, 0)))
                                .setSessionId(777)
                                .setSessionEpoch(-1)),
                Scenario.of(
                        "fetch replaces an unknown session",
                        FETCH,
                        (side, version) -> request(topic(side, "events", part(0, 0)))
                                .setSessionId(777)
                                .setSessionEpoch(0)));
    }

    private static List<Scenario> lookups() {
        List<Scenario> all = new ArrayList<>();
        for (long timestamp : new long[] {
            -1, -2, -3, -4, -5, -6, -7, 0, Batches.TIME, Batches.TIME + 12_500, Batches.TIME + 49_000, Long.MAX_VALUE
        }) {
            all.add(Scenario.of(
                    "offsets at " + timestamp,
                    LIST_OFFSETS,
                    (side, version) -> offsets(
                            offset("events", 0, timestamp),
                            offset("zstd", 0, timestamp),
                            offset("kept", 0, timestamp),
                            offset("trimmed", 0, timestamp),
                            offset("appended", 0, timestamp))));
        }
        all.addAll(List.of(
                Scenario.of(
                        "committed offsets",
                        LIST_OFFSETS,
                        (side, version) -> offsets(offset("events", 1, -1)).setIsolationLevel((byte) 1)),
                Scenario.of(
                        "offsets of an unknown topic",
                        LIST_OFFSETS,
                        (side, version) -> offsets(offset("nowhere", 0, -1))),
                Scenario.of(
                        "offsets of an illegal topic", LIST_OFFSETS, (side, version) -> offsets(offset("a b", 0, -1))),
                Scenario.of(
                        "offsets of an unknown partition",
                        LIST_OFFSETS,
                        (side, version) -> offsets(offset("events", 9, -1))),
                Scenario.of(
                        "offsets of a negative partition",
                        LIST_OFFSETS,
                        (side, version) -> offsets(offset("events", -1, -1))),
                Scenario.of(
                        "offsets in the right epoch",
                        LIST_OFFSETS,
                        (side, version) -> offsets(epoch(offset("events", 0, -1), 0))),
                Scenario.of(
                        "offsets in a later epoch",
                        LIST_OFFSETS,
                        (side, version) -> offsets(epoch(offset("events", 0, -1), 4))),
                Scenario.of(
                        "offsets of a partition twice",
                        LIST_OFFSETS,
                        (side, version) -> offsets(new ListOffsetsTopic()
                                .setName("events")
                                .setPartitions(List.of(
                                        new ListOffsetsPartition()
                                                .setPartitionIndex(0)
                                                .setTimestamp(-1),
                                        new ListOffsetsPartition()
                                                .setPartitionIndex(0)
                                                .setTimestamp(-2),
                                        new ListOffsetsPartition()
                                                .setPartitionIndex(1)
                                                .setTimestamp(-1))))),
                Scenario.of(
                        "offsets as a debugger",
                        LIST_OFFSETS,
                        (side, version) -> offsets(offset("events", 0, -1)).setReplicaId(-2)),
                Scenario.of(
                        "offsets as a follower",
                        LIST_OFFSETS,
                        (side, version) -> offsets(offset("events", 0, -1)).setReplicaId(44)),
                Scenario.of(
                        "offsets with an unknown isolation",
                        LIST_OFFSETS,
                        (side, version) -> offsets(offset("events", 0, -1)).setIsolationLevel((byte) 7)),
                Scenario.of("offsets of nothing", LIST_OFFSETS, (side, version) -> offsets())));
        return all;
    }

    private static List<Scenario> epochs() {
        List<Scenario> all = new ArrayList<>();
        for (int epoch : new int[] {0, 1, -1, -2, 9}) {
            all.add(Scenario.of(
                    "end of epoch " + epoch,
                    OFFSET_FOR_LEADER_EPOCH,
                    (side, version) -> ends(end("events", 0, -1, epoch), end("trimmed", 0, -1, epoch))));
        }
        all.addAll(List.of(
                Scenario.of(
                        "end of an epoch of an empty log",
                        OFFSET_FOR_LEADER_EPOCH,
                        (side, version) -> ends(end("events", 2, -1, 0))),
                Scenario.of(
                        "end of an epoch, in the right epoch",
                        OFFSET_FOR_LEADER_EPOCH,
                        (side, version) -> ends(end("events", 0, 0, 0))),
                Scenario.of(
                        "end of an epoch, in a later epoch",
                        OFFSET_FOR_LEADER_EPOCH,
                        (side, version) -> ends(end("events", 0, 8, 0))),
                Scenario.of(
                        "end of an epoch of unknown things",
                        OFFSET_FOR_LEADER_EPOCH,
                        (side, version) ->
                                ends(end("nowhere", 0, -1, 0), end("events", 9, -1, 0), end("a b", 0, -1, 0))),
                Scenario.of(
                        "end of an epoch of a negative partition",
                        OFFSET_FOR_LEADER_EPOCH,
                        (side, version) -> ends(end("events", -1, -1, 0))),
                Scenario.of(
                        "end of an epoch as a follower",
                        OFFSET_FOR_LEADER_EPOCH,
                        (side, version) -> ends(end("events", 0, -1, 0)).setReplicaId(version < 3 ? -2 : 44)),
                Scenario.of("end of epochs of nothing", OFFSET_FOR_LEADER_EPOCH, (side, version) -> ends())));
        return all;
    }

    private static void remember(Side side, org.apache.kafka.common.protocol.ApiMessage answer) {
        side.memory.put(SESSION, (long) ((FetchResponseData) answer).sessionId());
    }

    private static FetchRequestData next(Side side, int epoch, FetchTopic... topics) {
        return request(topics).setSessionId(side.memory.get(SESSION).intValue()).setSessionEpoch(epoch);
    }

    static FetchRequestData fetch(Side side, String topic, int partition, long offset) throws Exception {
        return request(topic(side, topic, part(partition, offset)));
    }

    private static FetchRequestData request(FetchTopic... topics) {
        return new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(10_000_000)
                .setTopics(List.of(topics));
    }

    private static FetchTopic topic(Side side, String topic, FetchPartition... partitions) throws Exception {
        return new FetchTopic().setTopic(topic).setTopicId(side.id(topic)).setPartitions(List.of(partitions));
    }

    private static FetchPartition part(int partition, long offset) {
        return new FetchPartition()
                .setPartition(partition)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(1_000_000);
    }

    private static ForgottenTopic forgotten(Side side, String topic, Integer... partitions) throws Exception {
        return new ForgottenTopic().setTopic(topic).setTopicId(side.id(topic)).setPartitions(List.of(partitions));
    }

    private static ListOffsetsRequestData offsets(ListOffsetsTopic... topics) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTimeoutMs(10_000)
                .setTopics(Arrays.asList(topics));
    }

    private static ListOffsetsTopic offset(String topic, int partition, long timestamp) {
        return new ListOffsetsTopic()
                .setName(topic)
                .setPartitions(List.of(
                        new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(timestamp)));
    }

    private static ListOffsetsTopic epoch(ListOffsetsTopic topic, int epoch) {
        topic.partitions().forEach(partition -> partition.setCurrentLeaderEpoch(epoch));
        return topic;
    }

    private static OffsetForLeaderEpochRequestData ends(OffsetForLeaderTopic... topics) {
        return new OffsetForLeaderEpochRequestData()
                .setReplicaId(-1)
                .setTopics(new OffsetForLeaderTopicCollection(List.of(topics).iterator()));
    }

    private static OffsetForLeaderTopic end(String topic, int partition, int currentEpoch, int epoch) {
        return new OffsetForLeaderTopic()
                .setTopic(topic)
                .setPartitions(List.of(new OffsetForLeaderPartition()
                        .setPartition(partition)
                        .setCurrentLeaderEpoch(currentEpoch)
                        .setLeaderEpoch(epoch)));
    }
}
