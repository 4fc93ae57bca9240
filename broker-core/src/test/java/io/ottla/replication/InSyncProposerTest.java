package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.brokers;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Metrics;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.storage.AppendOrigin;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InSyncProposerTest {
    private static final TopicId ID = new TopicId(1, 2);
    private static final int[] BOTH = {1, 2};

    private final TestingTimer time = new TestingTimer();
    private final TestingSurroundings around = new TestingSurroundings();
    private final List<InSyncProposal> asked = new ArrayList<>();
    private BrokerEpoch registration = new BrokerEpoch(10);
    private CompletableFuture<List<InSyncResult>> answer;
    private int refusals;
    private final InSyncProposer proposer = new InSyncProposer(
            SELF,
            new ReplicationPorts(
                    new TestingPeers(),
                    this::propose,
                    () -> registration,
                    time,
                    time,
                    Runnable::run,
                    new Metrics()),
            () -> refusals++);

    private CompletableFuture<List<InSyncResult>> propose(InSyncProposal proposal) {
        asked.add(proposal);
        answer = new CompletableFuture<>();
        return answer;
    }

    /** Leads alone in sync, with records that a follower has just fetched: that one may join. */
    private Partition joined(int number) {
        TopicPartition name = new TopicPartition("t", number);
        around.live.put(OTHER, new BrokerEpoch(20));
        Partition partition = new Partition(name, ID, SELF, new TopicMeters(new Metrics()).of("t"), around);
        partition.apply(state(1, 5, 7, BOTH, new int[] {1}));
        partition.opened(new TestingLog(name, ID, new TestingFolder(Path.of("data")), TestingTopics.minInSync(1)));
        partition.followerFetched(OTHER, 20, 5, 0, 0, time.monotonicNs());
        assertThat(around.proposed).isPositive();
        proposer.proposes(partition);
        return partition;
    }

    private static InSyncResult taken(Partition partition) {
        return new InSyncResult.Committed(
                partition.name(), SELF, new LeaderEpoch(5), brokers(BOTH), false, new PartitionEpoch(8));
    }

    private static InSyncResult refused(Partition partition, Errors error) {
        return new InSyncResult.Refused(partition.name(), Failure.of(error));
    }

    private static void append(Partition partition) {
        partition.append(
                (Role.Leading) partition.role(), TestingBatches.of(1), AppendOrigin.CLIENT, false);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"NOT_CONTROLLER", "REQUEST_TIMED_OUT", "UNKNOWN_SERVER_ERROR", "STALE_BROKER_EPOCH"})
    void shouldCountWithWhatMayHaveBeenTakenAndAskAgain(Errors unclear) {
        // given  a proposal
        Partition partition = joined(0);
        InSyncProposal first = asked.getFirst();
        // when   whoever answers does not know what became of it
        answer.complete(List.of(refused(partition, unclear)));
        append(partition);
        // then   the follower counts all the same: it may be in the set by now
        assertThat(partition.highWatermark()).isZero();
        assertThat(refusals).isOne();
        assertThat(asked).hasSize(1);
        // when   some time has passed
        registration = new BrokerEpoch(11);
        time.advance(20);
        // then   the same is asked, under the registration of now
        assertThat(asked).hasSize(2);
        assertThat(asked.getLast().epoch()).isEqualTo(registration);
        assertThat(asked.getLast().changes())
                .singleElement()
                .extracting(InSyncProposal.Change::partitionEpoch)
                .isEqualTo(first.changes().getFirst().partitionEpoch());
        // when   it had been taken
        answer.complete(List.of(taken(partition)));
        // then
        assertThat(partition.inSyncCount()).isEqualTo(2);
        assertThat(partition.highWatermark()).isZero();
        partition.followerFetched(OTHER, 20, 5, 1, 0, time.monotonicNs());
        assertThat(partition.highWatermark()).isOne();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void shouldGiveUpWhatTheControllerHasDecidedAgainst() {
        Partition partition = joined(0);
        answer.complete(List.of(refused(partition, Errors.INELIGIBLE_REPLICA)));
        assertThat(partition.proposal(registration)).isNull();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void shouldAskAgainForThoseOnlyThatAreUnclear() {
        // given  two proposals in one request, behind one that is under way
        Partition before = joined(0);
        Partition clear = joined(1);
        Partition unclear = joined(2);
        assertThat(asked).hasSize(1);
        answer.complete(List.of(taken(before)));
        assertThat(asked.getLast().changes()).hasSize(2);
        // when
        answer.complete(List.of(taken(clear), refused(unclear, Errors.NOT_CONTROLLER)));
        // then
        assertThat(clear.inSyncCount()).isEqualTo(2);
        time.advance(20);
        assertThat(asked.getLast().changes())
                .extracting(InSyncProposal.Change::partition)
                .containsExactly(unclear.name());
    }

    @Test
    void shouldAskLessOftenAsLongAsNobodyAnswers() {
        Partition partition = joined(0);
        for (long wait : new long[] {20, 40, 80, 160, 320, 640, 1000, 1000}) {
            int before = asked.size();
            answer.completeExceptionally(new TimeoutException("nobody"));
            time.advance(wait - 1);
            assertThat(asked).hasSize(before);
            time.advance(1);
            assertThat(asked).hasSize(before + 1);
        }
        // when   it leads no more
        partition.apply(state(2, 6, 8, BOTH, new int[] {2}));
        answer.completeExceptionally(new TimeoutException("nobody"));
        int before = asked.size();
        time.advance(1000);
        // then   there is nothing left to ask
        assertThat(asked).hasSize(before);
        assertThat(time.waiting()).isZero();
    }
}
