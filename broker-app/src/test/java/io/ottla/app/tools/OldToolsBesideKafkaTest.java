package io.ottla.app.tools;

import static io.ottla.app.tools.BothClusters.old;
import static io.ottla.app.tools.BothClusters.tool;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.BrokerMake;
import io.ottla.app.KafkaRelease;
import io.ottla.app.ThreeBrokers;
import io.ottla.app.tools.BothClusters.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The tools of old releases that take {@code --zookeeper}, on three brokers of Ottla and three of Kafka 3.9 that keep their
 * state there: such a tool writes a node, and the brokers act on it.
 */
@Tag("full")
class OldToolsBesideKafkaTest {
    private static final String TOPIC_COMMAND = "kafka.admin.TopicCommand";
    private static final String MOVE_COMMAND = "kafka.admin.ReassignPartitionsCommand";
    private static final String ELECTION_COMMAND = "kafka.admin.PreferredReplicaLeaderElectionCommand";
    private static final Tool CONFIG_2_8 = old(KafkaRelease.V2_8, "kafka.admin.ConfigCommand");
    /** One that asks the brokers: an old tool shows what it has written whether they heed it or not. */
    private static final Tool TOPICS = tool("kafka-topics.sh");

    @TempDir
    static Path folder;

    private static BothClusters both;

    @BeforeAll
    static void start() throws Exception {
        both = BothClusters.start(folder, BrokerMake.KAFKA_ON_ZOOKEEPER);
    }

    @AfterAll
    static void stop() {
        if (both != null) {
            both.close();
        }
    }

    /** Whatever a test has left. */
    @AfterEach
    void startWhatDoesNotRun() throws Exception {
        both.both(ThreeBrokers::startMissing);
    }

    private static String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static Predicate<String> leads(int partition, int leader, String replicas) {
        Pattern line = Pattern.compile("Partition: " + partition + "\tLeader: " + leader + "\tReplicas: " + replicas
                + "\tIsr: [\\d,]{" + replicas.length() + "}");
        return said -> line.matcher(said).find();
    }

    /** As the brokers say. */
    private static String described(String topic, Predicate<String> awaited) throws Exception {
        return both.sameButWhen(Difference.ELIGIBLE_REPLICAS, awaited, TOPICS, "--describe", "--topic", topic);
    }

    @ParameterizedTest
    @EnumSource(names = {"V0_8", "V2_8"})
    void shouldCreateGrowConfigureAndDeleteATopic(KafkaRelease release) throws Exception {
        Tool topics = old(release, TOPIC_COMMAND);
        String name = "topic-of-" + release;

        // when   a topic is created, it is served
        assertThat(both.same(
                        topics,
                        "--create",
                        "--topic",
                        name,
                        "--replica-assignment",
                        "1:2,2:3",
                        "--config",
                        "retention.ms=5000000"))
                .contains("Created topic");
        described(name, leads(1, 2, "2,3"));
        both.same("first\n", tool("kafka-console-producer.sh"), "--topic", name);
        assertThat(both.same(
                        tool("kafka-console-consumer.sh"), "--topic", name, "--from-beginning", "--max-messages", "1"))
                .contains("first");
        assertThat(both.same(topics, "--create", "--topic", name, "--partitions", "1", "--replication-factor", "1"))
                .contains("already exists");
        assertThat(both.same(topics, "--list")).contains(name);
        assertThat(both.same(topics, "--describe", "--topic", name)).contains("retention.ms=5000000", "Leader: 2");
        String before = idOf(name);

        // when   it grows, it keeps its id
        assertThat(both.same(topics, "--alter", "--topic", name, "--partitions", "3"))
                .contains("Adding partitions succeeded!");
        described(name, said -> said.contains("PartitionCount: 3") && !said.contains("none"));
        both.same(topics, "--describe", "--topic", name);
        assertThat(idOf(name)).isEqualTo(before);

        // when   its configuration is changed
        String remove = release == KafkaRelease.V0_8 ? "--deleteConfig" : "--delete-config";
        assertThat(both.same(topics, "--alter", "--topic", name, "--config", "max.message.bytes=2000"))
                .contains("Updated config");
        described(name, said -> said.contains("max.message.bytes=2000"));
        assertThat(both.same(topics, "--alter", "--topic", name, remove, "retention.ms"))
                .contains("Updated config");
        assertThat(described(name, said -> !said.contains("retention.ms"))).contains("max.message.bytes=2000");
        both.same(topics, "--describe", "--topics-with-overrides", "--topic", name);

        // when   it is deleted; 0.8.1 has no command for that which leaves it to the brokers
        assertThat(both.same(old(KafkaRelease.V2_8, TOPIC_COMMAND), "--delete", "--topic", name))
                .contains("marked for deletion");
        both.sameWhen(said -> !said.contains(name), TOPICS, "--list");
        both.sameWhen(said -> !said.contains(name), topics, "--list");
    }

