package io.ottla.app.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.time.Clock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** Purges at once, where it starts. */
    private static EmbeddedZooKeeper embedded(Path data, int port) {
        return new EmbeddedZooKeeper(data, port, Clock.system(), (delayMs, task) -> () -> true, Runnable::run);
    }

    private static ZooKeeper connect(String address, long session, byte[] password) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(
                address,
                1_000,
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
