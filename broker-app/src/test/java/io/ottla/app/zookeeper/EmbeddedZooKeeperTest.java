package io.ottla.app.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@SuppressWarnings("try") // ZooKeeper.close() may be interrupted, which ends a test all the same
class EmbeddedZooKeeperTest {
    @TempDir
    Path folder;

    @Test
    void shouldKeepWhatItAcknowledgedAndTheSessionsOverARestart() throws Exception {
        Path data = folder.resolve("zookeeper");
        long session;
        byte[] password;
        try (EmbeddedZooKeeper server = embedded(data, 0)) {
            // given
            server.start();
            ZooKeeper client = connect(server.address(), 0, new byte[16]);
            client.create("/kept", new byte[] {1}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.create("/mine", new byte[] {2}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            session = client.getSessionId();
            password = client.getSessionPasswd();
            // when   it stops with the session open
        }

        // then
        try (EmbeddedZooKeeper server = embedded(data, 0)) {
            server.start();
            try (ZooKeeper client = connect(server.address(), session, password)) {
                assertThat(client.getSessionId()).isEqualTo(session);
                assertThat(client.getData("/kept", false, null)).containsExactly(1);
                assertThat(client.exists("/mine", false).getEphemeralOwner()).isEqualTo(session);
            }
        }
    }

    @Test
    void shouldNameTheSettingWhenThePortIsTakenAndLeaveNothingBehind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                EmbeddedZooKeeper server = embedded(folder.resolve("zookeeper"), taken.getLocalPort())) {
            assertThatThrownBy(server::start)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("zookeeper.embedded.port");
            assertThat(folder.resolve("zookeeper")).doesNotExist();
        }
    }

    @Test
    void shouldNameAFolderThatCannotBeUsed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        try (EmbeddedZooKeeper server = embedded(file, 0)) {
            assertThatThrownBy(server::start).hasMessageContaining(file.toString());
        }
    }

    @Test
    void shouldGrantShortSessionsAndAnswerOnlyHarmlessWords() throws Exception {
        try (EmbeddedZooKeeper server = embedded(folder.resolve("zookeeper"), 0)) {
            server.start();
            try (ZooKeeper client = connect(server.address(), 0, new byte[16])) {
                assertThat(client.getSessionTimeout()).isEqualTo(1_000);
            }
            assertThat(say(server.address(), "ruok")).isEqualTo("imok");
            assertThat(say(server.address(), "dump")).contains("not in the whitelist");
        }
    }

    @Test
    void shouldDeleteOldSnapshots() throws Exception {
        Path data = folder.resolve("zookeeper");
        for (int i = 0; i < 6; i++) {
            try (EmbeddedZooKeeper server = embedded(data, 0)) {
                server.start();
                try (ZooKeeper client = connect(server.address(), 0, new byte[16])) {
                    client.create("/" + i, null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                }
            }
        }

        try (var files = Files.list(data.resolve("version-2"))) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("snapshot.")))
                    .hasSizeLessThanOrEqualTo(4);
        }
    }

    @Test
    void shouldComeBackWhenItsDiskDoes() throws Exception {
        // given
        Path data = folder.resolve("zookeeper");
        Path files = data.resolve("version-2");
        Path away = folder.resolve("away");
        List<Long> delays = new CopyOnWriteArrayList<>();
        try (ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
                EmbeddedZooKeeper server = new EmbeddedZooKeeper(
                        data, 0, Clock.system(), (delayMs, task) -> soon(threads, delays, delayMs, task), threads);
                Lines lines = new Lines()) {
            server.start();
            String address = server.address();
            try (ZooKeeper client = connect(address, 20_000, 0, new byte[16])) {
                long session = client.getSessionId();
                client.create("/before", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

                // when   a write fails, and then every start
                Files.move(files, away);
                Files.writeString(files, "no folder");
                server.run().files().fence(new IOException("No space left on device"));
                assertThatThrownBy(
                                () -> client.create("/lost", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                        .isInstanceOf(KeeperException.ConnectionLossException.class);

                // then   it says so once, and tries again, ever later
                await().until(() -> delays.size() > 6);
                assertThat(delays).startsWith(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
                assertThat(lines.of(Level.ERROR))
                        .singleElement()
                        .asString()
                        .contains(data.toString(), "No space left on device", "zookeeper.embedded.dir");
                assertThat(lines.of(Level.WARN))
                        .filteredOn(line -> line.contains("could not be started again yet"))
                        .hasSize(1);

                // and    an empty folder in its place is not taken for its data
                Files.delete(files);
                Files.createDirectory(files);
                await().until(() -> lines.of(Level.WARN).stream().anyMatch(line -> line.contains("no snapshot")));
                assertThat(files).isEmptyDirectory();

                // when   the disk is back
                Files.delete(files);
                Files.move(away, files);

                // then   so is the server, for the same session, with all that it has acknowledged
                await().ignoreException(KeeperException.ConnectionLossException.class)
                        .until(() -> client.exists("/before", false) != null);
                assertThat(client.exists("/lost", false)).isNull();
                client.create("/after", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                assertThat(client.getSessionId()).isEqualTo(session);
                assertThat(server.address()).isEqualTo(address);
            }
        }
    }

    /** Runs what is to run within the minute at once, and leaves the rest out. */
    private static Timer.Timeout soon(
            ScheduledExecutorService threads, List<Long> delays, long delayMs, Runnable task) {
        if (delayMs <= 60_000) {
            delays.add(delayMs);
            threads.schedule(task, 20, TimeUnit.MILLISECONDS);
        }
        return () -> false;
    }

    /** What the server's package logs. */
    private static final class Lines implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger("io.ottla.app.zookeeper");
        private final ListAppender<ILoggingEvent> events = new ListAppender<>();

        Lines() {
            events.list = new CopyOnWriteArrayList<>();
            events.start();
            logger.addAppender(events);
        }

        List<String> of(Level level) {
            return events.list.stream()
                    .filter(event -> event.getLevel() == level)
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }

        @Override
        public void close() {
            logger.detachAppender(events);
        }
    }

    /** Purges at once, where it starts. */
    private static EmbeddedZooKeeper embedded(Path data, int port) {
        return new EmbeddedZooKeeper(data, port, Clock.system(), (delayMs, task) -> () -> true, Runnable::run);
    }

    private static ZooKeeper connect(String address, long session, byte[] password) throws Exception {
        return connect(address, 1_000, session, password);
    }

    private static ZooKeeper connect(String address, int timeoutMs, long session, byte[] password) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(
                address,
                timeoutMs,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                session,
                password);
        assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
        return client;
    }

    private static String say(String address, String word) throws Exception {
        String[] parts = address.split(":");
        try (Socket socket = new Socket(parts[0], Integer.parseInt(parts[1]))) {
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
