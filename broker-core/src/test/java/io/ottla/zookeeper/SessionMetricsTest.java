package io.ottla.zookeeper;

import static io.ottla.zookeeper.TestingSessions.get;
import static io.ottla.zookeeper.TestingSessions.properties;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.time.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session with ZooKeeper shows when it is used, cut, ended and refused. */
class SessionMetricsTest {
    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper server = new TestingZooKeeper();

    private final TestingSessions sessions = new TestingSessions();

    @AfterEach
    void closeSessions() {
        sessions.close();
    }

    @Test
    @Moves({
        "kafka_server_sessionexpirelistener_sessionstate",
        "kafka_server_sessionexpirelistener_zookeeperdisconnects_total",
        "kafka_server_sessionexpirelistener_zookeepersyncconnects_total",
        "kafka_server_sessionexpirelistener_zookeeperexpires_total",
        "kafka_server_zookeeperclientmetrics_zookeeperrequestlatencyms"
    })
    void shouldCountWhatHappensToTheSession(Movement movement) throws Exception {
        // given
        ZooKeeperSession session =
                sessions.open(server.address(), 20_000, Files.createDirectory(folder.resolve("broker")));
        movement.watch(sessions.metrics);
        get(session.requests(sessions.executor()).getData("/"));
        // when  the server goes and comes back
        server.stop();
        await().until(() -> !session.isConnected());
        movement.look();
        server.start();
        await().until(session::isConnected);
        // and   ends the session
        long id = session.sessionId();
        server.expire(id);
        await().until(() -> session.isConnected() && session.sessionId() != id);
    }

    @Test
    @Moves("kafka_server_sessionexpirelistener_zookeeperauthfailures_total")
    void shouldCountRefusalsOfItsIdentity(Movement movement) throws Exception {
        // given
        movement.watch(sessions.metrics);
        Connections connections = new Connections(
                properties(server.address(), 20_000), Clock.system(), new ConnectionMeter(sessions.metrics));
        CountDownLatch refused = new CountDownLatch(1);
        // when  it shows an identity of a kind that the server does not know
        ZooKeeper refusedOne = connections.newZooKeeper(
                server.address(),
                20_000,
                event -> {
                    if (event.getState() == KeeperState.AuthFailed) {
                        refused.countDown();
                    }
                },
                false);
        refusedOne.addAuthInfo("stranger", new byte[1]);
        // then
        assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();
        refusedOne.close();
    }
}
