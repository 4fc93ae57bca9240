package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Metrics;
import io.ottla.storage.AppendOrigin;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordDeletionTest {
    private static final BrokerId THIRD = new BrokerId(3);
    private static final int[] ALL = {1, 2, 3};

    private final TopicPartition name = new TopicPartition("t", 0);
    private final TestingLog log =
            new TestingLog(name, TopicId.ZERO, new TestingFolder(Path.of("data")), TestingTopics.minInSync(1));
    private final TestingSurroundings around = new TestingSurroundings();
    private final Partition partition =
            new Partition(name, TopicId.ZERO, SELF, new TopicMeters(new Metrics()).of("t"), around);

    @BeforeEach
    void leadWithTenRecords() {
        around.live.put(OTHER, new BrokerEpoch(20));
        around.live.put(THIRD, new BrokerEpoch(30));
        partition.apply(state(1, 5, 7, ALL, new int[] {1, 2}));
        partition.opened(log);
        partition.append((Role.Leading) partition.role(), TestingBatches.of(10), AppendOrigin.CLIENT, false);
        fetches(OTHER, 0);
        fetches(THIRD, 0);
    }

    private void fetches(BrokerId broker, long logStart) {
        partition.followerFetched(broker, -1, 5, 10, logStart, 0);
    }

    @Test
    void shouldWaitForAllLiveReplicasInSyncOrNot() {
        // when
        CompletableFuture<DeletedRecords> four = partition.deleteRecords(4);
        CompletableFuture<DeletedRecords> all = partition.deleteRecords(-1);
        // then
        assertThat(log.logStartOffset()).isEqualTo(10);
        assertThat(partition.waitingDeletions()).isEqualTo(2);
        // when
        fetches(OTHER, 10);
        // then
        assertThat(four).isNotDone();
        // when
        fetches(THIRD, 5);
        // then
        assertThat(four).isCompletedWithValue(new DeletedRecords.Deleted(5));
        assertThat(all).isNotDone();
        // when
        fetches(THIRD, 10);
        // then
        assertThat(all).isCompletedWithValue(new DeletedRecords.Deleted(10));
        assertThat(partition.waitingDeletions()).isZero();
    }

    @Test
    void shouldNotWaitForWhoeverIsNotLive() {
        around.live.remove(THIRD);
        fetches(OTHER, 4);
        assertThat(partition.deleteRecords(4)).isCompletedWithValue(new DeletedRecords.Deleted(4));
        // when  one goes while it is waited for
        CompletableFuture<DeletedRecords> six = partition.deleteRecords(6);
        assertThat(six).isNotDone();
        around.live.remove(OTHER);
        partition.departed(OTHER);
        // then
        assertThat(six).isCompletedWithValue(new DeletedRecords.Deleted(6));
    }

    @Test
    void shouldEndWithTheLeadership() {
        CompletableFuture<DeletedRecords> deletion = partition.deleteRecords(4);
        // when  the same leader leads in another epoch
        partition.apply(state(1, 6, 8, ALL, new int[] {1, 2}));
        // then
        assertThat(errorOf(deletion)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        // when
        CompletableFuture<DeletedRecords> next = partition.deleteRecords(5);
        assertThat(next).isNotDone();
        partition.gone();
        // then
        assertThat(errorOf(next)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(partition.waitingDeletions()).isZero();
    }

    @Test
    void shouldNotWaitWhereAReplicaIsTakenAway() {
        CompletableFuture<DeletedRecords> deletion = partition.deleteRecords(4);
        fetches(OTHER, 4);
        partition.apply(state(1, 5, 8, new int[] {1, 2}, new int[] {1, 2}));
        assertThat(deletion).isCompletedWithValue(new DeletedRecords.Deleted(4));
    }

    @Test
    void shouldForgetWhoWaitsNoLonger() {
        CompletableFuture<DeletedRecords> deletion = partition.deleteRecords(4);
        deletion.complete(new DeletedRecords.Deleted(0));
        assertThat(partition.waitingDeletions()).isZero();
        // and    one whose log start is not on disk yet
        CompletableFuture<Boolean> kept = new CompletableFuture<>();
        log.kept = kept;
        partition.deleteRecords(5).complete(new DeletedRecords.Deleted(0));
        kept.complete(true);
        assertThat(partition.waitingDeletions()).isZero();
    }

    private static Errors errorOf(CompletableFuture<DeletedRecords> deletion) {
        return ((DeletedRecords.Refused) deletion.join()).failure().error();
    }
}