    /** As Ottla's brokers know it. */
    private static String idOf(String topic) throws Exception {
        return both.ofOttla(TOPICS, "--describe", "--topic", topic).replaceAll("(?s).*TopicId: (\\S{22}).*", "$1");
    }

    @Test
    void shouldListAndDescribeWhatIsPartlyOut() throws Exception {
        Tool topics = old(KafkaRelease.V2_8, TOPIC_COMMAND);
        Tool oldest = old(KafkaRelease.V0_8, TOPIC_COMMAND);
        both.same(topics, "--create", "--topic", "out", "--replica-assignment", "3:1");
        both.same(oldest, "--create", "--topic", "gone", "--replica-assignment", "3,1");
        described("out", leads(0, 3, "3,1"));
        described("gone", leads(0, 3, "3"));
        both.both(cluster -> cluster.kill(3));
        described("out", leads(0, 1, "3,1").or(said -> said.contains("Leader: 1")));
        described("gone", said -> said.contains("Leader: none") && said.contains("Leader: 1"));
        for (Tool each : new Tool[] {topics, oldest}) {
            assertThat(both.same(each, "--describe", "--under-replicated-partitions", "--topic", "out"))
                    .contains("out\tPartition: 0");
            assertThat(both.same(each, "--describe", "--unavailable-partitions", "--topic", "gone"))
                    .contains("gone\tPartition: 0");
        }
        both.both(cluster -> cluster.start(3));
        described("out", leads(0, 1, "3,1"));
        described("gone", leads(0, 3, "3"));

        // and    leadership comes back on request
        String partitions = file("elect.json", "{\"partitions\":[{\"topic\":\"out\",\"partition\":0}]}");
        assertThat(both.same(old(KafkaRelease.V2_8, ELECTION_COMMAND), "--path-to-json-file", partitions))
                .contains("Successfully started");
        described("out", leads(0, 3, "3,1"));
        both.both(cluster -> cluster.kill(3));
        described("out", leads(0, 1, "3,1").or(said -> said.contains("Leader: 1")));
        both.both(cluster -> cluster.start(3));
        described("out", leads(0, 1, "3,1"));
        assertThat(both.same(old(KafkaRelease.V0_8, ELECTION_COMMAND))).contains("Successfully started");
        described("out", leads(0, 3, "3,1"));
    }

    @ParameterizedTest
    @EnumSource(names = {"V0_8", "V2_8"})
    void shouldMovePartitions(KafkaRelease release) throws Exception {
        Tool moves = old(release, MOVE_COMMAND);
        String name = "moved-by-" + release;
        both.same(old(release, TOPIC_COMMAND), "--create", "--topic", name, "--replica-assignment", "1:2,2:3");
        described(name, leads(1, 2, "2,3"));
        String topics = file("topics.json", "{\"version\":1,\"topics\":[{\"topic\":\"" + name + "\"}]}");
        String plan = file(
                "plan.json",
                "{\"version\":1,\"partitions\":[{\"topic\":\"" + name
                        + "\",\"partition\":0,\"replicas\":[3,2]},{\"topic\":\"" + name
                        + "\",\"partition\":1,\"replicas\":[1,2,3]}]}");
        assertThat(both.same(moves, "--generate", "--topics-to-move-json-file", topics, "--broker-list", "1,3"))
                .contains(name);
        assertThat(both.same(moves, "--execute", "--reassignment-json-file", plan))
                .contains("Successfully started");
        described(name, leads(0, 3, "3,2"));
        described(name, leads(1, 2, "1,2,3"));
        assertThat(both.same(moves, "--verify", "--reassignment-json-file", plan))
                .contains("complete");
        both.same(old(release, TOPIC_COMMAND), "--describe", "--topic", name);
        if (release == KafkaRelease.V2_8) { // 0.8's leaves that to the brokers, and Kafka's leave the node where it is
            String unknown = file(
                    "unknown.json",
                    "{\"version\":1,\"partitions\":[{\"topic\":\"nowhere\",\"partition\":0,\"replicas\":[3]}]}");
            both.same(moves, "--execute", "--reassignment-json-file", unknown);
        }
    }

