package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.zookeeper.EmbeddedZooKeeper;
import io.ottla.time.Clock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Groups that the consumer and the tools of Kafka 0.8 keep in ZooKeeper, as the console sees and changes them. That consumer
 * reads from a broker of Kafka 3.9, the last that answers it; from Ottla's it can't read, but joins its group all the same.
 */
@Tag("full")
class OldConsumersOfConsoleTest {
    private static final String GIVEN = "correct-horse";
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Pattern CLUSTER = Pattern.compile("/clusters/([\\w-]{22})\"");

    @TempDir
    Path folder;

    /** A console consumer of Kafka 0.8 in a process of its own. */
    private static final class OldConsumer implements AutoCloseable {
        private final Process process;
        private final Path output;

        OldConsumer(Path folder, String zooKeeper, String... options) throws IOException, InterruptedException {
            List<String> arguments = new ArrayList<>(List.of(
                    "--zookeeper", zooKeeper, "--topic", "t", "--group", "readers", "--autocommit.interval.ms", "200"));
            arguments.addAll(List.of(options));
            output = Files.createTempFile(folder, "old-consumer", ".log");
            process = run(output, "kafka.consumer.ConsoleConsumer", arguments.toArray(new String[0]));
        }

        private String said() throws IOException {
            return Files.readString(output);
        }

