package io.ottla.api;

import static io.ottla.api.TestingDataPath.answer;

import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.replication.TestingBatches;
import io.ottla.storage.StoredRecords;
import io.ottla.types.Failure;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

/** What a topic's traffic, those who wait and fetch sessions show. */
class DataMetricsTest {
    private static final short VERSION = 12;

    private final TestingDataPath path = new TestingDataPath(3);

    @Test
    @Moves({
        "kafka_server_brokertopicmetrics_bytesin_total",
        "kafka_server_brokertopicmetrics_messagesin_total",
        "kafka_server_brokertopicmetrics_totalproducerequests_total",
        "kafka_server_brokertopicmetrics_bytesout_total",
        "kafka_server_brokertopicmetrics_totalfetchrequests_total"
    })
    void shouldCountWhatComesInAndGoesOut(Movement movement) {
        movement.watch(path.metrics);
        produce(1);
        discard(answer(fetch(0, -1, 1)));
    }

    @Test
    @Moves({
        "kafka_server_brokertopicmetrics_bytesrejected_total",
        "kafka_server_brokertopicmetrics_failedproducerequests_total",
        "kafka_server_brokertopicmetrics_failedfetchrequests_total"
    })
    void shouldCountWhatIsRefusedAndWhatFails(Movement movement) {
        movement.watch(path.metrics);
        // when  batches are too large, and too old
        for (Errors error : List.of(Errors.MESSAGE_TOO_LARGE, Errors.INVALID_TIMESTAMP)) {
            path.check = new BatchChecks.Outcome.Failed(Failure.of(error), List.of());
            produce(1);
        }
        // and   somebody reads who may not
        path.forbidden.add("READ t");
        fetch(0, -1, 1);
    }

    @Test
    @Moves("kafka_server_delayedoperationpurgatory_purgatorysize")
    void shouldCountThoseWhoWait(Movement movement) {
        movement.watch(path.metrics);
        // given  a consumer at the end
        Reply<FetchResponseData> waiting = fetch(0, -1, 1);
        path.runLoop();
        movement.look();
        // when  a producer waits for replicas
        path.log(0).holdAcknowledgement();
        produce(-1);
        movement.look();
        // then
        path.log(0).acknowledgeUpTo(1);
        path.runLoop();
        discard(answer(waiting));
    }

    @Test
    @Moves({
        "kafka_server_fetchsessioncache_numincrementalfetchsessions",
        "kafka_server_fetchsessioncache_numincrementalfetchpartitionscached",
        "kafka_server_fetchsessioncache_incrementalfetchsessionevictions_total"
    })
    void shouldCountSessionsAndThoseThatLoseTheirPlace(Movement movement) {
        movement.watch(path.metrics);
        // given  all places taken
        fetch(0, 0, 0);
        fetch(0, 0, 0);
        movement.look();
        // when  they are old, and another comes
        path.time.advance(120_001);
        fetch(0, 0, 0);
    }

    private void produce(int acks) {
        ByteBuffer batch = TestingBatches.of(1).buffer();
        ProduceRequestData request = new ProduceRequestData()
                .setAcks((short) acks)
                .setTimeoutMs(1000)
                .setTopicData(new TopicProduceDataCollection(List.of(new TopicProduceData()
                                .setName("t")
                                .setPartitionData(List.of(new PartitionProduceData()
                                        .setIndex(0)
                                        .setRecords(MemoryRecords.readableRecords(batch)))))
                        .iterator()));
        path.produce.handle(path.context(9), request);
    }

    private Reply<FetchResponseData> fetch(int session, int epoch, int minBytes) {
        FetchPartition partition = new FetchPartition().setPartition(0).setPartitionMaxBytes(1 << 20);
        FetchRequestData request = new FetchRequestData()
                .setSessionId(session)
                .setSessionEpoch(epoch)
                .setMaxWaitMs(500)
                .setMinBytes(minBytes)
                .setMaxBytes(1 << 20)
                .setTopics(List.of(new FetchTopic().setTopic("t").setPartitions(List.of(partition))));
        return path.fetch.handle(path.context(VERSION), request);
    }

    private static void discard(FetchResponseData answer) {
        answer.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .forEach(partition -> ((StoredRecords) partition.records()).discard());
    }
}