    @Test
    void shouldThrottleAMove() throws Exception {
        // given  what takes many fetches
        Tool moves = old(KafkaRelease.V2_8, MOVE_COMMAND);
        both.same(old(KafkaRelease.V2_8, TOPIC_COMMAND), "--create", "--topic", "heavy", "--replica-assignment", "1:2");
        described("heavy", leads(0, 1, "1,2"));
        String records = ("x".repeat(1000) + "\n").repeat(20_000);
        both.same(records, tool("kafka-console-producer.sh"), "--topic", "heavy", "--producer-property", "acks=all");
        String plan = file(
                "heavy.json",
                "{\"version\":1,\"partitions\":[{\"topic\":\"heavy\",\"partition\":0,\"replicas\":[2,3]}]}");

        // when
        assertThat(both.same(moves, "--execute", "--throttle", "1", "--reassignment-json-file", plan))
                .contains("throttle limit was set to 1 B/s", "Successfully started");

        // then   it is held back, and the brokers know by what
        assertThat(both.same(moves, "--verify", "--preserve-throttles", "--reassignment-json-file", plan))
                .contains("heavy-0 is still in progress");
        assertThat(described("heavy", said -> said.contains("throttled.replicas")))
                .contains("follower.replication.throttled.replicas=0:3");
        for (String broker : new String[] {"1", "2", "3"}) {
            assertThat(both.sameButWhen(
                            Difference.RATES_HAVE_A_DEFAULT,
                            said -> said.contains("throttled.rate=1 "),
                            tool("kafka-configs.sh"),
                            "--describe",
                            "--entity-type",
                            "brokers",
                            "--entity-name",
                            broker))
                    .contains("leader.replication.throttled.rate=1 ", "follower.replication.throttled.rate=1 ");
        }
        assertThat(both.same(moves, "--execute", "--throttle", "2", "--reassignment-json-file", plan))
                .contains("Cannot execute because there is an existing partition assignment.");

        // when   it is let go, the tool sees it end, and takes away what it has set
        for (String broker : new String[] {"1", "2", "3"}) {
            both.same(
                    tool("kafka-configs.sh"),
                    "--alter",
                    "--entity-type",
                    "brokers",
                    "--entity-name",
                    broker,
                    "--add-config",
                    "leader.replication.throttled.rate=50000000,follower.replication.throttled.rate=50000000");
        }
        described("heavy", leads(0, 2, "2,3"));
        assertThat(both.same(moves, "--verify", "--reassignment-json-file", plan))
                .contains("heavy-0 is complete", "Clearing broker-level throttles", "Clearing topic-level throttles");
        assertThat(described("heavy", said -> !said.contains("throttled"))).contains("Replicas: 2,3");
        both.sameWhen(
                said -> !said.contains("throttled"),
                tool("kafka-configs.sh"),
                "--describe",
                "--entity-type",
                "brokers",
                "--entity-name",
                "3");
    }

    @Test
    void shouldChangeConfigurationAsFarAsThatGoesByZooKeeper() throws Exception {
        both.same(old(KafkaRelease.V2_8, TOPIC_COMMAND), "--create", "--topic", "set", "--replica-assignment", "1");
        described("set", leads(0, 1, "1"));
        String[] topic = {"--entity-type", "topics", "--entity-name", "set"};
        assertThat(both.same(CONFIG_2_8, with(topic, "--alter", "--add-config", "retention.ms=7000000")))
                .contains("Completed updating");
        described("set", said -> said.contains("retention.ms=7000000"));
        assertThat(both.same(CONFIG_2_8, with(topic, "--describe"))).contains("retention.ms=7000000");
        both.same(CONFIG_2_8, with(topic, "--alter", "--delete-config", "retention.ms"));
        described("set", said -> !said.contains("retention.ms"));

        // a broker that runs it refuses to change, and one that does not run may be given what it will start with
        assertThat(both.same(
                        CONFIG_2_8,
                        "--entity-type",
                        "brokers",
                        "--entity-name",
                        "1",
                        "--alter",
                        "--add-config",
                        "num.io.threads=7"))
                .contains("--bootstrap-server option must be specified");
        both.same(
                CONFIG_2_8,
                "--entity-type",
                "brokers",
                "--entity-name",
                "9",
                "--alter",
                "--add-config",
                "num.io.threads=7");
        assertThat(both.same(CONFIG_2_8, "--entity-type", "brokers", "--entity-name", "9", "--describe"))
                .contains("num.io.threads=7");
        both.same(CONFIG_2_8, "--entity-type", "brokers", "--describe");
        both.same(CONFIG_2_8, "--entity-type", "users", "--describe");
    }

    private static String[] with(String[] first, String... rest) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(rest)).toArray(String[]::new);
    }
}