        /** Leaves its group. */
        void stop() throws InterruptedException {
            process.destroy();
            process.waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    private static Process run(Path output, String program, String... arguments)
            throws IOException, InterruptedException {
        return new ProcessBuilder(KafkaRelease.V0_8.command(program, arguments))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private EmbeddedZooKeeper zooKeeper() throws IOException, InterruptedException {
        EmbeddedZooKeeper zooKeeper = new EmbeddedZooKeeper(
                folder.resolve("zookeeper"), 0, Clock.system(), (delayMs, task) -> () -> true, Runnable::run);
        zooKeeper.start();
        return zooKeeper;
    }

    private static String send(OttlaProcess process, String method, String path, String body) throws Exception {
        String user =
                "Basic " + Base64.getEncoder().encodeToString(("admin:" + GIVEN).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer =
                process.send(method, path, body, "Authorization", user, "Content-Type", "application/json");
        return answer.statusCode() + " " + answer.body();
    }

    private static String get(OttlaProcess process, String path) throws Exception {
        return send(process, "GET", path, "");
    }

    private static void awaitGet(OttlaProcess process, String path, String... parts) {
        await().atMost(SOON).untilAsserted(() -> assertThat(get(process, path)).contains(parts));
    }

    @Test
    void shouldShowAndChangeTheGroupOfAnOldConsumer() throws Exception {
        Path kafkaFolder = Files.createDirectories(folder.resolve("kafka"));
        Path ownFolder = Files.createDirectories(folder.resolve("own"));
        EmbeddedZooKeeper zooKeeper = zooKeeper();
        String address = "127.0.0.1:" + KafkaProcess.freePort();
        try (KafkaProcess kafka = KafkaProcess.onZooKeeper(
                        kafkaFolder,
                        1,
                        address,
                        List.of("zookeeper.connect=" + zooKeeper.address(), "offsets.topic.replication.factor=1"));
                OttlaProcess console = OttlaProcess.serve(
                        ownFolder,
                        "console.admin.password=" + GIVEN,
                        "console.lag.refresh=1s",
                        "console.clusters.old.zookeeper=" + zooKeeper.address())) {
            // given
            kafka.awaitReady();
            console.awaitReady();
            TestingClient.createTopic(address);
            TestingClient.produce(address, 0, 100);
            String kafkaId = Files.readString(kafkaFolder.resolve("logs/meta.properties"))
                    .replaceAll("(?s).*cluster\\.id=([\\w-]+).*", "$1");
            String groups = "/api/v1/clusters/" + kafkaId + "/groups";
            String offsets = groups + "/readers/offsets?type=zookeeper";

            try (OldConsumer consumer = new OldConsumer(folder, zooKeeper.address(), "--from-beginning")) {
                // then   it is seen with its member and without lag, and nothing is changed below it
                awaitGet(console, offsets, "\"committed_offset\":100", "\"total_lag\":0");
                assertThat(consumer.said()).contains("value-0", "value-99");
                assertThat(get(console, groups))
                        .contains(
                                "{\"group_id\":\"readers\",\"type\":\"zookeeper\",\"protocol\":\"\",\"state\":\"STABLE\"}");
                assertThat(get(console, groups + "/readers?type=zookeeper"))
                        .contains("\"consumer_id\":\"readers_", "\"topic_name\":\"t\",\"partitions\":[0]")
                        .doesNotContain("\"host\":null");
                assertThat(get(console, "/clusters/old/groups"))
                        .contains("/clusters/old/zookeeper-groups/readers", "stable");
                assertThat(get(console, "/clusters/old/zookeeper-groups/readers"))
                        .contains("/consumers/readers");
                assertThat(send(console, "POST", offsets, "{\"to\":\"earliest\",\"dry_run\":false}"))
                        .startsWith("409 ")
                        .contains("The group readers is in use: 1 member");
                assertThat(send(console, "DELETE", groups + "/readers?type=zookeeper", ""))
                        .startsWith("409 ");
                consumer.stop();
            }

            // when   more is written while nobody reads
            TestingClient.produce(address, 100, 120);
            awaitGet(console, groups + "?type=zookeeper", "\"state\":\"EMPTY\"");
            awaitGet(console, offsets, "\"total_lag\":20");
            awaitGet(console, groups + "/readers/lag-history?type=zookeeper", "\"source\":\"passing\"", "\"lag\":20");
            awaitGet(
                    console, "/clusters/old/topics/t/groups", "/clusters/old/zookeeper-groups/readers?topic=t", ">20<");

            awaitGet(console, "/clusters/old/groups?sort=lag&dir=desc", "<svg class=\"spark\"");
            awaitGet(console, "/clusters/old/zookeeper-groups/readers", "lag-chart");

            // and    its offset is set, after it was said what that does
            assertThat(send(console, "POST", offsets, "{\"to\":\"offset\",\"value\":\"90\"}"))
                    .startsWith("200 ")
                    .contains("\"dry_run\":true", "\"before\":100", "\"after\":90");
            assertThat(get(console, offsets)).contains("\"committed_offset\":100");
            assertThat(send(console, "POST", offsets, "{\"to\":\"offset\",\"value\":\"90\",\"dry_run\":false}"))
                    .startsWith("200 ");
            assertThat(get(console, offsets)).contains("\"committed_offset\":90", "\"total_lag\":30");

            // then   the consumer goes on from there
            try (OldConsumer again = new OldConsumer(folder, zooKeeper.address())) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(again.said()).contains("value-119"));
                assertThat(again.said()).contains("value-90").doesNotContain("value-89");
                awaitGet(console, offsets, "\"total_lag\":0");
                again.stop();
            }

            // and    what is deleted is gone
            awaitGet(console, groups + "?type=zookeeper", "\"state\":\"EMPTY\"");
            assertThat(send(console, "DELETE", offsets + "&topic=t", "")).startsWith("204");
            assertThat(get(console, offsets)).contains("\"offsets\":[]");
            assertThat(send(console, "DELETE", groups + "/readers?type=zookeeper", ""))
                    .startsWith("204");
            assertThat(get(console, groups + "/readers?type=zookeeper")).startsWith("404 ");
            assertThat(console.output())
                    .contains("reset-offsets DONE by admin", "delete-group DONE by admin", "type=zookeeper")
                    .doesNotContain(" ERROR ");
        } finally {
            zooKeeper.close();
        }
    }

    @Test
    void shouldKeepTheHistoryOfGroupsThatOldToolsMadeInTheOwnZooKeeper() throws Exception {
        EmbeddedZooKeeper zooKeeper = zooKeeper();
        String[] settings = {
            "zookeeper.connect=" + zooKeeper.address(),
            "offsets.topic.replication.factor=1",
            "console.admin.password=" + GIVEN,
            "console.lag.refresh=1s"
        };
        String groups;
        try (OttlaProcess process = OttlaProcess.serve(folder, settings).awaitReady()) {
            // given  one by the tool of Kafka 0.8, and one of that name that the broker keeps
            TestingClient.createTopic(process.bootstrap());
            TestingClient.produce(process.bootstrap(), 0, 50);
            TestingClient.commit(process.bootstrap(), "readers", 45);
            tool(
                    "kafka.tools.ImportZkOffsets",
                    "--input-file",
                    file("/consumers/readers/offsets/t/0:30"),
                    "--zkconnect",
                    zooKeeper.address());
            Matcher cluster = CLUSTER.matcher(get(process, "/v3/clusters"));
            assertThat(cluster.find()).isTrue();
            groups = "/api/v1/clusters/" + cluster.group(1) + "/groups";

            // then   both are there, each with its own lag
            assertThat(get(process, groups)).contains("\"type\":\"zookeeper\"", "\"type\":\"classic\"");
            assertThat(get(process, groups + "/readers/offsets")).contains("\"total_lag\":5");
            assertThat(get(process, groups + "/readers/offsets?type=zookeeper")).contains("\"total_lag\":20");
            assertThat(get(process, "/clusters/ottla/groups/readers"))
                    .contains("/clusters/ottla/zookeeper-groups/readers");
            awaitGet(process, groups + "/readers/lag-history?type=zookeeper", "\"lag\":20");
            awaitGet(process, groups + "/readers/lag-history", "\"lag\":5");

            // when   its offset is set, the tool of Kafka 0.8 reads that
            assertThat(send(
                            process,
                            "POST",
                            groups + "/readers/offsets?type=zookeeper",
                            "{\"to\":\"shift\",\"value\":\"-20\",\"dry_run\":false}"))
                    .startsWith("200 ");
            Path exported = folder.resolve("exported");
            tool(
                    "kafka.tools.ExportZkOffsets",
                    "--group",
                    "readers",
                    "--zkconnect",
                    zooKeeper.address(),
                    "--output-file",
                    exported.toString());
            assertThat(exported).content().contains("/consumers/readers/offsets/t/0:10");
            awaitGet(process, groups + "/readers/lag-history?type=zookeeper", "\"lag\":40");

            // when   a consumer joins, which the broker does not answer
            try (OldConsumer consumer = new OldConsumer(folder, zooKeeper.address())) {
                awaitGet(process, groups + "?type=zookeeper", "\"state\":\"STABLE\"");
                assertThat(send(process, "DELETE", groups + "/readers?type=zookeeper", ""))
                        .startsWith("409 ")
                        .contains("in use");
                assertThat(consumer.process.isAlive()).isTrue();
            }

            // then   its session ends after it
            awaitGet(process, groups + "?type=zookeeper", "\"state\":\"EMPTY\"");
            process.stop();
        }

        try (OttlaProcess process = OttlaProcess.serve(folder, settings).awaitReady()) {
            // then   what was before the restart is there
            awaitGet(
                    process,
                    groups + "/readers/lag-history?type=zookeeper",
                    "\"source\":\"kept\"",
                    "\"lag\":20",
                    "\"lag\":40");
            assertThat(send(process, "DELETE", groups + "/readers?type=zookeeper", ""))
                    .startsWith("204");
            assertThat(get(process, groups + "/readers/offsets")).contains("\"total_lag\":5");
            assertThat(process.output()).doesNotContain(" ERROR ");
        } finally {
            zooKeeper.close();
        }
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("offsets"), content + "\n").toString();
    }

    private void tool(String program, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "tool", ".log");
        assertThat(run(output, program, arguments).waitFor())
                .as(Files.readString(output))
                .isZero();
    }
}
