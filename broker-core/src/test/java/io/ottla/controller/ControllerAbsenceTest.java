package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said while there is no controller, or one that can't reach its store. */
class ControllerAbsenceTest {
    private static final BrokerId SELF = new BrokerId(1);

    private final TestingCluster cluster = new TestingCluster();

    @BeforeEach
    void begin() {
        cluster.store.broker(1, null);
    }

    private CompletionStage<List<TopicResult>> create() {
        return cluster.controller.createTopics(List.of(new NewTopic("t", 1, (short) 1, List.of(), Map.of())), false);
    }

    private Failure refusal() {
        return ((TopicResult.Refused) cluster.await(create()).getFirst()).failure();
    }

    private BrokerId reachable() {
        return cluster.controller.reachable(cluster.image);
    }

    @Test
    void shouldSayWhyItLostItsPlace() {
        // given
        assertThat(refusal())
                .isEqualTo(Failure.of(
                        Errors.NOT_CONTROLLER,
                        "This broker is not the controller: no controller has been elected yet"));
        cluster.elect();
        assertThat(reachable()).isEqualTo(SELF);

        // when   its session with the store is lost
        cluster.tell(new ControllerElection.Event.Resigned("its session with ZooKeeper is lost"));
        cluster.tell(new ControllerElection.Event.Elsewhere(BrokerId.NONE));

        // then   that is what it answers, and nobody is named as the controller
        assertThat(refusal())
                .isEqualTo(Failure.of(
                        Errors.NOT_CONTROLLER,
                        "This broker is not the controller: its session with ZooKeeper is lost"));
        assertThat(reachable()).isEqualTo(BrokerId.NONE);

        // when, then
        cluster.elect();
        assertThat(reachable()).isEqualTo(SELF);
        assertThat(cluster.await(create()).getFirst()).isInstanceOf(TopicResult.Created.class);
    }

    @Test
    void shouldNameNobodyAsTheControllerWhileItsStoreIsAway() {
        // given
        cluster.elect();
        assertThat(cluster.controller.lateness()).isEqualTo(Failure.of(Errors.REQUEST_TIMED_OUT));

        // when
        cluster.tell(new ControllerElection.Event.Suspended());
        CompletionStage<List<TopicResult>> waiting = create();

        // then   what is asked for waits all the same
        assertThat(cluster.await(waiting)).isNull();
        assertThat(reachable()).isEqualTo(BrokerId.NONE);
        assertThat(cluster.controller.lateness().error()).isEqualTo(Errors.REQUEST_TIMED_OUT);
        assertThat(cluster.controller.lateness().text()).contains("ZooKeeper can't be reached");

        // when, then
        cluster.tell(new ControllerElection.Event.Resumed());
        assertThat(reachable()).isEqualTo(SELF);
        assertThat(cluster.await(waiting).getFirst()).isInstanceOf(TopicResult.Created.class);
    }

    @Test
    void shouldSayWhoIsTheController() {
        cluster.elect();
        cluster.tell(new ControllerElection.Event.Resigned("another session has taken its place"));
        cluster.tell(new ControllerElection.Event.Elsewhere(new BrokerId(3)));
        assertThat(refusal().text()).isEqualTo("This broker is not the controller: broker 3 is");
        // and  who was elected anew without having heard of an end
        cluster.tell(new ControllerElection.Event.Elected(new ControllerEpoch(1), 1));
        assertThat(reachable()).isEqualTo(SELF);
    }
}
