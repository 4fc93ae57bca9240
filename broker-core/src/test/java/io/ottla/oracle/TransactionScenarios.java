package io.ottla.oracle;

import static io.ottla.oracle.ProduceScenarios.produce;
import static org.apache.kafka.common.protocol.ApiKeys.ADD_OFFSETS_TO_TXN;
import static org.apache.kafka.common.protocol.ApiKeys.ADD_PARTITIONS_TO_TXN;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_TRANSACTIONS;
import static org.apache.kafka.common.protocol.ApiKeys.END_TXN;
import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.INIT_PRODUCER_ID;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_TRANSACTIONS;
import static org.apache.kafka.common.protocol.ApiKeys.PRODUCE;
import static org.apache.kafka.common.protocol.ApiKeys.TXN_OFFSET_COMMIT;
import static org.apache.kafka.common.protocol.ApiKeys.WRITE_TXN_MARKERS;

import io.ottla.types.ProducerIdAndEpoch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiMessage;

/** Transactions by hand: what is right, and what no client of good faith sends. */
final class TransactionScenarios {
    private static final String TOPIC = "transacted";
    private static final int LAST_OF_CLIENTS = 3;
    private static final int NEWEST = 5;
    /** Who has which transactional id, on each side. */
    private static final Map<String, ProducerIdAndEpoch> PRODUCERS = new HashMap<>();

    private TransactionScenarios() {}

    /** Of its own for each, since a marker may come at any time. */
    private static String topic(String id) {
        return "transacted-" + id;
    }

    static List<Scenario> all() {
        return List.of(
                committed(true),
                committed(false),
                fenced(),
                empty(),
                foreign(),
                wrongEpochs(),
                badPartitions(),
                Scenario.of("init with a timeout of 0", INIT_PRODUCER_ID, (side, version) -> init("i" + version, 0)),
                Scenario.of(
                        "init with a timeout that is too long",
                        INIT_PRODUCER_ID,
                        (side, version) -> init("i" + version, 900_001)),
                Scenario.of(
                        "init of a producer that nobody knows",
                        INIT_PRODUCER_ID,
                        (side, version) ->
                                init("other" + version, 1000).setProducerId(77).setProducerEpoch((short) 1)),
                Scenario.of(
                        "describe an unknown id",
                        DESCRIBE_TRANSACTIONS,
                        (side, version) ->
                                new DescribeTransactionsRequestData().setTransactionalIds(List.of("nobody", ""))),
                Scenario.of(
                        "list by an unknown state",
                        LIST_TRANSACTIONS,
                        (side, version) -> new ListTransactionsRequestData().setStateFilters(List.of("Odd"))),
                Scenario.of(
                        "list by a bad pattern",
                        LIST_TRANSACTIONS,
                        (side, version) -> new ListTransactionsRequestData().setTransactionalIdPattern("(")),
                markers());
    }

    /** Those that need the topic of groups. */
    static List<Scenario> ofGroups() {
        return List.of(offsets(), offsetsOfAStranger(), grouped());
    }

    // ---- whole transactions ----

    private static Scenario committed(boolean commits) {
        String name = commits ? "commit" : "abort";
        return begun(Scenario.sequence("a transaction: " + name, END_TXN), name)
                .then(PRODUCE, (side, version) -> write(side, name + version))
                .then(DESCRIBE_TRANSACTIONS, (side, version) -> describe(name + version))
                .then((side, version) -> end(side, name + version, commits));
    }

    /** The producer is there, and has a partition in its transaction. */
    private static Scenario begun(Scenario from, String id) {
        boolean isOwn = from.key() == ADD_PARTITIONS_TO_TXN;
        return from.remembering(
                        INIT_PRODUCER_ID,
                        (side, version) -> {
                            side.create(TOPIC);
                            side.create(topic(id + version));
                            side.awaitTransactions(id + version);
                            return init(id + version, 60_000);
                        },
                        (side, answer) -> PRODUCERS.put(side + id, producer((InitProducerIdResponseData) answer)))
                .then(ADD_PARTITIONS_TO_TXN, (side, version) -> {
                    PRODUCERS.put(side + id + version, PRODUCERS.get(side + id));
                    return added(
                            isOwn ? version : NEWEST, id + version, of(side, id + version), topic(id + version), 0);
                });
    }

