package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.FetcherProperties;
import io.ottla.metrics.Metrics;
import io.ottla.peer.PeerClient;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a leader's copy is looked through. */
class CopyCheckTest {
    private static final TopicId ID = new TopicId(7, 7);
    private static final FetcherProperties TERMS = new FetcherProperties(1, 3, 400, 5_000, 60_000, 700, 8_000);

    private final TestingTimer time = new TestingTimer();
    private final TestingPeers peers = new TestingPeers();
    private final List<Long> answers = new ArrayList<>();
    private boolean waits = true;
    private boolean isOver;
    private int rejections;

    private final class Asking implements LeadersCopy.Asker {
        @Override
        public boolean waits() {
            return waits;
        }

        @Override
        public void answered(long damagedAt) {
            answers.add(damagedAt);
        }
    }

    private void begin(TopicId id) {
        ReplicationPorts ports = new ReplicationPorts(
                peers,
                _ -> CompletableFuture.failedFuture(new UnsupportedOperationException()),
                () -> new BrokerEpoch(41),
                time,
                time,
                this::run,
                new Metrics());
        LeadersCopy copy = new LeadersCopy(new TopicPartition("t", 3), id, OTHER, new LeaderEpoch(7), 10, 20, 15);
        new CopyCheck(copy, new Asking(), TERMS, ports, TestingImages.SELF, () -> isOver).begin();
    }

    private void run(Runnable task) {
        if (rejections-- > 0) {
            throw new RejectedExecutionException("full");
        }
        task.run();
    }

    private void end(Errors error, long offset) {
        OffsetForLeaderTopicResult topic = new OffsetForLeaderTopicResult()
                .setTopic("t")
                .setPartitions(List.of(new EpochEndOffset()
                        .setPartition(3)
                        .setErrorCode(error.code())
                        .setEndOffset(offset)));
        OffsetForLeaderEpochResponseData answer = new OffsetForLeaderEpochResponseData();
        answer.topics().add(topic);
        peers.last().answer().complete(answer);
    }

    private void records(Errors error, long logStart, ByteBuffer records) {
        peers.last()
                .answer()
                .complete(new FetchResponseData()
                        .setResponses(List.of(new FetchableTopicResponse()
                                .setTopicId(ID.uuid())
                                .setPartitions(List.of(new PartitionData()
                                        .setPartitionIndex(3)
                                        .setErrorCode(error.code())
                                        .setHighWatermark(30)
                                        .setLogStartOffset(logStart)
                                        .setRecords(MemoryRecords.readableRecords(records)))))));
    }

    private static ByteBuffer batches(long from, int... records) {
        List<ByteBuffer> all = new ArrayList<>();
        long at = from;
        for (int count : records) {
            all.add(ReplicaFetcherTest.batch(at, 5, count));
            at += count;
        }
        ByteBuffer joined =
                ByteBuffer.allocate(all.stream().mapToInt(ByteBuffer::remaining).sum());
        all.forEach(joined::put);
        return joined.flip();
    }

    private FetchPartition asked() {
        return peers.last().request().topics().getFirst().partitions().getFirst();
    }

    @Test
    void shouldReadAsAReplicaWithoutCountingAsOneThatHasGotSoFar() {
        // when
        begin(ID);

        // then   it asks where the leader's log ends
        TestingPeers.Sent first = peers.last();
        assertThat(first.lane()).isEqualTo(new PeerClient.Lane(OTHER, PeerClient.Purpose.MENDING));
        OffsetForLeaderEpochRequestData question = (OffsetForLeaderEpochRequestData) first.any();
        OffsetForLeaderPartition asked =
                question.topics().iterator().next().partitions().getFirst();
        assertThat(asked.currentLeaderEpoch()).isEqualTo(7);
        assertThat(asked.leaderEpoch()).isEqualTo(7);

        // when   that is less than the damaged replica has
        end(Errors.NONE, 18);

        // then
        FetchRequestData fetch = peers.last().request();
        assertThat(fetch.replicaState().replicaId()).isEqualTo(1);
        assertThat(fetch.replicaState().replicaEpoch()).isEqualTo(41);
        assertThat(fetch.sessionEpoch()).isEqualTo(FetchSession.FINAL_EPOCH);
        assertThat(fetch.topics().getFirst().topicId()).isEqualTo(ID.uuid());
        assertThat(fetch.maxBytes()).isEqualTo(5_000);
        assertThat(asked().partition()).isEqualTo(3);
        assertThat(asked().fetchOffset()).isEqualTo(10);
        assertThat(asked().currentLeaderEpoch()).isEqualTo(-1);

        // when   a part of a batch comes behind whole ones
        ByteBuffer cut = batches(10, 3, 2, 2);
        records(Errors.NONE, 0, cut.limit(cut.limit() - 1));
        assertThat(asked().fetchOffset()).isEqualTo(15);
        records(Errors.NONE, 0, batches(15, 3));

        // then   it sees that the leader still leads in that epoch
        assertThat(answers).isEmpty();
        assertThat(peers.last().any()).isEqualTo(question);
        end(Errors.NONE, 30);
        assertThat(answers).containsExactly(-1L);
        assertThat(peers.sent).hasSize(4);
    }

