package io.ottla.coordinator.group;

import static io.ottla.coordinator.group.TestingGroups.committing;
import static io.ottla.coordinator.group.TestingGroups.joining;
import static io.ottla.coordinator.group.TestingGroups.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.GroupProperties;
import io.ottla.coordinator.group.TestingGroups.Later;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.replication.TestingImages;
import io.ottla.storage.AppendResult;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What members of classic groups see, step by step. */
final class GroupCoordinatorTest {
    private static Errors error(JoinGroupResponseData answer) {
        return Errors.forCode(answer.errorCode());
    }

    private static Errors error(SyncGroupResponseData answer) {
        return Errors.forCode(answer.errorCode());
    }

    @Test
    void shouldBringMembersIntoOneGenerationAfterTheInitialDelay() {
        // given  two members that come within the initial delay
        TestingGroups groups = new TestingGroups(GroupProperties.DEFAULTS);
        Later<JoinGroupResponseData> one = groups.join("g");
        groups.advance(2_000);
        Later<JoinGroupResponseData> two = groups.join("g");
        groups.advance(1_100);
        // then   the second has prolonged it
        assertThat(one.now()).isNull();
        groups.advance(3_000);
        assertThat(error(one.get())).isEqualTo(Errors.NONE);
        assertThat(error(two.get())).isEqualTo(Errors.NONE);
        assertThat(one.get().generationId()).isEqualTo(1);
        assertThat(one.get().leader())
                .isEqualTo(one.get().memberId())
                .isEqualTo(two.get().leader());
        assertThat(one.get().members()).hasSize(2);
        assertThat(two.get().members()).isEmpty();
        assertThat(groups.list()).containsExactly("g CompletingRebalance");
        // when   they ask for their assignment, the leader last
        Later<SyncGroupResponseData> second = groups.sync(two.get(), "g", null);
        assertThat(second.now()).isNull();
        Later<SyncGroupResponseData> first = groups.sync(one.get(), "g", null);
        // then   each has its own
        assertThat(first.get().assignment())
                .isEqualTo(TestingGroups.assignment(one.get().memberId()));
        assertThat(second.get().assignment())
                .isEqualTo(TestingGroups.assignment(two.get().memberId()));
        assertThat(groups.list()).containsExactly("g Stable");
        assertThat(groups.metric("kafka_coordinator_group_groupmetadatamanager_numgroupsstable"))
                .isEqualTo(1);
        assertThat(groups.metric("kafka_server_group_coordinator_metrics_group_completed_rebalance_total"))
                .isEqualTo(1);
    }

    @Test
    void shouldNotDelayAnEmptyGroupBeyondTheRebalanceTimeout() {
        TestingGroups groups = new TestingGroups(TestingGroups.with(3_000, 100));
        List<Later<JoinGroupResponseData>> members = new ArrayList<>();
        // members keep coming
        for (int i = 0; i < 40; i++) {
            members.add(groups.join("g"));
            groups.advance(2_000);
        }
        assertThat(members.getFirst().get().members().size()).isBetween(28, 32);
    }

