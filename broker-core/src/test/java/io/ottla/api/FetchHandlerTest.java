package io.ottla.api;

import static io.ottla.api.TestingDataPath.answer;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.MetadataChange;
import io.ottla.replication.Role;
import io.ottla.replication.TestingBatches;
import io.ottla.replication.TestingImages;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.StoredRecords;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FetchHandlerTest {
    private static final int VERSION = 12;

    private final TestingDataPath path = new TestingDataPath(3);
    private final List<FetchResponseData> answers = new ArrayList<>();

    @AfterEach
    void shouldHaveReleasedWhatWasNotHandedOver() {
        answers.forEach(FetchHandlerTest::release);
        for (int i = 0; i < 3; i++) {
            if (path.log(i) != null) {
                assertThat(path.log(i).heldSlices).hasValue(0);
            }
        }
    }

    private static void release(FetchResponseData answer) {
        for (var topic : answer.responses()) {
            for (PartitionData partition : topic.partitions()) {
                if (partition.records() instanceof StoredRecords records) {
                    records.discard();
                }
            }
        }
    }

    private void append(int partition, int records) {
        var hosted = path.replicas.partition("t", partition);
        hosted.append((Role.Leading) hosted.role(), TestingBatches.of(records), AppendOrigin.CLIENT, false);
    }

    private static FetchRequestData request(int sessionId, int sessionEpoch, long... offsets) {
        List<FetchPartition> partitions = new ArrayList<>();
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] >= 0) {
                partitions.add(partition(i, offsets[i]));
            }
        }
        FetchRequestData request = new FetchRequestData()
                .setSessionId(sessionId)
                .setSessionEpoch(sessionEpoch)
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(1 << 20);
        if (!partitions.isEmpty()) {
            request.setTopics(List.of(new FetchTopic()
                    .setTopic("t")
                    .setTopicId(TestingDataPath.ID.uuid())
                    .setPartitions(partitions)));
        }
        return request;
    }

    private static FetchPartition partition(int number, long offset) {
        return new FetchPartition().setPartition(number).setFetchOffset(offset).setPartitionMaxBytes(1 << 20);
    }

    private Reply<FetchResponseData> fetch(FetchRequestData request) {
        return path.fetch.handle(path.context(VERSION), request);
    }

    private FetchResponseData now(Reply<FetchResponseData> reply) {
        FetchResponseData answer = answer(reply);
        answers.add(answer);
        return answer;
    }

    private FetchResponseData fetchNow(FetchRequestData request) {
        return now(fetch(request));
    }

    private static List<PartitionData> partitions(FetchResponseData answer) {
        return answer.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    private static int bytes(PartitionData partition) {
        return partition.records().sizeInBytes();
    }

    @Test
    void shouldAnswerWithWhatIsThere() {
        // given
        append(0, 2);
        // when
        FetchResponseData answer = fetchNow(request(0, -1, 0, 0));
        // then
        assertThat(answer.sessionId()).isZero();
        assertThat(partitions(answer)).hasSize(2);
        assertThat(bytes(partitions(answer).get(0))).isEqualTo(20);
        assertThat(partitions(answer).get(0).highWatermark()).isEqualTo(2);
        assertThat(partitions(answer).get(0).lastStableOffset()).isEqualTo(2);
        assertThat(partitions(answer).get(0).abortedTransactions()).isNull();
        assertThat(bytes(partitions(answer).get(1))).isZero();
        assertThat(path.metric("kafka_server_brokertopicmetrics_bytesout_total", "topic", "t"))
                .isEqualTo(20);
        assertThat(path.metric("kafka_server_brokertopicmetrics_totalfetchrequests_total"))
                .isEqualTo(2);
    }

    @Test
    void shouldWaitAtTheTailUntilSomethingComes() {
        // given
        Reply<FetchResponseData> reply = fetch(request(0, -1, 0, 0));
        path.runLoop();
        assertThat(reply.outcomeNow()).isNull();
        assertThat(path.metric("kafka_server_delayedoperationpurgatory_purgatorysize", "delayedOperation", "Fetch"))
                .isEqualTo(1);
        // when
        append(1, 1);
        // then  whoever appended did none of the work
        assertThat(reply.outcomeNow()).isNull();
        path.runLoop();
        assertThat(bytes(partitions(now(reply)).get(1))).isEqualTo(10);
        assertThat(path.time.waiting()).isZero();
        assertThat(path.metric("kafka_server_delayedoperationpurgatory_purgatorysize", "delayedOperation", "Fetch"))
                .isZero();
    }

    @Test
    void shouldSeeWhatComesBetweenItsLookAndItsWait() {
        // given  a fetch that has looked, and is about to go on on its loop
        Reply<FetchResponseData> reply = fetch(request(0, -1, 0));
        append(0, 1);
        // when
        path.runLoop();
        // then
        assertThat(bytes(partitions(now(reply)).get(0))).isEqualTo(10);
    }

    @Test
    void shouldAnswerEmptyWhenTimeIsUp() {
        Reply<FetchResponseData> reply = fetch(request(0, -1, 0));
        path.time.advance(500);
        path.runLoop();
        assertThat(bytes(partitions(now(reply)).get(0))).isZero();
    }

    @Test
    void shouldWaitForMinBytesOverAllPartitions() {
        // given
        append(0, 1);
        Reply<FetchResponseData> reply = fetch(request(0, -1, 0, 0).setMinBytes(30));
        path.runLoop();
        int reads = path.log(0).reads.get();
        // when
        append(1, 1);
        path.runLoop();
        // then  it did not even look
        assertThat(reply.outcomeNow()).isNull();
        assertThat(path.log(0).reads).hasValue(reads);
        assertThat(path.log(0).heldSlices).hasValue(0);
        // when
        append(1, 1);
        path.runLoop();
        // then
        assertThat(partitions(now(reply))).extracting(FetchHandlerTest::bytes).containsExactly(10, 20);
    }

    @Test
    void shouldHoldNobodyBackWhereNoTransactionIsOpen() {
        // given  one that never ends, in one of two partitions
        append(0, 1);
        append(0, 1);
        path.log(0).unstable = OptionalLong.of(1);
        Reply<FetchResponseData> reply = fetch(request(0, -1, 1, 0).setIsolationLevel((byte) 1));
        path.runLoop();
        // when   that partition grows, then   there is nothing to tell
        append(0, 3);
        path.runLoop();
        assertThat(reply.outcomeNow()).isNull();
        // when   the other one does
        append(1, 1);
        path.runLoop();
        // then
        List<PartitionData> answered = partitions(now(reply));
        assertThat(answered).extracting(FetchHandlerTest::bytes).containsExactly(0, 10);
        assertThat(answered).extracting(PartitionData::lastStableOffset).containsExactly(1L, 1L);
        assertThat(answered).extracting(PartitionData::highWatermark).containsExactly(5L, 1L);
        // and    who reads what is uncommitted is not held back by it
        assertThat(bytes(partitions(fetchNow(request(0, -1, 1))).get(0))).isEqualTo(40);
    }

    @Test
    void shouldCountWhatATransactionHeldBackOnceItEnds() {
        // given  a reader who waits for more than the end of a transaction brings
        append(0, 4);
        path.log(0).unstable = OptionalLong.of(0);
        Reply<FetchResponseData> reply =
                fetch(request(0, -1, 0).setIsolationLevel((byte) 1).setMinBytes(45));
        path.runLoop();
        assertThat(reply.outcomeNow()).isNull();
        // when
        path.log(0).unstable = OptionalLong.empty();
        append(0, 1);
        path.runLoop();
        // then
        assertThat(bytes(partitions(now(reply)).get(0))).isEqualTo(50);
    }

    @Test
    void shouldPointToTheLeader() {
        // given
        FetchRequestData request = request(0, -1, 0);
        request.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(5);
        Reply<FetchResponseData> reply = path.fetch.handle(path.context(17), request);
        path.runLoop();
        // when
        path.apply(new MetadataChange.PartitionSet("t", 0, state(2, 6, 6, new int[] {1, 2}, new int[] {2})));
        path.runLoop();
        // then
        FetchResponseData answer = now(reply);
        PartitionData partition = partitions(answer).get(0);
        assertThat(partition.errorCode()).isEqualTo(Errors.FENCED_LEADER_EPOCH.code());
        assertThat(partition.currentLeader().leaderId()).isEqualTo(2);
        assertThat(answer.nodeEndpoints().find(2).port()).isEqualTo(9093);
    }

    @Test
    void shouldKeepToItsBoundsButForOneBatch() {
        // given
        append(0, 5);
        append(0, 5);
        append(1, 1);
        // when
        FetchResponseData answer = fetchNow(request(0, -1, 0, 0).setMaxBytes(1));
        // then
        assertThat(partitions(answer)).extracting(FetchHandlerTest::bytes).containsExactly(50, 0);
    }

    @Test
    void shouldTellOnlyNewsInASession() {
        // given
        append(0, 1);
        FetchResponseData first = fetchNow(request(0, 0, 0, 0, 0));
        assertThat(first.sessionId()).isNotZero();
        assertThat(partitions(first)).hasSize(3);
        // when  the consumer goes on from offset 1
        Reply<FetchResponseData> second = fetch(request(first.sessionId(), 1, 1));
        path.runLoop();
        assertThat(second.outcomeNow()).isNull();
        int reads = path.log(0).reads.get() + path.log(1).reads.get();
        append(2, 1);
        path.runLoop();
        // then  only the changed one is looked at and told
        assertThat(partitions(now(second)))
                .extracting(PartitionData::partitionIndex)
                .containsExactly(2);
        assertThat(path.log(0).reads.get() + path.log(1).reads.get()).isEqualTo(reads);
        assertThat(path.metric("kafka_server_fetchsessioncache_numincrementalfetchpartitionscached"))
                .isEqualTo(3);
    }

    @Test
    void shouldTellAgainWhatTheConsumerDidNotTake() {
        // given
        append(0, 1);
        FetchResponseData first = fetchNow(request(0, 0, 0, 0));
        // when  the consumer has not moved
        FetchResponseData second = fetchNow(request(first.sessionId(), 1));
        // then
        assertThat(partitions(second)).extracting(FetchHandlerTest::bytes).containsExactly(10);
    }

    @Test
    void shouldComeBackToPartitionsThatHadNoRoom() {
        // given
        append(0, 5);
        append(1, 5);
        append(2, 5);
        FetchResponseData first = fetchNow(request(0, 0, 0, 0, 0).setMaxBytes(60));
        assertThat(partitions(first)).extracting(FetchHandlerTest::bytes).containsExactly(50, 0, 0);
        // when
        FetchResponseData second = fetchNow(request(first.sessionId(), 1, 5).setMaxBytes(60));
        FetchResponseData third = fetchNow(request(first.sessionId(), 2, -1, 5).setMaxBytes(60));
        // then
        assertThat(partitions(second)).extracting(PartitionData::partitionIndex).contains(1);
        assertThat(partitions(third)).extracting(PartitionData::partitionIndex).contains(2);
    }

    @Test
    void shouldTellAMovedHighWatermarkAtTheEndOfAWait() {
        // given
        append(0, 1);
        FetchResponseData first = fetchNow(request(0, 0, 1, 0).setMinBytes(0));
        // when  the log start moves, which alone is no reason to answer
        Reply<FetchResponseData> second = fetch(request(first.sessionId(), 1));
        path.log(0).retainFrom(1);
        path.runLoop();
        assertThat(second.outcomeNow()).isNull();
        path.time.advance(500);
        path.runLoop();
        // then
        assertThat(partitions(now(second)))
                .extracting(PartitionData::logStartOffset)
                .containsExactly(1L);
    }

    @Test
    void shouldForgetPartitions() {
        // given
        FetchResponseData first = fetchNow(request(0, 0, 0, 0).setMinBytes(0));
        // when
        Reply<FetchResponseData> second = fetch(request(first.sessionId(), 1)
                .setForgottenTopicsData(
                        List.of(new ForgottenTopic().setTopic("t").setPartitions(List.of(0)))));
        append(0, 1);
        path.runLoop();
        // then
        assertThat(second.outcomeNow()).isNull();
        path.time.advance(500);
        path.runLoop();
        assertThat(partitions(now(second))).isEmpty();
    }

    @Test
    void shouldRefuseUnknownSessionsAndWrongEpochs() {
        FetchResponseData first = fetchNow(request(0, 0, 0).setMinBytes(0));
        assertThat(fetchNow(request(first.sessionId(), 7)).errorCode())
                .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        assertThat(fetchNow(request(first.sessionId() + 1, 1)).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(path.fetch
                        .handle(path.context(13), request(first.sessionId(), 1))
                        .outcomeNow())
                .isInstanceOfSatisfying(
                        Reply.Outcome.Answer.class,
                        answer -> assertThat(((FetchResponseData) answer.message()).errorCode())
                                .isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR.code()));
    }

    @Test
    void shouldEndASessionOnRequest() {
        // given  a session, and a fetch of it that waits
        FetchResponseData first = fetchNow(request(0, 0, 0).setMinBytes(0));
        Reply<FetchResponseData> waiting = fetch(request(first.sessionId(), 1));
        // when
        fetchNow(request(first.sessionId(), -1, 0).setMinBytes(0));
        path.runLoop();
        // then
        now(waiting);
        assertThat(path.metric("kafka_server_fetchsessioncache_numincrementalfetchsessions"))
                .isZero();
        assertThat(fetchNow(request(first.sessionId(), 2)).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    }

    @Test
    void shouldServeWithoutSessionWhereNoSlotIsFree() {
        // given  both slots are taken lately
        fetchNow(request(0, 0, 0, 0).setMinBytes(0));
        fetchNow(request(0, 0, 0, 0).setMinBytes(0));
        // then
        assertThat(fetchNow(request(0, 0, 0, 0, 0).setMinBytes(0)).sessionId()).isZero();
        // when  they are two minutes old: the larger newcomer wins
        path.time.advance(120_001);
        assertThat(fetchNow(request(0, 0, 0, 0, 0).setMinBytes(0)).sessionId()).isNotZero();
        assertThat(path.metric("kafka_server_fetchsessioncache_incrementalfetchsessionevictions_total"))
                .isEqualTo(1);
    }

    @Test
    void shouldNameTopicsById() {
        // given
        append(0, 1);
        // when
        FetchResponseData answer = answer(path.fetch.handle(path.context(13), request(0, -1, 0)));
        answers.add(answer);
        // then
        assertThat(answer.responses().get(0).topicId()).isEqualTo(TestingDataPath.ID.uuid());
        assertThat(answer.responses().get(0).topic()).isEmpty();
        // when
        FetchRequestData unknown = request(0, -1, 0);
        unknown.topics().get(0).setTopicId(new TopicId(1, 1).uuid());
        FetchResponseData refused = answer(path.fetch.handle(path.context(13), unknown));
        // then
        assertThat(partitions(refused).get(0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void shouldRefuseEachPartitionForItself() {
        // given
        append(0, 1);
        FetchRequestData request = request(0, -1, 0, 5, 0);
        request.topics().get(0).partitions().get(2).setCurrentLeaderEpoch(3);
        request.topics()
                .get(0)
                .setPartitions(new ArrayList<>(request.topics().get(0).partitions()));
        request.topics().get(0).partitions().add(partition(9, 0));
        // when
        List<PartitionData> partitions = partitions(fetchNow(request));
        // then
        assertThat(partitions)
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(
                        Errors.NONE,
                        Errors.OFFSET_OUT_OF_RANGE,
                        Errors.FENCED_LEADER_EPOCH,
                        Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(partitions.get(1).highWatermark()).isEqualTo(-1);
    }

    @Test
    void shouldAskForPermission() {
        path.forbidden.add("READ t");
        assertThat(partitions(fetchNow(request(0, -1, 0))).get(0).errorCode())
                .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }

    @Test
    void shouldNotTakeAClientForAFollower() {
        // CVE-2018-1288
        path.forbidden.add("CLUSTER_ACTION kafka-cluster");
        assertThat(partitions(fetchNow(request(0, -1, 0).setReplicaId(2)))
                        .get(0)
                        .errorCode())
                .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }

    @Test
    void shouldLetAFollowersFetchMoveTheHighWatermark() {
        // given
        path.apply(new MetadataChange.PartitionSet("t", 0, state(1, 6, 6, new int[] {1, 2}, new int[] {1, 2})));
        append(0, 1);
        assertThat(path.replicas.partition("t", 0).highWatermark()).isZero();
        // when  it fetches what is not committed, then from behind it
        FetchRequestData fetches = request(0, -1, 0).setReplicaId(TestingImages.OTHER.value());
        fetches.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(6);
        assertThat(bytes(partitions(fetchNow(fetches)).get(0))).isEqualTo(10);
        FetchRequestData goesOn =
                request(0, -1, 1).setReplicaId(TestingImages.OTHER.value()).setMinBytes(0);
        goesOn.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(6);
        fetchNow(goesOn);
        // then
        assertThat(path.replicas.partition("t", 0).highWatermark()).isEqualTo(1);
    }

    @Test
    void shouldTellAFollowerTheHighWatermarkAgainThatItHasNotTakenOver() {
        // given  one that was told all
        append(0, 2);
        FetchRequestData opens = request(0, 0, 2).setReplicaId(TestingImages.OTHER.value());
        path.apply(new MetadataChange.PartitionSet("t", 0, state(1, 6, 6, new int[] {1, 2}, new int[] {1})));
        FetchResponseData first = fetchNow(opens.setMinBytes(0));
        assertThat(partitions(first).get(0).highWatermark()).isEqualTo(2);

        // when   it asks again, and knows so
        Reply<FetchResponseData> second = fetch(follows(first.sessionId(), 1, 2));
        path.runLoop();
        assertThat(second.outcomeNow()).isNull();
        path.time.advance(500);
        path.runLoop();
        assertThat(partitions(now(second))).isEmpty();

        // and    it has dropped that answer
        FetchResponseData third = fetchNow(follows(first.sessionId(), 2, 1).setMaxWaitMs(0));

        // then
        assertThat(partitions(third)).extracting(PartitionData::highWatermark).containsExactly(2L);
    }

    private static FetchRequestData follows(int sessionId, int sessionEpoch, long highWatermark) {
        FetchRequestData request = request(sessionId, sessionEpoch, 2).setReplicaId(TestingImages.OTHER.value());
        request.topics().get(0).partitions().get(0).setHighWatermark(highWatermark);
        return request;
    }

    @Test
    void shouldNotServeATopicThatWasMadeAnew() {
        // given
        Reply<FetchResponseData> reply = path.fetch.handle(path.context(13), request(0, -1, 0));
        path.runLoop();
        var topic = path.replicas.image().topic("t");
        // when
        path.apply(new MetadataChange.TopicGone(topic));
        path.runLoop();
        // then
        assertThat(partitions(now(reply)).get(0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void shouldReleaseWhatNobodyTakes() {
        // given  a reply that ended before its answer came
        Reply<FetchResponseData> reply = fetch(request(0, -1, 0));
        reply.end(new Reply.Outcome.Silence<>());
        // when
        append(0, 1);
        path.runLoop();
        // then
        assertThat(path.log(0).reads).hasValue(1);
        assertThat(path.log(0).heldSlices).hasValue(0);
    }

    @Test
    void shouldReadWhatIsColdOffTheLoop() {
        // given
        append(0, 1);
        append(1, 1);
        path.log(1).cold = true;
        // when
        Reply<FetchResponseData> reply = fetch(request(0, -1, 0, 0));
        // then
        assertThat(reply.outcomeNow()).isNull();
        assertThat(path.log(1).reads).hasValue(0);
        assertThat(path.log(0).heldSlices).hasValue(0);
        // when  its loop is woken meanwhile, it does not wait for the reader
        path.runLoop();
        path.runReaders();
        // then
        assertThat(partitions(now(reply))).extracting(FetchHandlerTest::bytes).containsExactly(10, 10);
    }

    @Test
    void shouldBeAnsweredOnceUnderStress() throws InterruptedException {
        // given  eight consumers at the tail, each with its own loop, and producers
        int rounds = 300;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch consumed = new CountDownLatch(8);
        try {
            for (int i = 0; i < 8; i++) {
                consume(threads, new long[] {0, 0}, 0, 0, 2L * rounds, consumed);
            }
            for (int p = 0; p < 2; p++) {
                int partition = p;
                threads.execute(() -> {
                    for (int i = 0; i < rounds; i++) {
                        append(partition, 1);
                    }
                });
            }
            // then  each of them reads every record once, without any wait timing out
            assertThat(consumed.await(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    private void consume(Executor loop, long[] offsets, int sessionId, int epoch, long left, CountDownLatch consumed) {
        RequestContext context = path.context(VERSION);
        RequestContext own = new RequestContext(
                context.caller(),
                context.apiVersion(),
                context.listener(),
                context.securityProtocol(),
                false,
                context.software(),
                0,
                loop,
                PeerWatch.NONE);
        path.fetch.handle(own, request(sessionId, epoch, offsets)).onDone(outcome -> {
            FetchResponseData answer = ((Reply.Outcome.Answer<FetchResponseData>) outcome).message();
            assertThat(answer.errorCode()).isZero();
            long taken = 0;
            for (PartitionData partition : partitions(answer)) {
                int records = bytes(partition) / 10;
                offsets[partition.partitionIndex()] += records;
                taken += records;
            }
            release(answer);
            long rest = left - taken;
            if (rest <= 0) {
                assertThat(rest).isZero();
                consumed.countDown();
            } else {
                int next = answer.sessionId() == 0 ? 0 : epoch + 1;
                loop.execute(() -> consume(loop, offsets, answer.sessionId(), next, rest, consumed));
            }
        });
    }
}
