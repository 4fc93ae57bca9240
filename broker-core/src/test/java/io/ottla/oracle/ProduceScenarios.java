package io.ottla.oracle;

import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_PRODUCERS;
import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.INIT_PRODUCER_ID;
import static org.apache.kafka.common.protocol.ApiKeys.PRODUCE;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequestCollection;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Appends, and producers' ids and state. */
final class ProduceScenarios {
    private static final int TIMEOUT_MS = 20_000;

    private ProduceScenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (CompressionType codec : CompressionType.values()) {
            all.add(Scenario.of(
                            "produce in " + codec.name,
                            PRODUCE,
                            (side, version) -> produce(side, "written", 0, Batches.of(codec, version, 20)))
                    .then(FETCH, (side, version) -> FetchScenarios.fetch(side, "written", 0, 0)));
        }
        all.addAll(good());
        all.addAll(wrong());
        all.addAll(corrupt());
        all.addAll(sequences());
        all.addAll(ids());
        return all;
    }

    private static List<Scenario> good() {
        return List.of(
                Scenario.of(
                        "produce with acks 1",
                        PRODUCE,
                        (side, version) ->
                                produce(side, "written", 0, Batches.of(0, 1)).setAcks((short) 1)),
                Scenario.unanswered(
                                "produce with acks 0",
                                PRODUCE,
                                (side, version) -> produce(side, "written", 1, Batches.of(0, 3))
                                        .setAcks((short) 0))
                        .then(FETCH, (side, version) -> FetchScenarios.fetch(side, "written", 1, 0)),
                Scenario.of(
                        "produce to two topics",
                        PRODUCE,
                        (side, version) -> request(
                                topic(side, "written", part(0, Batches.of(0, 1)), part(1, Batches.of(0, 2))),
                                topic(side, "settings", part(0, Batches.of(0, 3))))),
                Scenario.of(
                        "produce to a topic stamped by the broker",
                        PRODUCE,
                        (side, version) -> produce(side, "appended", 0, Batches.of(0, 3))),
                Scenario.of(
                                "produce what is recompressed",
                                PRODUCE,
                                (side, version) ->
                                        produce(side, "recompressed", 0, Batches.of(CompressionType.LZ4, version, 10)))
                        .then(FETCH, (side, version) -> FetchScenarios.fetch(side, "recompressed", 0, 0)),
                Scenario.of(
                                "produce what is uncompressed",
                                PRODUCE,
                                (side, version) ->
                                        produce(side, "uncompressed", 0, Batches.of(CompressionType.GZIP, version, 10)))
                        .then(FETCH, (side, version) -> FetchScenarios.fetch(side, "uncompressed", 0, 0)),
                Scenario.of(
                        "produce with a base offset",
                        PRODUCE,
                        (side, version) -> produce(side, "written", 0, Batches.withBaseOffset(77))),
                Scenario.of(
                        "produce to a compacted topic",
                        PRODUCE,
                        (side, version) -> produce(side, "compacted", 0, Batches.of(0, 2))),
                Scenario.of("produce nothing", PRODUCE, (side, version) -> request()));
    }

    private static List<Scenario> wrong() {
        return List.of(
                Scenario.of(
                        "produce to an unknown topic",
                        PRODUCE,
                        (side, version) -> produce(side, "nowhere", 0, Batches.of(0, 1))),
                Scenario.of(
                        "produce to an illegal topic",
                        PRODUCE,
                        (side, version) -> produce(side, "a b", 0, Batches.of(0, 1))),
                Scenario.of(
                        "produce to no topic's name and id",
                        PRODUCE,
                        (side, version) -> request(new TopicProduceData()
                                .setName("")
                                .setTopicId(Uuid.ZERO_UUID)
                                .setPartitionData(List.of(part(0, Batches.of(0, 1)))))),
                Scenario.of(
                        "produce to an unknown partition",
                        PRODUCE,
                        (side, version) -> produce(side, "written", 44, Batches.of(0, 1))),
                Scenario.of(
                        "produce to a negative partition",
                        PRODUCE,
                        (side, version) -> produce(side, "written", -1, Batches.of(0, 1))),
                Scenario.of(
                        "produce, one right and one wrong",
                        PRODUCE,
                        (side, version) ->
                                request(topic(side, "written", part(1, Batches.of(0, 1)), part(9, Batches.of(0, 2))))),
                Scenario.of(
                        "produce with acks 2",
                        PRODUCE,
                        (side, version) ->
                                produce(side, "written", 0, Batches.of(0, 1)).setAcks((short) 2)),
                Scenario.of(
                        "produce with acks -2",
                        PRODUCE,
                        (side, version) ->
                                produce(side, "written", 0, Batches.of(0, 1)).setAcks((short) -2)),
                Scenario.unanswered(
                                "produce with acks 0 to an unknown partition",
                                PRODUCE,
                                (side, version) -> produce(side, "written", 44, Batches.of(0, 1))
                                        .setAcks((short) 0))
                        .then(FETCH, (side, version) -> FetchScenarios.fetch(side, "events", 0, 0)),
                Scenario.of(
                        "produce a partition twice in a request",
                        PRODUCE,
                        (side, version) ->
                                request(topic(side, "doubled", part(0, Batches.of(0, 1)), part(0, Batches.of(1, 1))))),
                Scenario.of(
                        "produce what is too large",
                        PRODUCE,
                        (side, version) -> produce(side, "small", 0, Batches.large(2000))),
                Scenario.of(
                        "produce a timestamp too old",
                        PRODUCE,
                        (side, version) -> produce(side, "timely", 0, Batches.at(1000))),
                Scenario.of(
                        "produce a timestamp in the far future",
                        PRODUCE,
                        (side, version) -> produce(side, "timely", 0, Batches.at(9_000_000_000_000L))),
                Scenario.of(
                        "produce a negative timestamp",
                        PRODUCE,
                        (side, version) -> produce(side, "twice", 0, Batches.at(-1))),
                Scenario.of(
                        "produce without key to a compacted topic",
                        PRODUCE,
                        (side, version) -> produce(side, "compacted", 0, Batches.noKey())),
                Scenario.of(
                        "produce with a transactional id",
                        PRODUCE,
                        (side, version) ->
                                produce(side, "written", 0, Batches.of(0, 1)).setTransactionalId("tx")),
                Scenario.of(
                        "produce transactionally without an id",
                        PRODUCE,
                        (side, version) -> produce(side, "twice", 0, Batches.transactional(9, 0, 0, 1))),
                Scenario.of(
                        "produce transactionally",
                        PRODUCE,
                        (side, version) -> produce(side, "twice", 0, Batches.transactional(9, 0, 0, 1))
                                .setTransactionalId("tx")));
    }

    private static List<Scenario> corrupt() {
        // Kafka never answers records that are null: they can't be compared.
        return List.of(
                bad("no batch", MemoryRecords.EMPTY),
                bad("a wrong CRC", Batches.badCrc()),
                bad("a batch cut off", Batches.cutOff()),
                bad("a batch followed by 5 zeros", Batches.followedBy(5)),
                bad("a batch followed by 100 zeros", Batches.followedBy(100)),
                bad("two batches", Batches.twoBatches()),
                bad("message format v0", Batches.old((byte) 0)),
                bad("message format v1", Batches.old((byte) 1)),
                bad("message format 3", Batches.withMagic(3)),
                bad("a length of 0", Batches.withLength(0)),
                bad("a length of 10", Batches.withLength(10)),
                bad("a negative length", Batches.withLength(-1)),
                bad("a length beyond the end", Batches.withLength(5000)),
                bad("an unknown codec", Batches.withAttributes(5)),
                bad("the last codec", Batches.withAttributes(7)),
                bad("a broker's timestamp type", Batches.stampedByABroker()),
                bad("a control batch", Batches.withAttributes(0x20)),
                bad("the lowest attribute without meaning", Batches.withAttributes(0x80)),
                bad("the highest attribute without meaning", Batches.withAttributes(0x8000)),
                bad("a delete horizon", Batches.withAttributes(0x40)),
                bad("a count too high", Batches.withCount(3)),
                bad("a count too low", Batches.withCount(1)),
                bad("a count of 0", Batches.withCount(0)),
                bad("a negative count", Batches.withCount(-1)),
                bad("a last offset too high", Batches.withLastOffsetDelta(5)),
                bad("a last offset too low", Batches.withLastOffsetDelta(0)),
                bad("a negative last offset", Batches.withLastOffsetDelta(-1)),
                bad("a producer without epoch", Batches.withProducer(5, -1, 0)),
                bad("a producer without sequence", Batches.withProducer(5, 0, -1)),
                bad("a sequence without producer", Batches.withProducer(-1, -1, 0)),
                bad("a negative producer", Batches.withProducer(-2, 0, 0)),
                bad("a record too long", Batches.withFirstRecordByte(0x7e)),
                bad("a record of negative length", Batches.withFirstRecordByte(0x01)),
                bad("gzip that is none", Batches.badlyCompressed(CompressionType.GZIP)),
                bad("snappy that is none", Batches.badlyCompressed(CompressionType.SNAPPY)),
                bad("lz4 that is none", Batches.badlyCompressed(CompressionType.LZ4)),
                bad("zstd that is none", Batches.badlyCompressed(CompressionType.ZSTD)));
    }

    /** Each in a topic of its own, so that what one broker took and the other did not is no difference of the next. */
    private static Scenario bad(String what, MemoryRecords records) {
        String topic = "wronged-" + what.replaceAll("[^A-Za-z0-9]", "-");
        return Scenario.of("produce " + what, PRODUCE, (side, version) -> {
                    side.create(topic);
                    return produce(side, topic, 0, MemoryRecords.readableRecords(records.buffer()));
                })
                .then(
                        FETCH,
                        (side, version) ->
                                FetchScenarios.fetch(side, topic, 0, 0).setMaxWaitMs(0));
    }

    private static List<Scenario> sequences() {
        return List.of(
                Scenario.sequence("idempotent producer", PRODUCE)
                        .then((side, version) ->
                                produce(side, "sequenced", 0, Batches.idempotent(5000 + version, 0, 0, 2)))
                        .then((side, version) ->
                                produce(side, "sequenced", 0, Batches.idempotent(5000 + version, 0, 2, 3)))
                        // the second batch again: a duplicate
                        .then((side, version) ->
                                produce(side, "sequenced", 0, Batches.idempotent(5000 + version, 0, 2, 3)))
                        // the first one again
                        .then((side, version) ->
                                produce(side, "sequenced", 0, Batches.idempotent(5000 + version, 0, 0, 2)))
                        // a gap
                        .then((side, version) ->
                                produce(side, "sequenced", 0, Batches.idempotent(5000 + version, 0, 9, 1)))
                        // part of a batch again
                        .then((side, version) ->
                                produce(side, "sequenced", 0, Batches.idempotent(5000 + version, 0, 3, 1)))
                        // a new epoch that does not begin at 0
                        .then((side, version) ->
                                produce(side, "sequenced", 0, Batches.idempotent(5000 + version, 1, 4, 1)))
                        // and one that does
                        .then((side, version) ->
                                produce(side, "sequenced", 0, Batches.idempotent(5000 + version, 1, 0, 1)))
                        // the former epoch
                        .then((side, version) ->
                                produce(side, "sequenced", 0, Batches.idempotent(5000 + version, 0, 5, 1)))
                        .then(DESCRIBE_PRODUCERS, (side, version) -> producers("sequenced", 0)),
                Scenario.sequence("duplicates older than five batches", PRODUCE)
                        .then((side, version) ->
                                produce(side, "sequenced", 1, Batches.idempotent(6000 + version, 0, 0, 1)))
                        .then((side, version) ->
                                produce(side, "sequenced", 1, Batches.idempotent(6000 + version, 0, 1, 1)))
                        .then((side, version) ->
                                produce(side, "sequenced", 1, Batches.idempotent(6000 + version, 0, 2, 1)))
                        .then((side, version) ->
                                produce(side, "sequenced", 1, Batches.idempotent(6000 + version, 0, 3, 1)))
                        .then((side, version) ->
                                produce(side, "sequenced", 1, Batches.idempotent(6000 + version, 0, 4, 1)))
                        .then((side, version) ->
                                produce(side, "sequenced", 1, Batches.idempotent(6000 + version, 0, 5, 1)))
                        .then((side, version) ->
                                produce(side, "sequenced", 1, Batches.idempotent(6000 + version, 0, 0, 1)))
                        .then((side, version) ->
                                produce(side, "sequenced", 1, Batches.idempotent(6000 + version, 0, 1, 1))),
                Scenario.of(
                        "an unknown producer in the middle of its sequence",
                        PRODUCE,
                        (side, version) -> produce(side, "sequenced", 0, Batches.idempotent(7000 + version, 0, 9, 1))),
                Scenario.sequence("a producer whose sequence goes round", PRODUCE)
                        .then((side, version) -> produce(
                                side, "sequenced", 0, Batches.withProducer(8000 + version, 0, Integer.MAX_VALUE)))
                        .then((side, version) ->
                                produce(side, "sequenced", 0, Batches.withProducer(8000 + version, 0, 1))));
    }

    private static List<Scenario> ids() {
        return List.of(
                Scenario.of(
                        "producer id",
                        INIT_PRODUCER_ID,
                        (side, version) -> new InitProducerIdRequestData().setTransactionalId(null)),
                Scenario.of(
                        "producer id with a timeout of 0",
                        INIT_PRODUCER_ID,
                        (side, version) -> new InitProducerIdRequestData()
                                .setTransactionalId(null)
                                .setTransactionTimeoutMs(0)),
                Scenario.of(
                        "producer id with id and epoch",
                        INIT_PRODUCER_ID,
                        (side, version) -> new InitProducerIdRequestData()
                                .setTransactionalId(null)
                                .setProducerId(5)
                                .setProducerEpoch((short) 3)),
                Scenario.of(
                        "producer id with id and no epoch",
                        INIT_PRODUCER_ID,
                        (side, version) -> new InitProducerIdRequestData()
                                .setTransactionalId(null)
                                .setProducerId(5)),
                Scenario.of(
                        "producer id with epoch and no id",
                        INIT_PRODUCER_ID,
                        (side, version) -> new InitProducerIdRequestData()
                                .setTransactionalId(null)
                                .setProducerEpoch((short) 5)),
                Scenario.of(
                        "producer id with a negative id",
                        INIT_PRODUCER_ID,
                        (side, version) -> new InitProducerIdRequestData()
                                .setTransactionalId(null)
                                .setProducerId(-5)
                                .setProducerEpoch((short) 0)),
                Scenario.of(
                        "producer id of an empty transactional id",
                        INIT_PRODUCER_ID,
                        (side, version) -> new InitProducerIdRequestData()
                                .setTransactionalId("")
                                .setTransactionTimeoutMs(1000)),
                Scenario.of("producers", DESCRIBE_PRODUCERS, (side, version) -> producers("events", 1)),
                Scenario.of(
                        "producers of a partition with none",
                        DESCRIBE_PRODUCERS,
                        (side, version) -> producers("events", 2)),
                Scenario.of(
                        "producers of several partitions",
                        DESCRIBE_PRODUCERS,
                        (side, version) -> producers("events", 0, 1, 2, 7, -1)),
                Scenario.of(
                        "producers of an unknown topic",
                        DESCRIBE_PRODUCERS,
                        (side, version) -> producers("nowhere", 0)),
                Scenario.of(
                        "producers of an illegal topic", DESCRIBE_PRODUCERS, (side, version) -> producers("a b", 0)),
                Scenario.of(
                        "producers of nothing",
                        DESCRIBE_PRODUCERS,
                        (side, version) -> new DescribeProducersRequestData()));
    }

    private static DescribeProducersRequestData producers(String topic, Integer... partitions) {
        TopicRequestCollection topics = new TopicRequestCollection();
        topics.add(new TopicRequest().setName(topic).setPartitionIndexes(List.of(partitions)));
        return new DescribeProducersRequestData().setTopics(topics);
    }

    static ProduceRequestData produce(Side side, String topic, int partition, BaseRecords records) throws Exception {
        return request(topic(side, topic, part(partition, records)));
    }

    static ProduceRequestData request(TopicProduceData... topics) {
        return new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(TIMEOUT_MS)
                .setTopicData(new TopicProduceDataCollection(List.of(topics).iterator()));
    }

    static TopicProduceData topic(Side side, String topic, PartitionProduceData... partitions) throws Exception {
        return new TopicProduceData().setName(topic).setTopicId(side.id(topic)).setPartitionData(List.of(partitions));
    }

    static PartitionProduceData part(int partition, BaseRecords records) {
        return new PartitionProduceData().setIndex(partition).setRecords(records);
    }
}
