package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.clients.ForeignProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Moves between three brokers of Kafka 4.3 by the console, with Kafka's own tool beside it. */
@Tag("full")
class MovesOfKafkaTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private ThreeBrokers kafka;
    private ConsoleOfOthers console;
    private String api;

    @Test
    void shouldPlanThrottleCancelAndExchangePlansWithKafkasTool() throws Exception {
        try (ThreeBrokers brokers = ThreeBrokers.start(folder, BrokerMake.KAFKA_ON_KRAFT);
                ConsoleOfOthers of =
                        ConsoleOfOthers.start(folder, "console.clusters.kafka.bootstrap=" + brokers.bootstrap());
                Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()))) {
            // given
            kafka = brokers;
            console = of;
            api = "/api/v1/clusters/" + admin.describeCluster().clusterId().get();
            admin.createTopics(List.of(new NewTopic("t", Map.of(0, List.of(1, 2), 1, List.of(1, 2), 2, List.of(2, 1)))))
                    .all()
                    .get();
            fill();

            // when   a plan of the console is drained slowly
            JsonNode plan = send("POST", "/reassignments/plan", """
                    {"goal": "spread", "topics": ["t"], "broker_ids": [2, 3], "each_topic": true}""", "200");
            assertThat(plan.get("bytes_to_copy").asLong()).isGreaterThan(1_000_000);
            String assignment = plan.get("assignment").toString();
            send(
                    "POST",
                    "/reassignments",
                    "{\"assignment\": " + assignment + ", \"throttle_bytes_per_second\": 20000}",
                    "202");

            // then   it tells its progress, on the page too, and Kafka's tool sees the same
            assertThat(send("GET", "/throttle", "", "200").toString())
                    .contains("\"broker_id\":3", "\"follower_bytes_per_second\":20000");
            assertThat(send("GET", "/reassignments", "", "200")
                            .get("bytes_total")
                            .asLong())
                    .isPositive();
            assertThat(ConsoleOfOthers.text(console.page("/clusters/kafka/moves")))
                    .contains("partitions move");
            assertThat(tool("--verify", assignment, "--preserve-throttles")).contains("is still in progress");

            // when   one is called off, and the others hurry
            int one = send("GET", "/reassignments", "", "200")
                    .get("reassignments")
                    .get(0)
                    .get("partition")
                    .asInt();
            assertThat(send("DELETE", "/reassignments?topic=t&partition=" + one, "", "200")
                            .get("cancelled")
                            .asInt())
                    .isEqualTo(1);
            send("PUT", "/throttle", "{\"bytes_per_second\": 100000000}", "200");

            // then
            await().atMost(LONG)
                    .until(() -> admin.listPartitionReassignments()
                            .reassignments()
                            .get()
                            .isEmpty());
            await().atMost(LONG)
                    .until(() ->
                            send("GET", "/throttle", "", "200").get("brokers").isEmpty());
            assertThat(replicas(admin).get(one)).contains(1);

            // when   Kafka's tool plans and the console begins it
            String proposed = tool(
                            "--generate", "{\"version\":1,\"topics\":[{\"topic\":\"t\"}]}", "--broker-list", "1,3")
                    .lines()
                    .dropWhile(line -> !line.startsWith("Proposed"))
                    .filter(line -> line.startsWith("{"))
                    .findFirst()
                    .orElseThrow();
            send("POST", "/reassignments", "{\"assignment\": " + proposed + "}", "202");

            // then
            await().atMost(LONG)
                    .until(() -> !send("POST", "/reassignments/verify", "{\"assignment\": " + proposed + "}", "200")
                            .get("any_running")
                            .asBoolean());
            assertThat(replicas(admin)).allMatch(each -> !each.contains(2));
            assertThat(tool("--verify", proposed)).contains("Reassignment of partition t-0 is completed.");

            // when   the console plans and Kafka's tool begins it
            String drained = send("POST", "/reassignments/plan", """
                    {"goal": "drain", "topics": ["t"], "broker_ids": [1]}""", "200")
                    .get("assignment")
                    .toString();
            assertThat(tool("--execute", drained)).contains("Successfully started partition reassignments");

            // then
            await().atMost(LONG).until(() -> replicas(admin).stream().noneMatch(each -> each.contains(1)));
            send("POST", "/leader-elections", "{\"topics\": [\"t\"]}", "200");

            // and    every page is there
            assertThat(console.walk("kafka").keySet()).contains("/clusters/kafka/moves", "/clusters/kafka/topics/t");
        }
    }

    private void fill() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "linger.ms", "5"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < 9_000; i++) {
                producer.send(new ProducerRecord<>("t", i % 3, null, new byte[1_000]));
            }
        }
    }

    private JsonNode send(String verb, String path, String body, String status) throws Exception {
        String answer = console.call(verb, api + path, body);
        assertThat(answer).startsWith(status + " ");
        return answer.length() > 4 ? JSON.readTree(answer.substring(4)) : JSON.createObjectNode();
    }

    private static List<List<Integer>> replicas(Admin admin) throws Exception {
        return admin.describeTopics(List.of("t")).allTopicNames().get().get("t").partitions().stream()
                .map(partition -> partition.replicas().stream().map(Node::id).toList())
                .toList();
    }

    private String tool(String what, String json, String... more) throws Exception {
        Path file = Files.writeString(folder.resolve("tool.json"), json);
        List<String> command = new ArrayList<>(List.of(
                "../bin/kafka-reassign-partitions.sh",
                "--bootstrap-server",
                kafka.bootstrap(),
                what,
                what.equals("--generate") ? "--topics-to-move-json-file" : "--reassignment-json-file",
                file.toString()));
        command.addAll(Arrays.asList(more));
        return String.join("\n", ForeignProgram.run(command.toArray(String[]::new)));
    }
}
