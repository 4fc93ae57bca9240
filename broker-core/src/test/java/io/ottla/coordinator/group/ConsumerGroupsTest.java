package io.ottla.coordinator.group;

import static io.ottla.coordinator.group.TestingConsumers.joining;
import static io.ottla.coordinator.group.TestingConsumers.reporting;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.MigrationPolicy;
import io.ottla.coordinator.group.TestingConsumers.Client;
import io.ottla.coordinator.group.TestingGroups.Later;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.storage.AppendResult;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumerGroupsTest {
    private final TestingConsumers consumers = new TestingConsumers();

    @BeforeEach
    void createTopics() {
        consumers.create("t", 3);
        consumers.create("u", 2);
    }

    private Client client(String id) {
        return consumers.new Client("g", id);
    }

    // ---- coming and sharing ----

    @Test
    void shouldGiveTheFirstMemberEverythingWithItsFirstAnswer() {
        // when
        Client one = client("one");
        ConsumerGroupHeartbeatResponseData answer = one.join("t");

        // then
        assertThat(answer.memberEpoch()).isEqualTo(2);
        assertThat(answer.heartbeatIntervalMs()).isEqualTo(5_000);
        assertThat(one.reads).containsExactly("t-0", "t-1", "t-2");
        assertThat(consumers.describe("g").groupState()).isEqualTo("Stable");
    }

    @Test
    void shouldGiveAPartitionToTheNextOnlyWhenTheLastHasGivenItUp() {
        // given  one has all
        Client one = client("one");
        one.join("t");
        Client two = client("two");

        // when   another comes: it waits
        assertThat(consumers.told(two.join("t"))).isEmpty();
        assertThat(consumers.describe("g").groupState()).isEqualTo("Reconciling");

        // when   the first is told to give up one, but says nothing of it
        ConsumerGroupHeartbeatResponseData told = consumers.beat(reporting("g", "one", one.epoch));
        List<String> kept = consumers.told(told);
        assertThat(kept).hasSize(2);
        two.report();
        assertThat(two.reads).isEmpty();

        // when   it says that it did
        ConsumerGroupHeartbeatResponseData gave = consumers.beat(
                reporting("g", "one", one.epoch).setTopicPartitions(consumers.owned(kept.toArray(String[]::new))));
        assertThat(gave.memberEpoch()).isEqualTo(3);

        // then   the other gets it
        two.report();
        assertThat(two.reads).hasSize(1).doesNotContainAnyElementsOf(kept);
        assertThat(consumers.describe("g").groupState()).isEqualTo("Stable");
    }

    @Test
    void shouldComeToRestWithManyMembers() {
        // given
        consumers.create("wide", 40);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Client client = client("m" + i);
            client.join("wide");
            clients.add(client);
        }

        // when   all report for a while
        for (int round = 0; round < 4; round++) {
            clients.forEach(Client::report);
        }

        // then
        assertThat(clients).allSatisfy(client -> assertThat(client.reads).hasSize(4));
        assertThat(clients.stream().flatMap(client -> client.reads.stream()).distinct())
                .hasSize(40);
        assertThat(consumers.describe("g").groupState()).isEqualTo("Stable");
    }

    @Test
    void shouldTellOnlyWhoJoinsOrSaysAllOrHasSomethingNew() {
        Client one = client("one");
        one.join("t");
        // nothing new
        assertThat(consumers.beat(reporting("g", "one", one.epoch)).assignment())
                .isNull();
        // all said
        assertThat(consumers.told(consumers.beat(joining("g", "one", "t").setMemberEpoch(one.epoch))))
                .hasSize(3);
        // joining again
        assertThat(consumers.told(consumers.beat(joining("g", "one", "t")))).hasSize(3);
        // other topics
        assertThat(consumers.told(consumers.beat(reporting("g", "one", one.epoch)
                        .setSubscribedTopicNames(List.of("u"))
                        .setTopicPartitions(List.of()))))
                .containsExactly("u-0", "u-1");
    }

    @Test
    void shouldNotAssignAgainBeforeItsIntervalIsOver() {
        // given
        consumers.configure("g", "consumer.assignment.interval.ms", "1000");
        Client one = client("one");
        one.join("t");

        // when   somebody comes at once
        Client two = client("two");
        two.join("t");

        // then   it is in the epoch that is assigned, and the group in the next
        assertThat(two.epoch).isEqualTo(2);
        DescribedGroup waiting = consumers.describe("g");
        assertThat(waiting.groupState()).isEqualTo("Assigning");
        assertThat(waiting.groupEpoch()).isEqualTo(3);
        assertThat(waiting.assignmentEpoch()).isEqualTo(2);
        // and    later it goes on
        consumers.groups.advance(1_000);
        one.report();
        two.report();
        assertThat(two.reads).hasSize(1);
    }

    @Test
    void shouldUseTheAssignorThatMostAskFor() {
        consumers.beat(joining("g", "one", "t").setServerAssignor("range"));
        assertThat(consumers.describe("g").assignorName()).isEqualTo("range");
        assertThat(consumers.refusal(joining("g", "two", "t").setServerAssignor("mine")))
                .isEqualTo(Errors.UNSUPPORTED_ASSIGNOR);
    }

    // ---- epochs ----

    @Test
    void shouldFenceWrongEpochs() {
        Client one = client("one");
        one.join("t");
        assertThat(consumers.refusal(reporting("g", "one", 99))).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        assertThat(consumers.refusal(reporting("g", "one", 1))).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        assertThat(consumers.refusal(reporting("g", "who", 1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(consumers.refusal(reporting("none", "one", 1))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(consumers.refusal(reporting("none", "one", -1))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldTakeThePreviousEpochFromWhoMissedAnAnswer() {
        // given  a member that is brought to epoch 3 by an answer that gets lost
        Client one = client("one");
        one.join("t");
        Client two = client("two");
        two.join("u");
        assertThat(consumers.beat(reporting("g", "one", 2)).memberEpoch()).isEqualTo(3);

        // when, then  it says the old one and what it reads
        assertThat(consumers.refusal(reporting("g", "one", 2))).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        ConsumerGroupHeartbeatResponseData again =
                consumers.beat(reporting("g", "one", 2).setTopicPartitions(consumers.owned("t-0", "t-1", "t-2")));
        assertThat(again.memberEpoch()).isEqualTo(3);
    }

    // ---- going ----

    @Test
    void shouldGiveToOthersWhatALeavingMemberHad() {
        Client one = client("one");
        one.join("t");
        Client two = client("two");
        two.join("t");
        one.report();
        two.report();
        assertThat(one.leave(-1)).isEqualTo(Errors.NONE);
        two.report();
        assertThat(two.reads).hasSize(3);
        assertThat(one.leave(-1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(two.leave(-1)).isEqualTo(Errors.NONE);
        assertThat(consumers.describe("g").groupState()).isEqualTo("Empty");
    }

    @Test
    void shouldGoOnWithoutASilentMember() {
        Client one = client("one");
        one.join("t");
        Client two = client("two");
        two.join("t");
        for (int i = 0; i < 10; i++) {
            consumers.groups.advance(5_000);
            two.report();
        }
        assertThat(two.reads).hasSize(3);
        assertThat(consumers.refusal(reporting("g", "one", 2))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldHeedTheSessionTimeoutOfAGroup() {
        consumers.configure("g", "consumer.session.timeout.ms", "120000");
        Client one = client("one");
        one.join("t");
        consumers.groups.advance(100_000);
        assertThat(consumers.refusal(reporting("g", "one", 2))).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldTellMembersHowOftenTheirGroupIsToReport() {
        Client one = client("one");
        assertThat(one.join("t").heartbeatIntervalMs()).isEqualTo(5_000);
        consumers.configure("g", "consumer.heartbeat.interval.ms", "700");
        assertThat(one.report().heartbeatIntervalMs()).isEqualTo(700);
    }

    @Test
    void shouldGoOnWithoutAMemberThatDoesNotGiveUpItsPartitions() {
        Client one = client("one");
        one.join("t");
        Client two = client("two");
        two.join("t");
        for (int i = 0; i < 13; i++) {
            consumers.beat(reporting("g", "one", 2));
            two.report();
            consumers.groups.advance(5_000);
        }
        two.report();
        assertThat(two.reads).hasSize(3);
        assertThat(consumers.refusal(reporting("g", "one", 2))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    // ---- static members ----

    @Test
    void shouldKeepThePartitionsOfAStaticMemberThatIsAway() {
        // given
        Client one = client("one");
        one.instanceId = "i";
        one.join("t");
        assertThat(consumers.refusal(joining("g", "next", "t").setInstanceId("i")))
                .isEqualTo(Errors.UNRELEASED_INSTANCE_ID);
        assertThat(consumers.refusal(reporting("g", "next", 2).setInstanceId("i")))
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(consumers.refusal(reporting("g", "one", 2).setInstanceId("j")))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);

        // when   it goes for a while and comes back under another id
        assertThat(one.leave(-2)).isEqualTo(Errors.NONE);
        Client next = client("next");
        next.instanceId = "i";
        next.join("t");

        // then   it has what it had, in the same epoch, and who it was is fenced
        assertThat(next.reads).hasSize(3);
        assertThat(next.epoch).isEqualTo(2);
        assertThat(consumers.describe("g").groupEpoch()).isEqualTo(2);
        assertThat(consumers.refusal(reporting("g", "one", 2).setInstanceId("i")))
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldForgetAStaticMemberThatStaysAway() {
        Client one = client("one");
        one.instanceId = "i";
        one.join("t");
        one.leave(-2);
        consumers.groups.advance(46_000);
        assertThat(consumers.describe("g").groupState()).isEqualTo("Empty");
    }

    // ---- topics ----

    @Test
    void shouldFollowTopicsThatComeGrowAndGo() {
        Client one = client("one");
        one.join("t", "later");
        assertThat(one.reads).hasSize(3);
        consumers.create("later", 2);
        one.report();
        assertThat(one.reads).hasSize(5);
        consumers.create("t", 4);
        one.report();
        assertThat(one.reads).hasSize(6);
        consumers.delete("later");
        one.report();
        assertThat(one.reads).containsExactly("t-0", "t-1", "t-2", "t-3");
        consumers.create("unrelated", 1);
        int epoch = consumers.describe("g").groupEpoch();
        one.report();
        assertThat(consumers.describe("g").groupEpoch()).isEqualTo(epoch);
    }

    @Test
    void shouldReadTheTopicsThatARegularExpressionMatchesAndItsClientMaySee() {
        // given
        consumers.create("t-secret", 1);
        consumers.sees = topic -> !topic.endsWith("secret");

        // when
        ConsumerGroupHeartbeatResponseData answer =
                consumers.beat(joining("g", "one").setSubscribedTopicNames(null).setSubscribedTopicRegex("t.*"));

        // then   it has them with its first answer
        assertThat(consumers.told(answer)).containsExactly("t-0", "t-1", "t-2");
        // and    a topic that comes is found with the next report, but not too often
        consumers.create("tt", 1);
        consumers.groups.advance(10_000);
        ConsumerGroupHeartbeatResponseData next = consumers.beat(reporting("g", "one", answer.memberEpoch()));
        ConsumerGroupHeartbeatResponseData then =
                next.assignment() == null ? consumers.beat(reporting("g", "one", next.memberEpoch())) : next;
        assertThat(consumers.told(then)).containsExactly("t-0", "t-1", "t-2", "tt-0");
    }

    @Test
    void shouldFindTopicsAnewEveryNowAndThen() {
        // given  a client that may see more after a while, of which nobody tells
        consumers.sees = topic -> !topic.equals("u");
        ConsumerGroupHeartbeatResponseData first =
                consumers.beat(joining("g", "one").setSubscribedTopicNames(null).setSubscribedTopicRegex("t|u"));
        assertThat(consumers.told(first)).hasSize(3);
        consumers.sees = topic -> true;
        // when
        int epoch = first.memberEpoch();
        List<String> told = null;
        for (int i = 0; i < 22; i++) {
            consumers.groups.advance(30_000);
            ConsumerGroupHeartbeatResponseData next = consumers.beat(reporting("g", "one", epoch));
            epoch = next.memberEpoch();
            told = next.assignment() == null ? told : consumers.told(next);
        }
        // then
        assertThat(told).hasSize(5);
    }

    @Test
    void shouldRefuseRegularExpressionsThatAreNoneOrTooCostly() {
        for (String regex : List.of(
                "t(", "(?=x)", "((a{100}){100}){100}", "a".repeat(9_000), "(" + "ab".repeat(4_000) + "){1000}")) {
            assertThat(consumers.refusal(joining("g", "one").setSubscribedTopicRegex(regex)))
                    .as(regex.substring(0, Math.min(20, regex.length())))
                    .isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        }
        assertThat(consumers.refusal(
                        joining("g", "one").setSubscribedTopicRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}")))
                .isEqualTo(Errors.NONE);
    }

    // ---- bad input ----

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertThat(consumers.refusal(joining("", "one", "t"))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(consumers.refusal(joining("g", "", "t"))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(consumers.refusal(joining("g", "one", "t").setInstanceId("")))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(consumers.refusal(joining("g", "one", "t").setRackId(""))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(consumers.refusal(joining("g", "one", "t").setTopicPartitions(null)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(consumers.refusal(joining("g", "one", "t").setRebalanceTimeoutMs(-1)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(consumers.refusal(joining("g", "one").setSubscribedTopicNames(null)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(consumers.refusal(reporting("g", "one", -2))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(consumers.refusal(reporting("g", "one", -3))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(consumers.refusal(joining("g", "one", "x".repeat(300_000)))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(consumers.describe("g").errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void shouldDrawIdsForClientsThatCanNot() {
        ConsumerGroupHeartbeatResponseData answer =
                consumers.send(joining("g", "", "t"), 0).get();
        assertThat(answer.memberId()).hasSize(22);
        assertThat(consumers.told(answer)).hasSize(3);
    }

    @Test
    void shouldTakeNoMoreMembersThanAllowed() {
        TestingConsumers small = new TestingConsumers(TestingConsumers.with(2, MigrationPolicy.DISABLED));
        small.create("t", 3);
        small.beat(joining("g", "one", "t"));
        small.beat(joining("g", "two", "t").setInstanceId("i"));
        assertThat(small.refusal(joining("g", "three", "t"))).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(small.refusal(joining("g", "two", "t"))).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldForgetMembersThatComeByTheThousandAndVanish() {
        for (int i = 0; i < 2_000; i++) {
            consumers.beat(joining("g" + i % 5, "m" + i, "t"));
        }
        consumers.groups.advance(46_000);
        for (int i = 0; i < 5; i++) {
            assertThat(consumers.describe("g" + i).groupState()).isEqualTo("Empty");
        }
    }

    // ---- offsets ----

    @Test
    void shouldTakeCommitsOfAMembersEpochAndOfEarlierOnesForWhatItHadThen() {
        // given  a member whose epoch has gone on, with the partitions that it had
        Client one = client("one");
        one.join("t");
        Client two = client("two");
        two.join("u");
        one.report();
        assertThat(one.epoch).isEqualTo(3);

        // when, then
        assertThat(consumers.groups.commit("g", "one", 3, "t", 1)).isEqualTo(Errors.NONE);
        assertThat(consumers.groups.commit("g", "one", 2, "t", 2)).isEqualTo(Errors.NONE);
        assertThat(consumers.groups.commit("g", "one", 1, "t", 3)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(consumers.groups.commit("g", "one", 2, "u", 3)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(consumers.groups.commit("g", "one", 4, "t", 3)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(consumers.groups.commit("g", "who", 3, "t", 3)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(consumers.groups.commit("g", "", -1, "t", 3)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(consumers.groups.commit(TestingGroups.committing("g", "one", 3, "t", 0, 5), 8))
                .isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(consumers.groups.fetch("g", "t", 0)).isEqualTo(2);
    }

    @Test
    void shouldDeleteAnEmptyGroupWithItsOffsets() {
        Client one = client("one");
        one.join("t");
        consumers.groups.commit("g", "one", one.epoch, "t", 7);
        assertThat(consumers.groups.delete("g")).isEqualTo(Errors.NON_EMPTY_GROUP);
        one.leave(-1);
        assertThat(consumers.groups.list()).containsExactly("g Empty");
        assertThat(consumers.groups.delete("g")).isEqualTo(Errors.NONE);
        assertThat(consumers.groups.list()).isEmpty();
        assertThat(consumers.groups.fetch("g", "t", 0)).isEqualTo(-1);
    }

    // ---- when things go wrong ----

    @Test
    void shouldRefuseWhatCanNotBeStoredAndGoOnAfterwards() {
        consumers.groups.log().nextAppend = new AppendResult.Refused(Failure.of(Errors.NOT_ENOUGH_REPLICAS));
        Client one = client("one");
        assertThat(Errors.forCode(one.join("t").errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        consumers.groups.log().nextAppend = null;
        one.join("t");
        assertThat(one.reads).hasSize(3);
    }

    @Test
    void shouldAnswerWhoWaitsWhenTheLeadershipEnds() {
        // given  a report that waits for its target
        Later<ConsumerGroupHeartbeatResponseData> answer = new Later<>();
        consumers
                .groups
                .coordinator
                .consumers()
                .heartbeat(new GroupAsker("c", "/h", (short) 1, topic -> true), joining("g", "one", "t"), answer);
        assertThat(answer.now()).isNull();
        // when
        consumers.groups.pool.clear();
        consumers.groups.follow();
        // then
        assertThat(answer.get().errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
    }

    @Test
    void shouldGoOnAfterAnotherBrokerHasLed() {
        Client one = client("one");
        one.join("t");
        Client two = client("two");
        two.join("t");
        String before = consumers.picture("g");
        consumers.groups.follow();
        assertThat(consumers.refusal(reporting("g", "one", 2))).isEqualTo(Errors.NOT_COORDINATOR);
        consumers.groups.lead();
        assertThat(consumers.picture("g")).isEqualTo(before);
        one.report();
        two.report();
        assertThat(two.reads).hasSize(1);
    }

    // ---- figures ----

    @Test
    @Moves({
        "kafka_server_group_coordinator_metrics_consumer_group_assignment_failed_total",
        "kafka_server_group_coordinator_metrics_consumer_group_assignment_time_ms",
        "kafka_server_group_coordinator_metrics_consumer_group_count",
        "kafka_server_group_coordinator_metrics_consumer_group_rebalance_total"
    })
    void shouldCountGroupsByStateAndEpochs(Movement movement) {
        // given
        movement.watch(consumers.groups.metrics);
        // when   one comes, and one whose assignor breaks
        Client one = client("one");
        one.join("t");
        movement.look();
        consumers.assignorBreaks = true;
        client("two").join("t");
        // then   the group goes on with what it has
        assertThat(one.reads).hasSize(3);
        assertThat(consumers.describe("g").groupState()).isEqualTo("Assigning");
        // and    tries again
        consumers.assignorBreaks = false;
        consumers.groups.advance(1_000);
        one.report();
        assertThat(one.reads).hasSize(2);
        // and    a group that is coordinated elsewhere is not counted here
        consumers.groups.follow();
        assertThat(consumers.groups.metric("kafka_server_group_coordinator_metrics_consumer_group_count"))
                .isZero();
    }
}
