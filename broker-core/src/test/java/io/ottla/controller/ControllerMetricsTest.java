package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the controller shows of the cluster when brokers leave it and topics come. */
class ControllerMetricsTest {
    @Test
    @Moves({
        "kafka_controller_kafkacontroller_activecontrollercount",
        "kafka_controller_kafkacontroller_globaltopiccount",
        "kafka_controller_kafkacontroller_globalpartitioncount",
        "kafka_controller_kafkacontroller_preferredreplicaimbalancecount",
        "kafka_controller_kafkacontroller_offlinepartitionscount",
        "kafka_controller_controllereventmanager_eventqueuetimems"
    })
    void shouldCountWhatTheClusterHasAndWhatItLacks(Movement movement) {
        // given
        TestingCluster cluster = new TestingCluster();
        movement.watch(cluster.metrics);
        cluster.store.broker(1, null).broker(2, null);
        cluster.elect();
        cluster.controller.createTopics(List.of(ControllerTest.assigned(-1, -1, ControllerTest.at(0, 2, 1))), false);
        cluster.settle();
        movement.look();
        // when  the preferred leader leaves, then the other
        cluster.store.brokerGone(2);
        cluster.settle();
        movement.look();
        cluster.store.brokerGone(1);
        cluster.settle();
    }

    @Test
    @Moves("kafka_controller_controllerstats_uncleanleaderelections_total")
    void shouldCountLeadersThatMayLackRecords(Movement movement) {
        // given  a partition whose only in-sync replica leaves
        TestingCluster cluster = new TestingCluster();
        cluster.store.broker(1, null).broker(2, null);
        cluster.elect();
        cluster.controller.createTopics(List.of(ControllerTest.assigned(-1, -1, ControllerTest.at(0, 2, 1))), false);
        cluster.settle();
        movement.watch(cluster.metrics);
        cluster.store.brokerGone(1);
        cluster.settle();
        cluster.store.brokerGone(2);
        cluster.settle();
        // when  it is another that comes back, to a topic that allows that
        cluster.store.configByHand("m", Map.of("unclean.leader.election.enable", "true"), cluster.wallMs);
        cluster.settle();
        try (TestingLines lines = TestingLines.of(ControllerShell.class)) {
            cluster.store.broker(1, null, 900);
            cluster.settle();
            cluster.await(cluster.controller.takeBack(new BrokerId(1), new BrokerEpoch(900), true));
            // then   it says so
            assertThat(lines.all())
                    .contains("WARN m-0 is led by broker 1, which was not in sync: what it lacks is lost"
                            + " (unclean.leader.election.enable)");
        }
    }
}
