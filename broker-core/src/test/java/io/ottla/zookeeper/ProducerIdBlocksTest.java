package io.ottla.zookeeper;

import static io.ottla.zookeeper.TestingSessions.get;
import static io.ottla.zookeeper.TestingSessions.properties;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.concurrent.Waiting;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProducerIdBlocksTest {
    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper server = new TestingZooKeeper();

    private final TestingSessions sessions = new TestingSessions();
    private ZooKeeperSession session;

    @BeforeEach
    void start() throws Exception {
        session = open(server.address());
        new ClusterNodes(
                        session,
                        properties(server.address(), 20_000),
                        Clock.system(),
                        new Random(1),
                        sessions.executor(),
                        Waiting.blocking())
                .prepare(Map.of());
    }

    @AfterEach
    void closeSessions() {
        sessions.close();
    }

    @Test
    void shouldHandOutBlocksInOrderAndTakeTheNextBeforeItIsNeeded() throws Exception {
        // given
        ProducerIdBlocks ids = blocks(1, session);

        // when, then
        for (long id = 0; id < 899; id++) {
            assertThat(get(ids.next().toCompletableFuture())).isEqualTo(id);
        }
        assertThat(server.data(ProducerIdBlock.PATH))
                .isEqualTo("{\"version\":1,\"broker\":1,\"block_start\":\"0\",\"block_end\":\"999\"}");
        for (long id = 899; id < 950; id++) {
            assertThat(get(ids.next().toCompletableFuture())).isEqualTo(id);
        }
        await().untilAsserted(() -> assertThat(server.data(ProducerIdBlock.PATH))
                .isEqualTo("{\"version\":1,\"broker\":1,\"block_start\":\"1000\",\"block_end\":\"1999\"}"));
        for (long id = 950; id < 2500; id++) {
            assertThat(get(ids.next().toCompletableFuture())).isEqualTo(id);
        }
    }

    @Test
    void shouldServeFromTheBlockThatWasTakenAheadWhenZooKeeperIsAway() throws Exception {
        // given
        ProducerIdBlocks ids = blocks(1, session);
        ids.prepare();
        await().until(() -> server.data(ProducerIdBlock.PATH) != null
                && server.data(ProducerIdBlock.PATH).contains("999"));
        assertThat(get(ids.next().toCompletableFuture())).isZero();

        // when
        server.stop();

        // then
        assertThat(get(ids.next().toCompletableFuture())).isEqualTo(1);
        server.start();
    }

    @Test
    void shouldNeverHandOutAnIdTwice() throws Exception {
        // given  two brokers that ask at once, for more than a block each
        ProducerIdBlocks one = blocks(1, session);
        ProducerIdBlocks two = blocks(2, open(server.address()));

        // when
        List<CompletableFuture<Long>> all = Stream.iterate(0, i -> i + 1)
                .limit(5_000)
                .map(i -> (i % 2 == 0 ? one : two).next().toCompletableFuture())
                .toList();

        // then
        Set<Long> seen = new HashSet<>();
        for (CompletableFuture<Long> id : all) {
            assertThat(seen.add(get(id))).isTrue();
        }
    }

    @Test
    void shouldFindItsBlockWhenTheAnswerWasLost() throws Exception {
        try (TestingProxy proxy = new TestingProxy(server.port())) {
            // given
            ProducerIdBlocks ids = blocks(1, open(proxy.address()));
            proxy.loseNextAnswerTo(TestingProxy.SET_DATA);

            // when, then   no block is lost
            assertThat(get(ids.next().toCompletableFuture())).isZero();
            assertThat(proxy.lost()).isEqualTo(1);
            assertThat(server.data(ProducerIdBlock.PATH)).contains("\"block_start\":\"0\"");
        }
    }

    @Test
    void shouldFailAndTryAgainWhenTheNodeCannotBeRead() throws Exception {
        // given
        ZooKeeperRequests operator = session.requests(sessions.executor());
        get(operator.setData(ProducerIdBlock.PATH, "?".getBytes(StandardCharsets.UTF_8), -1));
        ProducerIdBlocks ids = blocks(1, session);

        // when, then
        assertThatThrownBy(() -> get(ids.next().toCompletableFuture()))
                .hasCauseInstanceOf(CoordinatorLoadInProgressException.class);

        // when   an operator mends it
        byte[] mended = new ProducerIdBlock(new BrokerId(7), 0, 6999).encode();
        get(operator.setData(ProducerIdBlock.PATH, mended, -1));

        // then
        assertThat(get(ids.next().toCompletableFuture())).isEqualTo(7000);
    }

    @Test
    void shouldEndBeforeTheNumbersDo() {
        assertThat(new ProducerIdBlock(new BrokerId(1), 0, Long.MAX_VALUE - 999).nextOf(new BrokerId(1)))
                .isNull();
        assertThat(new ProducerIdBlock(new BrokerId(1), 0, Long.MAX_VALUE - 1000).nextOf(new BrokerId(1)))
                .isNotNull();
    }

    private ProducerIdBlocks blocks(int broker, ZooKeeperSession of) {
        return new ProducerIdBlocks(of, new BrokerId(broker), sessions.timer(), sessions.executor());
    }

    private ZooKeeperSession open(String address) throws Exception {
        return sessions.open(address, 20_000, Files.createTempDirectory(folder, "broker"));
    }
}
