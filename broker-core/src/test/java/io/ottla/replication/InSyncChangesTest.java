package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.brokers;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Metrics;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InSyncChangesTest {
    private static final BrokerId THIRD = new BrokerId(3);
    private static final int[] ALL = {1, 2, 3};
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final TopicPartition name = new TopicPartition("t", 0);
    private final TestingLog log =
            new TestingLog(name, TopicId.ZERO, new TestingFolder(Path.of("data")), TestingTopics.minInSync(2));
    private final TestingSurroundings around = new TestingSurroundings();
    private final Partition partition =
            new Partition(name, TopicId.ZERO, SELF, new TopicMeters(new Metrics()).of("t"), around);

    @BeforeEach
    void allLive() {
        around.live.put(OTHER, new BrokerEpoch(20));
        around.live.put(THIRD, new BrokerEpoch(30));
    }

    private void lead(int... inSync) {
        partition.apply(state(1, 5, 7, ALL, inSync));
        partition.opened(log);
    }

    private Role.Leading leading() {
        return (Role.Leading) partition.role();
    }

    private AppendResult append(int records) {
        return partition.append(leading(), TestingBatches.of(records), AppendOrigin.CLIENT, false);
    }

    private Failure fetches(BrokerId broker, long brokerEpoch, long offset, long nowNs) {
        return partition.followerFetched(broker, brokerEpoch, 5, offset, 0, nowNs);
    }

    private InSyncProposal.Change proposal() {
        return partition.proposal(new BrokerEpoch(10));
    }

    private void commit(int partitionEpoch, int... inSync) {
        partition.proposed(
                proposal(),
                new InSyncResult.Committed(
                        name, SELF, new LeaderEpoch(5), brokers(inSync), false, new PartitionEpoch(partitionEpoch)),
                0);
    }

    private void refuse(Errors error, long nowNs) {
        partition.proposed(proposal(), new InSyncResult.Refused(name, Failure.of(error)), nowNs);
    }

    @Test
    void shouldProposeAFollowerThatHasAllThatIsCommitted() {
        // given
        lead(1, 2);
        append(4);
        fetches(OTHER, 20, 4, 0);
        assertThat(partition.highWatermark()).isEqualTo(4);
        // when  it lacks one
        fetches(THIRD, 30, 3, 0);
        // then
        assertThat(around.proposed).isZero();
        assertThat(proposal()).isNull();
        // when
        fetches(THIRD, 30, 4, 0);
        // then
        assertThat(around.proposed).isEqualTo(1);
        assertThat(proposal().partitionEpoch()).isEqualTo(new PartitionEpoch(7));
        assertThat(proposal().leaderEpoch()).isEqualTo(new LeaderEpoch(5));
        assertThat(proposal().inSync())
                .containsExactlyInAnyOrder(
                        new InSyncProposal.Member(SELF, new BrokerEpoch(10)),
                        new InSyncProposal.Member(OTHER, new BrokerEpoch(20)),
                        new InSyncProposal.Member(THIRD, new BrokerEpoch(30)));
        // when
        commit(8, 1, 2, 3);
        // then
        assertThat(partition.inSyncCount()).isEqualTo(3);
        assertThat(leading().partitionEpoch()).isEqualTo(new PartitionEpoch(8));
        assertThat(around.expanded).isEqualTo(1);
        assertThat(proposal()).isNull();
    }

    @Test
    void shouldNotProposeAFollowerBeforeTheStartOfItsEpoch() {
        // given  a leader whose own records are not known to be committed
        log.appendAsLeader(TestingBatches.of(6), new LeaderEpoch(4), AppendOrigin.CLIENT);
        lead(1, 2);
        assertThat(partition.highWatermark()).isZero();
        // when
        fetches(THIRD, 30, 5, 0);
        // then
        assertThat(around.proposed).isZero();
        // when
        fetches(THIRD, 30, 6, 0);
        // then
        assertThat(around.proposed).isEqualTo(1);
    }

    @Test
    void shouldWaitForWhoeverMayBeAMemberWhileAProposalIsOpen() {
        // given  a follower that is proposed
        lead(1, 2);
        fetches(THIRD, 30, 0, 0);
        append(4);
        // when  the others have the records
        fetches(OTHER, 20, 4, 0);
        // then
        assertThat(partition.highWatermark()).isZero();
        // when  the same state comes again, with another assignment
        partition.apply(state(1, 5, 7, new int[] {1, 2, 3, 4}, new int[] {1, 2}));
        // then
        assertThat(partition.highWatermark()).isZero();
        assertThat(proposal()).isNotNull();
        // when
        fetches(THIRD, 30, 4, 0);
        // then
        assertThat(partition.highWatermark()).isEqualTo(4);
    }

    @Test
    void shouldNotCommitWithoutWhoLeftBeforeAnImageSaysByWhichSettings() {
        // given  a leader whose follower has left by an answer of the controller, where who left may be eligible to
        // lead
        around.strict = true;
        lead(1, 2, 3);
        fetches(OTHER, 20, 0, 0);
        fetches(THIRD, 30, 0, 0);
        append(4);
        fetches(OTHER, 20, 4, 30 * SECOND);
        partition.checkInSync(31 * SECOND);
        assertThat(proposal()).isNotNull();
        commit(8, 1, 2);
        // when, then  two are enough for all that is known here, but the controller may have gone by three
        fetches(OTHER, 20, 4, 31 * SECOND);
        assertThat(partition.highWatermark()).isZero();
        // when   an image shows it
        partition.apply(state(1, 5, 8, ALL, new int[] {1, 2}));
        // then
        assertThat(partition.highWatermark()).isEqualTo(4);
    }

    @Test
    void shouldProposeNobodyWhoIsNotLive() {
        // given
        lead(1, 2);
        around.live.remove(THIRD);
        // when
        fetches(THIRD, 30, 0, 0);
        // then
        assertThat(around.proposed).isZero();
        // when  it lives again, in another process than the one that fetched
        around.live.put(THIRD, new BrokerEpoch(31));
        fetches(THIRD, 30, 0, 0);
        // then
        assertThat(around.proposed).isZero();
        fetches(THIRD, 31, 0, 0);
        assertThat(around.proposed).isEqualTo(1);
    }

    @Test
    void shouldRefuseAFetchOfAProcessThatIsGone() {
        lead(1, 2);
        fetches(OTHER, 21, 0, 0);
        assertThat(fetches(OTHER, 20, 0, 0)).isEqualTo(Role.Refusals.NOT_LEADER);
    }

    @Test
    void shouldNotCountWhatAnEarlierProcessHeld() {
        // given
        lead(1, 2);
        append(4);
        fetches(OTHER, 20, 2, 0);
        assertThat(partition.highWatermark()).isEqualTo(2);
        // when  it comes back with less
        fetches(OTHER, 21, 1, 0);
        append(1);
        // then
        assertThat(partition.highWatermark()).isEqualTo(2);
        fetches(OTHER, 21, 5, 0);
        assertThat(partition.highWatermark()).isEqualTo(5);
    }

    @Test
    void shouldProposeThatALaggardLeaves() {
        // given
        lead(1, 2, 3);
        append(4);
        fetches(OTHER, 20, 4, SECOND);
        fetches(THIRD, 30, 1, SECOND);
        partition.checkInSync(2 * SECOND);
        append(2);
        // when  one follows at some distance, the other not at all
        fetches(OTHER, 20, 5, 10 * SECOND);
        partition.checkInSync(11 * SECOND);
        // then
        assertThat(around.proposed).isZero();
        // when
        append(1);
        fetches(OTHER, 20, 6, 12 * SECOND);
        partition.checkInSync(13 * SECOND);
        // then
        assertThat(around.proposed).isEqualTo(1);
        assertThat(proposal().inSync()).extracting(InSyncProposal.Member::id).containsExactlyInAnyOrder(SELF, OTHER);
        assertThat(partition.highWatermark()).as("until it has left").isEqualTo(1);
        // when
        commit(8, 1, 2);
        // then
        assertThat(partition.highWatermark()).isEqualTo(6);
        assertThat(around.shrunk).isEqualTo(1);
    }

    @Test
    void shouldNotProposeThatAFollowerLeavesThatLacksNothing() {
        lead(1, 2, 3);
        fetches(OTHER, 20, 0, 0);
        fetches(THIRD, 30, 0, 0);
        partition.checkInSync(100 * SECOND);
        assertThat(around.proposed).isZero();
    }

    @Test
    void shouldProposeThatAMemberLeavesThatNeverCame() {
        lead(1, 2, 3);
        fetches(OTHER, 20, 0, 0);
        partition.checkInSync(100 * SECOND);
        assertThat(around.proposed).as("the time begins here").isZero();
        partition.checkInSync(111 * SECOND);
        assertThat(proposal().inSync()).extracting(InSyncProposal.Member::id).containsExactlyInAnyOrder(SELF, OTHER);
    }

    @Test
    void shouldWaitForTheStateThatEndsAProposalWhereTheClusterIsAhead() {
        // given
        lead(1, 2);
        fetches(THIRD, 30, 0, 0);
        // when
        refuse(Errors.INVALID_UPDATE_VERSION, 0);
        // then
        assertThat(proposal()).isNotNull();
        // when
        partition.apply(state(1, 5, 8, ALL, new int[] {1}));
        // then
        assertThat(proposal()).isNull();
        assertThat(partition.inSyncCount()).isEqualTo(1);
    }

    @Test
    void shouldTakeAProposalBackThatIsRefusedAndMakeItAgainLater() {
        // given
        lead(1, 2);
        fetches(THIRD, 30, 0, 0);
        // when
        refuse(Errors.INELIGIBLE_REPLICA, SECOND);
        // then
        assertThat(proposal()).isNull();
        fetches(THIRD, 30, 0, SECOND + 1);
        assertThat(around.proposed).isEqualTo(1);
        fetches(THIRD, 30, 0, 2 * SECOND + 1);
        assertThat(around.proposed).isEqualTo(2);
    }

    @Test
    void shouldNotGoBackToAnOlderState() {
        // given
        lead(1, 2);
        fetches(THIRD, 30, 0, 0);
        commit(9, 1, 2, 3);
        // when
        partition.apply(state(1, 5, 8, ALL, new int[] {1, 2}));
        // then
        assertThat(partition.inSyncCount()).isEqualTo(3);
    }

    @Test
    void shouldLetTheHighWatermarkWaitForAFollowerThatJoins() {
        // given  one alone in sync, and a follower close behind under load
        log.reconfigure(TopicProperties.DEFAULTS);
        lead(1);
        fetches(OTHER, 20, 0, 0);
        refuse(Errors.INELIGIBLE_REPLICA, 0);
        append(4);
        assertThat(partition.highWatermark()).isEqualTo(4);
        fetches(OTHER, 20, 2, 2 * SECOND);
        append(2);
        // then
        assertThat(partition.highWatermark()).isEqualTo(4);
        fetches(OTHER, 20, 3, 2 * SECOND + 5);
        assertThat(partition.highWatermark()).isEqualTo(4);
        // when  it is not live any more
        partition.departed(OTHER);
        // then
        assertThat(partition.highWatermark()).isEqualTo(6);
    }

    @Test
    void shouldNotWaitForAFollowerThatMayNotJoin() {
        // given  one that shuts down, has left the set, and is proposed once more
        lead(1, 2);
        fetches(OTHER, 20, 0, 0);
        fetches(THIRD, 30, 0, 0);
        append(4);
        TestingWaiter waiter = new TestingWaiter(partition, 4);
        partition.await(waiter, leading(), 4);
        fetches(OTHER, 20, 4, 1);
        assertThat(partition.highWatermark()).isZero();

        // when
        refuse(Errors.INELIGIBLE_REPLICA, 2);

        // then   who waits is told at once
        assertThat(partition.highWatermark()).isEqualTo(4);
        assertThat(waiter.how).isEqualTo(Errors.NONE);

        // when   it fetches once more, and then no longer
        fetches(THIRD, 30, 2, 3);
        append(1);
        fetches(OTHER, 20, 5, 4);

        // then
        assertThat(partition.highWatermark()).isEqualTo(5);
    }

    @Test
    void shouldNotWaitLongForAFollowerThatFetchesNoMore() {
        // given  two in sync, and a third close behind under load
        lead(1, 2);
        fetches(THIRD, 30, 0, 0);
        refuse(Errors.INELIGIBLE_REPLICA, 0);
        append(4);
        fetches(OTHER, 20, 4, 2 * SECOND);
        fetches(THIRD, 30, 2, 2 * SECOND);
        append(1);

        // when
        fetches(OTHER, 20, 5, 3 * SECOND);
        // then
        assertThat(partition.highWatermark()).isEqualTo(4);

        // when
        fetches(OTHER, 20, 5, 3 * SECOND + 1);
        // then
        assertThat(partition.highWatermark()).isEqualTo(5);
    }

    @Test
    void shouldCommitNothingWhileTooFewAreInSyncWhereTheClusterCountsOnThat() {
        // given
        around.strict = true;
        lead(1);
        append(4);
        // then
        assertThat(partition.highWatermark()).isZero();
        // when
        fetches(OTHER, 20, 4, 0);
        assertThat(partition.highWatermark()).as("not committed yet").isZero();
        commit(8, 1, 2);
        // then
        assertThat(partition.highWatermark()).isEqualTo(4);
    }

    @Test
    void shouldCommitNothingWhileTheControllerCountsSomebodyAsEligible() {
        // given  a third one that was to lead as well, by a larger min.insync.replicas than is known here by now
        around.strict = true;
        PartitionImage now = state(1, 5, 7, ALL, new int[] {1, 2});
        partition.apply(now.led(
                SELF, now.leaderEpoch(), now.inSync(), List.of(THIRD), BrokerId.NONE, false, now.controllerEpoch()));
        partition.opened(log);
        append(4);
        // when, then
        fetches(OTHER, 20, 4, 0);
        assertThat(partition.highWatermark()).isZero();
        // when   that is over
        partition.apply(state(1, 5, 8, ALL, new int[] {1, 2}));
        assertThat(partition.highWatermark()).isEqualTo(4);
    }

    @Test
    void shouldAskForNoMoreInSyncThanThereAreReplicas() {
        // given
        around.strict = true;
        partition.apply(state(1, 5, 7, new int[] {1}, new int[] {1}));
        partition.opened(log);
        // when
        AppendResult result = partition.append(leading(), TestingBatches.of(4), AppendOrigin.CLIENT, true);
        // then
        assertThat(result).isInstanceOf(AppendResult.Appended.class);
        assertThat(partition.highWatermark()).isEqualTo(4);
    }

    @Test
    void shouldLeadNoMoreOnceItHasResigned() {
        lead(1, 2);
        partition.resign();
        partition.apply(state(1, 6, 8, ALL, new int[] {1, 2}));
        assertThat(partition.role()).isInstanceOf(Role.Following.class);
    }
}
