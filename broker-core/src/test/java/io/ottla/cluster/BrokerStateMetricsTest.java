package io.ottla.cluster;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.replication.TestingTimer;
import io.ottla.time.Clock;
import io.ottla.types.ControllerEpoch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a broker shows of its own life, and of how it follows the cluster's. */
class BrokerStateMetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    @Moves("kafka_server_kafkaserver_brokerstate")
    void shouldShowWhereItIsInItsLife(Movement movement) {
        BrokerLifecycle lifecycle = new BrokerLifecycle(metrics);
        movement.watch(metrics);
        lifecycle.advance(BrokerState.STARTING);
    }

    @Test
    @Moves({
        "kafka_server_brokermetadatametrics_lastappliedversion",
        "kafka_server_brokermetadatametrics_metadataapplytimems",
        "kafka_server_brokermetadatametrics_metadataapplyerror_total"
    })
    void shouldShowStepsOfMetadataAndThoseThatAPartCouldNotTake(Movement movement) {
        // given
        ImageApplier applier = new ImageApplier(
                List.of(step -> {
                    throw new IllegalStateException("a part that fails");
                }),
                Runnable::run,
                Clock.system(),
                new TestingTimer(),
                metrics);
        movement.watch(metrics);
        // when
        applier.take(step());
    }

    @Test
    @Moves("ottla_metadata_steps_shown_early_total")
    void shouldShowStepsThatAPartTookTooLongFor(Movement movement) {
        // given
        TestingTimer time = new TestingTimer();
        ImageApplier applier = new ImageApplier(
                List.of(step -> new CompletableFuture<>()), Runnable::run, Clock.system(), time, metrics);
        movement.watch(metrics);
        // when
        applier.take(step());
        time.advance(ImageApplier.PATIENCE_MS);
    }

    private static ImageStep step() {
        ClusterImage after = ClusterImage.EMPTY.at(new ImageVersion(new ControllerEpoch(1), 7));
        return new ImageStep(ClusterImage.EMPTY, after, List.of());
    }
}
