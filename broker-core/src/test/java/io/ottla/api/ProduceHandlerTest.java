package io.ottla.api;

import static io.ottla.api.TestingDataPath.answer;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.MetadataChange;
import io.ottla.record.TestingRecords;
import io.ottla.replication.TestingImages;
import io.ottla.storage.AppendResult;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProduceHandlerTest {
    private final TestingDataPath path = new TestingDataPath(2);

    private static ProduceRequestData request(int acks, String topic, ByteBuffer records, int... partitions) {
        List<PartitionProduceData> data = new ArrayList<>();
        for (int partition : partitions) {
            data.add(new PartitionProduceData()
                    .setIndex(partition)
                    .setRecords(MemoryRecords.readableRecords(records.duplicate())));
        }
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) acks).setTimeoutMs(100);
        request.topicData().add(new TopicProduceData().setName(topic).setPartitionData(data));
        return request;
    }

    private static ByteBuffer batch() {
        return TestingRecords.batch("value");
    }

    private static PartitionProduceResponse only(ProduceResponseData answer) {
        return answer.responses().iterator().next().partitionResponses().get(0);
    }

    private Errors produce(int version, ProduceRequestData request) {
        return produce(path.context(version), request);
    }

    private Errors produce(RequestContext context, ProduceRequestData request) {
        return Errors.forCode(
                only(answer(path.produce.handle(context, request))).errorCode());
    }

    @Test
    void shouldAppendAndAnswerAtOnceWhereItIsAloneInSync() {
        // when
        Reply<ProduceResponseData> reply = path.produce.handle(path.context(9), request(-1, "t", batch(), 0, 1));
        // then
        ProduceResponseData answer = answer(reply);
        assertThat(answer.responses().iterator().next().partitionResponses()).allSatisfy(partition -> {
            assertThat(partition.errorCode()).isZero();
            assertThat(partition.baseOffset()).isZero();
            assertThat(partition.logStartOffset()).isZero();
        });
        assertThat(path.log(0).logEndOffset()).isEqualTo(1);
        assertThat(path.log(1).logEndOffset()).isEqualTo(1);
        assertThat(path.metric("kafka_server_brokertopicmetrics_messagesin_total", "topic", "t"))
                .isEqualTo(2);
        assertThat(path.metric("kafka_server_brokertopicmetrics_messagesin_total"))
                .isEqualTo(2);
        assertThat(path.metric("kafka_server_brokertopicmetrics_totalproducerequests_total"))
                .isEqualTo(2);
        assertThat(path.metric("kafka_server_brokertopicmetrics_bytesin_total")).isEqualTo(2 * batch().remaining());
    }

    @Test
    void shouldFindTopicsById() {
        // given
        ProduceRequestData request = request(1, "", batch(), 0);
        request.topicData().iterator().next().setTopicId(TestingDataPath.ID.uuid());
        // then
        assertThat(produce(13, request)).isEqualTo(Errors.NONE);
        // given
        ProduceRequestData unknown = request(1, "", batch(), 0);
        unknown.topicData().iterator().next().setTopicId(new Uuid(1, 2));
        // then
        assertThat(produce(13, unknown)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void shouldWaitForAllInSyncAndKeepItsPlaceMeanwhile() {
        // given
        path.log(0).holdAcknowledgement();
        // when
        Reply<ProduceResponseData> reply = path.produce.handle(path.context(9), request(-1, "t", batch(), 0, 1));
        // then
        assertThat(reply.isOrdered()).isTrue();
        assertThat(reply.outcomeNow()).isNull();
        assertThat(path.metric("kafka_server_delayedoperationpurgatory_purgatorysize", "delayedOperation", "Produce"))
                .isEqualTo(1);
        // when
        path.log(0).acknowledgeUpTo(1);
        // then
        assertThat(only(answer(reply)).errorCode()).isZero();
        assertThat(path.time.waiting()).isZero();
    }

    @Test
    void shouldGiveUpWaitingWhenTimeIsUp() {
        // given
        path.log(0).holdAcknowledgement();
        Reply<ProduceResponseData> reply = path.produce.handle(path.context(9), request(-1, "t", batch(), 0));
        // when
        path.time.advance(101);
        path.runWorkers();
        // then
        assertThat(only(answer(reply)).errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
    }

    @Test
    void shouldNotWaitForOthersWithAcksOne() {
        path.log(0).holdAcknowledgement();
        assertThat(produce(9, request(1, "t", batch(), 0))).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldSayNothingWithAcksZeroAndHangUpOnErrors() {
        assertThat(path.produce
                        .handle(path.context(9), request(0, "t", batch(), 0))
                        .outcomeNow())
                .isInstanceOf(Reply.Outcome.Silence.class);
        assertThat(path.produce
                        .handle(path.context(9), request(0, "nobody", batch(), 0))
                        .outcomeNow())
                .isInstanceOfSatisfying(
                        Reply.Outcome.Hangup.class,
                        hangup -> assertThat(hangup.error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }

    @Test
    void shouldRefuseOtherAcks() {
        assertThat(produce(9, request(2, "t", batch(), 0))).isEqualTo(Errors.INVALID_REQUIRED_ACKS);
        assertThat(path.log(0).logEndOffset()).isZero();
    }

    @Test
    void shouldLeaveTheLoopWhereTheFolderIsSlowAndKeepItsPlaceOpen() {
        // given
        path.folder.calm = false;
        // when
        Reply<ProduceResponseData> reply = path.produce.handle(path.context(9), request(1, "t", batch(), 0));
        // then
        assertThat(reply.isOrdered()).isFalse();
        assertThat(path.log(0).logEndOffset()).isZero();
        // when
        path.runWorkers();
        // then
        assertThat(reply.isOrdered()).isTrue();
        assertThat(only(answer(reply)).baseOffset()).isZero();
    }

    @Test
    void shouldLeaveTheLoopWhereChecksAreMuchWork() {
        // given
        path.muchWork = true;
        // when
        Reply<ProduceResponseData> reply = path.produce.handle(path.context(9), request(1, "t", batch(), 0));
        // then
        assertThat(reply.isOrdered()).isFalse();
        path.runWorkers();
        assertThat(only(answer(reply)).errorCode()).isZero();
    }

    @Test
    void shouldMarkItsPlaceBeforeItWaitsOnAWorker() {
        // given
        path.folder.calm = false;
        path.log(0).holdAcknowledgement();
        Reply<ProduceResponseData> reply = path.produce.handle(path.context(9), request(-1, "t", batch(), 0));
        // when
        path.runWorkers();
        // then
        assertThat(reply.isOrdered()).isTrue();
        assertThat(reply.outcomeNow()).isNull();
        path.log(0).acknowledgeUpTo(1);
        assertThat(only(answer(reply)).errorCode()).isZero();
    }

    @Test
    void shouldPointToTheLeader() {
        // given  the partition has moved
        path.apply(new MetadataChange.PartitionSet("t", 0, state(2, 6, 6, new int[] {1, 2}, new int[] {2})));
        // when
        ProduceResponseData answer = answer(path.produce.handle(path.context(10), request(1, "t", batch(), 0)));
        // then
        assertThat(only(answer).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        assertThat(only(answer).currentLeader().leaderId()).isEqualTo(2);
        assertThat(only(answer).currentLeader().leaderEpoch()).isEqualTo(6);
        assertThat(answer.nodeEndpoints().find(2).host()).isEqualTo("two");
    }

    @Test
    void shouldPointNobodyToTheLeaderInAVersionWithoutHints() {
        // given: what a version lacks could not even be written
        path.apply(new MetadataChange.PartitionSet("t", 0, state(2, 6, 6, new int[] {1, 2}, new int[] {2})));
        // when
        ProduceResponseData answer = answer(path.produce.handle(path.context(9), request(1, "t", batch(), 0)));
        // then
        assertThat(only(answer).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        assertThat(only(answer).currentLeader().leaderId()).isEqualTo(-1);
        assertThat(answer.nodeEndpoints()).isEmpty();
    }

    @Test
    void shouldAskForPermission() {
        path.forbidden.add("WRITE t");
        assertThat(produce(9, request(1, "t", batch(), 0))).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    @Test
    void shouldJudgeTransactionsByTheBatchHeader() {
        // given  a transactional batch in a request that names no transactional id (CVE-2018-17196)
        ByteBuffer batch = TestingRecords.batch(1L, (short) 0, 0, true, List.of(new SimpleRecord(new byte[1])));
        // then
        assertThat(produce(9, request(-1, "t", batch, 0))).isEqualTo(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        // given  one that does
        path.forbidden.add("WRITE tx");
        assertThat(produce(9, request(-1, "t", batch, 0).setTransactionalId("tx")))
                .isEqualTo(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        assertThat(path.asked).isEmpty();
        assertThat(path.log(0).logEndOffset()).isZero();
    }

    private static ProduceRequestData inTransaction() {
        ByteBuffer batch = TestingRecords.batch(7L, (short) 2, 0, true, List.of(new SimpleRecord(new byte[1])));
        return request(-1, "t", batch, 0).setTransactionalId("tx");
    }

    @Test
    void shouldAppendInATransactionOnceItsCoordinatorSaysSo() {
        // given  a coordinator that takes its time
        path.belongs = null;
        // when   a client whose writes add partitions writes
        Reply<ProduceResponseData> reply = path.produce.handle(path.context(12), inTransaction());
        // then   nothing that follows may overtake it
        assertThat(reply.isOrdered()).isFalse();
        assertThat(path.asked).containsExactly("ADD tx 7/2 [t-0]");
        assertThat(path.log(0).logEndOffset()).isZero();
        // when
        path.unanswered.remove().accept(Errors.NONE);
        path.runWorkers();
        // then
        assertThat(only(answer(reply)).errorCode()).isZero();
        assertThat(only(answer(reply)).baseOffset()).isZero();
        assertThat(path.log(0).logEndOffset()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "9, PRODUCER_FENCED, INVALID_PRODUCER_EPOCH",
        "9, TRANSACTION_ABORTABLE, INVALID_TXN_STATE",
        "11, TRANSACTION_ABORTABLE, TRANSACTION_ABORTABLE",
        "12, CONCURRENT_TRANSACTIONS, NOT_ENOUGH_REPLICAS",
        "9, NOT_COORDINATOR, NOT_ENOUGH_REPLICAS",
        "9, NETWORK_EXCEPTION, NOT_ENOUGH_REPLICAS",
        "9, INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_ID_MAPPING"
    })
    void shouldNotAppendWhatItsCoordinatorRefuses(int version, Errors coordinators, Errors told) {
        // given
        path.belongs = coordinators;
        // when
        Reply<ProduceResponseData> reply = path.produce.handle(path.context(version), inTransaction());
        path.runWorkers();
        // then
        assertThat(Errors.forCode(only(answer(reply)).errorCode())).isEqualTo(told);
        assertThat(path.asked).containsExactly((version == 12 ? "ADD" : "VERIFY") + " tx 7/2 [t-0]");
        assertThat(path.log(0).logEndOffset()).isZero();
        // then   what is tried again keeps its place before what follows
        assertThat(path.log(0).refusals).isEqualTo(told == Errors.NOT_ENOUGH_REPLICAS ? 1 : 0);
    }

    @Test
    void shouldNameRecordsAtFault() {
        // given
        path.check = new BatchChecks.Outcome.Failed(
                Failure.of(Errors.INVALID_TIMESTAMP, "too old"), List.of(new BatchChecks.RecordFault(3, "too old")));
        // when
        PartitionProduceResponse answer =
                only(answer(path.produce.handle(path.context(9), request(1, "t", batch(), 0))));
        // then
        assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_TIMESTAMP.code());
        assertThat(answer.errorMessage()).isEqualTo("too old");
        assertThat(answer.recordErrors().get(0).batchIndex()).isEqualTo(3);
        assertThat(path.metric("kafka_server_brokertopicmetrics_failedproducerequests_total", "topic", "t"))
                .isEqualTo(1);
    }

    @Test
    void shouldAnswerADuplicateWithItsOffsetsAndWaitForItToo() {
        // given
        path.log(0).holdAcknowledgement();
        produce(9, request(1, "t", batch(), 0));
        path.log(0).nextAppend = new AppendResult.Duplicate(0, 0, -1);
        // when
        Reply<ProduceResponseData> reply = path.produce.handle(path.context(9), request(-1, "t", batch(), 0));
        // then
        assertThat(reply.outcomeNow()).isNull();
        path.log(0).acknowledgeUpTo(1);
        assertThat(only(answer(reply)).baseOffset()).isZero();
    }

    @Test
    void shouldTellAProducerThatItDoesNotKnowWhatHasItGoOn() {
        // given
        path.log(0).nextAppend = new AppendResult.Refused(Failure.of(Errors.UNKNOWN_PRODUCER_ID, "who?"));
        ProduceRequestData request = request(-1, "t", batch(), 0);
        ClientSoftware java = new ClientSoftware("apache-kafka-java", "4.4.0");
        ClientSoftware librdkafka = new ClientSoftware("librdkafka", "2.0.2");
        // when, then
        assertThat(produce(path.context(9, java), request)).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(produce(path.context(8, java), request)).isEqualTo(Errors.UNKNOWN_PRODUCER_ID);
        assertThat(produce(path.context(9, librdkafka), request)).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(produce(path.context(5), request)).isEqualTo(Errors.UNKNOWN_PRODUCER_ID);
    }

    @Test
    void shouldCountWhatItRefuses() {
        path.check = new BatchChecks.Outcome.Failed(Failure.of(Errors.MESSAGE_TOO_LARGE), List.of());
        produce(9, request(1, "t", batch(), 0));
        assertThat(path.metric("kafka_server_brokertopicmetrics_bytesrejected_total"))
                .isEqualTo(batch().remaining());
    }

    @Test
    void shouldNoteTheThrottle() {
        path.throttleMs = 40;
        assertThat(path.produce
                        .handle(path.context(9), request(1, "t", batch(), 0))
                        .throttleMs())
                .isEqualTo(40);
    }

    @Test
    void shouldKnowPartitionsThatAreElsewhereFromThoseThatAreNot() {
        // given
        path.apply(new MetadataChange.TopicSet(
                TestingImages.topic("far", new TopicId(9, 9), state(2, 1, 1, new int[] {2}, new int[] {2}))));
        // then
        assertThat(produce(9, request(1, "far", batch(), 0))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(produce(9, request(1, "far", batch(), 1))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(produce(9, request(1, "nobody", batch(), 0))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
