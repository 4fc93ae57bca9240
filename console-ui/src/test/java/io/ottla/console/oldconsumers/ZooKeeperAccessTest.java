package io.ottla.console.oldconsumers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ZooKeeperAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZooKeeperAccessTest {
    private final TestingNodes nodes = new TestingNodes();
    private Instant now = Instant.EPOCH;
    private final ZooKeeperAccess access = new ZooKeeperAccess(nodes, "", () -> now);

    private int ask() {
        return access.within(known -> known.counts(List.of("/consumers")).size());
    }

    @Test
    void shouldNotAskAgainAtOnceWhoDidNotAnswer() {
        // given
        assertThat(ask()).isOne();
        nodes.away = true;
        assertThatThrownBy(this::ask).isInstanceOf(ClusterFailure.class).hasMessage("Nobody is there.");
        nodes.asked = 0;

        // when, then
        nodes.away = false;
        assertThatThrownBy(this::ask).isInstanceOf(ClusterFailure.class).hasMessage("Nobody is there.");
        assertThat(nodes.asked).isZero();
        now = now.plus(Duration.ofSeconds(20));
        assertThat(ask()).isOne();
    }
}
