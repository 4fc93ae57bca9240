package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.metrics.Metrics;
import io.ottla.metrics.Metrics.Sample;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class BrokerLifecycleTest {
    private final Metrics metrics = new Metrics();
    private final BrokerLifecycle lifecycle = new BrokerLifecycle(metrics);

    @Test
    void shouldShowKafkasNumbersFromStartToEnd() {
        assertThat(shown()).isEqualTo(0);
        int[] numbers = {1, 2, 3, 6, 7, 0};
        BrokerState[] states = {
            BrokerState.STARTING,
            BrokerState.RECOVERY,
            BrokerState.RUNNING,
            BrokerState.PENDING_CONTROLLED_SHUTDOWN,
            BrokerState.SHUTTING_DOWN,
            BrokerState.NOT_RUNNING
        };
        for (int i = 0; i < states.length; i++) {
            lifecycle.advance(states[i]);
            assertThat(lifecycle.state()).isEqualTo(states[i]);
            assertThat(shown()).isEqualTo(numbers[i]);
        }
    }

    @Test
    void shouldRefuseEveryStepThatIsNotOneOfItsLife() {
        lifecycle.advance(BrokerState.STARTING);
        for (BrokerState next : EnumSet.complementOf(EnumSet.of(BrokerState.RECOVERY, BrokerState.SHUTTING_DOWN))) {
            assertThatThrownBy(() -> lifecycle.advance(next)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(lifecycle.state()).isEqualTo(BrokerState.STARTING);
    }

    @Test
    void shouldShutDownFromAnywhereOnce() {
        assertThat(lifecycle.shutDown()).isFalse();
        lifecycle.advance(BrokerState.STARTING);
        assertThat(lifecycle.shutDown()).isTrue();
        assertThat(lifecycle.shutDown()).isFalse();
        assertThat(lifecycle.state()).isEqualTo(BrokerState.SHUTTING_DOWN);
    }

    private double shown() {
        Sample sample = metrics.read().getFirst().samples().getFirst();
        return ((Sample.Level) sample).value();
    }
}
