package io.ottla.coordinator.group;

import static io.ottla.coordinator.group.TestingConsumers.joining;
import static io.ottla.coordinator.group.TestingConsumers.reporting;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.MigrationPolicy;
import io.ottla.coordinator.group.TestingConsumers.Client;
import io.ottla.coordinator.group.TestingGroups.Later;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Members of both protocols in one group, which changes its own with them. */
class GroupMigrationTest {
    private final TestingConsumers consumers = new TestingConsumers();

    GroupMigrationTest() {
        consumers.create("t", 4);
    }

    private TestingClassic alone() {
        return TestingClassic.alone(consumers.groups, 4);
    }

    // ---- to the consumer protocol and back ----

    @Test
    void shouldShareAGroupBetweenBothProtocolsAndComeBack() {
        // given  a classic group with offsets
        TestingClassic old = alone();
        consumers.groups.commit("g", old.id, old.generation, "t", 42);

        // when   a member of the consumer protocol comes
        Client next = consumers.new Client("g", "next");
        next.join("t");

        // then   the group is a consumer group, in which the old one still has all
        assertThat(consumers.describe("g").groupEpoch()).isEqualTo(2);
        assertThat(next.reads).isEmpty();

        // when   the old one is told to join again, and gives up what it must
        old.rejoin();
        old.rejoin();
        next.report();
        next.report();

        // then   they share
        assertThat(old.reads).hasSize(2);
        assertThat(next.reads).hasSize(2).doesNotContainAnyElementsOf(old.reads);
        assertThat(consumers.describe("g").groupState()).isEqualTo("Stable");
        assertThat(consumers.groups.commit("g", old.id, old.generation, "t", 43))
                .isEqualTo(Errors.NONE);
        assertThat(consumers.groups.commit("g", old.id, old.generation - 1, "t", 43))
                .isEqualTo(Errors.ILLEGAL_GENERATION);

        // when   another broker leads meanwhile
        String before = consumers.picture("g");
        consumers.groups.follow();
        consumers.groups.lead();
        assertThat(consumers.picture("g")).isEqualTo(before);

        // when   the new one goes again
        int epoch = consumers.describe("g").groupEpoch();
        assertThat(next.leave(-1)).isEqualTo(Errors.NONE);

        // then   the group is a classic one, which rebalances
        assertThat(consumers.groups.list()).containsExactly("g PreparingRebalance");
        assertThat(consumers.describe("g").errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        Later<JoinGroupResponseData> later = old.join();
        assertThat(later.get().generationId()).isGreaterThan(epoch);
        assertThat(consumers.groups.fetch("g", "t", 0)).isEqualTo(43);
        // and    that too is what is stored
        consumers.groups.follow();
        consumers.groups.lead();
        assertThat(consumers.groups.list()).hasSize(1).first().asString().startsWith("g ");
        assertThat(consumers.describe("g").errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void shouldLeaveClassicGroupsAloneWhereItMayNotUpgrade() {
        TestingConsumers strict =
                new TestingConsumers(TestingConsumers.with(Integer.MAX_VALUE, MigrationPolicy.DISABLED));
        strict.create("t", 1);
        strict.groups.stable("g");
        assertThat(strict.refusal(joining("g", "one", "t"))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(strict.groups.list()).containsExactly("g Stable");
        // and    nobody of the classic protocol comes into a consumer group
        strict.beat(joining("new", "one", "t"));
        assertThat(Errors.forCode(strict.groups
                        .join(TestingGroups.joining("new", "", null), 9)
                        .get()
                        .errorCode()))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldNotUpgradeWhatCanNotBeRead() {
        // given  members whose subscription is not a consumer's
        consumers.groups.stable("g");
        // when, then
        assertThat(consumers.refusal(joining("g", "one", "t"))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldAnswerWhoWaitsInAClassicGroupThatIsUpgraded() {
        // given  a classic member that waits for another to join
        TestingClassic first = alone();
        TestingClassic second = new TestingClassic(consumers.groups);
        Later<JoinGroupResponseData> waiting = second.join();
        assertThat(waiting.now()).isNull();
        // when
        Client next = consumers.new Client("g", "next");
        next.join("t");
        // then
        assertThat(waiting.get().errorCode()).isEqualTo(Errors.REBALANCE_IN_PROGRESS.code());
        second.generation = second.join().get().generationId();
        assertThat(second.sync(List.of())).isEqualTo(Errors.NONE);
        for (int i = 0; i < 4; i++) {
            first.rejoin();
            second.rejoin();
            next.report();
        }
        assertThat(first.reads.size() + second.reads.size() + next.reads.size()).isEqualTo(4);
        assertThat(first.reads).isNotEmpty();
        assertThat(second.reads).isNotEmpty();
        assertThat(next.reads).isNotEmpty();
    }

    @Test
    void shouldGoOnWithoutAClassicMemberThatIsSilent() {
        TestingClassic old = alone();
        Client next = consumers.new Client("g", "next");
        next.join("t");
        for (int i = 0; i < 3; i++) {
            consumers.groups.advance(TestingGroups.SESSION_MS / 2 + 100);
            next.report();
        }
        next.report();
        assertThat(next.reads).hasSize(4);
        assertThat(consumers.groups.heartbeat("g", old.id, old.generation)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldGoOnWithoutAClassicMemberThatReportsButDoesNotJoinAgain() {
        TestingClassic old = alone();
        Client next = consumers.new Client("g", "next");
        next.join("t");
        // when   it is told to join again, and goes on reporting
        bothReport(old, next);
        // then
        assertLeftTo(next, old);
    }

    /** For longer than any session lasts. */
    private void bothReport(TestingClassic old, Client next) {
        for (int i = 0; i < 15; i++) {
            consumers.groups.heartbeat("g", old.id, old.generation);
            consumers.groups.advance(TestingGroups.SESSION_MS / 2);
            next.report();
        }
        next.report();
    }

    private void assertLeftTo(Client next, TestingClassic old) {
        assertThat(next.reads).hasSize(4);
        assertThat(consumers.groups.heartbeat("g", old.id, old.generation)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldGoOnWithoutAClassicMemberThatJoinsAndDoesNotAskForItsAssignment() {
        TestingClassic old = alone();
        Client next = consumers.new Client("g", "next");
        next.join("t");
        old.generation = old.join().get().generationId();
        // when
        bothReport(old, next);
        // then
        assertLeftTo(next, old);
    }

    @Test
    void shouldMakeAClassicGroupOfAnEmptyConsumerGroup() {
        Client one = consumers.new Client("g", "one");
        one.join("t");
        consumers.groups.commit("g", "one", one.epoch, "t", 7);
        one.leave(-1);
        consumers.groups.stable("g");
        assertThat(consumers.groups.list()).containsExactly("g Stable");
        assertThat(consumers.groups.fetch("g", "t", 0)).isEqualTo(7);
    }

    @Test
    void shouldMakeAConsumerGroupOfAnEmptyClassicGroup() {
        JoinGroupResponseData joined = consumers.groups.stable("g");
        consumers.groups.commit("g", joined.memberId(), joined.generationId(), "t", 7);
        consumers.groups.leave("g", TestingGroups.member(joined.memberId(), null));
        Client one = consumers.new Client("g", "one");
        one.join("t");
        assertThat(one.reads).hasSize(4);
        assertThat(consumers.groups.fetch("g", "t", 0)).isEqualTo(7);
        consumers.groups.follow();
        consumers.groups.lead();
        assertThat(consumers.groups.list()).containsExactly("g Stable");
    }

    @Test
    void shouldLetAMemberChangeItsProtocolUnderItsId() {
        // given  a classic member among others
        TestingClassic old = alone();
        Client next = consumers.new Client("g", "next");
        next.join("t");
        // when   it comes by the consumer protocol
        Client same = consumers.new Client("g", old.id);
        same.join("t");
        // then
        assertThat(consumers.describe("g").members()).allMatch(member -> member.memberType() == 1);
        assertThat(consumers.groups.heartbeat("g", old.id, old.generation)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(consumers.refusal(reporting("g", old.id, same.epoch))).isEqualTo(Errors.NONE);
    }
}
