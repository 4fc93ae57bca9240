package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicDefaults;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Metrics;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerTest {
    private final TestingCluster cluster = new TestingCluster();

    private static NewTopic topic(String name, int partitions, int replicas) {
        return new NewTopic(name, partitions, (short) replicas, List.of(), Map.of());
    }

    private TopicResult create(NewTopic topic) {
        return cluster.await(cluster.controller.createTopics(List.of(topic), false))
                .getFirst();
    }

    private Errors refusal(NewTopic topic) {
        return create(topic) instanceof TopicResult.Refused(String name, Failure failure)
                ? failure.error()
                : Errors.NONE;
    }

    private PartitionImage partition(String topic, int number) {
        return cluster.image.topic(topic).partition(number);
    }

    @Test
    void shouldRefuseEverythingWhileAnotherIsController() {
        // given  a broker that was never elected
        cluster.store.broker(1, null);
        // when   a topic is to be created
        // then   the answer says where not to ask
        assertThat(refusal(topic("t", 1, 1))).isEqualTo(Errors.NOT_CONTROLLER);
        assertThat(cluster.store.writes).isZero();
    }

    @Test
    void shouldPublishACreatedTopicAfterItIsWrittenAndAnswerWhenItIsInForce() {
        // given  a controller whose brokers take their time with new logs
        cluster.store.broker(1, null);
        cluster.elect();
        cluster.inForce = new CompletableFuture<>();
        // when   a topic is created
        CompletionStage<List<TopicResult>> answer = cluster.controller.createTopics(
                List.of(new NewTopic("t", 3, (short) 1, List.of(), Map.of("retention.ms", "5"))), false);
        assertThat(cluster.await(answer)).isNull();
        assertThat(cluster.image.topic("t").partitions()).hasSize(3);
        cluster.inForce.complete(null);
        // then   the answer waits for that, and store and image agree
        TopicResult.Created created =
                (TopicResult.Created) cluster.await(answer).getFirst();
        assertThat(created.partitions()).isEqualTo(3);
        assertThat(created.id()).isEqualTo(cluster.image.topic("t").id()).isNotEqualTo(TopicId.ZERO);
        assertThat(cluster.image.topics().get("t")).isEqualTo(cluster.store.topics.get("t"));
        assertThat(partition("t", 2).leader()).isEqualTo(new BrokerId(1));
        assertThat(partition("t", 2).leaderEpoch()).isEqualTo(new LeaderEpoch(0));
        assertThat(cluster.image.configs().get(ConfigResourceName.topic("t")).values())
                .containsEntry("retention.ms", "5");
    }

    @Test
    void shouldRefuseWhatKafkaRefuses() {
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("a.b", 1, 1));
        assertThat(refusal(topic("a.b", 1, 1))).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
        assertThat(refusal(topic("a_b", 1, 1))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        for (String name : List.of("", ".", "..", "x y", "é", "x".repeat(250))) {
            assertThat(refusal(topic(name, 1, 1))).as(name).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        }
        assertThat(refusal(topic("x".repeat(249), 1, 1))).isEqualTo(Errors.NONE);
        assertThat(refusal(topic("p", 0, 1))).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(refusal(topic("p", -2, 1))).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(refusal(topic("p", 1, 0))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(refusal(topic("p", 20_000, 1))).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(((TopicResult.Refused) create(topic("p", 1, 3))).failure())
                .extracting(Failure::error, Failure::text)
                .containsExactly(
                        Errors.INVALID_REPLICATION_FACTOR,
                        "The replication factor is 3, but only 1 broker(s) are registered");
        assertThat(refusal(new NewTopic("p", 1, (short) 1, List.of(), Map.of("bad", "1"))))
                .isEqualTo(Errors.INVALID_CONFIG);
        Map<String, String> nothing = new HashMap<>();
        nothing.put("retention.ms", null);
        assertThat(refusal(new NewTopic("p", 1, (short) 1, List.of(), nothing))).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(cluster.image.topics()).doesNotContainKey("p");
    }

    @Test
    void shouldHoldManualAssignmentsToTheRules() {
        cluster.store.broker(1, null).broker(2, null);
        cluster.elect();
        assertThat(refusal(assigned(-1, 1, at(0, 1)))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(refusal(assigned(1, -1, at(0, 1)))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(refusal(assigned(-1, -1, at(1, 1)))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refusal(assigned(-1, -1, at(0, 1), at(0, 2)))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refusal(assigned(-1, -1, at(0, 1, 1)))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refusal(assigned(-1, -1, at(0)))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refusal(assigned(-1, -1, at(0, 77)))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refusal(assigned(-1, -1, at(0, 1, 2), at(1, 1)))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refusal(assigned(-1, -1, at(1, 1, 2), at(0, 2, 1)))).isEqualTo(Errors.NONE);
        assertThat(partition("m", 0).replicas()).containsExactly(new BrokerId(2), new BrokerId(1));
    }

    static NewTopic assigned(int partitions, int replicas, NewTopic.Assignment... assignments) {
        return new NewTopic("m", partitions, (short) replicas, List.of(assignments), Map.of());
    }

    static NewTopic.Assignment at(int partition, int... brokers) {
        return new NewTopic.Assignment(
                partition,
                java.util.Arrays.stream(brokers).mapToObj(BrokerId::new).toList());
    }

    @Test
    void shouldOnlySayWhatWouldHappen() {
        cluster.store.broker(1, null);
        cluster.elect();
        int before = cluster.steps.size();
        List<TopicResult> results = cluster.await(cluster.controller.createTopics(List.of(topic("t", -1, -1)), true));
        assertThat(results.getFirst()).isEqualTo(new TopicResult.Created("t", TopicId.ZERO, 1, (short) 1, Map.of()));
        assertThat(cluster.store.topics).isEmpty();
        assertThat(cluster.steps).hasSize(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = TestingStore.Fate.class,
            names = {"WRITTEN_AND_REPLY_LOST", "LOST"})
    void shouldFindOutWhatBecameOfAWriteWhoseReplyWasLost(TestingStore.Fate fate) {
        // given  a store that loses the next reply
        cluster.store.broker(1, null);
        cluster.elect();
        cluster.store.fates.add(fate);
        int steps = cluster.steps.size();
        // when   a topic is created
        TopicResult result = create(topic("t", 2, 1));
        // then   it is created once, published once, and known by the id that is in the store
        assertThat(result).isInstanceOf(TopicResult.Created.class);
        assertThat(((TopicResult.Created) result).id())
                .isEqualTo(cluster.store.topics.get("t").id());
        assertThat(cluster.store.loads).isEqualTo(2);
        assertThat(cluster.steps).hasSize(steps + 1);
        assertThat(cluster.image.topic("t")).isEqualTo(cluster.store.topics.get("t"));
    }

    @ParameterizedTest
    @EnumSource(
            value = TestingStore.Fate.class,
            names = {"WRITTEN_AND_REPLY_LOST", "LOST"})
    void shouldGrowATopicOnceWhenTheReplyWasLost(TestingStore.Fate fate) {
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("t", 2, 1));
        cluster.store.fates.add(fate);
        List<NamedResult> results =
                cluster.await(cluster.controller.createPartitions(List.of(new MorePartitions("t", 5, null)), false));
        assertThat(results).containsExactly(new NamedResult("t", null));
        assertThat(cluster.image.topic("t").partitions()).hasSize(5);
        assertThat(cluster.image.topic("t")).isEqualTo(cluster.store.topics.get("t"));
    }

    @Test
    void shouldSayThatATopicExistsWhenAnOldToolMadeItFirst() {
        // given  a topic that appeared in the store unseen
        cluster.store.broker(1, null);
        cluster.elect();
        cluster.store.watch(event -> {});
        cluster.store.topicByHand("t", 1);
        // when   it is to be created
        // then   the conflict is read and the answer is Kafka's; the topic there gets id and state
        assertThat(refusal(topic("t", 1, 1))).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
        assertThat(cluster.image.topic("t").id()).isNotEqualTo(TopicId.ZERO);
        assertThat(cluster.image.topic("t")).isEqualTo(cluster.store.topics.get("t"));
    }

    @Test
    void shouldGiveUpWhenTheStoreKeepsLosingWrites() {
        cluster.store.broker(1, null);
        cluster.elect();
        for (int i = 0; i < 5; i++) {
            cluster.store.fates.add(TestingStore.Fate.LOST);
        }
        CompletionStage<List<TopicResult>> answer = cluster.controller.createTopics(List.of(topic("t", 1, 1)), false);
        cluster.settle();
        cluster.passTime(6);
        assertThat(((TopicResult.Refused) cluster.await(answer).getFirst())
                        .failure()
                        .error())
                .isEqualTo(Errors.REQUEST_TIMED_OUT);
        assertThat(create(topic("u", 1, 1))).isInstanceOf(TopicResult.Created.class);
    }

    @Test
    void shouldRefuseOnlyWhatIsTooLarge() {
        // given  two requests decided in one turn, of which one is too large for the store
        cluster.store.broker(1, null);
        cluster.elect();
        cluster.tell(new ControllerElection.Event.Suspended());
        cluster.store.fates.add(TestingStore.Fate.TOO_LARGE);
        cluster.store.fates.add(TestingStore.Fate.TOO_LARGE);
        CompletionStage<List<TopicResult>> large =
                cluster.controller.createTopics(List.of(topic("large", 1, 1)), false);
        CompletionStage<List<TopicResult>> small =
                cluster.controller.createTopics(List.of(topic("small", 1, 1)), false);
        cluster.tell(new ControllerElection.Event.Resumed());
        cluster.passTime(3);
        // then   it alone is refused
        assertThat(((TopicResult.Refused) cluster.await(large).getFirst())
                        .failure()
                        .error())
                .isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(cluster.await(small).getFirst()).isInstanceOf(TopicResult.Created.class);
    }

    @Test
    void shouldPublishNothingOnceDeposed() {
        // given  a controller that does not know yet that another was elected
        cluster.store.broker(1, null);
        cluster.elect();
        int steps = cluster.steps.size();
        cluster.store.epochVersion++;
        // when   it creates a topic
        // then   nothing is written or published, and it steps down
        assertThat(refusal(topic("t", 1, 1))).isEqualTo(Errors.NOT_CONTROLLER);
        assertThat(cluster.store.topics).isEmpty();
        assertThat(cluster.steps).hasSize(steps);
        assertThat(cluster.controller.image()).isNull();
        assertThat(cluster.looks)
                .as("it may be nobody else: then it has to stand anew")
                .isEqualTo(1);
        assertThat(gauge("kafka_controller_kafkacontroller_activecontrollercount"))
                .isZero();
    }

    @Test
    void shouldReadAgainWhenElectedAgain() {
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("gone", 1, 1));
        cluster.tell(new ControllerElection.Event.Resigned("so it is"));
        cluster.store.topics.remove("gone");
        cluster.store.topicByHand("new", 1);
        cluster.elect();
        assertThat(cluster.image.topics()).containsOnlyKeys("new");
        assertThat(cluster.image.version().controllerEpoch()).isEqualTo(new ControllerEpoch(2));
        assertThat(partition("new", 0).controllerEpoch()).isEqualTo(new ControllerEpoch(2));
    }

    @Test
    void shouldBeginATermWithAStepThoughNothingHasChanged() {
        // given  a controller that loses its place
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("t", 1, 1));
        cluster.tell(new ControllerElection.Event.Resigned("so it is"));
        int steps = cluster.steps.size();
        // when   it is elected again, and finds all as it was
        cluster.elect();
        // then   it says so: whoever asks it has to be told something of this term
        assertThat(cluster.steps).hasSize(steps + 1);
        assertThat(cluster.steps.getLast().changes()).isEmpty();
        assertThat(cluster.image.version()).isEqualTo(new ImageVersion(new ControllerEpoch(2), 1));
        // when   it looks again
        cluster.tell(new ControllerElection.Event.Suspended());
        cluster.tell(new ControllerElection.Event.Resumed());
        // then   once is enough
        assertThat(cluster.steps).hasSize(steps + 1);
    }

    @Test
    void shouldWaitWhileTheStoreIsAway() {
        cluster.store.broker(1, null);
        cluster.elect();
        cluster.tell(new ControllerElection.Event.Suspended());
        CompletionStage<List<TopicResult>> answer = cluster.controller.createTopics(List.of(topic("t", 1, 1)), false);
        assertThat(cluster.await(answer)).isNull();
        assertThat(cluster.store.topics).isEmpty();
        cluster.tell(new ControllerElection.Event.Resumed());
        assertThat(cluster.await(answer).getFirst()).isInstanceOf(TopicResult.Created.class);
    }

    @Test
    void shouldTryAgainWhenTheStoreCannotBeRead() {
        cluster.store.broker(1, null);
        cluster.store.failNextRead();
        cluster.elect();
        assertThat(cluster.image.brokers()).isEmpty();
        cluster.passTime(1);
        assertThat(cluster.image.brokers()).hasSize(1);
    }

    @Test
    void shouldLeadAgainWithOneReplicaWhenItsBrokerIsBack() {
        cluster.store.broker(1, null).broker(2, null);
        cluster.elect();
        create(assigned(-1, -1, at(0, 2)));
        // when   the only replica's broker leaves
        cluster.store.brokerGone(2);
        cluster.settle();
        assertThat(partition("m", 0).leader()).isEqualTo(BrokerId.NONE);
        assertThat(gauge("kafka_controller_kafkacontroller_offlinepartitionscount"))
                .isEqualTo(1);
        // when   it returns
        cluster.store.broker(2, null, 500);
        cluster.settle();
        // then   it leads in a new epoch
        assertThat(partition("m", 0).leader()).isEqualTo(new BrokerId(2));
        assertThat(partition("m", 0).leaderEpoch()).isEqualTo(new LeaderEpoch(2));
        assertThat(cluster.image.topic("m")).isEqualTo(cluster.store.topics.get("m"));
    }

    @Test
    void shouldElectNobodyUncleanWhoWasDeadForTheLastController() {
        // given  a topic that may be led unclean, whose second replica died and fell out of sync; its registration
        // lasts on
        cluster.store.broker(1, null).broker(2, null).broker(3, null);
        cluster.elect();
        BrokerId two = new BrokerId(2);
        BrokerId three = new BrokerId(3);
        cluster.await(cluster.controller.createTopics(
                List.of(new NewTopic(
                        "u",
                        -1,
                        (short) -1,
                        List.of(new NewTopic.Assignment(0, List.of(two, three))),
                        Map.of("unclean.leader.election.enable", "true"))),
                false));
        cluster.await(cluster.controller.fence(three, new BrokerEpoch(103), true));
        assertThat(partition("u", 0).inSync()).containsExactly(two);
        // when   the controller and the leader die together, and the new controller hears of the leader's death first
        cluster.tell(new ControllerElection.Event.Resigned("test"));
        cluster.elect();
        cluster.await(cluster.controller.fence(two, new BrokerEpoch(102), true));
        // then   the dead one is not made leader, for which the records of the other would have to go
        assertThat(partition("u", 0).inSync()).containsExactly(two);
        assertThat(partition("u", 0).leader()).isEqualTo(BrokerId.NONE);
        // when   it is heard of
        cluster.await(cluster.controller.takeBack(three, new BrokerEpoch(103), true));
        // then   it leads
        assertThat(partition("u", 0).leader()).isEqualTo(three);
    }

    @Test
    void shouldTreatABrokerOfAnotherEpochAsRestarted() {
        cluster.store.broker(1, null).broker(2, null);
        cluster.elect();
        create(assigned(-1, -1, at(0, 2), at(1, 1)));
        create(new NewTopic("two", -1, (short) -1, List.of(at(0, 2, 1)), Map.of()));
        int steps = cluster.steps.size();
        // when   broker 2 registers anew before anybody saw it go
        cluster.store.broker(2, null, 900);
        cluster.settle();
        // then   what it led alone has a new epoch, what another could take has moved, in one step and one write each
        assertThat(partition("m", 0).leaderEpoch()).isEqualTo(new LeaderEpoch(1));
        assertThat(partition("m", 1).leaderEpoch()).isEqualTo(new LeaderEpoch(0));
        assertThat(partition("two", 0).leader()).isEqualTo(new BrokerId(1));
        assertThat(partition("two", 0).inSync()).containsExactly(new BrokerId(1));
        assertThat(cluster.steps).hasSize(steps + 1);
        assertThat(cluster.image.topic("two")).isEqualTo(cluster.store.topics.get("two"));
    }

    @Test
    void shouldDeleteInTheOrderThatACrashCannotHarm() {
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("t", 2, 1));
        List<NamedResult> results =
                cluster.await(cluster.controller.deleteTopics(List.of(new DoomedTopic("t", TopicId.ZERO))));
        assertThat(results).containsExactly(new NamedResult("t", null));
        assertThat(cluster.steps.get(cluster.steps.size() - 2).changes())
                .singleElement()
                .satisfies(change -> assertThat(
                                ((MetadataChange.TopicSet) change).topic().deleting())
                        .isTrue());
        assertThat(cluster.steps.getLast().changes()).anyMatch(MetadataChange.TopicGone.class::isInstance);
        assertThat(cluster.store.topics).isEmpty();
        assertThat(cluster.store.deletions).isEmpty();
        assertThat(cluster.image.topicNames()).isEmpty();
        assertThat(create(topic("t", 1, 1))).isInstanceOf(TopicResult.Created.class);
    }

    @Test
    void shouldFinishADeletionThatWasBegunBefore() {
        cluster.store.broker(1, null);
        cluster.store.topicByHand("t", 1);
        cluster.store.deletions.addAll(List.of("t", "never"));
        cluster.elect();
        assertThat(cluster.store.topics).isEmpty();
        assertThat(cluster.store.deletions).isEmpty();
        assertThat(cluster.image.topics()).isEmpty();
    }

    @Test
    void shouldFinishADeletionWhoseReplyWasLost() {
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("t", 1, 1));
        cluster.store.fates.add(TestingStore.Fate.WRITTEN_AND_REPLY_LOST);
        cluster.store.fates.add(TestingStore.Fate.LOST);
        List<NamedResult> results =
                cluster.await(cluster.controller.deleteTopics(List.of(new DoomedTopic("t", TopicId.ZERO))));
        cluster.passTime(2);
        assertThat(cluster.store.topics).isEmpty();
        assertThat(cluster.image.topics()).isEmpty();
        assertThat(results == null || results.getFirst().failure() == null).isTrue();
    }

    @Test
    void shouldTellDeletionsApartByName() {
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("t", 1, 1));
        List<NamedResult> results = cluster.await(cluster.controller.deleteTopics(
                List.of(new DoomedTopic("u", TopicId.ZERO), new DoomedTopic("t", new TopicId(1, 1)))));
        assertThat(results)
                .extracting(result -> result.failure().error())
                .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void shouldKeepTopicsWhereDeletionIsDisabled() {
        TestingCluster fixed = new TestingCluster(new TopicDefaults(1, (short) 1, true, false));
        fixed.store.broker(1, null);
        fixed.elect();
        fixed.await(fixed.controller.createTopics(List.of(topic("t", 1, 1)), false));
        fixed.store.deletionByHand("t");
        fixed.settle();
        assertThat(fixed.store.deletions).isEmpty();
        assertThat(fixed.image.topics()).containsKey("t");
        assertThat(fixed.await(fixed.controller.deleteTopics(List.of(new DoomedTopic("t", TopicId.ZERO))))
                        .getFirst()
                        .failure()
                        .error())
                .isEqualTo(Errors.TOPIC_DELETION_DISABLED);
    }

    @Test
    void shouldObeyNodesWrittenByHand() {
        // given  a controller at work
        cluster.store.broker(1, null);
        cluster.elect();
        // when   old tools make a topic, configure it, give it a partition, and delete it
        cluster.store.configs.put(ConfigResourceName.topic("old"), new io.ottla.metadata.ConfigImage(Map.of("a", "1")));
        cluster.store.topicByHand("old", 1);
        cluster.settle();
        TopicImage made = cluster.image.topic("old");
        assertThat(made.id()).isNotEqualTo(TopicId.ZERO);
        assertThat(partition("old", 0).leader()).isEqualTo(new BrokerId(1));
        assertThat(cluster.image.configs().get(ConfigResourceName.topic("old")).values())
                .containsEntry("a", "1");

        cluster.store.configByHand("old", Map.of("a", "2"), cluster.wallMs);
        cluster.settle();
        assertThat(cluster.image.configs().get(ConfigResourceName.topic("old")).values())
                .containsEntry("a", "2");
        assertThat(cluster.store.notes).hasSize(1);

        cluster.wallMs += 5_000;
        cluster.store.configByHand("old", Map.of("a", "2"), cluster.wallMs - 4_000);
        cluster.settle();
        assertThat(cluster.store.notes)
                .as("notes that everybody has seen are taken away")
                .isEmpty();

        cluster.store.deletionByHand("old");
        cluster.settle();
        // then   each of it happens
        assertThat(cluster.image.topics()).isEmpty();
        assertThat(cluster.image.configs()).isEmpty();
        assertThat(cluster.store.topics).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKeepTheIdOfATopicThatAnOldToolGrows(boolean whileThereIsNoController) {
        // given  a topic, whose id its logs bear
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("kept", 1, 1));
        TopicId id = cluster.image.topic("kept").id();
        if (whileThereIsNoController) {
            cluster.tell(new ControllerElection.Event.Resigned("test"));
        }
        // when   somebody who knows no ids writes its node anew, with one more partition
        TopicImage before = cluster.store.topics.get("kept");
        PartitionImage added = PartitionImage.unborn(List.of(new BrokerId(1)), List.of(), List.of());
        cluster.store.topicByHand(
                new TopicImage("kept", TopicId.ZERO, before.partitions().plus(added), false));
        cluster.settle();
        if (whileThereIsNoController) {
            cluster.elect();
        }
        // then   it is the same topic still, here and in the store
        assertThat(cluster.image.topic("kept").id()).isEqualTo(id);
        assertThat(cluster.store.topics.get("kept").id()).isEqualTo(id);
        assertThat(partition("kept", 1).leader()).isEqualTo(new BrokerId(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKeepATopicAsItWasWhileANodeOfItCanNotBeRead(boolean atTheNextElection) {
        // given  a topic on two brokers, and a node of it in which somebody wrote nonsense
        cluster.store.broker(1, null).broker(2, null);
        cluster.elect();
        BrokerId two = new BrokerId(2);
        cluster.await(cluster.controller.createTopics(
                List.of(new NewTopic(
                        "t",
                        -1,
                        (short) -1,
                        List.of(new NewTopic.Assignment(0, List.of(two, new BrokerId(1)))),
                        Map.of())),
                false));
        TopicImage before = cluster.image.topic("t");
        cluster.store.unreadable.add("t");
        // when   the store is read again, by the next controller or by this one
        if (atTheNextElection) {
            cluster.tell(new ControllerElection.Event.Resigned("test"));
            cluster.elect();
        } else {
            cluster.store.fates.add(TestingStore.Fate.LOST);
            create(topic("other", 1, 1));
        }
        // then   nobody is told that it has gone, and nothing of it is decided: what comes of its leader's death waits
        assertThat(cluster.image.topic("t")).isEqualTo(before);
        cluster.await(cluster.controller.fence(two, new BrokerEpoch(102), true));
        assertThat(cluster.image.topic("t")).isEqualTo(before);
        assertThat(cluster.await(cluster.controller.createPartitions(List.of(new MorePartitions("t", 2, null)), false))
                        .getFirst()
                        .failure()
                        .error())
                .isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        // when   somebody mends it
        cluster.store.mended("t");
        cluster.settle();
        // then   that follows
        assertThat(partition("t", 0).leader()).isEqualTo(new BrokerId(1));
        assertThat(cluster.image.topic("t").id()).isEqualTo(before.id());
    }

    @Test
    void shouldDeleteATopicThatCanNotBeReadWhereSomebodyAsksForThat() {
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("t", 1, 1));
        cluster.store.unreadable.add("t");
        cluster.tell(new ControllerElection.Event.Resigned("test"));
        cluster.store.deletionByHand("t");
        cluster.elect();
        cluster.settle();
        assertThat(cluster.image.topic("t")).isNull();
        assertThat(cluster.store.topics).isEmpty();
    }

    @Test
    void shouldGiveANewIdToATopicThatAnOldToolMadeInThePlaceOfAnother() {
        // given  a topic
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("again", 1, 1));
        TopicId id = cluster.image.topic("again").id();
        // when   its nodes go, and it is made anew, before anybody looks
        cluster.store.topicByHand("again", 1);
        cluster.settle();
        // then   it is another topic
        assertThat(cluster.image.topic("again").id()).isNotEqualTo(id).isNotEqualTo(TopicId.ZERO);
    }

    @Test
    void shouldGrowTopicsWithinTheRules() {
        cluster.store.broker(1, null);
        cluster.elect();
        create(topic("t", 2, 1));
        assertThat(grow(new MorePartitions("u", 3, null))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(grow(new MorePartitions("t", 2, null))).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(grow(new MorePartitions("t", -1, null))).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(grow(new MorePartitions("t", 20_000, null))).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(grow(new MorePartitions("t", 4, List.of(List.of(new BrokerId(1))))))
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(grow(new MorePartitions("t", 3, List.of(List.of(new BrokerId(9))))))
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(grow(new MorePartitions("t", 3, List.of(List.of(new BrokerId(1))))))
                .isEqualTo(Errors.NONE);
        assertThat(grow(new MorePartitions("t", 6, null))).isEqualTo(Errors.NONE);
        assertThat(cluster.image.topic("t").partitions()).hasSize(6).noneMatch(PartitionImage::isUnborn);
        assertThat(cluster.image.topic("t")).isEqualTo(cluster.store.topics.get("t"));
    }

    private Errors grow(MorePartitions wanted) {
        Failure failure = cluster.await(cluster.controller.createPartitions(List.of(wanted), false))
                .getFirst()
                .failure();
        return failure == null ? Errors.NONE : failure.error();
    }

    @Test
    void shouldMoveFeaturesAllOrNone() {
        cluster.store.broker(1, null);
        cluster.elect();
        assertThat(feature("some.version", 1, FeatureUpdate.Direction.UPGRADE)).isEmpty();
        assertThat(cluster.image.features().levels()).containsEntry("some.version", (short) 1);
        assertThat(cluster.image.features().epoch()).isEqualTo(1).isEqualTo(cluster.store.features.epoch());
        assertThat(feature("some.version", 3, FeatureUpdate.Direction.UPGRADE)).isPresent();
        assertThat(feature("other", 1, FeatureUpdate.Direction.UPGRADE)).isPresent();
        assertThat(feature("some.version", -1, FeatureUpdate.Direction.SAFE_DOWNGRADE))
                .isPresent();
        assertThat(feature("some.version", 1, FeatureUpdate.Direction.UNKNOWN)).isPresent();
        assertThat(feature("some.version", 0, FeatureUpdate.Direction.UPGRADE)).isPresent();
        assertThat(cluster.image.features().epoch()).isEqualTo(1);
        assertThat(feature("some.version", 0, FeatureUpdate.Direction.SAFE_DOWNGRADE))
                .isEmpty();
        assertThat(cluster.image.features().levels()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepFeaturesInForceWhoseNodeCanNotBeRead(boolean atTheNextElection) {
        // given
        cluster.store.broker(1, null);
        cluster.elect();
        assertThat(feature("some.version", 1, FeatureUpdate.Direction.UPGRADE)).isEmpty();
        Map<String, Short> levels = cluster.image.features().levels();
        // when   somebody writes nonsense into it
        if (atTheNextElection) {
            cluster.tell(new ControllerElection.Event.Resigned("test"));
            cluster.store.featuresByHand(false);
            cluster.elect();
        } else {
            cluster.store.featuresByHand(false);
            cluster.settle();
        }
        // then
        assertThat(cluster.image.features().levels()).isEqualTo(levels).isNotEmpty();
        assertThat(cluster.image.features().epoch()).isEqualTo(2);
        // when   a level is set
        assertThat(feature("some.version", 2, FeatureUpdate.Direction.UPGRADE)).isEmpty();
        // then   that mends it
        assertThat(cluster.store.features.levels()).containsEntry("some.version", (short) 2);
        assertThat(cluster.store.featuresUnreadable).isFalse();
        assertThat(cluster.image.features()).isEqualTo(cluster.store.features);
    }

    @Test
    void shouldDecideNothingWhereItCanNotKnowWhichFeaturesAreInForce() {
        // given  a controller that was never told of the cluster
        cluster.blind = true;
        cluster.store.broker(1, null);
        cluster.store.featuresUnreadable = true;
        cluster.store.topicByHand("t", 1);
        // when
        cluster.elect();
        cluster.passTime(3);
        // then
        assertThat(cluster.steps).isEmpty();
        assertThat(cluster.store.writes).isZero();
        // when   somebody mends it
        cluster.store.featuresByHand(true);
        cluster.passTime(3);
        // then
        assertThat(partition("t", 0).leader()).isEqualTo(new BrokerId(1));
    }

    private Optional<Failure> feature(String name, int level, FeatureUpdate.Direction direction) {
        return cluster.await(
                cluster.controller.updateFeatures(List.of(new FeatureUpdate(name, (short) level, direction)), false));
    }

    @Test
    void shouldDecideWhatWaitsInOneTurn() {
        cluster.store.broker(1, null);
        cluster.elect();
        int steps = cluster.steps.size();
        for (int i = 0; i < 100; i++) {
            cluster.controller.createTopics(List.of(topic("t" + i, 1, 1)), false);
        }
        cluster.settle();
        assertThat(cluster.image.topics()).hasSize(100);
        assertThat(cluster.steps.size() - steps).isLessThanOrEqualTo(2);
        assertThat(gauge("kafka_controller_kafkacontroller_globaltopiccount")).isEqualTo(100);
        assertThat(gauge("kafka_controller_kafkacontroller_globalpartitioncount"))
                .isEqualTo(100);
        assertThat(gauge("kafka_controller_kafkacontroller_preferredreplicaimbalancecount"))
                .isZero();
        assertThat(gauge("kafka_controller_kafkacontroller_activecontrollercount"))
                .isEqualTo(1);
    }

    private double gauge(String name) {
        return cluster.metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .mapToDouble(sample -> ((Metrics.Sample.Level) sample).value())
                .findFirst()
                .orElseThrow();
    }
}
