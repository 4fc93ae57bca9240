package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.config.BrokerConfig;
import io.ottla.time.Clock;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many threads a broker has for what does not run on event loops; those are DynamicSettingsTest's. */
final class ThreadSettingsTest {
    private static final Path FOLDER = Path.of("a");

    @TempDir
    Path folder;

    @Test
    void shouldWorkOnSoManyTasksAtATime() {
        BrokerConfig config =
                BrokerConfig.of(Map.of("num.io.threads", "3", "background.threads", "5", "log.dirs", "a,b"));
        try (BrokerThreads threads = new BrokerThreads(Clock.system(), config)) {
            assertThat(atOnce(threads.workers())).isEqualTo(3);
            assertThat(atOnce(threads.storage().background(FOLDER)))
                    .as("for each of two folders")
                    .isEqualTo(3);

            threads.resize(config.withDynamic(Map.of("num.io.threads", "5", "background.threads", "2"), Map.of())
                    .config());

            assertThat(atOnce(threads.workers())).isEqualTo(5);
            assertThat(atOnce(threads.storage().background(FOLDER))).isEqualTo(1);
        }
    }

    @Test
    void shouldOpenSoManyLogsOfAFolderAtATime() throws Exception {
        try (TestingZooKeeper zooKeeper = new TestingZooKeeper()) {
            // given  a folder with logs
            Path logs = folder.resolve("logs");
            try (TestingBroker ottla = new TestingBroker(zooKeeper.address(), logs, Map.of());
                    Admin admin = ottla.admin()) {
                admin.createTopics(List.of(new NewTopic("many", 20, (short) 1)))
                        .all()
                        .get();
            }
            // when, then  each start opens them on so many threads, which stay for a while
            try (TestingBroker ottla =
                    new TestingBroker(zooKeeper.address(), logs, Map.of("num.recovery.threads.per.data.dir", "3"))) {
                assertThat(ottla.broker().listeners()).isNotEmpty();
                assertThat(Thread.getAllStackTraces().keySet())
                        .filteredOn(thread -> thread.getName().startsWith("recovery-" + logs))
                        .hasSize(3);
            }
        }
    }

    /** How many tasks it works on before any of them ends. */
    private static int atOnce(Executor pool) {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < 10; i++) {
            pool.execute(() -> {
                begun.incrementAndGet();
                try {
                    end.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                ended.incrementAndGet();
            });
        }
        int[] seen = new int[1];
        await().during(200, TimeUnit.MILLISECONDS).until(() -> {
            int now = begun.get();
            boolean same = now > 0 && now == seen[0];
            seen[0] = now;
            return same;
        });
        end.countDown();
        await().until(() -> ended.get() == 10);
        return seen[0];
    }
}