    private static Scenario offsets() {
        return begun(Scenario.sequence("offsets in a transaction", TXN_OFFSET_COMMIT), "offsets")
                .then(ADD_OFFSETS_TO_TXN, (side, version) -> {
                    side.awaitCoordinator("g");
                    return offsetsAdded("offsets" + version, of(side, "offsets" + version));
                })
                .then((side, version) -> commit(side, "offsets" + version, "g", topic("offsets" + version), 0))
                .then((side, version) -> commit(side, "offsets" + version, "g", "nowhere", 0))
                .then((side, version) -> commit(side, "offsets" + version, "g", topic("offsets" + version), 9));
    }

    /** Members say who they are since KIP-447. */
    private static Scenario offsetsOfAStranger() {
        return begun(Scenario.sequence("offsets of a member that nobody knows", TXN_OFFSET_COMMIT), "stranger")
                .then(
                        ADD_OFFSETS_TO_TXN,
                        (side, version) -> offsetsAdded("stranger" + version, of(side, "stranger" + version)))
                .then((side, version) -> commit(side, "stranger" + version, "g", topic("stranger" + version), 0)
                        .setMemberId("nobody")
                        .setGenerationIdOrMemberEpoch(3));
    }

    private static Scenario grouped() {
        return begun(Scenario.sequence("a group in a transaction", ADD_OFFSETS_TO_TXN), "grouped")
                .then((side, version) -> offsetsAdded("grouped" + version, of(side, "grouped" + version)))
                .then((side, version) -> offsetsAdded("grouped" + version, new ProducerIdAndEpoch(424242, (short) 0)))
                .then((side, version) -> offsetsAdded("nobody" + version, of(side, "grouped" + version)));
    }

