package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Metrics;
import io.ottla.storage.AppendOrigin;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogMendingTest {
    private static final int[] BOTH = {1, 2};

    private final TopicPartition name = new TopicPartition("t", 0);
    private final TestingLog log =
            new TestingLog(name, TopicId.ZERO, new TestingFolder(Path.of("data")), TestingTopics.minInSync(1));
    private final TestingSurroundings around = new TestingSurroundings();
    private final Partition partition =
            new Partition(name, TopicId.ZERO, SELF, new TopicMeters(new Metrics()).of("t"), around);

    @BeforeEach
    void appendSixBatches() {
        around.live.put(OTHER, new BrokerEpoch(20));
        for (int i = 0; i < 6; i++) {
            log.appendAsLeader(TestingBatches.of(1), new LeaderEpoch(5), AppendOrigin.CLIENT);
        }
        log.advanceHighWatermark(6);
    }

    private void open(PartitionImage state) {
        partition.apply(state);
        partition.opened(log);
    }

    @Test
    void shouldLeadNoMoreAndFollowWhoeverIsElectedInItsPlace() {
        // given  a leader with another one in sync, and somebody who waits
        open(state(1, 5, 7, BOTH, BOTH));
        TestingWaiter waiter = new TestingWaiter(partition, 7);
        partition.await(waiter, (Role.Leading) partition.role(), 7);
        log.damage(3);

        // when   a reader meets the damage
        log.suspect(4);

        // then   it leads no more, says so, and has kept everything yet
        assertThat(partition.role()).isEqualTo(new Role.Following(BrokerId.NONE, new LeaderEpoch(5)));
        assertThat(waiter.how).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(around.lost).isEqualTo(1);
        assertThat(log.logEndOffset()).isEqualTo(6);

        // when   nobody can take over yet
        partition.apply(state(-1, 6, 8, BOTH, BOTH).withOffline(List.of(SELF)));
        assertThat(log.logEndOffset()).isEqualTo(6);
        assertThat(around.lost).isEqualTo(1);

        // when   another one leads
        partition.apply(state(2, 7, 9, BOTH, new int[] {2}).withOffline(List.of(SELF)));

        // then   it follows, from before the damage on
        assertThat(partition.role()).isEqualTo(new Role.Following(OTHER, new LeaderEpoch(7)));
        assertThat(log.logEndOffset()).isEqualTo(3);
        assertThat(partition.highWatermark()).isEqualTo(3);
    }

    @Test
    void shouldNotLeadWithALogThatWasFoundShorterThanWhatIsCommitted() {
        // given  what recovery has left, of a replica that the cluster takes for whole
        log.lacksCommitted = true;

        // when
        open(state(1, 5, 7, BOTH, BOTH));

        // then
        assertThat(partition.role()).isEqualTo(new Role.Following(BrokerId.NONE, new LeaderEpoch(5)));
        assertThat(around.lost).isEqualTo(1);

        // when   another one leads
        partition.apply(state(2, 6, 8, BOTH, new int[] {2}).withOffline(List.of(SELF)));

        // then   it goes on from where it ends, and may lead again once it is in sync
        assertThat(partition.role()).isEqualTo(new Role.Following(OTHER, new LeaderEpoch(6)));
        assertThat(log.logEndOffset()).isEqualTo(6);
        partition.apply(state(1, 7, 9, BOTH, BOTH));
        assertThat(partition.role()).isInstanceOf(Role.Leading.class);
    }

    @Test
    void shouldLeadWithAShorterLogWhereNobodyElseHasMore() {
        log.lacksCommitted = true;
        open(state(1, 5, 7, BOTH, new int[] {1}));
        assertThat(partition.role()).isInstanceOf(Role.Leading.class);
        assertThat(around.lost).isZero();
    }

    @Test
    void shouldKeepWhatNobodyElseHas() {
        open(state(1, 5, 7, BOTH, new int[] {1}));
        log.damage(3);
        log.suspect(4);
        assertThat(partition.role()).isInstanceOf(Role.Leading.class);
        // and    where there is one replica only
        partition.apply(alone(8));
        log.suspect(4);
        assertThat(partition.role()).isInstanceOf(Role.Leading.class);
        assertThat(log.logEndOffset()).isEqualTo(6);
        assertThat(around.lost).isZero();
    }

    @Test
    void shouldLeadAgainWhereTheOthersLeaveTheInSyncSetFirst() {
        open(state(1, 5, 7, BOTH, BOTH));
        log.damage(3);
        log.suspect(4);
        partition.apply(state(1, 5, 8, BOTH, new int[] {1}));
        assertThat(partition.role()).isInstanceOf(Role.Leading.class);
        assertThat(log.logEndOffset()).isEqualTo(6);
    }

    @Test
    void shouldFetchAgainWhatAFollowerHasLost() {
        // given  a follower that counts as in sync
        open(state(2, 6, 7, BOTH, BOTH));
        log.damage(2);
        log.suspect(0);
        // then   the cluster is to count on it no more
        assertThat(around.lost).isEqualTo(1);
        assertThat(partition.role()).isEqualTo(new Role.Following(BrokerId.NONE, new LeaderEpoch(6)));
        // when   it does, but by what its leader has seen it may soon do so again
        partition.apply(state(2, 6, 8, BOTH, new int[] {2}).withOffline(List.of(SELF)));
        // then
        assertThat(log.logEndOffset()).isEqualTo(6);
        assertThat(around.lost).isEqualTo(2);
        // when   that leads in a new epoch
        partition.apply(state(2, 7, 9, BOTH, new int[] {2}).withOffline(List.of(SELF)));
        // then
        assertThat(log.logEndOffset()).isEqualTo(2);
        assertThat(partition.role()).isEqualTo(new Role.Following(OTHER, new LeaderEpoch(7)));
        assertThat(around.lost).isEqualTo(2);
    }

    /** A follower that is damaged from offset 2 on; broker 2 leads in epoch 7. */
    private void damagedFollower() {
        around.isCopyWhole = false;
        open(state(2, 6, 7, BOTH, BOTH));
        log.damage(2);
        log.suspect(0);
        partition.apply(led(7));
    }

    private static PartitionImage led(int epoch) {
        return state(2, epoch, epoch + 2, BOTH, new int[] {2}).withOffline(List.of(SELF));
    }

    @Test
    void shouldCutNothingBeforeItsLeaderIsKnownToHaveIt() {
        // given
        damagedFollower();

        // then   what would be cut is looked through
        assertThat(around.copies)
                .containsExactly(new LeadersCopy(name, TopicId.ZERO, OTHER, new LeaderEpoch(7), 2, 6, 6));
        assertThat(around.askers.getFirst().waits()).isTrue();
        assertThat(log.logEndOffset()).isEqualTo(6);
        assertThat(partition.role()).isEqualTo(new Role.Following(BrokerId.NONE, new LeaderEpoch(7)));

        // when
        around.askers.getFirst().answered(-1);

        // then
        assertThat(log.logEndOffset()).isEqualTo(2);
        assertThat(partition.role()).isEqualTo(new Role.Following(OTHER, new LeaderEpoch(7)));
        assertThat(around.askers.getFirst().waits()).isFalse();
    }

    @Test
    void shouldAskAnewInALaterEpoch() {
        // given
        damagedFollower();

        // when
        partition.apply(led(8));

        // then   what another leader had says nothing
        assertThat(around.copies).hasSize(2);
        assertThat(around.askers.getFirst().waits()).isFalse();
        around.askers.getFirst().answered(-1);
        assertThat(log.logEndOffset()).isEqualTo(6);
        // and    the same question is not asked twice
        partition.apply(state(2, 8, 11, BOTH, new int[] {2}).withOffline(List.of(SELF)));
        assertThat(around.copies).hasSize(2);
        around.askers.get(1).answered(-1);
        assertThat(log.logEndOffset()).isEqualTo(2);
    }

    @Test
    void shouldKeepWhatItHasWhereItsLeaderIsDamagedToo() {
        // given
        damagedFollower();

        // when
        around.askers.getFirst().answered(4);

        // then   it follows as it is
        assertThat(log.logEndOffset()).isEqualTo(6);
        assertThat(partition.role()).isEqualTo(new Role.Following(OTHER, new LeaderEpoch(7)));

        // when   it is in sync again, and somebody meets the damage
        partition.apply(state(2, 7, 10, BOTH, BOTH));
        int lost = around.lost;
        around.nowNs += TimeUnit.SECONDS.toNanos(10) - 1;
        log.suspect(0);
        assertThat(around.lost).isEqualTo(lost);

        // then   others may have been mended after a while
        around.nowNs += 1;
        log.suspect(0);
        assertThat(around.lost).isEqualTo(lost + 1);
        partition.apply(led(9));
        around.askers.get(1).answered(4);
        assertThat(log.logEndOffset()).isEqualTo(6);

        // and    longer than before
        partition.apply(state(2, 9, 12, BOTH, BOTH));
        around.nowNs += TimeUnit.SECONDS.toNanos(20) - 1;
        log.suspect(0);
        assertThat(around.copies).hasSize(2);
        assertThat(around.lost).isEqualTo(lost + 1);
        around.nowNs += 1;
        log.suspect(0);
        assertThat(around.lost).isEqualTo(lost + 2);
    }

    @Test
    void shouldFetchAgainWhatRecoveryHasFoundDamaged() {
        log.damage(2);
        log.foundDamaged = OptionalLong.of(2);
        open(state(2, 6, 7, BOTH, BOTH));
        assertThat(around.lost).isEqualTo(1);
        partition.apply(led(7));
        assertThat(around.copies).hasSize(1);
        assertThat(log.logEndOffset()).isEqualTo(2);
    }

    @Test
    void shouldBeMendedWhenOthersComeIntoSync() {
        // given  one that recovery has found damaged, and that leads since nobody else could
        log.damage(2);
        log.foundDamaged = OptionalLong.of(2);
        open(state(1, 6, 7, BOTH, new int[] {1}));
        assertThat(partition.role()).isInstanceOf(Role.Leading.class);
        assertThat(around.lost).isZero();
        assertThat(log.hurries).isEqualTo(1);

        // when
        partition.apply(state(1, 6, 8, BOTH, BOTH));

        // then
        assertThat(around.lost).isEqualTo(1);
        partition.apply(led(7));
        assertThat(log.logEndOffset()).isEqualTo(2);

        // and    it is over then
        int lost = around.lost;
        partition.apply(state(2, 7, 12, BOTH, BOTH));
        assertThat(around.lost).isEqualTo(lost);
    }

    @Test
    void shouldTakeBackWhatItHasToldWhereNobodyIsLeft() {
        // given  a damaged replica that the others were to lead in place of
        damagedFollower();

        // when   they are gone as well
        partition.apply(state(-1, 8, 12, BOTH, new int[0]).withOffline(List.of(SELF)));

        // then   it can be used all the same
        assertThat(around.takenBack).isEqualTo(1);
        assertThat(log.logEndOffset()).isEqualTo(6);
        partition.apply(state(1, 9, 13, BOTH, new int[] {1}));
        assertThat(partition.role()).isInstanceOf(Role.Leading.class);
        assertThat(around.takenBack).isEqualTo(1);
    }

    @Test
    void shouldAskNobodyForWhatIsNotCut() {
        around.isCopyWhole = false;
        log.lacksCommitted = true;
        open(state(2, 6, 7, BOTH, new int[] {2}).withOffline(List.of(SELF)));
        assertThat(around.copies).isEmpty();
        assertThat(partition.role()).isEqualTo(new Role.Following(OTHER, new LeaderEpoch(6)));
    }

    @Test
    void shouldHaveALeaderLookThroughItsLogWhereAnotherCopyIsLost() {
        open(state(1, 5, 7, BOTH, BOTH));
        assertThat(log.hurries).isZero();
        partition.apply(state(1, 6, 8, BOTH, new int[] {1}).withOffline(List.of(OTHER)));
        assertThat(log.hurries).isEqualTo(1);
        partition.apply(state(1, 6, 9, BOTH, BOTH));
        assertThat(log.hurries).isEqualTo(1);
    }

    @Test
    void shouldNotFollowWhileItIsCut() {
        open(state(2, 6, 7, BOTH, new int[] {2}));
        int roles = around.roles;
        ArrayDeque<Runnable> cuts = new ArrayDeque<>();
        log.background = cuts::add;
        log.damage(2);
        log.suspect(0);
        // then   also where it is not in sync: by what its leader has seen it might be, any moment
        assertThat(partition.role()).isEqualTo(new Role.Following(BrokerId.NONE, new LeaderEpoch(6)));
        assertThat(around.lost).isEqualTo(1);
        // when
        partition.apply(state(2, 7, 8, BOTH, new int[] {2}).withOffline(List.of(SELF)));
        assertThat(partition.role()).isEqualTo(new Role.Following(BrokerId.NONE, new LeaderEpoch(6)));
        cuts.remove().run();
        assertThat(partition.role()).isEqualTo(new Role.Following(OTHER, new LeaderEpoch(7)));
        assertThat(around.roles).isEqualTo(roles + 3);
        assertThat(around.lost).isEqualTo(1);
        assertThat(log.logEndOffset()).isEqualTo(2);
    }

    @Test
    void shouldGoOnWhereNothingIsWrong() {
        open(state(1, 5, 7, BOTH, BOTH));
        log.suspect(4);
        assertThat(partition.role()).isInstanceOf(Role.Leading.class);
        assertThat(around.lost).isZero();
    }

    @Test
    void shouldHaveAReaderAskAgainWhereOthersHaveWhatIsDamaged() {
        // given
        open(state(1, 5, 7, BOTH, BOTH));
        log.damage(3);
        // when, then   somebody is to lead in its place
        assertThat(read(4)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(around.lost).isEqualTo(1);
    }

    /** Whichever of the two is faster, over and over: who reads, and who looks through the log because of that. */
    @Test
    void shouldTellNoReaderOfDamageThatOthersMendHoweverFastItIsFound() throws Exception {
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < 500; i++) {
                // given
                TestingLog searched = new TestingLog(
                        name, TopicId.ZERO, new TestingFolder(Path.of("data")), TestingTopics.minInSync(1));
                searched.searchOn(pool);
                searched.appendAsLeader(TestingBatches.of(1), new LeaderEpoch(5), AppendOrigin.CLIENT);
                searched.advanceHighWatermark(1);
                searched.damage(0);
                Partition read = new Partition(
                        name, TopicId.ZERO, SELF, new TopicMeters(new Metrics()).of("t"), new TestingSurroundings());
                read.apply(state(1, 5, 7, BOTH, BOTH));
                read.opened(searched);
                // when, then
                Errors told;
                do {
                    told = read(read, 0);
                    assertThat(told).isIn(Errors.KAFKA_STORAGE_ERROR, Errors.NOT_LEADER_OR_FOLLOWER);
                } while (told != Errors.NOT_LEADER_OR_FOLLOWER);
            }
        }
    }

    @Test
    void shouldTellAReaderOfDamageThatNobodyCanMend() {
        open(state(1, 5, 7, BOTH, new int[] {1}));
        log.damage(3);
        assertThat(read(4)).isEqualTo(Errors.CORRUPT_MESSAGE);
        assertThat(read(4)).isEqualTo(Errors.CORRUPT_MESSAGE);
    }

    private Errors read(long offset) {
        return read(partition, offset);
    }

    private static Errors read(Partition partition, long offset) {
        return partition.read(offset, 5, -1, ReadLimit.HIGH_WATERMARK, false, 1000, true)
                        instanceof PartitionRead.Refused(var failure)
                ? failure.error()
                : Errors.NONE;
    }

    @Test
    void shouldLookAtItsLogWhereAFollowerGetsNoFurther() {
        // given  one that asks for the same again
        open(state(1, 5, 7, new int[] {1, 2, 3}, BOTH));
        log.damage(3);
        partition.followerFetched(new BrokerId(3), -1, 5, 3, 0, 0);
        partition.followerFetched(new BrokerId(3), -1, 5, 3, 0, TimeUnit.SECONDS.toNanos(1));
        assertThat(around.lost).isZero();
        // when   it has not got any further for long
        partition.followerFetched(new BrokerId(3), -1, 5, 3, 0, TimeUnit.SECONDS.toNanos(2));
        // then
        assertThat(around.lost).isEqualTo(1);
    }
}
