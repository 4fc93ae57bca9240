package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.zookeeper.EmbeddedZooKeeper;
import io.ottla.time.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ZooKeeper that goes away for longer than the session lasts, and comes back. */
class LostZooKeeperTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void shouldSayInAFewLinesWhatHappensAndBeReadyAllTheTime() throws Exception {
        // given
        EmbeddedZooKeeper server = serve(0);
        int port = Integer.parseInt(server.address().substring(server.address().indexOf(':') + 1));
        try (OttlaProcess process = OttlaProcess.serve(
                        folder, "zookeeper.connect=" + server.address(), "zookeeper.session.timeout.ms=8000")
                .awaitReady()) {
            int before = process.output().lines().toList().size();

            // when   the server goes, then the connection is lost, and all is well still
            server.close();
            await().atMost(SOON).until(() -> process.output().contains("is lost; the session is not, yet"));
            assertThat(process.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(process.get("/actuator/health").statusCode()).isEqualTo(200);

            // and    when the session is over, monitors are told, and the broker is ready still
            await().atMost(SOON).until(() -> process.output().contains("is over; a new one will be opened"));
            await().atMost(SOON).until(() -> process.get("/actuator/health").statusCode() == 503);
            assertThat(process.get("/readyz").statusCode()).isEqualTo(200);

            // and    when the server is back, all is well again
            server = serve(port);
            await().atMost(SOON).until(() -> process.get("/actuator/health").statusCode() == 200);

            // then   all of it is a handful of lines, without a trace
            List<String> said = process.output().lines().skip(before).toList();
            assertThat(said).as(process.output()).hasSizeLessThan(16).noneMatch(line -> line.startsWith("\tat "));
        } finally {
            server.close();
        }
    }

    private EmbeddedZooKeeper serve(int port) throws Exception {
        EmbeddedZooKeeper server = new EmbeddedZooKeeper(
                folder.resolve("zookeeper"), port, Clock.system(), (delayMs, task) -> () -> true, Runnable::run);
        server.start();
        return server;
    }
}
