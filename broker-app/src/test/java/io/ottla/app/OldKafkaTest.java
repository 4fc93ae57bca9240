package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.zookeeper.EmbeddedZooKeeper;
import io.ottla.time.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Old brokers of Kafka in the console: what they don't announce is hidden. */
@Tag("full")
class OldKafkaTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"V2_1", "V2_8"})
    void shouldHideWhatTheBrokersDoNotAnnounce(KafkaRelease release) throws Exception {
        // given
        try (EmbeddedZooKeeper zooKeeper = zooKeeper();
                KafkaProcess kafka = kafka(release, zooKeeper);
                ConsoleOfOthers console =
                        ConsoleOfOthers.start(folder, "console.clusters.old.zookeeper=" + zooKeeper.address())) {
            kafka.awaitReady();
            TestingClient.createTopic(kafka.bootstrap());
            TestingClient.produce(kafka.bootstrap(), 0, 20);
            TestingClient.consume(kafka.bootstrap(), 1);
            try (var _ = TransactionalRecords.write(kafka.bootstrap())) {
                // Its offsets and what is aborted are looked at below.
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(console.page("/clusters/old/brokers"))
                            .contains("/clusters/old/security", kafka.bootstrap()));

            // when   what writes logs is not beside these brokers, so that they tell no levels of it; moves came with
            // 2.4, producers with 2.8
            boolean older = release == KafkaRelease.V2_1;
            Map<String, String> pages = console.walk(
                    "old", older ? new String[] {"/loggers", "/moves", "/producers"} : new String[] {"/loggers"});

            // then
            assertThat(pages.keySet())
                    .contains("/clusters/old/topics/t", "/clusters/old/groups/reader", "/clusters/old/acls")
                    .noneMatch(page -> page.contains("/transactions"));
            assertThat(pages.entrySet())
                    .noneMatch(page -> page.getValue().contains("UnsupportedVersion")
                            || page.getValue().contains("The node does not support"));

            // and    who asks all the same is told why there is nothing
            for (String page : List.of("/moves", "/topics/t/producers")) {
                String text =
                        ConsoleOfOthers.text(console.get("/clusters/old" + page).body());
                assertThat(text.contains("This cluster cannot do this"))
                        .as(text)
                        .isEqualTo(older);
            }
            assertThat(ConsoleOfOthers.text(
                            console.get("/clusters/old/transactions").body()))
                    .contains("do not announce ListTransactions", "since 3.0");
            String id;
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
                id = admin.describeCluster().clusterId().get();
            }
            assertThat(console.call("/api/v1/clusters/" + id + "/transactions")).startsWith("400 ");
            assertThat(console.call("/v3/clusters/" + id + "/topics/t/partitions"))
                    .startsWith("200 ");
            assertThat(console.call("/v3/clusters/" + id + "/consumer-groups/reader/lags"))
                    .startsWith("200 ")
                    .contains("\"lag\":");
        }
    }

    @Test
    void shouldSayWhatBrokersAreTooOldFor() throws Exception {
        try (EmbeddedZooKeeper zooKeeper = zooKeeper();
                KafkaProcess kafka = kafka(KafkaRelease.V1_1, zooKeeper);
                ConsoleOfOthers console =
                        ConsoleOfOthers.start(folder, "console.clusters.old.zookeeper=" + zooKeeper.address())) {
            // given  it is registered
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(console.page("/clusters/old/zookeeper/nodes?path=/brokers/ids"))
                            .contains("/brokers/ids/1"));

            // then   what they still understand is there, and the rest says why it is not
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(ConsoleOfOthers.text(console.page("/clusters/old/brokers")))
                            .contains(kafka.bootstrap(), "does not tell its log folders", "does not support"));
            assertThat(console.page("/clusters/old/topics")).contains("/clusters/old");
        }
    }

    private EmbeddedZooKeeper zooKeeper() throws Exception {
        EmbeddedZooKeeper zooKeeper = new EmbeddedZooKeeper(
                folder.resolve("zookeeper"), 0, Clock.system(), (delayMs, task) -> () -> true, Runnable::run);
        zooKeeper.start();
        return zooKeeper;
    }

    private KafkaProcess kafka(KafkaRelease release, EmbeddedZooKeeper zooKeeper) throws Exception {
        return KafkaProcess.onZooKeeper(
                release,
                Files.createDirectories(folder.resolve("kafka")),
                1,
                "127.0.0.1:" + KafkaProcess.freePort(),
                List.of(
                        "zookeeper.connect=" + zooKeeper.address(),
                        "group.initial.rebalance.delay.ms=0",
                        "offsets.topic.num.partitions=3",
                        "offsets.topic.replication.factor=1",
                        "transaction.state.log.num.partitions=3",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1"));
    }
}
