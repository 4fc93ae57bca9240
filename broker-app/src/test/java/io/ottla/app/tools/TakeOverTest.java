package io.ottla.app.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.BrokerMake;
import io.ottla.app.ThreeBrokers;
import io.ottla.app.tools.Life.Picture;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A cluster whose brokers are Ottla's and Kafka 3.9's in turn, on the same disks and the same ZooKeeper: each make takes
 * over what the other has left, lives on with it, and hands it back.
 */
@Tag("full")
class TakeOverTest {
    private static final int TURNS = 4;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"OTTLA", "KAFKA_ON_ZOOKEEPER"})
    void shouldGoBackAndForth(BrokerMake first) throws Exception {
        BrokerMake make = first;
        try (ThreeBrokers cluster = ThreeBrokers.start(
                folder,
                make,
                "offsets.topic.replication.factor=3",
                "offsets.topic.num.partitions=5",
                "group.initial.rebalance.delay.ms=0",
                "zookeeper.session.timeout.ms=6000")) {
            if (make == BrokerMake.OTTLA) {
                switchFeaturesOff(cluster);
            }
            Life life = new Life(cluster);
            life.goOn();
            for (int turn = 1; turn <= TURNS; turn++) {
                // given
                Picture before = life.picture();
                cluster.stopAll();

                // when
                make = make == BrokerMake.OTTLA ? BrokerMake.KAFKA_ON_ZOOKEEPER : BrokerMake.OTTLA;
                cluster.startAll(make);

                // then
                life.awaitWhole();
                assertThat(life.picture())
                        .as("turn " + turn + ", now of " + make)
                        .isEqualTo(before);
                life.goOn();
            }
        }
    }

    /** What Kafka 3.9 does not know, and therefore refuses to start with. */
    private static void switchFeaturesOff(ThreeBrokers cluster) throws Exception {
        String said = Said.by(
                        List.of(
                                "../bin/kafka-features.sh",
                                "--bootstrap-server",
                                cluster.bootstrap(),
                                "downgrade",
                                "--feature",
                                "group.version=0",
                                "--feature",
                                "eligible.leader.replicas.version=0",
                                "--feature",
                                "transaction.version=0"),
                        "")
                .all();
        assertThat(said).endsWith("exit 0");
    }
}
