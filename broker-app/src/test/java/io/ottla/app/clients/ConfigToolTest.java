package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.OttlaProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration through Kafka's own {@code kafka-configs}. */
@Tag("full")
class ConfigToolTest {
    @TempDir
    static Path folder;

    private static OttlaProcess broker;
    private static String id;

    @BeforeAll
    static void start() throws Exception {
        broker = OttlaProcess.serve(folder);
        broker.awaitReady();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            id = admin.describeCluster().nodes().get().iterator().next().idString();
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static String configs(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("../bin/kafka-configs.sh", "--bootstrap-server", broker.bootstrap()));
        command.addAll(Arrays.asList(arguments));
        return String.join("\n", ForeignProgram.run(command.toArray(String[]::new)));
    }

    /** What the tool says when it does not succeed. */
    private static String refused(String type, String name, String setting) throws Exception {
        return String.join(
                "\n",
                ForeignProgram.run(
                        "bash",
                        "-c",
                        "! \"$@\" 2>&1",
                        "refused",
                        "../bin/kafka-configs.sh",
                        "--bootstrap-server",
                        broker.bootstrap(),
                        "--entity-type",
                        type,
                        "--entity-name",
                        name,
                        "--alter",
                        "--add-config",
                        setting));
    }

    @Test
    void shouldDescribeAndAlterTopics() throws Exception {
        String[] topic = {"--entity-type", "topics", "--entity-name", "t"};
        configs(with(topic, "--alter", "--add-config", "retention.ms=5000,cleanup.policy=[compact,delete]"));
        assertThat(configs(with(topic, "--describe")))
                .contains("retention.ms=5000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=5000")
                .contains("cleanup.policy=compact,delete")
                .doesNotContain("segment.bytes");
        configs(with(topic, "--alter", "--delete-config", "retention.ms,cleanup.policy"));
        assertThat(configs(with(topic, "--describe", "--all")))
                .contains("cleanup.policy=delete")
                .contains("segment.bytes=1073741824 sensitive=false");
        assertThat(refused("topics", "t", "retention.ms=soon")).contains("Invalid value soon for configuration");
        assertThat(refused("topics", "t", "retention.mss=1")).contains("did you mean retention.ms?");
        assertThat(configs("--entity-type", "topics", "--describe")).contains("Dynamic configs for topic t are:");
    }

    @Test
    void shouldDescribeAndAlterBrokers() throws Exception {
        String[] one = {"--entity-type", "brokers", "--entity-name", id};
        String[] all = {"--entity-type", "brokers", "--entity-default"};
        configs(with(all, "--alter", "--add-config", "log.roll.ms=100000000"));
        configs(with(one, "--alter", "--add-config", "num.io.threads=5"));
        assertThat(configs(with(one, "--describe")))
                .contains("num.io.threads=5")
                .contains("DYNAMIC_BROKER_CONFIG:num.io.threads=5");
        assertThat(configs(with(all, "--describe")))
                .contains("log.roll.ms=100000000")
                .doesNotContain("num.io.threads");
        assertThat(configs(with(one, "--describe", "--all")))
                .contains("zookeeper.session.timeout.ms=18000")
                .contains("DYNAMIC_DEFAULT_BROKER_CONFIG:log.roll.ms=100000000");
        configs(with(all, "--alter", "--delete-config", "log.roll.ms"));
        configs(with(one, "--alter", "--delete-config", "num.io.threads"));
        assertThat(configs(with(one, "--describe"))).doesNotContain("num.io.threads=5");
        assertThat(refused("brokers", id, "broker.id=7")).contains("can't be changed while the broker runs");
        assertThat(refused("brokers", id, "ssl.key.password=x")).contains("password.encoder.secret");
    }

    @Test
    void shouldDescribeAndAlterLevelsOfLoggers() throws Exception {
        String[] loggers = {"--entity-type", "broker-loggers", "--entity-name", id};
        configs(with(loggers, "--alter", "--add-config", "io.ottla=DEBUG,io.ottla.broker=FATAL"));
        assertThat(configs(with(loggers, "--describe")))
                .contains("io.ottla=DEBUG")
                .contains("io.ottla.broker=FATAL");
        configs(with(loggers, "--alter", "--delete-config", "io.ottla,io.ottla.broker"));
        assertThat(configs(with(loggers, "--describe")))
                .contains("io.ottla.broker=INFO")
                .contains("root=INFO");
        assertThat(refused("broker-loggers", id, "io.nowhere=DEBUG")).contains("Invalid broker logger(s): io.nowhere");
    }

    @Test
    void shouldDescribeAndAlterGroups() throws Exception {
        String[] group = {"--entity-type", "groups", "--entity-name", "readers"};
        configs(with(group, "--alter", "--add-config", "consumer.session.timeout.ms=50000"));
        assertThat(configs(with(group, "--describe"))).contains("consumer.session.timeout.ms=50000");
        assertThat(configs("--entity-type", "groups", "--describe")).contains("readers");
        configs(with(group, "--alter", "--delete-config", "consumer.session.timeout.ms"));
        assertThat(configs(with(group, "--describe"))).doesNotContain("consumer.session.timeout.ms=50000");
        assertThat(refused("groups", "readers", "consumer.session.timeout.ms=1"))
                .contains("group.consumer.min.session.timeout.ms, which is 45000");
    }

    @Test
    void shouldSayThatThereAreNoSubscriptionsToMetrics() throws Exception {
        assertThat(refused("client-metrics", "m", "interval.ms=1000")).contains("does not take clients' metrics");
        assertThat(configs("--entity-type", "client-metrics", "--describe")).doesNotContain("interval.ms");
    }

    private static String[] with(String[] first, String... rest) {
        List<String> both = new ArrayList<>(List.of(first));
        both.addAll(List.of(rest));
        return both.toArray(String[]::new);
    }
}
