package io.ottla.zookeeper;

import static io.ottla.zookeeper.TestingSessions.get;
import static io.ottla.zookeeper.TestingSessions.properties;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.config.ZooKeeperProperties;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics.Family;
import io.ottla.metrics.Metrics.Sample;
import io.ottla.storage.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperSessionTest {
    private static final byte[] DATA = "x".getBytes(StandardCharsets.UTF_8);

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
    void shouldMakeTheChrootAndLiveBelowIt() throws Exception {
        // given  an ensemble that has never heard of the chroot
        String address = server.address() + "/kafka/one";

        // when   a session opens and makes a node, twice: the second time the chroot is there
        ZooKeeperSession session = sessions.open(address, 5_000, broker("a"));
        sessions.open(address, 5_000, broker("b"));
        Answer<String> made = get(create(session, "/n", CreateMode.PERSISTENT));

        // then
        assertThat(made.isOk()).isTrue();
        assertThat(server.hasNode("/kafka/one/n")).isTrue();
    }

    @Test
    void shouldAnswerRefusalsAsValues() throws Exception {
        ZooKeeperSession session = sessions.open(server.address(), 5_000, broker("a"));
        ZooKeeperRequests requests = session.requests(sessions.executor());
        get(create(session, "/n", CreateMode.PERSISTENT));

        assertThat(get(requests.getData("/missing")).code()).isEqualTo(Code.NONODE);
        assertThat(get(requests.setData("/n", DATA, 7)).code()).isEqualTo(Code.BADVERSION);
        assertThat(get(create(session, "/n", CreateMode.PERSISTENT)).code()).isEqualTo(Code.NODEEXISTS);
        assertThat(get(requests.multi(List.of(
                                org.apache.zookeeper.Op.check("/n", 0), org.apache.zookeeper.Op.delete("/n", 9))))
                        .code())
                .isEqualTo(Code.BADVERSION);
    }

    @Test
    void shouldPipelineMoreRequestsThanItsWindowInTheirOrder() throws Exception {
        // given
        ZooKeeperSession session = sessions.open(server.address(), 5_000, broker("a"));
        ZooKeeperRequests requests = session.requests(sessions.executor());

        // when   a thousand requests start at once, with room for ten
        List<CompletableFuture<Answer<String>>> all = new ArrayList<>();
        all.add(create(session, "/q", CreateMode.PERSISTENT));
        for (int i = 0; i < 1000; i++) {
            all.add(requests.create("/q/" + i, null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        }

        // then   all succeed, later ones with later transactions
        long last = -1;
        for (CompletableFuture<Answer<String>> one : all) {
            Answer<String> answer = get(one);
            assertThat(answer.code()).isEqualTo(Code.OK);
            assertThat(answer.stat().getCzxid()).isGreaterThan(last);
            last = answer.stat().getCzxid();
        }
        assertThat(spread("kafka_server_zookeeperclientmetrics_zookeeperrequestlatencyms"))
                .isGreaterThanOrEqualTo(1001);
    }

    @Test
    void shouldTellOfSuspensionAndReturnOfTheSameSession() throws Exception {
        // given
        ZooKeeperSession session = sessions.open(server.address(), 20_000, broker("a"));
        List<SessionEvent> events = new CopyOnWriteArrayList<>();
        session.listen(events::add);
        long id = session.sessionId();

        // when   connections break and come back
        server.cutConnections();
        await().untilAsserted(() ->
                assertThat(events).containsExactly(new SessionEvent.Suspended(), new SessionEvent.Resumed()));

        // then
        assertThat(session.sessionId()).isEqualTo(id);
        assertThat(session.isConnected()).isTrue();
        assertThat(count("disconnects")).isEqualTo(1);
        assertThat(count("syncconnects")).isEqualTo(2);
        assertThat(count("expires")).isZero();
    }

    @Test
    void shouldTellOfTheLossOfASessionBeforeTheNextOne() throws Exception {
        // given
        Path broker = broker("a");
        ZooKeeperSession session = sessions.open(server.address(), 20_000, broker);
        List<SessionEvent> events = new CopyOnWriteArrayList<>();
        session.listen(events::add);
        long first = session.sessionId();

        // when   the server ends the session
        server.expire(first);

        // then   the loss comes first, then another session, which is the one in the file
        await().untilAsserted(() -> assertThat(events).last().isInstanceOf(SessionEvent.Connected.class));
        assertThat(events).contains(new SessionEvent.Lost());
        assertThat(events.indexOf(new SessionEvent.Lost())).isEqualTo(events.size() - 2);
        assertThat(session.sessionId()).isNotEqualTo(first);
        assertThat(new SessionFile(Disk.system(), broker, server.address())
                        .read()
                        .getFirst()
                        .id())
                .isEqualTo(session.sessionId());
        assertThat(count("expires")).isEqualTo(1);
    }

    @Test
    void shouldLoseTheSessionWhenNoServerIsThereForLongerThanItsTimeout() throws Exception {
        // given
        ZooKeeperSession session = sessions.open(server.address(), 1_000, broker("a"));
        List<SessionEvent> events = new CopyOnWriteArrayList<>();
        session.listen(events::add);

        // when   the server is gone
        server.stop();

        // then   the session is given up without its word, and there is another one once it is back
        await().untilAsserted(() ->
                assertThat(events).containsExactly(new SessionEvent.Suspended(), new SessionEvent.Lost()));
        assertThat(session.isConnected()).isFalse();
        server.start();
        await().untilAsserted(() -> assertThat(events).last().isInstanceOf(SessionEvent.Connected.class));
    }

    @Test
    void shouldKnockWithOneClientOnlyWhereNobodyAnswersAndCloseTheOldSessionAfterwards() throws Exception {
        // given  a session that is given up, while the server keeps it for much longer
        ZooKeeperSession session = sessions.open(server.address(), 1_000, broker("a"));
        int port = server.port();
        assertThat(get(create(session, "/mine", CreateMode.EPHEMERAL)).isOk()).isTrue();
        server.stop();

        // when   it is over
        await().until(() -> session.status().state() == SessionStatus.State.NONE);

        // then   one client tries to get through, not two
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(10)).until(() -> clientsOf(port) <= 1);
        server.start();
        await().until(session::isConnected);
        await().until(() -> !server.hasNode("/mine") && clientsOf(port) == 1);
    }

    private static long clientsOf(int port) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("-SendThread(")
                        && thread.getName().contains(":" + port))
                .count();
    }

    @Test
    void shouldTellConnectionFromSession() throws Exception {
        // given
        ZooKeeperSession session = sessions.open(server.address(), 3_000, broker("a"));
        assertThat(session.status().state()).isEqualTo(SessionStatus.State.CONNECTED);

        // when   nobody answers
        long before = System.currentTimeMillis();
        server.stop();

        // then   the session stands for a while without its connection, then not
        await().until(() -> session.status().state() == SessionStatus.State.DISCONNECTED);
        assertThat(session.status().sinceMs()).isBetween(before, System.currentTimeMillis());
        await().until(() -> session.status().state() == SessionStatus.State.NONE);
        server.start();
        await().until(() -> session.status().state() == SessionStatus.State.CONNECTED);
    }

    @Test
    void shouldKeepIdAndPasswordForTheOwnerAloneAndForgetThemOnClose() throws Exception {
        // given
        Path broker = broker("a");
        ZooKeeperSession session = sessions.open(server.address(), 5_000, broker);
        Path file = broker.resolve(SessionFile.NAME);

        // then
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        SavedSession saved =
                new SessionFile(Disk.system(), broker, server.address()).read().getFirst();
        assertThat(saved.id()).isEqualTo(session.sessionId());
        assertThat(saved.password()).hasSize(16);
        assertThat(new SessionFile(Disk.system(), broker, "elsewhere:2181").read())
                .isEmpty();

        // when
        session.close();

        // then
        assertThat(file).doesNotExist();
        assertThat(server.sessions()).isZero();
    }

    @Test
    void shouldOpenASessionThatNoFolderTakes() throws Exception {
        assertThat(sessions.open(server.address(), 5_000, folder.resolve("missing"))
                        .isConnected())
                .isTrue();
    }

    @Test
    void shouldCloseItsOwnOldSessionAtStart() throws Exception {
        // given  a session with an ephemeral node, left open, whose timeout is far away
        Path broker = broker("a");
        ZooKeeperSession left = sessions.open(server.address(), 60_000, broker);
        assertThat(get(create(left, "/mine", CreateMode.EPHEMERAL)).isOk()).isTrue();
        byte[] file = Files.readAllBytes(broker.resolve(SessionFile.NAME));

        // and    one of somebody else
        ZooKeeperSession other = sessions.open(server.address(), 60_000, broker("b"));
        assertThat(get(create(other, "/other", CreateMode.EPHEMERAL)).isOk()).isTrue();

        // when   a process starts on the same folder
        Path again = broker("again");
        Files.write(again.resolve(SessionFile.NAME), file);
        sessions.open(server.address(), 60_000, again);

        // then   the old node is gone at once, the other one is not
        assertThat(server.hasNode("/mine")).isFalse();
        assertThat(server.hasNode("/other")).isTrue();
    }

    @Test
    void shouldStartWhenTheOldSessionHasExpiredOrItsFileIsTorn() throws Exception {
        // given  a session that is over
        Path broker = broker("a");
        SessionFile file = new SessionFile(Disk.system(), broker, server.address());
        file.write(SavedSession.of(-0x7fffL, new byte[16]), List.of());
        assertThat(file.read().getFirst().id()).isEqualTo(-0x7fffL);

        // when, then
        sessions.open(server.address(), 60_000, broker).close();
        Files.writeString(
                broker.resolve(SessionFile.NAME), "version=0\nzookeeper=" + server.address() + "\nsession.id=0x");
        assertThat(sessions.open(server.address(), 60_000, broker).isConnected())
                .isTrue();
    }

    @Test
    void shouldNameAddressAndSettingWhenNobodyAnswers() throws Exception {
        // given
        server.stop();
        ZooKeeperProperties properties = new ZooKeeperProperties(
                server.address(), 500, 300, false, 10, ZooKeeperProperties.DEFAULTS.tls(), 2181);

        // when, then
        assertThatThrownBy(() -> sessions.open(properties, broker("a")))
                .isInstanceOf(ZooKeeperUnavailableException.class)
                .hasMessage("Expected an answer from ZooKeeper at " + server.address()
                        + " (zookeeper.connect) within 300 ms (zookeeper.connection.timeout.ms), but there was none;"
                        + " is it running and reachable?");
        server.start();
    }

    @Test
    void shouldFailRequestsWhoseConnectionIsLost() throws Exception {
        // given
        ZooKeeperSession session = sessions.open(server.address(), 2_000, broker("a"));
        ExecutorService executor = sessions.executor();

        // when   the server is gone
        server.stop();

        // then   requests end, unknown
        assertThat(get(session.requests(executor).setData("/n", DATA, 0)).isUnknown())
                .isTrue();
        server.start();
    }

    private CompletableFuture<Answer<String>> create(ZooKeeperSession session, String path, CreateMode mode) {
        return session.requests(sessions.executor())
                .create(path, DATA, session.acls().of(path), mode);
    }

    private Path broker(String name) throws Exception {
        return Files.createDirectory(folder.resolve(name));
    }

    private long count(String what) {
        return sessions.metrics
                .counter("kafka_server_sessionexpirelistener_zookeeper" + what + "_total", "", Labels.NONE)
                .value();
    }

    private long spread(String name) {
        for (Family family : sessions.metrics.read()) {
            if (family.name().equals(name) && family.samples().getFirst() instanceof Sample.Spread spread) {
                return spread.reading().count();
            }
        }
        return 0;
    }

    @Test
    void shouldTellTheAddressesOfProperties() {
        assertThat(properties("a:1", 1).embedded()).isFalse();
        assertThat(ZooKeeperProperties.DEFAULTS.embedded()).isTrue();
    }
}
