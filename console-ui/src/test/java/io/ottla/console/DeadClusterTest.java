package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of which no broker answers holds up nobody for long. */
class DeadClusterTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void shouldSaySoonThatNobodyAnswers() throws Exception {
        List<String> pages = List.of(
                "/brokers",
                "/brokers/1",
                "/topics",
                "/topics/x",
                "/topics/x/groups",
                "/topics/x/records",
                "/topics/x/records/export",
                "/groups",
                "/groups/g",
                "/distribution",
                "/moves",
                "/transactions",
                "/acls",
                "/quotas",
                "/users");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            shouldSaySoonOn(pages, "127.0.0.1:" + silent.getLocalPort());
        }
        shouldSaySoonOn(pages, "127.0.0.1:1");
    }

    @Test
    void shouldWaitLongerForOneThatIsKnownToBeUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                KafkaCluster cluster = new KafkaCluster(
                        () -> Reach.open("127.0.0.1:" + silent.getLocalPort()),
                        Duration.ofSeconds(5),
                        InstantSource.system(),
                        Optional.empty(),
                        () -> true,
                        Admin::create)) {
            assertThatThrownBy(cluster::describe).hasMessageContaining("took longer than 5 s");
        }
    }

    /** On each page of a cluster that nobody has looked at before, all at once. */
    private void shouldSaySoonOn(List<String> pages, String address) throws Exception {
        // given
        List<ClusterDefinition> dead = IntStream.range(0, pages.size())
                .mapToObj(i -> new ClusterDefinition(
                        "dead-" + i, "Dead", Origin.CONFIGURED, address, "", Map.of(), false, true))
                .toList();
        try (TestingConsole console = TestingConsole.start(
                TestingPassword.in(folder),
                () -> new Clusters(
                        dead,
                        definition -> new KafkaCluster(() -> Reach.open(address), TIMEOUT, InstantSource.system())),
                Map.of(),
                beans -> {})) {
            console.logIn(TestingPassword.PASSWORD);

            // when
            long begun = System.nanoTime();
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, pages.size())
                    .mapToObj(i -> ask(console, "/clusters/dead-" + i + pages.get(i)))
                    .toList();

            // then
            for (int i = 0; i < pages.size(); i++) {
                assertThat(answers.get(i).get().body())
                        .as(pages.get(i))
                        .contains("the cluster does not answer", "took longer than 3 s");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TIMEOUT.dividedBy(2));
        }
    }

    private static CompletableFuture<HttpResponse<String>> ask(TestingConsole console, String path) {
        CompletableFuture<HttpResponse<String>> answer = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                answer.complete(console.get(path));
            } catch (Exception failure) {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }
}
