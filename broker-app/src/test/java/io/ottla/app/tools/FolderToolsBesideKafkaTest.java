package io.ottla.app.tools;

import static io.ottla.app.tools.BothClusters.tool;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.BrokerMake;
import io.ottla.app.tools.BothClusters.Tool;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves between the two folders of each broker, by the tool of Kafka 4.3, on three brokers of Ottla and three of Kafka 4.3. */
@Tag("full")
class FolderToolsBesideKafkaTest {
    private static final String MOVES = "kafka-reassign-partitions.sh";
    private static final String LOG_DIRS = "kafka-log-dirs.sh";
    private static final String TOPICS = "kafka-topics.sh";

    @TempDir
    static Path folder;

    private static BothClusters both;

    @BeforeAll
    static void start() throws Exception {
        both = BothClusters.start(folder, BrokerMake.KAFKA_ON_KRAFT, "log.dirs=OWN/first,OWN/second");
    }

    @AfterAll
    static void stop() {
        if (both != null) {
            both.close();
        }
    }

    /** A topic of one partition on brokers 1 and 2, with 20 MB, whose replica on broker 1 lies in the first folder of its broker. */
    private static void create(String topic) throws Exception {
        both.same(TOPICS, "--create", "--topic", topic, "--replica-assignment", "1:2");
        String records = ("x".repeat(1000) + "\n").repeat(20_000);
        both.same(records, tool("kafka-console-producer.sh"), "--topic", topic, "--producer-property", "acks=all");
        Tool first = moves(topic, "FOLDER-1/first", "any");
        assertThat(both.same(first, "--execute"))
                .contains("Successfully started moving log directory to FOLDER-1/first for replica " + topic + "-0")
                .endsWith("exit 0");
        both.sameWhen(said -> said.contains("replica " + topic + "-0-1 completed successfully"), first, "--verify");
        assertThat(folderOf(topic)).isEqualTo("first");
    }

    private static Tool moves(String topic, String first, String second) {
        return tool(
                MOVES,
                "--reassignment-json-file",
                "{\"version\":1,\"partitions\":[{\"topic\":\"%s\",\"partition\":0,\"replicas\":[1,2],\"log_dirs\":[\"%s\",\"%s\"]}]}"
                        .formatted(topic, first, second));
    }

    /** Where both say that broker 1 has its only partition, which is not moved: else it is in two. */
    private static String folderOf(String topic) throws Exception {
        Pattern place = Pattern.compile("\"partition\":\"" + topic
                + "-0\",[^\\]]*\"isFuture\":false[^\\]]*\\],\"error\":null,\"logDir\":\"FOLDER-1/(\\w+)\"");
        return both.each("", tool(LOG_DIRS), "--describe", "--broker-list", "1", "--topic-list", topic)
                .map(said -> {
                    assertThat(said.split(topic + "-0\"", -1)).as(said).hasSize(2);
                    Matcher found = place.matcher(said);
                    assertThat(found.find()).as(said).isTrue();
                    return found.group(1);
                })
                .agreed();
    }

    @Test
    void shouldMoveAReplicaToAnotherFolderAtARateOfItsOwn() throws Exception {
        create("folders");
        Tool second = moves("folders", "FOLDER-1/second", "any");

        // when
        assertThat(both.same(second, "--execute", "--replica-alter-log-dirs-throttle", "1000"))
                .contains("The replica-alter-dir throttle limit was set to 1000 B/s")
                .contains("Successfully started moving log directory to FOLDER-1/second for replica folders-0");

        // then
        assertThat(both.same(second, "--verify"))
                .contains("Reassignment of replica folders-0-1 is still in progress.")
                .doesNotContain("Clearing");
        assertThat(rate()).contains("=1000 ");
        Tool elsewhere = moves("folders", "FOLDER-1/first", "any");
        assertThat(both.same(elsewhere, "--verify"))
                .contains("is being moved to log dir FOLDER-1/second instead of FOLDER-1/first");

        // when   it may go faster
        assertThat(both.same(second, "--execute", "--additional", "--replica-alter-log-dirs-throttle", "50000000"))
                .contains("limit was set to 50000000 B/s");
        both.await(said -> said.contains("completed successfully"), second, "--verify", "--preserve-throttles");
        assertThat(both.same(second, "--verify"))
                .contains("Reassignment of replica folders-0-1 completed successfully.")
                .contains("Clearing broker-level throttles");

        // then   it lies there, whole, and nothing holds the next move back
        assertThat(folderOf("folders")).isEqualTo("second");
        assertThat(rate()).doesNotContain("io.max.bytes");
        assertThat(both.same("kafka-get-offsets.sh", "--topic", "folders")).contains("folders:0:20000");
        assertThat(both.same(
                        "kafka-console-consumer.sh",
                        "--topic",
                        "folders",
                        "--partition",
                        "0",
                        "--offset",
                        "19999",
                        "--max-messages",
                        "1"))
                .contains("Processed a total of 1 messages");
    }

    private static String rate() throws Exception {
        return both.each("", tool("kafka-configs.sh"), "--describe", "--entity-type", "brokers", "--entity-name", "1")
                .map(text -> text.replaceAll(", DEFAULT_CONFIG:[\\w.]+=\\d+", ""))
                .agreed();
    }

    @Test
    void shouldCancelAMoveToAnotherFolder() throws Exception {
        create("stays");
        Tool second = moves("stays", "FOLDER-1/second", "any");
        both.same(second, "--execute", "--replica-alter-log-dirs-throttle", "1000");
        assertThat(both.same(second, "--verify")).contains("is still in progress");

        // when   it is cancelled, which is a move to where it lies
        assertThat(both.same(second, "--cancel"))
                .contains("moving log directory to FOLDER-1/first for replica stays-0")
                .contains("Clearing broker-level throttles")
                .endsWith("exit 0");

        // then
        assertThat(folderOf("stays")).isEqualTo("first");
        assertThat(rate()).doesNotContain("io.max.bytes");
    }

    @Test
    void shouldRefuseFoldersThatThereAreNot() throws Exception {
        create("nowhere");
        assertThat(both.same(moves("nowhere", "FOLDER-1/third", "any"), "--execute"))
                .contains("LogDirNotFound")
                .endsWith("exit 1");
        assertThat(both.same(moves("nowhere", "FOLDER-1/third", "any"), "--verify"))
                .contains("is not being moved from log dir FOLDER-1/first to FOLDER-1/third");
        assertThat(folderOf("nowhere")).isEqualTo("first");
    }
}