    @Test
    void shouldRebalanceWhenAMemberJoins() {
        // given
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData first = groups.stable("g");
        // when   another comes
        Later<JoinGroupResponseData> second = groups.join("g");
        // then   the first is told by its heartbeat, and both are in the next generation when it has joined again
        assertThat(second.now()).isNull();
        assertThat(groups.heartbeat("g", first.memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        Later<JoinGroupResponseData> again = groups.join(joining("g", first.memberId(), null), 9);
        assertThat(again.get().generationId()).isEqualTo(2);
        assertThat(second.get().generationId()).isEqualTo(2);
        assertThat(groups.heartbeat("g", first.memberId(), 1)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(groups.heartbeat("g", first.memberId(), 2)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldGoOnWithoutAMemberThatDoesNotRejoin() {
        // given  two members
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData first = groups.stable("g");
        Later<JoinGroupResponseData> second = groups.join("g");
        // when   the first is heard of, but does not join again until the longest rebalance timeout is over
        for (int i = 0; i < 7; i++) {
            assertThat(second.now()).isNull();
            groups.heartbeat("g", first.memberId(), 1);
            groups.advance(9_000);
        }
        // then
        assertThat(second.get().leader()).isEqualTo(second.get().memberId());
        assertThat(second.get().members()).hasSize(1);
        assertThat(groups.heartbeat("g", first.memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldEndTheSessionOfWhoIsNotHeardOf() {
        // given
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData joined = groups.stable("g");
        // when   it reports now and then
        for (int i = 0; i < 5; i++) {
            groups.advance(9_500);
            assertThat(groups.heartbeat("g", joined.memberId(), 1)).isEqualTo(Errors.NONE);
        }
        // then   it stays; a commit counts too
        groups.advance(9_500);
        assertThat(groups.commit("g", joined.memberId(), 1, "t", 5)).isEqualTo(Errors.NONE);
        groups.advance(9_500);
        assertThat(groups.list()).containsExactly("g Stable");
        groups.advance(1_000);
        assertThat(groups.list()).containsExactly("g Empty");
        assertThat(groups.heartbeat("g", joined.memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.fetch("g", "t", 0)).isEqualTo(5);
    }

    @Test
    void shouldTakeOutWhoDoesNotAskForItsAssignment() {
        // given  a leader that gets its assignment and a member that never asks
        TestingGroups groups = new TestingGroups(GroupProperties.DEFAULTS);
        Later<JoinGroupResponseData> one = groups.join("g");
        Later<JoinGroupResponseData> two = groups.join("g");
        groups.advance(6_100);
        groups.sync(one.get(), "g", null).get();
        for (int i = 0; i < 8; i++) {
            groups.heartbeat("g", two.get().memberId(), 1);
            groups.heartbeat("g", one.get().memberId(), 1);
            groups.advance(8_000);
        }
        // then
        assertThat(groups.heartbeat("g", two.get().memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.heartbeat("g", one.get().memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldForgetWhoWasGivenAnIdAndDoesNotCome() {
        TestingGroups groups = TestingGroups.quick();
        assertThat(error(groups.join(joining("g", "", null), 9).get())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        assertThat(groups.list()).containsExactly("g Empty");
        groups.advance(TestingGroups.SESSION_MS + 1_000);
        // nothing of the group was ever stored, so nothing is left of it
        assertThat(groups.list()).isEmpty();
        assertThat(groups.log().logEndOffset()).isZero();
    }

    @Test
    void shouldTakeAMemberWithoutAnIdInOldVersions() {
        TestingGroups groups = TestingGroups.quick();
        Later<JoinGroupResponseData> later = groups.join(joining("g", "", null), 3);
        groups.advance(20);
        assertThat(later.get().memberId()).startsWith("client-").hasSize("client-".length() + 36);
        // and the first version has one timeout for both
        Later<JoinGroupResponseData> oldest = groups.join(joining("h", "", null).setRebalanceTimeoutMs(-1), 0);
        groups.advance(20);
        assertThat(error(oldest.get())).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldRefuseWhatAJoinMustNotBe() {
        TestingGroups groups = new TestingGroups(TestingGroups.with(0, 1));
        JoinGroupResponseData joined = groups.stable("g");
        assertThat(error(groups.join(joining("", "", null), 9).get())).isEqualTo(Errors.INVALID_GROUP_ID);
        assertThat(error(groups.join(joining("x".repeat(65_536), "", null), 9).get()))
                .isEqualTo(Errors.INVALID_GROUP_ID);
        assertThat(error(groups.join(joining("n", "", null).setSessionTimeoutMs(5_999), 9)
                        .get()))
                .isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
        assertThat(error(groups.join(joining("n", "", null).setSessionTimeoutMs(1_800_001), 9)
                        .get()))
                .isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
        assertThat(error(groups.join(joining("n", "who", null), 9).get())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(error(groups.join(joining("g", "who", null), 9).get())).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(error(groups.join(joining("g", joined.memberId(), null, "other"), 9)
                        .get()))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(error(groups.join(joining("n", "", null).setProtocolType(""), 9)
                        .get()))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        JoinGroupRequestData nothing = joining("n", "", null);
        nothing.protocols().clear();
        assertThat(error(groups.join(nothing, 9).get())).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(groups.list()).containsExactly("g Stable");
    }

    @Test
    void shouldChooseTheProtocolThatMostPreferOfThoseThatAllKnow() {
        TestingGroups groups = new TestingGroups(GroupProperties.DEFAULTS);
        Later<JoinGroupResponseData> one = groups.join("g", "a", "b", "c");
        Later<JoinGroupResponseData> two = groups.join("g", "c", "b");
        Later<JoinGroupResponseData> three = groups.join("g", "c", "b");
        groups.advance(20_000);
        assertThat(one.get().protocolName()).isEqualTo("c");
        assertThat(two.get().protocolName()).isEqualTo("c");
        assertThat(three.get().protocolType()).isEqualTo("consumer");
    }

    @Test
    void shouldTellTheGenerationToWhoLostTheAnswer() {
        // given  a follower and a leader
        TestingGroups groups = new TestingGroups(GroupProperties.DEFAULTS);
        Later<JoinGroupResponseData> leader = groups.join("g");
        Later<JoinGroupResponseData> follower = groups.join("g");
        groups.advance(6_100);
        // when   they join again as they are, before the assignment
        JoinGroupResponseData leaderAgain =
                groups.join(joining("g", leader.get().memberId(), null), 9).get();
        JoinGroupResponseData followerAgain =
                groups.join(joining("g", follower.get().memberId(), null), 9).get();
        // then   nothing begins anew
        assertThat(leaderAgain.generationId()).isEqualTo(1);
        assertThat(leaderAgain.members()).hasSize(2);
        assertThat(followerAgain.generationId()).isEqualTo(1);
        assertThat(followerAgain.members()).isEmpty();
        // but    a leader that joins again after it rebalances the group, and so does a change
        groups.sync(leader.get(), "g", null).get();
        assertThat(groups.join(joining("g", follower.get().memberId(), null), 9)
                        .get()
                        .generationId())
                .isEqualTo(1);
        assertThat(groups.join(joining("g", leader.get().memberId(), null), 9).now())
                .isNull();
        assertThat(groups.list()).containsExactly("g PreparingRebalance");
    }

    @Test
    void shouldAnswerAnEarlierRequestOfAMemberThatAsksAgain() {
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData first = groups.stable("g");
        Later<JoinGroupResponseData> second = groups.join("g");
        assertThat(second.now()).isNull();
        Later<JoinGroupResponseData> earlier = groups.join(joining("g", first.memberId(), null, "range", "extra"), 9);
        assertThat(error(earlier.get())).isEqualTo(Errors.NONE);
        Later<SyncGroupResponseData> waiting = groups.sync(second.get(), "g", null);
        Later<SyncGroupResponseData> again = groups.sync(second.get(), "g", null);
        assertThat(error(waiting.get())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(again.now()).isNull();
    }

    @Test
    void shouldRefuseSyncsThatFitNoGeneration() {
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData joined = groups.stable("g");
        assertThat(error(groups.sync(joined.duplicate().setGenerationId(7), "g", null)
                        .get()))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(error(groups.sync(joined.duplicate().setMemberId("who"), "g", null)
                        .get()))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(error(groups.sync(joined.duplicate().setProtocolName("other"), "g", null)
                        .get()))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(error(groups.sync(joined, "none", null).get())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(error(groups.sync(joined, "", null).get())).isEqualTo(Errors.INVALID_GROUP_ID);
        assertThat(groups.heartbeat("none", "who", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.heartbeat("", "who", 1)).isEqualTo(Errors.INVALID_GROUP_ID);
        groups.join("g");
        assertThat(error(groups.sync(joined, "g", null).get())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldLetMembersLeaveEachForItself() {
        // given  a dynamic and a static member
        TestingGroups groups = new TestingGroups(GroupProperties.DEFAULTS);
        Later<JoinGroupResponseData> one = groups.join("g");
        Later<JoinGroupResponseData> two = groups.join(joining("g", "", "static"), 9);
        groups.advance(6_100);
        String pending = groups.join(joining("g", "", null), 9).get().memberId();
        // when
        List<MemberResponse> answers = groups.leave(
                        "g",
                        member("who", null),
                        member("", "nobody"),
                        member("", null),
                        member("wrong", "static"),
                        member(pending, null),
                        member("", "static"),
                        member(one.get().memberId(), null))
                .members();
        // then
        assertThat(answers)
                .extracting(each -> Errors.forCode(each.errorCode()))
                .containsExactly(
                        Errors.UNKNOWN_MEMBER_ID,
                        Errors.UNKNOWN_MEMBER_ID,
                        Errors.UNKNOWN_MEMBER_ID,
                        Errors.FENCED_INSTANCE_ID,
                        Errors.NONE,
                        Errors.NONE,
                        Errors.NONE);
        assertThat(two.get().memberId()).startsWith("static-");
        assertThat(groups.list()).isEmpty();
        assertThat(groups.leave("g", member("who", null)).members().getFirst().errorCode())
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        assertThat(groups.leave("", member("who", null)).errorCode()).isEqualTo(Errors.INVALID_GROUP_ID.code());
    }

    @Test
    void shouldTellWhoWaitsThatItWasTakenOut() {
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData first = groups.stable("g");
        Later<JoinGroupResponseData> second = groups.join(joining("g", "", "static"), 9);
        assertThat(second.now()).isNull();
        groups.leave("g", member("", "static"));
        assertThat(error(second.get())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.heartbeat("g", first.memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldLetAStaticMemberComeBackWithoutARebalance() {
        // given  a static leader and a follower
        TestingGroups groups = new TestingGroups(GroupProperties.DEFAULTS);
        Later<JoinGroupResponseData> one = groups.join(joining("g", "", "leader"), 9);
        Later<JoinGroupResponseData> two = groups.join("g");
        groups.advance(6_100);
        groups.sync(one.get(), "g", "leader").get();
        groups.sync(two.get(), "g", null).get();
        // when   it comes back without its id
        JoinGroupResponseData back = groups.join(joining("g", "", "leader"), 9).get();
        // then   it has another one, and the group goes on as it is
        assertThat(back.generationId()).isEqualTo(1);
        assertThat(back.memberId()).startsWith("leader-").isNotEqualTo(one.get().memberId());
        assertThat(back.leader()).isEqualTo(back.memberId());
        assertThat(back.skipAssignment()).isTrue();
        assertThat(back.members()).hasSize(2);
        assertThat(groups.list()).containsExactly("g Stable");
        assertThat(groups.sync(back.duplicate().setMembers(List.of()), "g", "leader")
                        .get()
                        .assignment())
                .isEqualTo(TestingGroups.assignment(one.get().memberId()));
        // and    the one it was is fenced
        assertThat(groups.heartbeat("g", one.get().memberId(), "leader", 1)).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(groups.heartbeat("g", one.get().memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(error(groups.join(joining("g", one.get().memberId(), "leader"), 9)
                        .get()))
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
        // and    a client that can't skip the assignment is kept from making one
        JoinGroupResponseData old = groups.join(joining("g", "", "leader"), 8).get();
        assertThat(old.leader()).isEqualTo(back.memberId()).isNotEqualTo(old.memberId());
        assertThat(old.members()).isEmpty();
        // and    all that is known after a restart
        groups.follow();
        groups.lead();
        assertThat(groups.heartbeat("g", old.memberId(), "leader", 1)).isEqualTo(Errors.NONE);
        assertThat(groups.heartbeat("g", two.get().memberId(), 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldPutAStaticMemberBackWhereItsReturnCouldNotBeStored() {
        // given
        TestingGroups groups = TestingGroups.quick();
        Later<JoinGroupResponseData> later = groups.join(joining("g", "", "static"), 9);
        groups.advance(20);
        groups.sync(later.get(), "g", "static").get();
        groups.log().nextAppend = new AppendResult.Refused(Failure.of(Errors.NOT_ENOUGH_REPLICAS));
        // when
        JoinGroupResponseData refused =
                groups.join(joining("g", "", "static"), 9).get();
        // then
        assertThat(error(refused)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(groups.heartbeat("g", later.get().memberId(), "static", 1)).isEqualTo(Errors.NONE);
        groups.log().nextAppend = null;
        assertThat(error(groups.join(joining("g", "", "static"), 9).get())).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldWaitForTheAssignmentAgainWhereItCouldNotBeStored() {
        // given
        TestingGroups groups = TestingGroups.quick();
        Later<JoinGroupResponseData> later = groups.join("g");
        groups.advance(20);
        groups.log().nextAppend = new AppendResult.Refused(Failure.of(Errors.NOT_ENOUGH_REPLICAS));
        // when   the leader's assignment is refused by the log
        assertThat(error(groups.sync(later.get(), "g", null).get())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        // then   the group is where it was, and takes the assignment when it comes again
        assertThat(groups.list()).containsExactly("g CompletingRebalance");
        groups.log().nextAppend = null;
        assertThat(groups.sync(later.get(), "g", null).get().assignment())
                .isEqualTo(TestingGroups.assignment(later.get().memberId()));
        assertThat(groups.list()).containsExactly("g Stable");
    }

    @Test
    void shouldRefuseWhoeverWaitsWhenTheLeadershipEnds() {
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData first = groups.stable("g");
        Later<JoinGroupResponseData> second = groups.join("g");
        groups.follow();
        assertThat(error(second.get())).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(groups.heartbeat("g", first.memberId(), 1)).isEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void shouldGoOnAfterARestartWithTheSameMembersAndOffsets() {
        // given
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData joined = groups.stable("g");
        groups.commit("g", joined.memberId(), 1, "t", 42);
        // when   the shard is loaded again
        groups.follow();
        groups.lead();
        // then   the member is there, with a whole session
        assertThat(groups.heartbeat("g", joined.memberId(), 1)).isEqualTo(Errors.NONE);
        assertThat(groups.fetch("g", "t", 0)).isEqualTo(42);
        assertThat(groups.commit("g", joined.memberId(), 1, "t", 43)).isEqualTo(Errors.NONE);
        groups.advance(TestingGroups.SESSION_MS + 1_000);
        assertThat(groups.list()).containsExactly("g Empty");
    }

    @Test
    void shouldNotTellWhatIsStableWhileAnotherMayCoordinate() {
        // given
        TestingGroups groups = TestingGroups.quick();
        assertThat(groups.commit("simple", "", -1, "t", 5)).isEqualTo(Errors.NONE);
        // when   this broker is cut off, and nobody has told it yet who coordinates the group
        groups.replicas.trust(() -> false);
        // then   who can't do with less than the last commit looks for the coordinator again; others are served
        assertThat(groups.fetch("simple", "t", 0, true).errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
        assertThat(groups.fetch("simple", "t", 0)).isEqualTo(5);
        // when
        groups.replicas.trust(() -> true);
        // then
        assertThat(groups.fetch("simple", "t", 0, true).errorCode()).isEqualTo(Errors.NONE.code());
    }

    @Test
    void shouldTakeCommitsOnlyOfWhoMay() {
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData joined = groups.stable("g");
        assertThat(groups.commit("g", joined.memberId(), 0, "t", 1)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(groups.commit("g", "who", 1, "t", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.commit("g", "", -1, "t", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.commit("none", "who", 1, "t", 1)).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(groups.commit(committing("none", "who", 1, "t", 0, 1), 8)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(groups.commit("simple", "", -1, "t", 1)).isEqualTo(Errors.NONE);
        assertThat(groups.commit("", "", -1, "t", 1)).isEqualTo(Errors.NONE);
        var longText = committing("simple", "", -1, "t", 1, 1);
        longText.topics().getFirst().partitions().getFirst().setCommittedMetadata("x".repeat(4097));
        assertThat(groups.commit(longText, 9)).isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
        assertThat(groups.fetch("simple", "t", 1)).isEqualTo(-1);
        // while the members join, a commit of the old generation counts, until the next begins
        Later<JoinGroupResponseData> second = groups.join("g");
        assertThat(groups.commit("g", joined.memberId(), 1, "t", 2)).isEqualTo(Errors.NONE);
        groups.join(joining("g", joined.memberId(), null), 9).get();
        assertThat(groups.commit("g", joined.memberId(), 2, "t", 3)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(second.get().generationId()).isEqualTo(2);
        assertThat(groups.fetch("g", "t", 0)).isEqualTo(2);
    }

    @Test
    void shouldDeleteOnlyGroupsInWhichNobodyIs() {
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData joined = groups.stable("g");
        groups.commit("g", joined.memberId(), 1, "t", 1);
        assertThat(groups.delete("g")).isEqualTo(Errors.NON_EMPTY_GROUP);
        assertThat(groups.delete("none")).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(groups.delete("")).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        groups.leave("g", member(joined.memberId(), null));
        assertThat(groups.delete("g")).isEqualTo(Errors.NONE);
        assertThat(groups.list()).isEmpty();
        assertThat(groups.fetch("g", "t", 0)).isEqualTo(-1);
        groups.follow();
        groups.lead();
        assertThat(groups.list()).isEmpty();
        assertThat(groups.fetch("g", "t", 0)).isEqualTo(-1);
    }

    @Test
    void shouldForgetOffsetsWhoseRetentionIsOver() {
        // given  a simple group, a group that was left, and one that is used
        TestingGroups groups = TestingGroups.quick();
        groups.commit("simple", "", -1, "t", 1);
        groups.commit(committing("brief", "", -1, "t", 0, 1).setRetentionTimeMs(60_000), 4);
        JoinGroupResponseData left = groups.stable("left");
        groups.commit("left", left.memberId(), 1, "t", 1);
        JoinGroupResponseData used = groups.stable("used");
        groups.commit("used", used.memberId(), 1, "t", 1);
        // when   the time that a commit asked for is over
        groups.advance(1_000_000);
        assertThat(groups.list()).doesNotContain("brief Empty").contains("simple Empty", "left Empty");
        // and    the time of all others
        long days = 7 * 24 * 3_600_000L;
        groups.time.advance(days);
        groups.run();
        groups.advance(700_000);
        // then   offsets and groups are gone, also from the log
        assertThat(groups.list()).isEmpty();
        groups.follow();
        groups.lead();
        assertThat(groups.list()).isEmpty();
        assertThat(groups.metric("kafka_server_group_coordinator_metrics_offset_expiration_total"))
                .isEqualTo(4);
    }

    @Test
    void shouldForgetOffsetsOfATopicThatIsGone() {
        TestingGroups groups = TestingGroups.quick();
        groups.commit("g", "", -1, "gone", 1);
        groups.commit("g", "", -1, "stays", 1);
        TopicImage topic = TestingImages.topic("gone", new TopicId(3, 4), TestingImages.alone(1));
        groups.apply(new MetadataChange.TopicSet(topic));
        groups.apply(new MetadataChange.TopicGone(topic));
        groups.run();
        assertThat(groups.fetch("g", "gone", 0)).isEqualTo(-1);
        assertThat(groups.fetch("g", "stays", 0)).isEqualTo(1);
    }

    @Test
    @Moves({
        "kafka_coordinator_group_groupmetadatamanager_numgroups",
        "kafka_coordinator_group_groupmetadatamanager_numgroupscompletingrebalance",
        "kafka_coordinator_group_groupmetadatamanager_numgroupsempty",
        "kafka_coordinator_group_groupmetadatamanager_numgroupspreparingrebalance",
        "kafka_coordinator_group_groupmetadatamanager_numgroupsstable",
        "kafka_coordinator_group_groupmetadatamanager_numoffsets",
        "kafka_server_group_coordinator_metrics_batch_flush_time_ms",
        "kafka_server_group_coordinator_metrics_event_processing_time_ms",
        "kafka_server_group_coordinator_metrics_event_queue_size",
        "kafka_server_group_coordinator_metrics_event_queue_time_ms",
        "kafka_server_group_coordinator_metrics_group_completed_rebalance_total",
        "kafka_server_group_coordinator_metrics_group_count",
        "kafka_server_group_coordinator_metrics_num_partitions",
        "kafka_server_group_coordinator_metrics_offset_commit_total",
        "kafka_server_group_coordinator_metrics_offset_deletion_total",
        "kafka_server_group_coordinator_metrics_offset_expiration_total"
    })
    void shouldCountGroupsAndWhatTheyDo(Movement movement) {
        // given
        TestingGroups groups = TestingGroups.quick();
        movement.watch(groups.metrics);
        // when   a group goes through its states
        Later<JoinGroupResponseData> later = groups.join("g");
        movement.look();
        groups.advance(20);
        movement.look();
        groups.sync(later.get(), "g", null).get();
        groups.commit("g", later.get().memberId(), 1, "t", 1);
        movement.look();
        groups.leave("g", member(later.get().memberId(), null));
        movement.look();
        // and    one offset is deleted, another expires, while operations wait
        groups.delete("g");
        groups.commit(committing("brief", "", -1, "t", 0, 1).setRetentionTimeMs(1), 4);
        groups.advance(1_000_000);
        groups.folder.calm = false;
        groups.coordinator.leave("g", List.of(), _ -> {});
        movement.look();
        groups.run();
        groups.follow();
        // then   a group that is coordinated elsewhere is not counted here
        assertThat(groups.metric("kafka_coordinator_group_groupmetadatamanager_numgroups"))
                .isZero();
        assertThat(groups.metric("kafka_coordinator_group_groupmetadatamanager_numoffsets"))
                .isZero();
    }

    @Test
    void shouldServeManyWhoComeAndVanishWithoutKeepingThem() {
        // given  thousands of members that are given an id and are never heard of again
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData steady = groups.stable("steady");
        for (int i = 0; i < 5_000; i++) {
            groups.join(joining("storm" + i % 50, "", null), 9).get();
        }
        // when   their time is over
        for (int i = 0; i < 3; i++) {
            groups.advance(5_000);
            assertThat(groups.heartbeat("steady", steady.memberId(), 1)).isEqualTo(Errors.NONE);
        }
        // then   nothing is left of them: no group, no record, no timer but the steady member's and the retention check
        assertThat(groups.list()).containsExactly("steady Stable");
        assertThat(groups.log().logEndOffset()).isEqualTo(1);
        assertThat(groups.time.waiting()).isLessThanOrEqualTo(2);
    }

    @Test
    void shouldTellHowFarGroupsHaveRead() {
        // given  a group with a member, and one of offsets alone
        TestingGroups groups = TestingGroups.quick();
        JoinGroupResponseData joined = groups.stable("g");
        groups.commit("g", joined.memberId(), 1, "t", 5);
        groups.commit("simple", "", -1, "t", 7);
        // when
        Later<List<GroupPositions>> answer = new Later<>();
        groups.coordinator.groups().positions(answer);
        groups.run();
        // then
        assertThat(answer.get())
                .containsExactlyInAnyOrder(
                        new GroupPositions("g", 1, List.of(new GroupPositions.Position("t", 0, 5))),
                        new GroupPositions("simple", 0, List.of(new GroupPositions.Position("t", 0, 7))));
        // and    nothing where another coordinates them
        groups.follow();
        Later<List<GroupPositions>> elsewhere = new Later<>();
        groups.coordinator.groups().positions(elsewhere);
        groups.run();
        assertThat(elsewhere.get()).isEmpty();
    }
}
