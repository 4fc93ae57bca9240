package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.FetcherProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Metrics;
import io.ottla.record.RecordBatchBuilder;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class ReplicaFetcherTest {
    private static final TopicId ID = new TopicId(7, 7);
    private static final int SESSION = 99;
    private static final FetcherProperties TERMS = new FetcherProperties(1, 3, 400, 5_000, 60_000, 700, 8_000);

    private final TestingTimer time = new TestingTimer();
    private final TestingPeers peers = new TestingPeers();
    private final TestingFolder folder = new TestingFolder(Path.of("data"));
    private final List<Runnable> waiting = new ArrayList<>();
    private final ReplicationPorts ports = new ReplicationPorts(
            peers,
            _ -> CompletableFuture.failedFuture(new UnsupportedOperationException()),
            () -> new BrokerEpoch(41),
            time,
            time,
            Runnable::run,
            new Metrics());
    private final ReplicationThrottle throttle = new ReplicationThrottle(Long.MAX_VALUE, 10, 1, time);
    private final ReplicaFetchers fetchers = new ReplicaFetchers(SELF, TERMS, throttle, ports);

    /** A replica of which broker 2 leads epoch 4. */
    private final class Replica {
        final TestingLog log;
        final Partition partition;

        Replica(int number, TopicId id) {
            TopicPartition name = new TopicPartition("t", number);
            log = new TestingLog(name, id, folder, TopicProperties.DEFAULTS);
            partition =
                    new Partition(name, id, SELF, new TopicMeters(new Metrics()).of("t"), new TestingSurroundings());
        }

        Replica(int number) {
            this(number, ID);
        }

        Replica with(int epoch, int... batches) {
            for (int records : batches) {
                log.appendAsFollower(batch(log.logEndOffset(), epoch, records));
            }
            return this;
        }

        Replica begin() {
            partition.apply(state(2, 4, 4, new int[] {1, 2}, new int[] {1, 2}));
            partition.opened(log);
            fetchers.look(partition);
            return this;
        }
    }

    static ByteBuffer batch(long offset, int epoch, int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder().baseOffset(offset).leaderEpoch(epoch);
        for (int i = 0; i < records; i++) {
            builder.append(1000, null, ByteBuffer.wrap(new byte[] {1}));
        }
        return builder.build();
    }

    private static PartitionData data(int number) {
        return new PartitionData().setPartitionIndex(number).setRecords(MemoryRecords.EMPTY);
    }

    private static PartitionData data(int number, ByteBuffer records, long highWatermark) {
        return data(number).setHighWatermark(highWatermark).setRecords(MemoryRecords.readableRecords(records));
    }

    private static PartitionData data(int number, Errors error) {
        return data(number).setErrorCode(error.code());
    }

    private void answer(PartitionData... partitions) {
        answer(peers.last(), partitions);
    }

    private static void answer(TestingPeers.Sent to, PartitionData... partitions) {
        to.answer()
                .complete(new FetchResponseData()
                        .setSessionId(SESSION)
                        .setResponses(List.of(new FetchableTopicResponse()
                                .setTopicId(ID.uuid())
                                .setPartitions(List.of(partitions)))));
    }

    private List<FetchPartition> asked() {
        return peers.last().request().topics().isEmpty()
                ? List.of()
                : peers.last().request().topics().get(0).partitions();
    }

    @Test
    void shouldOpenASessionWithoutWaitingAndWaitAsConfiguredThen() {
        // when
        new Replica(0).begin();
        // then
        TestingPeers.Sent first = peers.last();
        assertThat(first.lane().broker()).isEqualTo(OTHER);
        assertThat(first.timeoutMs()).isEqualTo(8_000);
        assertThat(first.request().maxWaitMs()).isZero();
        assertThat(first.request().maxBytes()).isEqualTo(60_000);
        assertThat(first.request().sessionEpoch()).isZero();
        assertThat(first.request().replicaState().replicaId()).isEqualTo(1);
        assertThat(first.request().replicaState().replicaEpoch()).isEqualTo(41);
        assertThat(asked().get(0).partitionMaxBytes()).isEqualTo(5_000);
        assertThat(asked().get(0).currentLeaderEpoch()).isEqualTo(4);
        assertThat(asked().get(0).lastFetchedEpoch()).isEqualTo(-1);
        // when
        answer();
        // then
        assertThat(peers.last().request().sessionId()).isEqualTo(SESSION);
        assertThat(peers.last().request().sessionEpoch()).isEqualTo(1);
        assertThat(peers.last().request().maxWaitMs()).isEqualTo(400);
        assertThat(peers.last().request().minBytes()).isEqualTo(3);
        assertThat(asked()).as("nothing has changed").isEmpty();
    }

    @Test
    void shouldAppendWhatComesAndTellHowFarItIs() {
        // given
        Replica one = new Replica(0).begin();
        new Replica(1).begin();
        answer();
        answer();
        // when
        answer(data(0, batch(0, 3, 5), 2));
        // then
        assertThat(one.log.logEndOffset()).isEqualTo(5);
        assertThat(one.partition.highWatermark()).isEqualTo(2);
        assertThat(asked()).hasSize(1);
        assertThat(asked().get(0).fetchOffset()).isEqualTo(5);
        assertThat(asked().get(0).lastFetchedEpoch()).isEqualTo(3);
        // when  the leader has committed more than is here
        answer(data(0, batch(5, 4, 2), 100));
        // then
        assertThat(one.partition.highWatermark()).isEqualTo(7);
        // when  it knows of less
        answer(data(0).setHighWatermark(3));
        // then
        assertThat(one.partition.highWatermark()).isEqualTo(7);
    }

    @Test
    void shouldNotLetAPartitionThatJoinsWaitForTheOthers() {
        // given  a request that waits at the leader
        new Replica(0).begin();
        answer();
        assertThat(peers.sent).hasSize(2);
        // when
        new Replica(1).begin();
        // then
        assertThat(peers.sent).hasSize(3);
        assertThat(asked().get(0).partition()).isEqualTo(1);
        // when  another comes while two are under way
        new Replica(2).begin();
        // then
        assertThat(peers.sent).hasSize(3);
        // when
        answer(peers.sent.get(1));
        // then
        assertThat(peers.sent).hasSize(4);
        assertThat(asked().get(0).partition()).isEqualTo(2);
    }

    @Test
    void shouldDropWhatWasFetchedForAnEarlierEnd() {
        // given  two requests under way that ask for partition 0 from the same offset
        Replica one = new Replica(0).begin();
        answer();
        new Replica(1).begin();
        // when  both bring the same
        answer(peers.sent.get(1), data(0, batch(0, 4, 5), 0));
        answer(peers.sent.get(2), data(0, batch(0, 4, 5), 0));
        // then
        assertThat(one.log.logEndOffset()).isEqualTo(5);
        assertThat(asked().get(0).fetchOffset()).isEqualTo(5);
    }

    @Test
    void shouldLeaveADamagedBatchOutAndFetchItAgainAfterAWhile() {
        // given
        Replica one = new Replica(0).begin();
        Replica two = new Replica(1).begin();
        answer();
        answer();
        ByteBuffer damaged = batch(0, 4, 5);
        damaged.put(damaged.limit() - 1, (byte) 77);
        // when
        answer(data(0, damaged, 0), data(1, batch(0, 4, 1), 0));
        // then  only the other goes on
        assertThat(one.log.logEndOffset()).isZero();
        assertThat(two.log.logEndOffset()).isEqualTo(1);
        assertThat(asked()).extracting(FetchPartition::partition).containsExactly(1);
        assertThat(peers.last().request().forgottenTopicsData().get(0).partitions())
                .containsExactly(0);
        // when
        time.advance(699);
        assertThat(asked()).extracting(FetchPartition::partition).containsExactly(1);
        time.advance(1);
        // then
        assertThat(asked()).extracting(FetchPartition::partition).containsExactly(0);
    }

    @Test
    void shouldTakeWholeBatchesAndLeaveAPartOfOne() {
        // given
        Replica one = new Replica(0).begin();
        answer();
        ByteBuffer whole = batch(0, 4, 5);
        ByteBuffer more = ByteBuffer.allocate(whole.remaining() + 70);
        more.put(whole).put(batch(5, 4, 9).limit(70)).flip();
        // when
        answer(data(0, more, 0));
        // then
        assertThat(one.log.logEndOffset()).isEqualTo(5);
    }

    @Test
    void shouldCutItsLogWhereTheLeadersParts() {
        // given
        Replica one = new Replica(0).with(2, 4).with(3, 2, 2).begin();
        assertThat(asked().get(0).fetchOffset()).isEqualTo(8);
        assertThat(asked().get(0).lastFetchedEpoch()).isEqualTo(3);
        // when
        answer(data(0).setDivergingEpoch(new EpochEndOffset().setEpoch(3).setEndOffset(6)));
        // then
        assertThat(one.log.logEndOffset()).isEqualTo(6);
        assertThat(asked().get(0).fetchOffset()).isEqualTo(6);
    }

    @Test
    void shouldTakeUpNoOtherRoleWhileItsLogIsBeingCut() {
        // given
        Replica one = new Replica(0).with(3, 4, 4).begin();
        one.log.background = waiting::add;
        answer(data(0).setDivergingEpoch(new EpochEndOffset().setEpoch(3).setEndOffset(4)));
        // when
        CompletableFuture<Void> applied = one.partition
                .apply(state(1, 5, 5, new int[] {1, 2}, new int[] {1}))
                .toCompletableFuture();
        // then
        assertThat(one.partition.role()).isInstanceOf(Role.Following.class);
        assertThat(applied).isNotDone();
        // when
        waiting.removeFirst().run();
        // then
        assertThat(one.partition.role()).isInstanceOf(Role.Leading.class);
        assertThat(applied).isDone();
        assertThat(one.log.logEndOffset()).isEqualTo(4);
    }

    @Test
    void shouldGoOnWhereTheLeadersLogBeginsWhenItEndsBeforeThat() {
        // given
        Replica one = new Replica(0).with(3, 4).begin();
        // when
        answer(data(0, Errors.OFFSET_OUT_OF_RANGE).setLogStartOffset(50));
        // then
        assertThat(one.log.logStartOffset()).isEqualTo(50);
        assertThat(one.partition.highWatermark()).isEqualTo(50);
        assertThat(asked().get(0).fetchOffset()).isEqualTo(50);
    }

    @Test
    void shouldNotDropItsLogForALeaderThatGivesNoReason() {
        // given
        Replica one = new Replica(0).with(3, 4).begin();
        // when  an answer that our log does not bear out
        answer(data(0, Errors.OFFSET_OUT_OF_RANGE).setLogStartOffset(2));
        // then
        assertThat(one.log.logEndOffset()).isEqualTo(4);
    }

    @Test
    void shouldBeginWithinABatchWhereTheLeadersLogDoes() {
        // given  records before offset 3 of a batch of 5 are deleted
        Replica one = new Replica(0).begin();
        answer(data(0, Errors.OFFSET_OUT_OF_RANGE).setLogStartOffset(3));
        assertThat(asked().get(0).fetchOffset()).isEqualTo(3);
        // when
        answer(data(0, batch(0, 4, 5), 5).setLogStartOffset(3));
        // then
        assertThat(one.log.logEndOffset()).isEqualTo(5);
        assertThat(one.log.logStartOffset()).isEqualTo(3);
    }

    @Test
    void shouldFollowTheLeadersStart() {
        // given
        Replica one = new Replica(0).begin();
        answer(data(0, batch(0, 4, 5), 5));
        // when
        answer(data(0).setHighWatermark(5).setLogStartOffset(2));
        // then
        assertThat(one.log.logStartOffset()).isEqualTo(2);
        assertThat(asked().get(0).logStartOffset()).isEqualTo(2);
    }

    @Test
    void shouldCutALogWithoutEpochsOnceToWhatIsCommitted() {
        // given
        Replica one = new Replica(0);
        one.log.appendAsFollower(batch(0, -1, 3));
        one.log.appendAsFollower(batch(3, -1, 3));
        one.log.advanceHighWatermark(3);
        // when
        one.begin();
        // then
        assertThat(one.log.logEndOffset()).isEqualTo(3);
        assertThat(asked().get(0).fetchOffset()).isEqualTo(3);
    }

    @Test
    void shouldAskAgainSoonWhereTheLeaderHasYetToHear() {
        // given
        new Replica(0).begin();
        new Replica(1).begin();
        answer();
        answer();
        // when
        answer(data(0, Errors.UNKNOWN_LEADER_EPOCH));
        // then
        assertThat(asked()).isEmpty();
        time.advance(20);
        assertThat(asked()).extracting(FetchPartition::partition).containsExactly(0);
    }

    @Test
    void shouldForgetAPartitionThatItDoesNotFollowAnyMore() {
        // given
        Replica one = new Replica(0).begin();
        new Replica(1).begin();
        answer();
        answer();
        // when
        one.partition.apply(state(1, 5, 5, new int[] {1, 2}, new int[] {1}));
        fetchers.look(one.partition);
        answer(data(0, batch(0, 4, 5), 0));
        // then
        assertThat(one.log.logEndOffset()).isZero();
        assertThat(peers.last().request().forgottenTopicsData().get(0).partitions())
                .containsExactly(0);
    }

    @Test
    void shouldBeginAnewAfterALostConnection() {
        // given
        Replica one = new Replica(0).begin();
        answer();
        // when
        peers.last().answer().completeExceptionally(new DisconnectException("gone"));
        // then
        assertThat(peers.sent).hasSize(2);
        time.advance(20);
        assertThat(peers.sent).hasSize(3);
        assertThat(peers.last().request().sessionEpoch()).isZero();
        assertThat(asked()).hasSize(1);
        // when  the leader's broker comes while the next attempt waits
        peers.last().answer().completeExceptionally(new DisconnectException("gone"));
        fetchers.arrived(OTHER);
        // then
        assertThat(peers.sent).hasSize(4);
        assertThat(one.log.logEndOffset()).isZero();
    }

    @Test
    void shouldGoOnWhereOneOfTwoRequestsIsLostAndTheOtherIsAnswered() {
        // given  two under way, of which the second goes over a new connection
        new Replica(0).begin();
        answer();
        new Replica(1).begin();
        assertThat(peers.sent).hasSize(3);
        // when
        peers.sent.get(1).answer().completeExceptionally(new DisconnectException("gone"));
        answer(peers.sent.get(2));
        // then
        assertThat(peers.sent).hasSize(3);
        time.advance(20);
        assertThat(peers.sent).hasSize(4);
    }

    @Test
    void shouldNameAPartitionAgainOfWhichItHasDroppedAnAnswer() {
        // given  a request that waits, and a second one for the same partition in a new role
        Replica one = new Replica(0).begin();
        answer(data(0, batch(0, 4, 5), 3));
        answer();
        one.partition.apply(state(2, 5, 5, new int[] {1, 2}, new int[] {1, 2}));
        fetchers.look(one.partition);
        assertThat(peers.sent).hasSize(4);
        assertThat(asked().get(0).currentLeaderEpoch()).isEqualTo(5);

        // when   the first one tells of a high watermark, and the second of nothing new
        answer(peers.sent.get(2), data(0).setHighWatermark(5));
        answer(peers.sent.get(3));

        // then
        assertThat(one.partition.highWatermark()).isEqualTo(3);
        assertThat(asked()).hasSize(1);
        assertThat(asked().get(0).highWatermark()).isEqualTo(3);
    }

    @Test
    void shouldSayWhatItKnowsToBeCommitted() {
        new Replica(0).begin();
        answer(data(0, batch(0, 4, 5), 3));
        assertThat(asked().get(0).fetchOffset()).isEqualTo(5);
        assertThat(asked().get(0).highWatermark()).isEqualTo(3);
    }

    @Test
    void shouldBeginAnewWhereTheLeaderHasForgottenTheSession() {
        // given
        new Replica(0).begin();
        answer();
        // when
        peers.last().answer().complete(new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()));
        time.advance(20);
        // then
        assertThat(peers.last().request().sessionEpoch()).isZero();
        assertThat(peers.last().request().sessionId()).as("which it ends").isEqualTo(SESSION);
        assertThat(asked()).hasSize(1);
    }

    @Test
    void shouldNameTopicsThatHaveNoId() {
        // when
        new Replica(0, TopicId.ZERO).begin();
        // then
        assertThat(peers.last().version()).isEqualTo((short) 12);
        assertThat(peers.last().request().replicaId()).isEqualTo(1);
        assertThat(peers.last().request().topics().get(0).topic()).isEqualTo("t");
    }

    @Test
    void shouldLeaveTheLoopWhereAFolderIsSlow() {
        // given
        Replica one = new Replica(0).begin();
        answer();
        folder.calm = false;
        folder.appendExecutor = waiting::add;
        // when
        answer(data(0, batch(0, 4, 5), 0));
        // then
        assertThat(one.log.logEndOffset()).isZero();
        waiting.removeFirst().run();
        assertThat(one.log.logEndOffset()).isEqualTo(5);
        assertThat(asked().get(0).fetchOffset()).isEqualTo(5);
    }

    @Test
    void shouldLeaveAThrottledPartitionAloneWhileTooMuchIsFetchedAndItLags() {
        // given
        Replica one = new Replica(0);
        one.log.reconfigure(TestingTopics.with(Map.of("followerReplicationThrottledReplicas", List.of("0:1"))));
        one.begin();
        new Replica(1).begin();
        answer();
        answer();
        throttle.allow(10);
        // when  it has fetched, and there is more
        answer(data(0, batch(0, 4, 5), 9));
        // then
        assertThat(asked()).isEmpty();
        assertThat(peers.last().request().forgottenTopicsData()).hasSize(1);
        time.advance(200);
        assertThat(asked()).isEmpty();
        // when  the rate has fallen
        for (int i = 0; i < 100; i++) {
            time.advance(200);
        }
        // then
        assertThat(asked()).extracting(FetchPartition::partition).containsExactly(0);
        // when  it lags no more
        throttle.allow(0);
        answer(data(0, batch(5, 4, 5), 10));
        answer(peers.sent.get(peers.sent.size() - 2));
        // then
        assertThat(asked()).extracting(FetchPartition::fetchOffset).containsExactly(10L);
    }

    @Test
    void shouldSpreadPartitionsOverSoManyConnections() {
        // given
        fetchers.resize(3);
        // when
        Consumer<Replica> begin = Replica::begin;
        for (int i = 0; i < 12; i++) {
            begin.accept(new Replica(i));
        }
        // then
        Set<Integer> numbers = new HashSet<>();
        peers.sent.forEach(sent -> numbers.add(sent.lane().number()));
        assertThat(numbers).containsExactlyInAnyOrder(0, 1, 2);
        // when
        int before = peers.sent.size();
        fetchers.resize(1);
        // then
        assertThat(peers.sent.subList(before, peers.sent.size()))
                .allSatisfy(sent -> assertThat(sent.lane().number()).isZero());
    }

    @Test
    void shouldStopAtItsEnd() {
        // given
        Replica one = new Replica(0).begin();
        // when
        fetchers.close();
        answer(data(0, batch(0, 4, 5), 0));
        // then
        assertThat(one.log.logEndOffset()).isZero();
        assertThat(peers.sent).hasSize(1);
    }
}