    @Test
    void shouldTakeALogForDamagedThatEndsBelowWhatIsCommitted() {
        begin(ID);
        end(Errors.NONE, 14);
        assertThat(answers).containsExactly(14L);
    }

    @Test
    void shouldNameTopicsThatHaveNoId() {
        begin(TopicId.ZERO);
        end(Errors.NONE, 20);
        assertThat(peers.last().version()).isEqualTo((short) 12);
        assertThat(peers.last().request().topics().getFirst().topic()).isEqualTo("t");
        assertThat(peers.last().request().replicaId()).isEqualTo(1);
    }

    @Test
    void shouldSayWhereACopyIsDamaged() {
        begin(ID);
        end(Errors.NONE, 20);
        ByteBuffer records = batches(10, 3, 2);
        records.put(records.limit() - 1, (byte) 9);
        records(Errors.NONE, 0, records);
        assertThat(answers).containsExactly(13L);
    }

    @Test
    void shouldBelieveNoBatchThatEndsBehindTheLeadersLog() {
        begin(ID);
        end(Errors.NONE, 20);
        ByteBuffer records = batches(10, 3, 2);
        records.putLong(batches(10, 3).limit(), 1L << 40);
        records(Errors.NONE, 0, records);
        end(Errors.NONE, 30);
        assertThat(answers).containsExactly(20L);
    }

    @Test
    void shouldBelieveNoBatchThatIsOutOfOrder() {
        begin(ID);
        end(Errors.NONE, 20);
        ByteBuffer records = batches(10, 3, 2);
        records.putLong(batches(10, 3).limit(), 10);
        records(Errors.NONE, 0, records);
        assertThat(answers).containsExactly(13L);
    }

    @Test
    void shouldTakeWhatTheLeaderCannotReadForDamaged() {
        begin(ID);
        end(Errors.NONE, 20);
        records(Errors.CORRUPT_MESSAGE, 0, ByteBuffer.allocate(0));
        assertThat(answers).containsExactly(10L);
    }

    @Test
    void shouldTakeNoBatchAtAllForDamaged() {
        begin(ID);
        end(Errors.NONE, 20);
        records(Errors.NONE, 0, ByteBuffer.allocate(70));
        assertThat(answers).containsExactly(10L);
    }

    @Test
    void shouldPassOverWhatIsDeleted() {
        begin(ID);
        end(Errors.NONE, 20);
        records(Errors.OFFSET_OUT_OF_RANGE, 16, ByteBuffer.allocate(0));
        assertThat(asked().fetchOffset()).isEqualTo(16);
        records(Errors.OFFSET_OUT_OF_RANGE, 25, ByteBuffer.allocate(0));
        end(Errors.NONE, 25);
        assertThat(answers).containsExactly(-1L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"NOT_LEADER_OR_FOLLOWER", "KAFKA_STORAGE_ERROR", "FENCED_LEADER_EPOCH", "OFFSET_OUT_OF_RANGE"})
    void shouldAskAgainWhereTimeMayHelp(Errors error) {
        // given
        begin(ID);

        // when
        end(error, -1);

        // then   after a while
        assertThat(peers.sent).hasSize(1);
        time.advance(TERMS.backoffMs());
        assertThat(peers.sent).hasSize(2);

        // when
        end(Errors.NONE, 20);
        records(error, -1, ByteBuffer.allocate(0));
        assertThat(peers.sent).hasSize(3);
        time.advance(TERMS.backoffMs());
        assertThat(peers.sent).hasSize(4);

        // when
        records(Errors.NONE, -1, ByteBuffer.allocate(0));
        assertThat(peers.sent).hasSize(4);
        time.advance(TERMS.backoffMs());
        assertThat(peers.sent).hasSize(5);

        // when
        peers.last().answer().completeExceptionally(new DisconnectException("gone"));
        rejections = 1;
        time.advance(TERMS.backoffMs());
        assertThat(peers.sent).hasSize(5);
        time.advance(TERMS.backoffMs());

        // then
        assertThat(peers.sent).hasSize(6);
        assertThat(answers).isEmpty();
        records(Errors.NONE, 0, batches(10, 10));
        end(error, 20);
        assertThat(answers).isEmpty();
        time.advance(TERMS.backoffMs());
        end(Errors.NONE, 20);
        assertThat(answers).containsExactly(-1L);
    }

    @Test
    void shouldEndWhereNobodyWaitsAnyMore() {
        begin(ID);
        waits = false;
        end(Errors.NONE, 20);
        assertThat(peers.sent).hasSize(1);
        assertThat(answers).isEmpty();
    }

    @Test
    void shouldEndWithTheBroker() {
        begin(ID);
        isOver = true;
        end(Errors.NOT_LEADER_OR_FOLLOWER, 20);
        rejections = 1;
        time.advance(TERMS.backoffMs());
        time.advance(TERMS.backoffMs());
        assertThat(peers.sent).hasSize(1);
        assertThat(answers).isEmpty();
    }
}
