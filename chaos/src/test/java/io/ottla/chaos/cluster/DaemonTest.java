package io.ottla.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
    @TempDir
    private Path folder;

    private final BlockingQueue<Integer> endedByItself = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private Daemon daemon;

    @BeforeEach
    void make() {
        daemon = new Daemon("shell", folder.resolve("output"), endedByItself::add);
    }

    private void start(String script) throws IOException {
        daemon.start(
                new Launcher.Command(List.of("sh", "-c", script), Map.of("A", "one")),
                Map.of("B", "two"),
                () -> ended.add("ended"));
    }

    @Test
    void shouldTellOfAProcessThatEndsByItself() throws Exception {
        start("echo $A $B; exit 7");

        assertThat(endedByItself.take()).isEqualTo(7);
        assertThat(ended.take()).isEqualTo("ended");
        daemon.kill();
        assertThat(Files.readString(folder.resolve("output"))).isEqualTo("one two\n");
    }

    @Test
    void shouldTellNothingOfAProcessThatIsKilledOrStoppedOrMayEnd() throws Exception {
        start("exec sleep 1000");
        daemon.kill();
        assertThat(ended.take()).isEqualTo("ended");
        start("exec sleep 1000");
        assertThat(daemon.stop(Duration.ofMinutes(1))).isTrue();
        assertThat(ended.take()).isEqualTo("ended");
        Path go = folder.resolve("go");
        start("until [ -e " + go + " ]; do sleep 0.05; done; exit 3");
        daemon.mayEnd();
        Files.createFile(go);
        assertThat(ended.take()).isEqualTo("ended");
        // One that may not any more, so that the others have had their turn.
        start("exit 4");
        assertThat(endedByItself.take()).isEqualTo(4);
    }

    @Test
    void shouldStopAndWakeAProcess() throws Exception {
        start("exec sleep 1000");
        try {
            daemon.signal("STOP");
            await().until(() -> daemon.state().equals("T"));
            daemon.signal("CONT");
            await().until(() -> daemon.state().equals("S"));
        } finally {
            daemon.kill();
        }
        assertThat(daemon.isAlive()).isFalse();
    }
}
