package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.clients.ForeignProgram;
import io.ottla.console.Browser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Moves by the console of three real brokers: over HTTP under load, with Kafka's own tool beside it, and in a real browser. */
@Tag("full")
class ConsoleMovesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern PASSWORD = Pattern.compile("with the password (\\S+)");
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int PARTITIONS = 8;
    private static final int RECORD_BYTES = 1_000;

    @TempDir
    Path folder;

    private ThreeBrokers brokers;
    private Admin admin;
    private String at;
    private String password;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        brokers = ThreeBrokers.start(folder, BrokerMake.OTTLA, "log.dirs=OWN/logs,OWN/more");
        admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()));
        Map<Integer, List<Integer>> assignment = new HashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            assignment.put(i, List.of(1, 2));
        }
        admin.createTopics(List.of(new NewTopic("t", assignment))).all().get();
        at = "/api/v1/clusters/" + admin.describeCluster().clusterId().get();
        password = password();
    }

    @AfterEach
    void stop() {
        client.close();
        admin.close();
        brokers.close();
    }

    @Test
    void shouldMoveUnderLoadWithAThrottleAndLoseNoRecord() throws Exception {
        // given  records, and somebody who goes on writing
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        fill(acknowledged, 8_000);
        Thread load = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                fill(acknowledged, 20);
            }
        });

        // when   a plan is made and begins in two steps
        JsonNode plan = send("POST", "/reassignments/plan", """
                {"goal": "spread", "topics": ["t"], "broker_ids": [1, 2, 3], "each_topic": true}""", 200);
        assertThat(plan.get("bytes_to_copy").asLong()).isGreaterThan(1_000_000);
        JsonNode assignment = plan.get("assignment");
        int half = Math.ceilDiv(plan.get("partitions").asInt(), 2);
        send(
                "POST",
                "/reassignments",
                "{\"assignment\": " + assignment + ", \"throttle_bytes_per_second\": 1000000, \"batch_size\": " + half
                        + "}",
                202);

        // then   it is bounded, tells its progress, and another plan has to wait
        assertThat(send("GET", "/throttle", null, 200).toString())
                .contains("\"broker_id\":3", "\"follower_bytes_per_second\":1000000");
        JsonNode running = send("GET", "/reassignments", null, 200);
        assertThat(running.get("reassignments").size()).isBetween(1, half);
        assertThat(running.get("bytes_total").asLong()).isPositive();
        assertThat(send("POST", "/reassignments", "{\"assignment\": " + plan.get("way_back") + "}", 409)
                        .toString())
                .contains("40902");
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(() ->
                        send("GET", "/reassignments", null, 200).get("percent").asInt() > 10);

        // when   the throttle is lifted to something fast
        send("PUT", "/throttle", "{\"bytes_per_second\": 100000000}", 200);

        // then   all arrives, the throttles go by themselves, and nothing is lost
        await().atMost(LONG).pollInterval(Duration.ofSeconds(1)).until(() -> verified(assignment) && throttleIsGone());
        over.set(true);
        load.join();
        assertThat(readAll()).isEqualTo(acknowledged.get());
        assertThat(replicas().values().stream().flatMap(List::stream).filter(id -> id == 3))
                .hasSizeBetween(5, 6);
        assertThat(tool("--verify", assignment.toString())).contains("Reassignment of partition t-0 is completed.");
    }

    @Test
    void shouldFollowAPlanInBatchesAtEachConsoleWhenTheControllerDies() throws Exception {
        // given  a plan in four steps that hardly moves: it is more than a follower gets at once
        fill(new AtomicInteger(), 24_000);
        int controller = admin.describeCluster().controller().get().id();
        int other = controller % 3 + 1;
        int third = other % 3 + 1;
        JsonNode plan = send(controller, "POST", "/reassignments/plan", """
                {"goal": "factor", "topics": ["t"], "replication_factor": 3}""", 200);
        String inBatches = "{\"assignment\": " + plan.get("assignment")
                + ", \"throttle_bytes_per_second\": 20000, \"batch_size\": 2}";
        send(controller, "POST", "/reassignments", inBatches, 202);

        // then   the other consoles know of it
        for (int console : List.of(other, third)) {
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode seen = send(console, "GET", "/reassignments", null, 200);
                assertThat(seen.get("step").asInt()).isEqualTo(1);
                assertThat(seen.get("steps").asInt()).isEqualTo(4);
                assertThat(seen.get("partitions_waiting").asInt()).isEqualTo(6);
            });
            send(console, "POST", "/reassignments", inBatches, 409);
            JsonNode verified = send(
                    console, "POST", "/reassignments/verify", "{\"assignment\": " + plan.get("assignment") + "}", 200);
            assertThat(verified.get("any_running").asBoolean()).isTrue();
            assertThat(verified.get("throttles_removed").asBoolean()).isFalse();
        }

        // when   it is called off at one of them
        assertThat(send(third, "DELETE", "/reassignments", null, 200)
                        .get("cancelled")
                        .asInt())
                .isEqualTo(2);

        // then   nothing moves, nothing follows, and the throttle goes
        await().atMost(LONG).pollInterval(Duration.ofSeconds(1)).until(() -> {
            JsonNode seen = send(other, "GET", "/reassignments", null, 200);
            return seen.get("step").isNull() && seen.get("reassignments").isEmpty() && throttleIsGone();
        });
        assertThat(replicas().values()).allMatch(each -> each.size() == 2);

        // when   it begins again, and the process dies where it did
        send(controller, "POST", "/reassignments", inBatches, 202);
        brokers.kill(controller);
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> admin.describeCluster().controller().get().id() != controller);
        await().atMost(LONG)
                .until(() -> send(other, "GET", "/reassignments", null, 200)
                                .get("step")
                                .asInt()
                        == 1);
        brokers.start(controller);
        send(other, "PUT", "/throttle", "{\"bytes_per_second\": 100000000}", 200);

        // then   another one goes on with it to its end
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> replicas().values().stream().allMatch(each -> each.size() == 3) && throttleIsGone());
        assertThat(send(other, "GET", "/reassignments", null, 200).get("step").isNull())
                .isTrue();
        assertThat(brokers.broker(other).output() + brokers.broker(third).output())
                .contains("reassign DONE by admin from console");
    }

    @Test
    void shouldDrainChangeFactorsCancelElectMoveFoldersAndUnregister() throws Exception {
        fill(new AtomicInteger(), 2_000);

        // when, then  what can't be is said with its field or its reason
        assertThat(send("POST", "/reassignments/plan", "{\"goal\": \"fly\"}", 400)
                        .toString())
                .contains("goal", "fly");
        assertThat(send("POST", "/reassignments/plan", "{\"goal\":\"factor\",\"topics\":[\"t\"]}", 400)
                        .toString())
                .contains("replication_factor");
        send("POST", "/reassignments/plan", "{\"goal\":\"factor\",\"topics\":[\"no\"],\"replication_factor\":3}", 422);
        send("POST", "/reassignments/plan", "{\"goal\":\"factor\",\"topics\":[\"t\"],\"replication_factor\":4}", 422);
        send("DELETE", "/reassignments?topic=t&partition=0", null, 404);

        // when   each partition gets a third replica
        execute(send("POST", "/reassignments/plan", """
                {"goal": "factor", "topics": ["t"], "replication_factor": 3}""", 200));
        await().atMost(LONG).until(() -> replicas().values().stream().allMatch(each -> each.size() == 3));

        // when   Kafka's tool begins what the console has planned, and the console verifies it
        JsonNode two = send("POST", "/reassignments/plan", """
                {"goal": "factor", "topics": ["t"], "replication_factor": 2}""", 200);
        assertThat(tool("--execute", two.get("assignment").toString()))
                .contains("Successfully started partition reassignments");
        await().atMost(LONG).until(() -> verified(two.get("assignment")));

        // when   the console begins what Kafka's tool has planned
        String generated = tool("--generate", "{\"version\":1,\"topics\":[{\"topic\":\"t\"}]}", "--broker-list", "2,3");
        String proposed = generated
                .lines()
                .dropWhile(line -> !line.startsWith("Proposed"))
                .filter(line -> line.startsWith("{"))
                .findFirst()
                .orElseThrow();
        send("POST", "/reassignments", "{\"assignment\": " + proposed + "}", 202);
        await().atMost(LONG).until(() -> verified(JSON.readTree(proposed)));
        assertThat(replicas().values()).allMatch(each -> !each.contains(1));

        // when   a move that hardly moves is called off
        JsonNode slow = send("POST", "/reassignments/plan", """
                {"goal": "spread", "topics": ["t"], "broker_ids": [1], "replication_factor": 1}""", 200);
        send(
                "POST",
                "/reassignments",
                "{\"assignment\": " + slow.get("assignment") + ", \"throttle_bytes_per_second\": 1000}",
                202);
        assertThat(send("DELETE", "/reassignments?topic=t&partition=7", null, 200)
                        .get("cancelled")
                        .asInt())
                .isEqualTo(1);
        assertThat(send("DELETE", "/reassignments", null, 200).get("cancelled").asInt())
                .isPositive();
        await().atMost(LONG).until(this::throttleIsGone);
        assertThat(replicas().get(7)).doesNotContain(1);

        // when   the first replica is another, and is to lead
        Map<Integer, List<Integer>> now = replicas();
        List<String> turned = new ArrayList<>();
        now.forEach((partition, each) ->
                turned.add("{\"topic\":\"t\",\"partition\":" + partition + ",\"replicas\":" + each.reversed() + "}"));
        send(
                "POST",
                "/reassignments",
                "{\"assignment\": {\"version\":1,\"partitions\":[" + String.join(",", turned) + "]}}",
                202);
        await().atMost(LONG).until(() -> !replicas().equals(now));
        send("POST", "/leader-elections", "{\"topics\": [\"t\"]}", 200);
        await().atMost(LONG).until(() -> {
            Map<Integer, Integer> wanted = new HashMap<>();
            replicas().forEach((partition, each) -> wanted.put(partition, each.getFirst()));
            return leaders().equals(wanted);
        });
        assertThat(send("POST", "/leader-elections", "{\"topics\": [\"t\"]}", 200)
                        .get("elected")
                        .asInt())
                .isZero();

        // when   a replica moves to the other folder
        JsonNode disks = send("GET", "/brokers/2/log-dirs", null, 200);
        JsonNode replica = disks.get("replicas").get(0);
        String to = "";
        for (JsonNode each : disks.get("log_dirs")) {
            to = each.get("path").asString().equals(replica.get("log_dir").asString())
                    ? to
                    : each.get("path").asString();
        }
        String other = to;
        send(
                "POST",
                "/brokers/2/log-dirs",
                "{\"log_dir\": \"" + other + "\", \"partitions\": [{\"topic\": \"t\", \"partition\": "
                        + replica.get("partition") + "}]}",
                202);
        await().atMost(LONG).until(() -> {
            JsonNode first = send("GET", "/brokers/2/log-dirs", null, 200)
                    .get("replicas")
                    .get(0);
            return first.get("log_dir").asString().equals(other)
                    && first.get("moving_to").isNull();
        });
        send(
                "POST",
                "/brokers/2/log-dirs",
                "{\"log_dir\":\"/no\",\"partitions\":[{\"topic\":\"t\",\"partition\":0}]}",
                422);

        // when   broker 3 is drained, stopped and forgotten
        execute(send("POST", "/reassignments/plan", "{\"goal\": \"drain\", \"broker_ids\": [3]}", 200));
        await().atMost(LONG).until(() -> replicas().values().stream().noneMatch(each -> each.contains(3)));
        assertThat(send("DELETE", "/brokers/3", null, 409).toString()).contains("is up");
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.BROKER, "3"),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("leader.replication.throttled.rate", "5"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        brokers.stop(3);
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> admin.describeCluster().nodes().get().size() == 2);
        await().atMost(LONG).until(() -> raw(1, "DELETE", "/brokers/3", null).statusCode() == 204);
    }

    @Test
    void shouldShowMovesInABrowser() throws Exception {
        // More than a follower gets at once, whatever its throttle.
        fill(new AtomicInteger(), 24_000);
        admin.createTopics(List.of(new NewTopic("payments", 12, (short) 3)))
                .all()
                .get();
        String console = brokers.broker(1).console();
        try (Browser browser = new Browser(folder.resolve("browser"), false)) {
            browser.logIn(console, password);
            String root = console + "/clusters/ottla";

            // when   a plan is made from a topic's menu
            browser.driver().get(root + "/moves/new?topic=t");
            browser.until("#chosen", "One topic");
            browser.driver()
                    .findElement(By.cssSelector("[name=broker][value='1']"))
                    .sendKeys(Keys.SPACE);
            browser.picture("moves-new");
            browser.driver()
                    .findElement(By.cssSelector("main button[type=submit]"))
                    .sendKeys(Keys.ENTER);
            browser.until("h1", "Review");
            browser.picture("moves-review");
            String review = browser.driver().getCurrentUrl();
            assertThat(browser.text()).contains("To copy", "Copied to it", "Way back");
            browser.driver().findElement(By.name("throttle")).sendKeys("100k");
            browser.driver().findElement(By.name("throttle")).sendKeys(Keys.ENTER);

            // then   progress is shown, and can be called off
            browser.until("main", "It has begun.");
            browser.until("main", "partitions move");
            browser.picture("moves-running");
            browser.driver()
                    .findElement(By.cssSelector("tbody input[type=checkbox]"))
                    .sendKeys(Keys.SPACE);
            browser.driver().findElement(By.name("chosen")).sendKeys(Keys.ENTER);
            browser.until("main", "Called off");
            browser.picture("moves-cancelled");
            List<String> paths = List.of(
                    "/moves",
                    "/moves/new?goal=drain&leaving=2",
                    "/moves/by-hand?topic=t",
                    "/moves/verify",
                    "/elections?topic=t",
                    "/distribution",
                    "/topics/payments/distribution",
                    "/topics?spread=true",
                    "/brokers",
                    "/brokers/1",
                    "/brokers/1/replicas?sort=size",
                    "/unregister-broker",
                    review.substring(root.length()));
            for (String look : List.of("light", "dark", "phone")) {
                browser.prefersDark(look.equals("dark"));
                if (look.equals("phone")) {
                    browser.becomePhone();
                }
                for (String path : paths) {
                    browser.driver().get(root + path);
                    String name = path.startsWith("/moves/plans") ? "/moves/review" : path;
                    browser.picture("moves-" + look + name.replaceAll("[^a-z0-9]+", "-"));
                    if (look.equals("phone")) {
                        browser.assertFitsPhone();
                    }
                }
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** Of the three consoles, the one that made it says it. */
    private String password() {
        for (int id = 1; id <= 3; id++) {
            Matcher said = PASSWORD.matcher(brokers.broker(id).output());
            if (said.find()) {
                return said.group(1);
            }
        }
        throw new AssertionError("Expected one of the brokers to say the password of the first administrator");
    }

    private void execute(JsonNode plan) throws Exception {
        send("POST", "/reassignments", "{\"assignment\": " + plan.get("assignment") + "}", 202);
    }

    private boolean verified(JsonNode assignment) throws Exception {
        JsonNode found = send("POST", "/reassignments/verify", "{\"assignment\": " + assignment + "}", 200);
        for (JsonNode each : found.get("partitions")) {
            if (!each.get("state").asString().equals("arrived")) {
                return false;
            }
        }
        return !found.get("any_running").asBoolean();
    }

    private boolean throttleIsGone() throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
        boolean ofTopic = admin.describeConfigs(List.of(topic)).all().get().get(topic).entries().stream()
                .anyMatch(entry -> entry.name().endsWith("replication.throttled.replicas")
                        && !entry.value().isEmpty());
        return !ofTopic && send("GET", "/throttle", null, 200).get("brokers").isEmpty();
    }

    private Map<Integer, List<Integer>> replicas() throws Exception {
        Map<Integer, List<Integer>> replicas = new HashMap<>();
        admin.describeTopics(List.of("t"))
                .allTopicNames()
                .get()
                .get("t")
                .partitions()
                .forEach(partition -> replicas.put(
                        partition.partition(),
                        partition.replicas().stream().map(Node::id).toList()));
        return replicas;
    }

    private Map<Integer, Integer> leaders() throws Exception {
        Map<Integer, Integer> leaders = new HashMap<>();
        admin.describeTopics(List.of("t"))
                .allTopicNames()
                .get()
                .get("t")
                .partitions()
                .forEach(partition ->
                        leaders.put(partition.partition(), partition.leader().id()));
        return leaders;
    }

    private void fill(AtomicInteger acknowledged, int records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers.bootstrap(), "acks", "all", "linger.ms", "5"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(
                        new ProducerRecord<>("t", i % PARTITIONS, null, new byte[RECORD_BYTES]), (sent, failure) -> {
                            if (failure == null) {
                                acknowledged.incrementAndGet();
                            }
                        });
            }
        }
    }

    /** How many records can be read. */
    private int readAll() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers.bootstrap(), "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(i -> new TopicPartition("t", i))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            int read = 0;
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                read += consumer.poll(Duration.ofMillis(200)).count();
            }
            return read;
        }
    }

    /** Runs Kafka's tool on a file with this in it. */
    private String tool(String what, String json, String... more) throws Exception {
        Path file = Files.writeString(folder.resolve("tool.json"), json);
        List<String> command = new ArrayList<>(List.of(
                "../bin/kafka-reassign-partitions.sh",
                "--bootstrap-server",
                brokers.alive(),
                what,
                what.equals("--generate") ? "--topics-to-move-json-file" : "--reassignment-json-file",
                file.toString()));
        command.addAll(Arrays.asList(more));
        return String.join("\n", ForeignProgram.run(command.toArray(String[]::new)));
    }

    private JsonNode send(String verb, String path, String body, int status) throws Exception {
        return send(1, verb, path, body, status);
    }

    private JsonNode send(int broker, String verb, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = raw(broker, verb, path, body);
        assertThat(answer.statusCode())
                .as(verb + " " + path + ": " + answer.body())
                .isEqualTo(status);
        return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }

    private HttpResponse<String> raw(int broker, String verb, String path, String body) throws Exception {
        OttlaProcess process = brokers.broker(broker);
        String user = Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        return client.send(
                HttpRequest.newBuilder(URI.create(process.console() + at + path))
                        .header("Authorization", "Basic " + user)
                        .header("Content-Type", "application/json")
                        .method(verb, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
