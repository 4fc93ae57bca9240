package io.ottla.app.tools;

import static io.ottla.app.tools.BothClusters.tool;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.BrokerMake;
import io.ottla.app.ThreeBrokers;
import io.ottla.app.tools.BothClusters.Both;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools of Kafka 4.3 that take {@code --bootstrap-server}, on three brokers of Ottla and three of Kafka 4.3. */
@Tag("full")
class ToolsBesideKafkaTest {
    private static final String TOPICS = "kafka-topics.sh";
    private static final String MOVES = "kafka-reassign-partitions.sh";
    private static final String ELECTION = "kafka-leader-election.sh";
    private static final String CONFIGS = "kafka-configs.sh";
    private static final String OFFSETS = "kafka-get-offsets.sh";
    private static final String CLUSTER = "kafka-cluster.sh";
    private static final String CONSUMER = "kafka-console-consumer.sh";
    private static final Pattern API = Pattern.compile("\\t(\\w+\\(\\d+\\)): .*\\[usable: (\\d+)\\],?");

    @TempDir
    static Path folder;

    private static BothClusters both;

    @BeforeAll
    static void start() throws Exception {
        both = BothClusters.start(folder, BrokerMake.KAFKA_ON_KRAFT);
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

    /** With a setting of its own for what both makes have different defaults for. */
    private static void create(String topic, String replicas) throws Exception {
        assertThat(both.same(
                        TOPICS,
                        "--create",
                        "--topic",
                        topic,
                        "--replica-assignment",
                        replicas,
                        "--config",
                        "min.insync.replicas=1"))
                .contains("Created topic " + topic + ".")
                .endsWith("exit 0");
        both.sameWhen(leads(topic, replicas.split(",").length), TOPICS, "--describe", "--topic", topic);
    }

    private static Predicate<String> leads(String topic, int partitions) {
        Pattern line = Pattern.compile("Topic: " + topic + "\tPartition: \\d+\tLeader: [123]\t");
        return said -> line.matcher(said).results().count() == partitions;
    }

    private static String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void shouldCreateDescribeGrowAndDeleteTopics() throws Exception {
        create("topics-a", "1:2:3,2:3:1,3:1:2");
        create("topics-b", "2,3");
        both.same(
                TOPICS,
                "--create",
                "--topic",
                "topics-c",
                "--replica-assignment",
                "1:2,3:1",
                "--config",
                "min.insync.replicas=2",
                "--config",
                "retention.ms=5000000",
                "--config",
                "cleanup.policy=compact,delete");
        both.same(TOPICS, "--create", "--topic", "topics-d", "--replica-assignment", "2:1");
        both.same(TOPICS, "--create", "--topic", "drawn", "--partitions", "3", "--replication-factor", "3");

        // what can't be created
        refused("TopicExistsException", TOPICS, "--create", "--topic", "topics-a");
        assertThat(both.same(TOPICS, "--create", "--topic", "topics-a", "--if-not-exists"))
                .isEqualTo("exit 0");
        refused(
                "InvalidReplicationFactorException",
                TOPICS,
                "--create",
                "--topic",
                "topics-x",
                "--replication-factor",
                "4");
        refused(
                "InvalidReplicaAssignmentException",
                TOPICS,
                "--create",
                "--topic",
                "topics-x",
                "--replica-assignment",
                "1:9");
        refused("InvalidTopicException", TOPICS, "--create", "--topic", "topics/x", "--partitions", "1");
        refused(
                "IllegalArgumentException",
                TOPICS,
                "--create",
                "--topic",
                "topics-x",
                "--partitions",
                "1",
                "--replication-factor",
                "0");
        refused(
                "InvalidConfigurationException",
                TOPICS,
                "--create",
                "--topic",
                "topics-x",
                "--config",
                "retention.mss=1");
        refused("ConfigException", TOPICS, "--create", "--topic", "topics-x", "--config", "retention.ms=soon");
        refused("IllegalArgumentException", TOPICS, "--create", "--topic", "topics-x", "--partitions", "0");

        // what there is
        assertThat(both.same(TOPICS, "--list", "--topic", "topics-.*"))
                .isEqualTo("topics-a\ntopics-b\ntopics-c\ntopics-d\nexit 0");
        assertThat(both.same(TOPICS, "--list", "--exclude-internal"))
                .doesNotContain("__consumer_offsets")
                .contains("topics-b");
        assertThat(both.sameWhen(leads("topics-c", 2), TOPICS, "--describe", "--topic", "topics-[abc]"))
                .contains("Topic: topics-a\tPartition: 2\tLeader: 3\tReplicas: 3,1,2\tIsr: 1,2,3");
        assertThat(both.same(TOPICS, "--describe", "--topics-with-overrides", "--topic", "topics-c"))
                .contains("cleanup.policy=compact,delete", "retention.ms=5000000");
        assertThat(both.same(TOPICS, "--describe", "--topic", "topics-[abc]", "--exclude-internal"))
                .contains("topics-b");
        assertThat(both.same(TOPICS, "--describe", "--topic", "topics-[abc]", "--at-min-isr-partitions"))
                .contains("topics-b", "topics-c")
                .doesNotContain("topics-a");
        for (String which : new String[] {"replicated", "min-isr"}) {
            assertThat(both.same(TOPICS, "--describe", "--topic", "topics-.*", "--under-" + which + "-partitions"))
                    .isEqualTo("exit 0");
        }
        assertThat(both.same(TOPICS, "--describe", "--topic", "topics-.*", "--unavailable-partitions"))
                .isEqualTo("exit 0");
        refused("IllegalArgumentException", TOPICS, "--describe", "--topic", "topics-x");
        assertThat(both.same(TOPICS, "--describe", "--topic", "topics-x", "--if-exists"))
                .isEqualTo("exit 0");

        assertThat(both.sameBut(Difference.LEAST_IN_SYNC_OF_ALL_BROKERS, TOPICS, "--describe", "--topic", "topics-d"))
                .contains("Replicas: 2,1");

        // more partitions
        assertThat(both.same(
                        TOPICS,
                        "--alter",
                        "--topic",
                        "topics-b",
                        "--partitions",
                        "4",
                        "--replica-assignment",
                        "2,3,1,2"))
                .isEqualTo("exit 0");
        assertThat(both.sameWhen(leads("topics-b", 4), TOPICS, "--describe", "--topic", "topics-b"))
                .contains("PartitionCount: 4");
        refused("InvalidPartitionsException", TOPICS, "--alter", "--topic", "topics-b", "--partitions", "3");
        refused("InvalidPartitionsException", TOPICS, "--alter", "--topic", "topics-b", "--partitions", "4");
        refused(
                "InvalidReplicaAssignmentException",
                TOPICS,
                "--alter",
                "--topic",
                "topics-b",
                "--partitions",
                "5",
                "--replica-assignment",
                "2,3,1,2,7");
        refused("IllegalArgumentException", TOPICS, "--alter", "--topic", "topics-x", "--partitions", "3");
        assertThat(both.same(TOPICS, "--alter", "--topic", "topics-x", "--if-exists", "--partitions", "3"))
                .isEqualTo("exit 0");

        // and fewer topics
        assertThat(both.same(TOPICS, "--delete", "--topic", "topics-[ac]")).isEqualTo("exit 0");
        both.sameWhen("topics-b\ntopics-d\nexit 0"::equals, TOPICS, "--list", "--topic", "topics-.*");
        refused("IllegalArgumentException", TOPICS, "--delete", "--topic", "topics-a");
        assertThat(both.same(TOPICS, "--delete", "--topic", "topics-a", "--if-exists"))
                .isEqualTo("exit 0");
    }

    private static void refused(String error, String name, String... arguments) throws Exception {
        assertThat(both.same(name, arguments)).contains(error).endsWith("exit 1");
    }

    @Test
    void shouldShowWhatTheAbsenceOfBrokersDoes() throws Exception {
        create("absent-a", "1:2:3,2:3:1,3:1:2");
        create("absent-b", "3,1");

        // when   one broker is killed
        both.both(cluster -> cluster.kill(3));

        // then
        Predicate<String> shrunk =
                said -> said.lines().filter(line -> line.contains("Isr: 1,2\t")).count() == 3;
        both.sameWhen(shrunk, TOPICS, "--describe", "--topic", "absent-a");
        assertThat(both.same(TOPICS, "--describe", "--topic", "absent-a", "--under-replicated-partitions"))
                .contains("absent-a\tPartition: 0", "absent-a\tPartition: 2");
        both.same(TOPICS, "--describe", "--topic", "absent-a", "--at-min-isr-partitions");
        both.same(TOPICS, "--describe", "--topic", "absent-a", "--under-min-isr-partitions");
        assertThat(both.sameBut(
                        Difference.LAST_IN_SYNC,
                        TOPICS,
                        "--describe",
                        "--topic",
                        "absent-.*",
                        "--unavailable-partitions"))
                .contains("absent-b\tPartition: 0\tLeader: none")
                .doesNotContain("absent-a");
        refused(
                "EligibleLeadersNotAvailableException",
                ELECTION,
                "--election-type",
                "unclean",
                "--topic",
                "absent-b",
                "--partition",
                "0");
        refused(
                "PreferredLeaderNotAvailableException",
                ELECTION,
                "--election-type",
                "preferred",
                "--topic",
                "absent-a",
                "--partition",
                "2");

        // when   it is back
        both.both(cluster -> cluster.start(3));
        both.sameWhen(said -> !said.contains("absent"), TOPICS, "--describe", "--under-replicated-partitions");
        String elect = file(
                "elect.json",
                "{\"partitions\":[{\"topic\":\"absent-a\",\"partition\":2},{\"topic\":\"absent-b\",\"partition\":0}]}");
        assertThat(both.same(ELECTION, "--election-type", "preferred", "--path-to-json-file", elect))
                .contains("Successfully completed leader election (PREFERRED) for partitions absent-a-2")
                .contains("Valid replica already elected for partitions absent-b-0");
        assertThat(both.same(ELECTION, "--election-type", "preferred", "--topic", "absent-a", "--partition", "2"))
                .contains("Valid replica already elected");
        refused(
                "UnknownTopicOrPartitionException",
                ELECTION,
                "--election-type",
                "preferred",
                "--topic",
                "absent-x",
                "--partition",
                "0");
        refused(
                "UnknownTopicOrPartitionException",
                ELECTION,
                "--election-type",
                "unclean",
                "--topic",
                "absent-a",
                "--partition",
                "7");
        assertThat(both.same(ELECTION, "--election-type", "preferred", "--all-topic-partitions"))
                .endsWith("exit 0");
        assertThat(both.same(ELECTION, "--election-type", "unclean", "--all-topic-partitions"))
                .endsWith("exit 0");
        assertThat(both.same(TOPICS, "--describe", "--topic", "absent-a")).contains("Partition: 2\tLeader: 3");
    }

    @Test
    void shouldMovePartitions() throws Exception {
        create("moves-a", "1:2,2:3");
        create("moves-b", "1");
        String topics = file("topics.json", "{\"version\":1,\"topics\":[{\"topic\":\"moves-a\"}]}");
        String plan = file("plan.json", """
                {"version":1,"partitions":[{"topic":"moves-a","partition":0,"replicas":[3,1]},
                {"topic":"moves-b","partition":0,"replicas":[1,2,3]}]}""");
        String absurd = file(
                "absurd.json",
                "{\"version\":1,\"partitions\":[{\"topic\":\"moves-a\",\"partition\":0,\"replicas\":[3,9]}]}");
        String unknown = file(
                "unknown.json",
                "{\"version\":1,\"partitions\":[{\"topic\":\"moves-x\",\"partition\":0,\"replicas\":[3]}]}");

        // the tool draws where its plan begins
        assertThat(both.same(MOVES, "--generate", "--topics-to-move-json-file", topics, "--broker-list", "1,2,3"))
                .contains("Current partition replica assignment", "\"replicas\":[1,2]");
        assertThat(both.same(MOVES, "--list")).contains("No partition reassignments found.");
        assertThat(both.same(MOVES, "--execute", "--reassignment-json-file", absurd))
                .endsWith("exit 1");
        assertThat(both.same(MOVES, "--execute", "--reassignment-json-file", unknown))
                .endsWith("exit 1");
        assertThat(both.same(MOVES, "--execute", "--throttle", "5000000", "--reassignment-json-file", plan))
                .contains("Successfully started partition reassignments for moves-a-0,moves-b-0");
        both.sameBut(
                Difference.RATES_HAVE_A_DEFAULT,
                CONFIGS,
                "--describe",
                "--entity-type",
                "brokers",
                "--entity-name",
                "3");
        assertThat(both.sameWhen(
                        said -> said.contains("of partition moves-b-0 is completed")
                                && said.contains("of partition moves-a-0 is completed"),
                        MOVES,
                        "--verify",
                        "--preserve-throttles",
                        "--reassignment-json-file",
                        plan))
                .doesNotContain("Clearing");
        assertThat(both.same(TOPICS, "--describe", "--topic", "moves-.*"))
                .contains("throttled.replicas", "Replicas: 3,1\tIsr: 1,3", "Replicas: 1,2,3\tIsr: 1,2,3");
        assertThat(both.same(MOVES, "--verify", "--reassignment-json-file", plan))
                .contains("Clearing broker-level throttles");
        assertThat(both.same(TOPICS, "--describe", "--topic", "moves-.*")).doesNotContain("throttled.replicas");
        assertThat(both.same(MOVES, "--cancel", "--reassignment-json-file", plan))
                .contains("None of the specified partition reassignments are active.");
    }

    @Test
    void shouldCancelAMoveThatIsUnderWay() throws Exception {
        // given  what takes many fetches, and room for one in ten seconds
        create("slow", "1:2");
        create("more", "1");
        String records = ("x".repeat(1000) + "\n").repeat(20_000);
        both.same(records, tool("kafka-console-producer.sh"), "--topic", "slow", "--producer-property", "acks=all");
        String plan = file("slow.json", """
                {"version":1,"partitions":[{"topic":"slow","partition":0,"replicas":[2,3]}]}""");
        assertThat(both.same(MOVES, "--execute", "--throttle", "1", "--reassignment-json-file", plan))
                .contains("Successfully started partition reassignment for slow-0");

        // then
        assertThat(both.same(MOVES, "--list")).contains("slow-0: replicas: 2,3,1. adding: 3. removing: 1.");
        assertThat(both.same(MOVES, "--verify", "--reassignment-json-file", plan))
                .contains("Reassignment of partition slow-0 is still in progress.");
        assertThat(both.same(TOPICS, "--describe", "--topic", "slow"))
                .contains("Replicas: 2,3,1", "Adding Replicas: 3");
        assertThat(both.same(MOVES, "--execute", "--reassignment-json-file", plan))
                .contains("Cannot execute because there is an existing partition assignment.");

        // when   the throttle is changed, another move begins beside it, and this one is cancelled
        assertThat(both.same(MOVES, "--additional", "--execute", "--throttle", "2", "--reassignment-json-file", plan))
                .contains("The inter-broker throttle limit was set to 2 B/s")
                .contains("Successfully started partition reassignment for slow-0");
        assertThat(both.sameBut(
                        Difference.RATES_HAVE_A_DEFAULT,
                        CONFIGS,
                        "--describe",
                        "--entity-type",
                        "brokers",
                        "--entity-name",
                        "3"))
                .contains("follower.replication.throttled.rate=2 ");
        String more = file("more.json", """
                {"version":1,"partitions":[{"topic":"more","partition":0,"replicas":[2,1]}]}""");
        assertThat(both.same(MOVES, "--additional", "--execute", "--reassignment-json-file", more))
                .contains("Successfully started partition reassignment for more-0");
        assertThat(both.sameWhen(
                        said -> said.contains("Reassignment of partition more-0 is completed."),
                        MOVES,
                        "--verify",
                        "--preserve-throttles",
                        "--reassignment-json-file",
                        more))
                .doesNotContain("Clearing");
        assertThat(both.same(MOVES, "--list"))
                .contains("slow-0: replicas: 2,3,1. adding: 3.")
                .doesNotContain("more");
        assertThat(both.same(MOVES, "--cancel", "--reassignment-json-file", plan))
                .contains("Successfully cancelled partition reassignment for: slow-0");
        assertThat(both.same(MOVES, "--list")).contains("No partition reassignments found.");
        assertThat(both.sameWhen(said -> said.contains("Isr: 1,2"), TOPICS, "--describe", "--topic", "slow"))
                .contains("Replicas: 2,1\tIsr: 1,2")
                .doesNotContain("throttled");
    }

    @Test
    void shouldDescribeAndAlterConfiguration() throws Exception {
        create("configs", "1");
        String[] topic = {"--entity-type", "topics", "--entity-name", "configs"};
        String[] one = {"--entity-type", "brokers", "--entity-name", "2"};
        String[] all = {"--entity-type", "brokers", "--entity-default"};
        String[] loggers = {"--entity-type", "broker-loggers", "--entity-name", "2"};

        both.same(
                CONFIGS,
                with(topic, "--alter", "--add-config", "retention.ms=5000000,cleanup.policy=[compact,delete]"));
        assertThat(both.sameBut(Difference.LEAST_IN_SYNC_OF_ALL_BROKERS, CONFIGS, with(topic, "--describe")))
                .contains("cleanup.policy=compact,delete sensitive=false");
        both.same(
                CONFIGS, with(topic, "--alter", "--delete-config", "retention.ms,cleanup.policy,min.insync.replicas"));
        assertThat(both.same(CONFIGS, with(topic, "--describe")))
                .contains("Dynamic configs for topic configs are:\nexit 0");
        refused("InvalidConfigurationException", CONFIGS, with(topic, "--alter", "--add-config", "retention.mss=1"));
        refused("InvalidConfigurationException", CONFIGS, with(topic, "--alter", "--add-config", "retention.ms=soon"));
        refused(
                "UnknownTopicOrPartitionException",
                CONFIGS,
                "--entity-type",
                "topics",
                "--entity-name",
                "nowhere",
                "--alter",
                "--add-config",
                "retention.ms=1");

        both.same(CONFIGS, with(one, "--alter", "--add-config", "num.io.threads=5"));
        both.same(CONFIGS, with(all, "--alter", "--add-config", "log.retention.ms=100000000"));
        assertThat(both.same(CONFIGS, with(one, "--describe")))
                .contains("num.io.threads=5 sensitive=false synonyms={DYNAMIC_BROKER_CONFIG");
        assertThat(both.sameBut(Difference.LEAST_IN_SYNC_OF_ALL_BROKERS, CONFIGS, with(all, "--describe")))
                .contains("log.retention.ms=100000000");
        refused("InvalidRequestException", CONFIGS, with(one, "--alter", "--add-config", "broker.id=7"));
        refused("InvalidRequestException", CONFIGS, with(one, "--alter", "--add-config", "num.io.threads=many"));
        both.same(CONFIGS, with(one, "--alter", "--delete-config", "num.io.threads"));
        both.same(CONFIGS, with(all, "--alter", "--delete-config", "log.retention.ms"));
        assertThat(both.same(CONFIGS, with(one, "--describe"))).doesNotContain("num.io.threads");

        both.same(CONFIGS, with(loggers, "--alter", "--add-config", "root=WARN"));
        refused(
                "Invalid broker logger(s): nowhere",
                CONFIGS,
                with(loggers, "--alter", "--add-config", "nowhere.to.be.found=DEBUG"));

        String[] group = {"--entity-type", "groups", "--entity-name", "readers"};
        both.same(CONFIGS, with(group, "--alter", "--add-config", "consumer.session.timeout.ms=50000"));
        assertThat(both.same(CONFIGS, with(group, "--describe"))).contains("consumer.session.timeout.ms=50000");
    }

    @Test
    void shouldProduceConsumeAndDeleteRecords() throws Exception {
        create("records", "1:2:3,2:3:1");
        String keyed = IntStream.range(0, 50)
                .mapToObj(i -> "key-" + i + ":value-" + i + "\n")
                .collect(Collectors.joining());
        both.same(
                keyed,
                tool("kafka-console-producer.sh"),
                "--topic",
                "records",
                "--reader-property",
                "parse.key=true",
                "--reader-property",
                "key.separator=:");
        both.same(
                "h:1,i:2\tk\twith headers\n",
                tool("kafka-console-producer.sh"),
                "--topic",
                "records",
                "--reader-property",
                "parse.key=true",
                "--reader-property",
                "parse.headers=true",
                "--compression-codec",
                "zstd");
        assertThat(both.same(
                        "no separator\n",
                        tool("kafka-console-producer.sh"),
                        "--topic",
                        "records",
                        "--reader-property",
                        "parse.key=true"))
                .contains("No key separator found");

        String[] shown = {
            "--formatter-property",
            "print.key=true",
            "--formatter-property",
            "print.headers=true",
            "--formatter-property",
            "print.partition=true",
            "--formatter-property",
            "print.offset=true"
        };
        for (String partition : new String[] {"0", "1"}) {
            assertThat(both.same(
                            CONSUMER,
                            with(
                                    shown,
                                    "--topic",
                                    "records",
                                    "--partition",
                                    partition,
                                    "--offset",
                                    "earliest",
                                    "--timeout-ms",
                                    "8000")))
                    .contains("Partition:" + partition + "\tOffset:0\t", "value-");
        }
        assertThat(both.same(
                        CONSUMER, "--topic", "records", "--partition", "0", "--offset", "3", "--max-messages", "2"))
                .contains("Processed a total of 2 messages");
        assertThat(sorted(both.each(
                        "",
                        tool(CONSUMER),
                        "--topic",
                        "records",
                        "--from-beginning",
                        "--group",
                        "readers",
                        "--max-messages",
                        "51")))
                .contains("with headers", "value-49");
        assertThat(both.same("kafka-consumer-groups.sh", "--describe", "--group", "readers"))
                .contains("readers", "records");
        both.same(CONSUMER, "--topic", "records", "--group", "readers", "--timeout-ms", "5000");
        assertThat(both.same("kafka-consumer-groups.sh", "--list")).contains("readers");

        both.same(OFFSETS, "--topic", "records");
        both.same(OFFSETS, "--topic", "records", "--time", "earliest");
        both.same(OFFSETS, "--topic-partitions", "records:1", "--time", "1");
        both.same(
                OFFSETS,
                "--topic",
                "records",
                "--partitions",
                "0",
                "--time",
                "max-timestamp",
                "--exclude-internal-topics");
        both.same(OFFSETS, "--topic", "records", "--time", "earliest-local");
        both.same(OFFSETS, "--topic", "nowhere-to.be.found");
        String cut = file(
                "cut.json", "{\"version\":1,\"partitions\":[{\"topic\":\"records\",\"partition\":0,\"offset\":5}]}");
        assertThat(both.same("kafka-delete-records.sh", "--offset-json-file", cut))
                .contains("partition: records-0\tlow_watermark: 5");
        assertThat(both.same(OFFSETS, "--topic", "records", "--time", "-2")).contains("records:0:5");
        String beyond = file(
                "beyond.json",
                "{\"version\":1,\"partitions\":[{\"topic\":\"records\",\"partition\":1,\"offset\":5000}]}");
        assertThat(both.same("kafka-delete-records.sh", "--offset-json-file", beyond))
                .contains("OffsetOutOfRangeException");
    }

    /** Which partition a consumer is given first is its own affair. */
    private static String sorted(Both said) {
        assertThat(said.ottla().lines().sorted())
                .containsExactlyElementsOf(said.kafka().lines().sorted().toList());
        return said.ottla();
    }

    @Test
    void shouldDescribeFoldersOfLogs() throws Exception {
        create("folders", "1:2,2:3,3:1");
        both.same(
                "key\tvalue\n",
                tool("kafka-console-producer.sh"),
                "--topic",
                "folders",
                "--reader-property",
                "parse.key=true");
        String[] ofTopic = {"--describe", "--topic-list", "folders"};
        assertThat(both.sameWhen(said -> !said.contains("\"offsetLag\":1"), "kafka-log-dirs.sh", ofTopic))
                .contains("{\"broker\":1,\"logDirs\":", "\"logDir\":\"FOLDER-3/logs\"", "\"partition\":\"folders-2\"");
        assertThat(both.same("kafka-log-dirs.sh", with(ofTopic, "--broker-list", "1,2")))
                .doesNotContain("\"broker\":3");
        assertThat(both.same("kafka-log-dirs.sh", "--describe", "--topic-list", "nowhere"))
                .contains("\"partitions\":[]");
        assertThat(both.same("kafka-log-dirs.sh", "--describe", "--broker-list", "9"))
                .doesNotContain("FOLDER");
    }

    @Test
    void shouldDescribeTheCluster() throws Exception {
        assertThat(both.same(CLUSTER, "cluster-id")).contains("Cluster ID: ");
        assertThat(both.same(CLUSTER, "list-endpoints")).contains("PORT-1 ", "PORT-3 ");
        Both said = both.each("", tool("kafka-broker-api-versions.sh"));
        Map<String, Integer> ours = usable(said.ottla());
        assertThat(ours).isNotEmpty();
        Map<String, Integer> kafkas = usable(said.kafka());
        assertThat(ours)
                .allSatisfy((api, version) -> assertThat(version).as(api).isGreaterThanOrEqualTo(kafkas.get(api)));
        assertThat(said.ottla().lines().filter(line -> line.contains("(id: ")))
                .containsExactlyInAnyOrderElementsOf(said.kafka()
                        .lines()
                        .filter(line -> line.contains("(id: "))
                        .toList());
    }

    /** Kafka without ZooKeeper forgets one that runs, too; here its session keeps it known. */
    @Test
    void shouldForgetNoBrokerThatRunsOrHasReplicas() throws Exception {
        create("kept", "3:1");
        refused("BrokerIdNotRegisteredException", CLUSTER, "unregister", "--id", "9");
        assertThat(both.ofOttla(tool(CLUSTER), "unregister", "--id", "3"))
                .contains("InvalidRequestException", "broker 3 runs")
                .endsWith("exit 1");
        both.both(cluster -> cluster.kill(3));
        both.sameWhen(said -> said.contains("Isr: 1\t"), TOPICS, "--describe", "--topic", "kept");
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(both.ofOttla(tool(CLUSTER), "unregister", "--id", "3"))
                        .contains("InvalidRequestException", "Move them to other brokers first")
                        .endsWith("exit 1"));
    }

    /** Of each API that a broker serves the newest version that the tool knows too. */
    private static Map<String, Integer> usable(String said) {
        Map<String, Integer> usable = new TreeMap<>();
        API.matcher(said).results().forEach(found -> usable.put(found.group(1), Integer.valueOf(found.group(2))));
        return usable;
    }

    private static String[] with(String[] first, String... rest) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(rest)).toArray(String[]::new);
    }
}
