package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs in the folders that ZooKeeper knows nothing of are kept, and the operator is told of them. */
final class UnclaimedLogsTest {
    @TempDir
    Path root;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private TestingBroker start() throws Exception {
        return new TestingBroker(zooKeeper.address(), root.resolve("logs"), Map.of());
    }

    private List<String> linesOfAStart() throws Exception {
        try (TestingLines lines = TestingLines.of("io.ottla.storage.UnclaimedLogs")) {
            start().close();
            return lines.all();
        }
    }

    @Test
    void shouldNameAtEachStartWhatNobodyClaims() throws Exception {
        // given  logs of a topic, and nothing besides
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("orders", 13, (short) 1)))
                    .all()
                    .get();
        }
        assertThat(linesOfAStart()).isEmpty();

        // when   one log is of a topic that nobody knows
        Path logs = root.resolve("logs");
        Files.move(logs.resolve("orders-12"), logs.resolve("gone-3"));

        // then   it is named, at each start, and kept
        for (int i = 0; i < 2; i++) {
            assertThat(linesOfAStart())
                    .singleElement()
                    .asString()
                    .startsWith("WARN 1 log in the log folders belongs to no partition that ZooKeeper says this broker"
                            + " holds: gone-3. It is kept, ")
                    .contains("move these folders elsewhere");
            assertThat(logs.resolve("gone-3/00000000000000000000.log")).exists();
        }

        // when   they are many, and some of partitions that a topic does not have
        for (int i = 0; i < 12; i++) {
            Files.move(logs.resolve("orders-" + i), logs.resolve("orders-" + (20 + i)));
        }

        // then   some are named
        assertThat(linesOfAStart())
                .singleElement()
                .asString()
                .contains(
                        "13 logs",
                        "gone-3, orders-20, orders-21, orders-22, orders-23, orders-24, orders-25, orders-26, orders-27,"
                                + " orders-28 and 3 more. They are kept");
    }

    @Test
    void shouldNotOfferLogsForDeletionWhoseTopicCanNotBeRead() throws Exception {
        // given  logs of a topic
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("orders", 2, (short) 1)))
                    .all()
                    .get();
        }

        // when   somebody writes nonsense over its node
        String node = zooKeeper.data("/brokers/topics/orders");
        zooKeeper.write("/brokers/topics/orders", "{{{");

        // then   its logs are not taken for such that nobody wants
        assertThat(linesOfAStart()).isEmpty();

        // and    they are where they were once it is mended
        zooKeeper.write("/brokers/topics/orders", node);
        assertThat(linesOfAStart()).isEmpty();
        assertThat(root.resolve("logs/orders-1/00000000000000000000.log")).exists();
    }
}
