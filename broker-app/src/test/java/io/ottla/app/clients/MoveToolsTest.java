package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.ThreeBrokers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves and elections through Kafka's own {@code kafka-reassign-partitions} and {@code kafka-leader-election}. */
@Tag("full")
class MoveToolsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ThreeBrokers brokers;

    @BeforeEach
    void start() throws Exception {
        brokers = ThreeBrokers.start(folder);
        tool("kafka-topics.sh", "--create", "--topic", "t", "--replica-assignment", "1:2,2:3");
    }

    @AfterEach
    void stop() {
        brokers.close();
    }

    private String tool(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("../bin/" + name, "--bootstrap-server", brokers.alive()));
        command.addAll(Arrays.asList(arguments));
        return String.join("\n", ForeignProgram.run(command.toArray(String[]::new)));
    }

    private String describe() throws Exception {
        return describe("t");
    }

    private String describe(String topic) throws Exception {
        return tool("kafka-topics.sh", "--describe", "--topic", topic).replace("\t", " ");
    }

    private String write(String name, String json) throws IOException {
        return Files.writeString(folder.resolve(name), json).toString();
    }

    @Test
    void shouldGenerateExecuteVerifyAndCancel() throws Exception {
        // given  records, so that there is something to move
        String records = write(
                "records",
                String.join(
                                "\n",
                                IntStream.range(0, 1000)
                                        .mapToObj(Integer::toString)
                                        .toList()) + "\n");
        ForeignProgram.run(
                "bash",
                "-c",
                "\"$1\" --bootstrap-server \"$2\" --topic t <\"$3\"",
                "produce",
                "../bin/kafka-console-producer.sh",
                brokers.bootstrap(),
                records);

        // when
        String topics = write("topics.json", "{\"version\":1,\"topics\":[{\"topic\":\"t\"}]}");
        String generated = tool(
                "kafka-reassign-partitions.sh",
                "--generate",
                "--topics-to-move-json-file",
                topics,
                "--broker-list",
                "1,3");

        // then
        assertThat(generated)
                .contains("Current partition replica assignment")
                .contains("Proposed partition reassignment");
        String proposed = generated
                .lines()
                .dropWhile(line -> !line.startsWith("Proposed"))
                .filter(line -> line.startsWith("{"))
                .findFirst()
                .orElseThrow();

        // when
        String plan = write("plan.json", proposed);
        assertThat(tool(
                        "kafka-reassign-partitions.sh",
                        "--execute",
                        "--throttle",
                        "50000000",
                        "--reassignment-json-file",
                        plan))
                .contains("Successfully started partition reassignments for t-0,t-1");

        // then   it ends, and its throttles go
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(
                                tool("kafka-reassign-partitions.sh", "--verify", "--reassignment-json-file", plan))
                        .contains("Reassignment of partition t-0 is completed.")
                        .contains("Reassignment of partition t-1 is completed.")
                        .contains("Clearing broker-level throttles")
                        .contains("Clearing topic-level throttles"));
        assertThat(describe()).doesNotContain("Replicas: 1,2").doesNotContain("Replicas: 2");
        assertThat(tool("kafka-reassign-partitions.sh", "--list")).contains("No partition reassignments found.");
        assertThat(tool("kafka-reassign-partitions.sh", "--cancel", "--reassignment-json-file", plan))
                .contains("None of the specified partition moves are active.");
        assertThat(tool("kafka-console-consumer.sh", "--topic", "t", "--from-beginning", "--max-messages", "1000")
                        .lines()
                        .filter(line -> line.matches("\\d+")))
                .hasSize(1000);
    }

    @Test
    void shouldGiveAPartitionMoreReplicas() throws Exception {
        String plan = write(
                "plan.json", "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2,3]}]}");
        assertThat(tool("kafka-reassign-partitions.sh", "--execute", "--reassignment-json-file", plan))
                .contains("Successfully started partition reassignment for t-0");
        await().atMost(LONG).until(() -> describe().matches("(?s).*Replicas: 1,2,3 Isr: [123],[123],[123].*"));
    }

    @Test
    void shouldElectPreferredLeaders() throws Exception {
        // given  one that was away
        brokers.kill(1);
        await().atMost(LONG).until(() -> describe().contains("Leader: 2 Replicas: 1,2"));
        brokers.start(1);
        await().atMost(LONG).until(() -> describe().matches("(?s).*Replicas: 1,2 Isr: [12],[12].*"));

        // when
        String answer =
                tool("kafka-leader-election.sh", "--election-type", "preferred", "--topic", "t", "--partition", "0");

        // then
        assertThat(answer).contains("Successfully completed leader election (PREFERRED) for partitions t-0");
        assertThat(describe()).contains("Leader: 1 Replicas: 1,2");
        assertThat(tool("kafka-leader-election.sh", "--election-type", "preferred", "--topic", "t", "--partition", "0"))
                .contains("Valid replica already elected for partitions t-0");
    }

    @Test
    void shouldRefuseToTakeBackAMoveThatWouldLoseTheOnlyReplicaInSync() throws Exception {
        // given  a partition on 1 that moves to 2 and 3, of which 3 is held back
        tool("kafka-topics.sh", "--create", "--topic", "moving", "--replica-assignment", "1");
        int records = 40_000;
        ForeignProgram.run(
                "bash",
                "-c",
                "seq -f '%0100g' " + records + " | \"$1\" --bootstrap-server \"$2\" --topic moving",
                "produce",
                "../bin/kafka-console-producer.sh",
                brokers.bootstrap());
        alter("brokers", "3", "--add-config", "follower.replication.throttled.rate=1");
        alter("topics", "moving", "--add-config", "follower.replication.throttled.replicas=[0:3]");
        String plan = write(
                "plan.json",
                "{\"version\":1,\"partitions\":[{\"topic\":\"moving\",\"partition\":0,\"replicas\":[2,3]}]}");
        tool("kafka-reassign-partitions.sh", "--execute", "--reassignment-json-file", plan);
        await().atMost(LONG).until(() -> describe("moving").matches("(?s).*Isr: ?(1,2|2,1).*"));

        // when   the old one dies, and the move is to be taken back
        brokers.kill(1);
        await().atMost(LONG).until(() -> describe("moving").contains("Leader: 2"));
        String refusal = String.join(
                "\n",
                ForeignProgram.run(
                        "bash",
                        "-c",
                        "\"$1\" --bootstrap-server \"$2\" --cancel --reassignment-json-file \"$3\" 2>&1 || true",
                        "cancel",
                        "../bin/kafka-reassign-partitions.sh",
                        brokers.alive(),
                        plan));

        // then   it is not, since the old one would lead alone, which lacks what was acknowledged meanwhile
        assertThat(refusal).contains("moving-0").containsIgnoringCase("in sync");
        assertThat(describe("moving")).contains("Leader: 2");

        // when   it is let go on
        brokers.start(1);
        alter("brokers", "3", "--delete-config", "follower.replication.throttled.rate");

        // then   it ends, with every record
        await().atMost(LONG).until(() -> describe("moving").matches("(?s).*Replicas: 2,3 Isr: ?(2,3|3,2).*"));
        assertThat(tool(
                                "kafka-console-consumer.sh",
                                "--topic",
                                "moving",
                                "--from-beginning",
                                "--max-messages",
                                Integer.toString(records))
                        .lines()
                        .filter(line -> line.matches("\\d+")))
                .hasSize(records);
    }

    private void alter(String type, String name, String verb, String setting) throws Exception {
        tool("kafka-configs.sh", "--alter", "--entity-type", type, "--entity-name", name, verb, setting);
    }
}
