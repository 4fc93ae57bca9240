package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.metrics.Metrics;
import io.ottla.storage.AbortedTransaction;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class PartitionTest {
    private final TopicPartition name = new TopicPartition("t", 0);
    private final TestingLog log =
            new TestingLog(name, TopicId.ZERO, new TestingFolder(Path.of("data")), TopicProperties.DEFAULTS);
    private final TestingSurroundings listener = new TestingSurroundings();
    private final Partition partition =
            new Partition(name, TopicId.ZERO, SELF, new TopicMeters(new Metrics()).of("t"), listener);

    private Role.Leading leading() {
        return (Role.Leading) partition.role();
    }

    private Errors errorOf(AppendResult result) {
        return ((AppendResult.Refused) result).failure().error();
    }

    private Errors errorOf(PartitionRead read) {
        return ((PartitionRead.Refused) read).failure().error();
    }

    private void openAlone() {
        partition.apply(alone(5));
        partition.opened(log);
    }

    private AppendResult append(int records) {
        return partition.append(leading(), TestingBatches.of(records), AppendOrigin.CLIENT, true);
    }

    private PartitionRead read(long offset, ReadLimit limit) {
        return partition.read(offset, -1, -1, limit, 1 << 20, true);
    }

    @Test
    void shouldSendClientsElsewhereUntilItsLogIsOpen() {
        // given
        partition.apply(alone(5));
        // then
        assertThat(errorOf(read(0, ReadLimit.HIGH_WATERMARK))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        // when
        partition.opened(log);
        // then
        assertThat(leading().epoch().value()).isEqualTo(5);
        assertThat(log.latestEpoch().value()).isEqualTo(5);
    }

    @Test
    void shouldCommitAtOnceWhatItHoldsAlone() {
        // given
        openAlone();
        // when
        append(3);
        // then
        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(log.highWatermark()).isEqualTo(3);
    }

    @Test
    void shouldFenceEpochsOtherThanItsOwn() {
        openAlone();
        assertThat(partition.refusal(4)).isEqualTo(Failure.of(Errors.FENCED_LEADER_EPOCH));
        assertThat(partition.refusal(6)).isEqualTo(Failure.of(Errors.UNKNOWN_LEADER_EPOCH));
        assertThat(partition.refusal(5)).isNull();
        assertThat(partition.refusal(-1)).isNull();
    }

    @Test
    void shouldRefuseAnAppendOfAnEarlierLeadership() {
        // given
        openAlone();
        Role.Leading before = leading();
        // when
        partition.apply(alone(6));
        // then
        assertThat(errorOf(partition.append(before, TestingBatches.of(1), AppendOrigin.CLIENT, false)))
                .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(log.logEndOffset()).isZero();
    }

    @Test
    void shouldIgnoreStatesOlderThanWhatItKnows() {
        openAlone();
        partition.apply(state(2, 4, 9, new int[] {1, 2}, new int[] {2}));
        assertThat(leading().epoch().value()).isEqualTo(5);
        partition.apply(state(1, 5, 4, new int[] {1, 2}, new int[] {1, 2}));
        assertThat(partition.inSyncCount()).isEqualTo(1);
    }

    @Test
    void shouldTakeUpNoRoleOfAPastThatItsLogHasOutlived() {
        // given  a log with records of epoch 5, opened by a process that knows nothing else yet
        log.beginEpoch(new LeaderEpoch(5));
        log.appendAsLeader(TestingBatches.of(3), new LeaderEpoch(5), AppendOrigin.CLIENT);
        // when   it is told of a time before those
        partition.apply(alone(4));
        partition.opened(log);
        // then   it neither leads then, nor follows, nor cuts
        assertThat(partition.role()).isEqualTo(new Role.Following(BrokerId.NONE, new LeaderEpoch(4)));
        partition.apply(state(2, 4, 5, new int[] {1, 2}, new int[] {2}));
        assertThat(partition.role()).isEqualTo(new Role.Following(BrokerId.NONE, new LeaderEpoch(4)));
        assertThat(log.latestEpoch()).isEqualTo(new LeaderEpoch(5));
        assertThat(log.logEndOffset()).isEqualTo(3);
        // when   the present comes
        partition.apply(state(2, 5, 6, new int[] {1, 2}, new int[] {1, 2}));
        // then
        assertThat(partition.role()).isEqualTo(new Role.Following(OTHER, new LeaderEpoch(5)));
        partition.apply(alone(6));
        assertThat(leading().epoch()).isEqualTo(new LeaderEpoch(6));
    }

    @Test
    void shouldRefuseAppendsForAllWhereTooFewAreInSync() {
        // given  a leader alone in sync and a topic that wants two
        partition.apply(state(1, 5, 5, new int[] {1, 2}, new int[] {1}));
        partition.opened(log);
        log.reconfigure(TestingTopics.minInSync(2));
        // then
        assertThat(errorOf(append(1))).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(log.refusals).isEqualTo(1);
        assertThat(partition.append(leading(), TestingBatches.of(1), AppendOrigin.CLIENT, false))
                .isInstanceOf(AppendResult.Appended.class);
        assertThat(log.refusals).isEqualTo(1);
        assertThat(partition.isUnderMinInSync()).isTrue();
    }

    @Test
    void shouldSayThatReplicasBecameTooFewAfterTheAppend() {
        // given  two in sync, two wanted, one append that waits
        partition.apply(state(1, 5, 1, new int[] {1, 2}, new int[] {1, 2}));
        partition.opened(log);
        log.reconfigure(TestingTopics.minInSync(2));
        append(1);
        TestingWaiter waiter = new TestingWaiter(partition, 1);
        partition.await(waiter, leading(), 1);
        // when  the other one leaves the in-sync set
        partition.apply(state(1, 5, 2, new int[] {1, 2}, new int[] {1}));
        // then
        assertThat(waiter.how).isEqualTo(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        assertThat(listener.shrunk).isEqualTo(1);
    }

    @Test
    void shouldCountOnlyFollowersThatFetchedInThisEpoch() {
        // given
        partition.apply(state(1, 5, 1, new int[] {1, 2}, new int[] {1, 2}));
        partition.opened(log);
        append(2);
        // when
        partition.followerFetched(OTHER, -1, 4, 2, 0, 0);
        assertThat(partition.followerFetched(OTHER, -1, -1, 2, 0, 0))
                .as("looks through what is here")
                .isNull();
        // then
        assertThat(partition.highWatermark()).isZero();
        // when
        partition.followerFetched(OTHER, -1, 5, 1, 0, 0);
        // then
        assertThat(partition.highWatermark()).isEqualTo(1);
        assertThat(partition.isUnderReplicated()).isFalse();
    }

    @Test
    void shouldFailWaitersBeforeItCeasesToLead() {
        // given
        openAlone();
        log.holdAcknowledgement();
        append(1);
        List<String> order = new ArrayList<>();
        AckWaiter waiter = new AckWaiter() {
            @Override
            protected void ended(Errors how) {
                order.add(how + " while " + partition.role());
            }
        };
        partition.await(waiter, leading(), 1);
        // when
        partition.apply(state(2, 6, 6, new int[] {1, 2}, new int[] {2}));
        // then  the new leader was not in force when the waiter ended
        assertThat(order).hasSize(1);
        assertThat(order.get(0)).startsWith("NOT_LEADER_OR_FOLLOWER while Following[leader=-1");
        assertThat(partition.role()).isEqualTo(new Role.Following(OTHER, new io.ottla.types.LeaderEpoch(6)));
    }

    @Test
    void shouldAcknowledgeWhatAnFsyncCovers() {
        // given
        openAlone();
        log.holdAcknowledgement();
        append(1);
        append(1);
        TestingWaiter first = new TestingWaiter(partition, 1);
        TestingWaiter second = new TestingWaiter(partition, 2);
        partition.await(second, leading(), 2);
        partition.await(first, leading(), 1);
        // when
        log.acknowledgeUpTo(1);
        // then
        assertThat(first.how).isEqualTo(Errors.NONE);
        assertThat(second.ends).hasValue(0);
        // when
        partition.abandon(second);
        partition.abandon(second);
        // then
        assertThat(second.how).isEqualTo(Errors.REQUEST_TIMED_OUT);
        assertThat(second.ends).hasValue(1);
    }

    @Test
    void shouldAnswerStorageErrorsOnceItsFolderFailed() {
        // given
        openAlone();
        log.holdAcknowledgement();
        append(1);
        TestingWaiter waiter = new TestingWaiter(partition, 1);
        partition.await(waiter, leading(), 1);
        Role.Leading before = leading();
        // when
        log.fail();
        // then
        assertThat(waiter.how).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(errorOf(partition.append(before, TestingBatches.of(1), AppendOrigin.CLIENT, false)))
                .isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(errorOf(read(0, ReadLimit.HIGH_WATERMARK))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        partition.apply(alone(9));
        assertThat(partition.role()).isInstanceOf(Role.Offline.class);
    }

    @Test
    void shouldShowReadersNoMoreThanTheirLimit() {
        // given  4 records, 3 committed, the third in an open transaction
        openAlone();
        append(1);
        append(1);
        append(1);
        log.holdAcknowledgement();
        append(1);
        log.unstable = OptionalLong.of(2);
        log.aborted = List.of(new AbortedTransaction(7, 0));
        // when
        var uncommitted = (PartitionRead.Found) read(0, ReadLimit.HIGH_WATERMARK);
        var committed = (PartitionRead.Found) read(0, ReadLimit.LAST_STABLE);
        var all = (PartitionRead.Found) read(0, ReadLimit.LOG_END);
        // then
        assertThat(uncommitted.bytes()).isEqualTo(30);
        assertThat(uncommitted.aborted()).isNull();
        assertThat(committed.bytes()).isEqualTo(20);
        assertThat(committed.lastStableOffset()).isEqualTo(2);
        assertThat(committed.aborted()).containsExactly(new AbortedTransaction(7, 0));
        assertThat(all.bytes()).isEqualTo(40);
        assertThat(partition.lastStableOffsetLag()).isEqualTo(1);
    }

    @Test
    void shouldReadNothingAtTheTailWithoutTouchingTheLog() {
        openAlone();
        append(1);
        assertThat(((PartitionRead.Found) read(1, ReadLimit.HIGH_WATERMARK)).bytes())
                .isZero();
        assertThat(log.reads).hasValue(0);
    }

    @Test
    void shouldNotSayWhatIsNoOffsetWhileAnotherMayLead() {
        // given
        openAlone();
        append(4);

        // when   its process slept, and nobody has told it yet who leads
        listener.isInTouch = false;

        // then   who reads behind its end looks for the leader again; others are served
        assertThat(errorOf(read(5, ReadLimit.HIGH_WATERMARK))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(read(2, ReadLimit.HIGH_WATERMARK)).isInstanceOf(PartitionRead.Found.class);
        assertThat(errorOf(read(5, ReadLimit.LOG_END))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);

        // when
        listener.isInTouch = true;

        // then
        assertThat(errorOf(read(5, ReadLimit.HIGH_WATERMARK))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void shouldRefuseOffsetsOutOfRange() {
        openAlone();
        append(4);
        log.retainFrom(2);
        assertThat(errorOf(read(1, ReadLimit.HIGH_WATERMARK))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(errorOf(read(5, ReadLimit.HIGH_WATERMARK))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void shouldSayWhereLogsPart() {
        // given  epochs 5 from 0 and 7 from 2
        openAlone();
        append(2);
        partition.apply(alone(7));
        append(1);
        // when  a reader has offset 3 in epoch 6
        PartitionRead read = partition.read(3, 7, 6, ReadLimit.LOG_END, 100, true);
        // then
        assertThat(((PartitionRead.Diverged) read).at().epoch().value()).isEqualTo(5);
        assertThat(((PartitionRead.Diverged) read).at().endOffset()).isEqualTo(2);
    }

    @Test
    void shouldDeleteRecordsUpToTheHighWatermark() {
        openAlone();
        append(4);
        assertThat(partition.deleteRecords(5).toCompletableFuture().join()).isInstanceOf(DeletedRecords.Refused.class);
        assertThat(partition.deleteRecords(2).toCompletableFuture().join()).isEqualTo(new DeletedRecords.Deleted(2));
        assertThat(partition.deleteRecords(1).toCompletableFuture().join()).isEqualTo(new DeletedRecords.Deleted(2));
        assertThat(partition.deleteRecords(-1).toCompletableFuture().join()).isEqualTo(new DeletedRecords.Deleted(4));
    }

    @Test
    void shouldEndEveryWaiterOnceUnderStress() throws InterruptedException {
        // given  producers, an fsync thread, a leadership that comes and goes, timeouts
        openAlone();
        log.holdAcknowledgement();
        int rounds = 3_000;
        AtomicInteger told = new AtomicInteger();
        partition.watch(new Watcher() {
            @Override
            protected void changed() {
                told.incrementAndGet();
            }
        });
        List<List<TestingWaiter>> all = List.of(new ArrayList<>(), new ArrayList<>());
        CountDownLatch producing = new CountDownLatch(2);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (List<TestingWaiter> mine : all) {
                threads.execute(() -> {
                    // a round counts when it found the partition led: both could else fall into one pause of leading
                    while (mine.size() < rounds) {
                        if (partition.role() instanceof Role.Leading leading
                                && partition.append(leading, TestingBatches.of(1), AppendOrigin.CLIENT, true)
                                        instanceof AppendResult.Appended appended) {
                            TestingWaiter waiter = new TestingWaiter(partition, appended.lastOffset() + 1);
                            mine.add(waiter);
                            partition.await(waiter, leading, waiter.wanted);
                            if (mine.size() % 7 == 0) {
                                partition.abandon(waiter);
                            }
                        }
                    }
                    producing.countDown();
                });
            }
            threads.execute(() -> {
                while (producing.getCount() > 0) {
                    log.acknowledgeUpTo(log.logEndOffset());
                }
            });
            threads.execute(() -> {
                for (int epoch = 6; producing.getCount() > 0; epoch++) {
                    partition.apply(
                            epoch % 3 == 0 ? state(2, epoch, epoch, new int[] {1, 2}, new int[] {2}) : alone(epoch));
                    Thread.onSpinWait();
                }
            });
            assertThat(producing.await(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdown();
            assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        // when
        partition.gone();
        // then
        assertThat(told.get()).isPositive();
        for (List<TestingWaiter> mine : all) {
            assertThat(mine).isNotEmpty().allSatisfy(waiter -> {
                assertThat(waiter.ends).hasValue(1);
                if (waiter.how == Errors.NONE) {
                    assertThat(waiter.highWatermarkAtEnd).isGreaterThanOrEqualTo(waiter.wanted);
                }
            });
        }
        assertThat(partition.waitingAcks()).isZero();
    }

    @Test
    void shouldCountProposedMembersForTheHighWatermarkOnly() {
        InSyncSet expanding = new InSyncSet.Expanding(java.util.Set.of(SELF), OTHER);
        assertThat(expanding.maximal()).containsExactlyInAnyOrder(SELF, OTHER);
        assertThat(expanding.committed()).containsExactly(SELF);
        InSyncSet shrinking = new InSyncSet.Shrinking(java.util.Set.of(SELF, OTHER), java.util.Set.of(OTHER));
        assertThat(shrinking.maximal()).containsExactlyInAnyOrder(SELF, OTHER);
    }
}
