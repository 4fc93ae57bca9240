package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.KafkaCluster;
import io.ottla.console.clusters.Reach;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of which no broker answers holds up nobody for long. */
class DeadClusterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void shouldSaySoonThatNobodyAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                KafkaCluster cluster = new KafkaCluster(
                        () -> Reach.open("127.0.0.1:" + silent.getLocalPort()), TIMEOUT, InstantSource.system());
                TestingConsole console = TestingConsole.start(
                        TestingPassword.in(folder),
                        () -> new Clusters(
                                List.of(new ClusterDefinition(
                                        "dead", "Dead", Origin.BESIDE, "", "", Map.of(), false, true)),
                                definition -> cluster),
                        Map.of(),
                        beans -> {})) {
            // given
            console.logIn(TestingPassword.PASSWORD);

            // when
            long begun = System.nanoTime();
            HttpResponse<String> page = console.get("/clusters/dead/brokers");

            // then
            assertThat(page.body()).contains("the cluster does not answer", "took longer than 3 s");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TIMEOUT.minusSeconds(2));
        }
    }
}