    private static AddOffsetsToTxnRequestData offsetsAdded(String id, ProducerIdAndEpoch producer) {
        return new AddOffsetsToTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch())
                .setGroupId("g");
    }

    private static Scenario fenced() {
        return Scenario.sequence("whoever comes first is fenced", INIT_PRODUCER_ID)
                .remembering(
                        INIT_PRODUCER_ID,
                        (side, version) -> {
                            side.create(TOPIC);
                            return init("fence" + version, 60_000);
                        },
                        (side, answer) -> PRODUCERS.put(side + "fence", producer((InitProducerIdResponseData) answer)))
                .then((side, version) -> init("fence" + version, 60_000))
                .then(
                        ADD_PARTITIONS_TO_TXN,
                        (side, version) -> added(NEWEST, "fence" + version, of(side, "fence"), TOPIC, 0))
                .then(END_TXN, (side, version) -> end("fence" + version, true, of(side, "fence")));
    }

    private static Scenario empty() {
        return Scenario.sequence("an end without a transaction", END_TXN)
                .remembering(
                        INIT_PRODUCER_ID,
                        (side, version) -> init("empty" + version, 60_000),
                        (side, answer) -> PRODUCERS.put(side + "empty", producer((InitProducerIdResponseData) answer)))
                .then((side, version) -> {
                    PRODUCERS.put(side + "empty" + version, of(side, "empty"));
                    return end(side, "empty" + version, true);
                })
                .then((side, version) -> end("nobody" + version, true, new ProducerIdAndEpoch(5, (short) 0)))
                .then((side, version) -> end("", true, new ProducerIdAndEpoch(5, (short) 0)));
    }

    // ---- what is wrong ----

    private static Scenario foreign() {
        return begun(Scenario.sequence("a producer of another id", ADD_PARTITIONS_TO_TXN), "foreign")
                .then((side, version) ->
                        added(version, "foreign" + version, new ProducerIdAndEpoch(424242, (short) 0), TOPIC, 0))
                .then(
                        END_TXN,
                        (side, version) -> end("foreign" + version, true, new ProducerIdAndEpoch(424242, (short) 0)));
    }

    private static Scenario wrongEpochs() {
        return begun(Scenario.sequence("epochs of the past and the future", END_TXN), "epochs")
                .then((side, version) -> end("epochs" + version, true, raised(side, "epochs" + version, 5)))
                .then((side, version) -> end("epochs" + version, true, raised(side, "epochs" + version, -1)))
                .then(
                        ADD_PARTITIONS_TO_TXN,
                        (side, version) ->
                                added(NEWEST, "epochs" + version, raised(side, "epochs" + version, 5), TOPIC, 0));
    }

    private static ProducerIdAndEpoch raised(Side side, String id, int by) {
        ProducerIdAndEpoch producer = of(side, id);
        return new ProducerIdAndEpoch(producer.id(), (short) (producer.epoch() + by));
    }

    private static Scenario badPartitions() {
        return begun(Scenario.sequence("partitions that there are not", ADD_PARTITIONS_TO_TXN), "bad")
                .then((side, version) -> added(version, "bad" + version, of(side, "bad" + version), TOPIC, 7))
                .then((side, version) -> added(version, "bad" + version, of(side, "bad" + version), "nowhere", 0))
                .then((side, version) ->
                        added(version, "bad" + version, of(side, "bad" + version), "__consumer_offsets", 0));
    }

    private static Scenario markers() {
        return Scenario.sequence("markers", WRITE_TXN_MARKERS)
                .then((side, version) -> marked(TOPIC, 0, 9_000 + version))
                .then((side, version) -> marked(TOPIC, 7, 9_000 + version))
                .then((side, version) -> marked("nowhere", 0, 9_000 + version))
                .then(
                        FETCH,
                        (side, version) -> FetchScenarios.fetch(side, "events", 0, 0)
                                .setIsolationLevel((byte) 1)
                                .setMaxWaitMs(0));
    }

    // ---- requests ----

    private static ProducerIdAndEpoch producer(InitProducerIdResponseData answer) {
        return new ProducerIdAndEpoch(answer.producerId(), answer.producerEpoch());
    }

    private static ProducerIdAndEpoch of(Side side, String id) {
        return PRODUCERS.get(side + id);
    }

    private static InitProducerIdRequestData init(String id, int timeoutMs) {
        return new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(timeoutMs);
    }

    /** @param version from 4 on it is said as brokers do, who ask for clients */
    private static AddPartitionsToTxnRequestData added(
            int version, String id, ProducerIdAndEpoch producer, String topic, int partition) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
        AddPartitionsToTxnTopic added =
                new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(partition));
        if (version <= LAST_OF_CLIENTS) {
            request.setV3AndBelowTransactionalId(id)
                    .setV3AndBelowProducerId(producer.id())
                    .setV3AndBelowProducerEpoch(producer.epoch());
            request.v3AndBelowTopics().add(added);
        } else {
            AddPartitionsToTxnTransaction transaction = new AddPartitionsToTxnTransaction()
                    .setTransactionalId(id)
                    .setProducerId(producer.id())
                    .setProducerEpoch(producer.epoch());
            transaction.topics().add(added);
            request.transactions().add(transaction);
        }
        return request;
    }

    private static EndTxnRequestData end(Side side, String id, boolean commits) {
        return end(id, commits, of(side, id));
    }

    private static EndTxnRequestData end(String id, boolean commits, ProducerIdAndEpoch producer) {
        return new EndTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch())
                .setCommitted(commits);
    }

    private static ApiMessage write(Side side, String id) throws Exception {
        ProducerIdAndEpoch producer = of(side, id);
        return produce(side, topic(id), 0, Batches.transactional(producer.id(), producer.epoch(), 0, 1))
                .setTransactionalId(id);
    }

    private static DescribeTransactionsRequestData describe(String id) {
        return new DescribeTransactionsRequestData().setTransactionalIds(List.of(id));
    }

    private static TxnOffsetCommitRequestData commit(Side side, String id, String group, String topic, int partition) {
        ProducerIdAndEpoch producer = of(side, id);
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData()
                .setTransactionalId(id)
                .setGroupId(group)
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch());
        request.topics()
                .add(new TxnOffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(5)
                                .setCommittedMetadata(""))));
        return request;
    }

    private static WriteTxnMarkersRequestData marked(String topic, int partition, long producerId) {
        WriteTxnMarkersRequestData request = new WriteTxnMarkersRequestData();
        request.markers()
                .add(new WritableTxnMarker()
                        .setProducerId(producerId)
                        .setProducerEpoch((short) 0)
                        .setTransactionResult(false)
                        .setTopics(List.of(
                                new WritableTxnMarkerTopic().setName(topic).setPartitionIndexes(List.of(partition)))));
        return request;
    }
}
