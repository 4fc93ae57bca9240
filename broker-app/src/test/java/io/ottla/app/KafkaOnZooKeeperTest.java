package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.app.zookeeper.EmbeddedZooKeeper;
import io.ottla.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two brokers of Kafka 3.9 that keep their state in ZooKeeper, in the console, added by the address of that. */
@Tag("full")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KafkaOnZooKeeperTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String AT = "/clusters/old";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required";
    private static final Pattern SECRET = Pattern.compile("id=\"secret\" value=\"([^\"]+)\"");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path folder;

    private static EmbeddedZooKeeper zooKeeper;
    private static final List<KafkaProcess> brokers = new ArrayList<>();
    private static final List<String> secured = new ArrayList<>();
    private static ConsoleOfOthers console;
    private static Admin admin;
    private static String api;

    @BeforeAll
    static void start() throws Exception {
        zooKeeper = new EmbeddedZooKeeper(
                folder.resolve("zookeeper"), 0, Clock.system(), (delayMs, task) -> () -> true, Runnable::run);
        zooKeeper.start();
        for (int id = 1; id <= 2; id++) {
            String open = "127.0.0.1:" + KafkaProcess.freePort();
            String closed = "127.0.0.1:" + KafkaProcess.freePort();
            secured.add(closed);
            Path own = Files.createDirectories(folder.resolve("broker-" + id));
            brokers.add(KafkaProcess.onZooKeeper(
                    own,
                    id,
                    open,
                    List.of(
                            "zookeeper.connect=" + zooKeeper.address(),
                            "log.dirs=" + own.resolve("logs") + "," + own.resolve("more"),
                            "listeners=PLAINTEXT://" + open + ",SASL://" + closed,
                            "advertised.listeners=PLAINTEXT://" + open + ",SASL://" + closed,
                            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT",
                            "sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512",
                            "listener.name.sasl.scram-sha-256.sasl.jaas.config=" + SCRAM + ";",
                            "listener.name.sasl.scram-sha-512.sasl.jaas.config=" + SCRAM + ";",
                            "authorizer.class.name=kafka.security.authorizer.AclAuthorizer",
                            "super.users=User:ANONYMOUS",
                            "transaction.partition.verification.enable=false",
                            "group.initial.rebalance.delay.ms=0",
                            "offsets.topic.num.partitions=3",
                            "offsets.topic.replication.factor=2",
                            "transaction.state.log.num.partitions=3",
                            "transaction.state.log.replication.factor=2",
                            "transaction.state.log.min.isr=1")));
        }
        console = ConsoleOfOthers.start(folder);
        brokers.forEach(KafkaProcess::awaitReady);
        admin = Admin.create(Map.of("bootstrap.servers", brokers.getFirst().bootstrap()));
        api = "/api/v1/clusters/" + admin.describeCluster().clusterId().get();
    }

    @AfterAll
    static void stop() {
        if (admin != null) {
            admin.close();
        }
        if (console != null) {
            console.close();
        }
        brokers.forEach(KafkaProcess::close);
        zooKeeper.close();
    }

    @Test
    @Order(1)
    void shouldBeAddedByTheAddressOfItsZooKeeper() throws Exception {
        // when
        Map<String, String> form = new HashMap<>(Map.of(
                "key", "old", "name", "Old one", "zookeeper", zooKeeper.address(), "enabled", "true", "test", "test"));
        assertThat(console.submit("/add-cluster", "/add-cluster", form).body())
                .contains("It answers: cluster", "2 brokers");
        form.remove("test");
        console.done("/add-cluster", "/add-cluster", form);

        // then
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(console.get(AT + "/brokers").statusCode()).isEqualTo(200));
        String controller =
                Integer.toString(admin.describeCluster().controller().get().id());
        assertThat(ConsoleOfOthers.text(console.page(AT + "/brokers")))
                .contains(brokers.get(0).bootstrap(), brokers.get(1).bootstrap(), "controller");
        assertThat(console.page("/clusters")).contains("Old one");
        assertThat(console.call(
                        "/v3/clusters/" + admin.describeCluster().clusterId().get()))
                .contains("/brokers/" + controller);
        assertThat(console.page(AT + "/zookeeper")).contains("standalone", zooKeeper.address());
        assertThat(console.page(AT + "/zookeeper/nodes?path=/brokers/ids/1"))
                .contains("listener_security_protocol_map", "SASL");
        assertThat(console.page(AT + "/zookeeper/nodes?path=/controller")).contains("brokerid");
    }

    @Test
    @Order(2)
    void shouldHaveItsUsersRulesAndQuotas() throws Exception {
        // given
        admin.createTopics(List.of(new NewTopic("orders", 1, (short) 2))).all().get();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(console.page(AT + "/brokers")).contains(AT + "/security", AT + "/transactions"));

        // when
        String made = console.submit(
                        AT + "/users/password",
                        AT + "/users/password",
                        Map.of(
                                "fresh",
                                "true",
                                "name",
                                "ann",
                                "SCRAM-SHA-512",
                                "true",
                                "iterations",
                                "8192",
                                "made",
                                "true"))
                .body();
        String password = ConsoleOfOthers.found(SECRET, made);

        // then
        assertThat(console.page(AT + "/users"))
                .contains("ann", "8,192 iterations")
                .doesNotContain(password);
        assertThat(run("kafka.admin.ConfigCommand", "--describe", "--entity-type", "users"))
                .contains("ann", "SCRAM-SHA-512=iterations=8192");
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThatThrownBy(() -> write(password)).isInstanceOf(TopicAuthorizationException.class));

        // when
        console.done(
                AT + "/acls/create?as=producer",
                AT + "/acls/create",
                Map.of(
                        "as",
                        "producer",
                        "principal",
                        "ann",
                        "topic",
                        "ord",
                        "topicPattern",
                        "PREFIXED",
                        "confirmed",
                        "true"));

        // then
        await().atMost(SOON).untilAsserted(() -> write(password));
        assertThat(run("kafka.admin.AclCommand", "--list", "--principal", "User:ann"))
                .contains("name=ord, patternType=PREFIXED", "operation=WRITE");
        assertThat(console.page(AT + "/acls?type=TOPIC&name=orders&pattern=MATCH"))
                .contains("User:ann", "2 of 2 rules");

        // when
        console.done(AT + "/quotas/edit", AT + "/quotas/edit", Map.of("user", "ann", "producer_byte_rate", "1048576"));
        console.done(
                AT + "/quotas/edit",
                AT + "/quotas/edit",
                Map.of("default-client-id", "true", "consumer_byte_rate", "4096"));
        console.done(
                AT + "/quotas/edit", AT + "/quotas/edit", Map.of("ip", "127.0.0.2", "connection_creation_rate", "20"));

        // then
        assertThat(console.page(AT + "/quotas")).contains("1–3 of 3 quotas", "ann", "1.0 MiB/s", "127.0.0.2");
        assertThat(run("kafka.admin.ConfigCommand", "--describe", "--entity-type", "users", "--entity-name", "ann"))
                .contains("producer_byte_rate=1048576.0");

        // when
        console.done(
                AT + "/users/delete?name=ann&mechanism=SCRAM-SHA-512",
                AT + "/users/delete",
                Map.of("name", "ann", "mechanism", "SCRAM-SHA-512", "typed", "ann"));

        // then
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThatThrownBy(() -> write(password)).isInstanceOf(SaslAuthenticationException.class));
    }

    @Test
    @Order(3)
    void shouldHaveItsTransactionsAndReadItsCoordinators() throws Exception {
        try (TransactionalRecords records =
                TransactionalRecords.write(brokers.getFirst().bootstrap())) {
            // then
            assertThat(console.page(AT + "/transactions")).contains("pay-1", "pay-2", "ongoing");
            assertThat(console.page(AT + "/transactions/one?id=pay-2")).contains("payments", ">10<");
            assertThat(console.page(AT + "/topics/payments/records")).contains(">aborted<", "not committed");
            RecordsOfKafkaTest.assertThatCoordinatorsAreRead(console, "old");

            // when   one hangs, and is aborted
            LostTransaction.write(leader("orders"), "orders", 0, 4242);
            String hanging = AT + "/transactions/hanging";
            assertThat(console.page(hanging + "?topic=orders&minutes=0")).contains("4242");
            console.done(
                    hanging + "/abort?topic=orders&partition=0&producer=4242",
                    hanging + "/abort",
                    Map.of("topic", "orders", "partition", "0", "producer", "4242", "typed", "orders-0"));
            assertThat(console.page(hanging + "?topic=orders&minutes=0")).contains("Nothing hangs here");

            // when
            console.done(
                    AT + "/transactions/abort?id=pay-2",
                    AT + "/transactions/abort",
                    Map.of("id", "pay-2", "typed", "pay-2"));

            // then
            assertThatThrownBy(records::commit).isInstanceOf(org.apache.kafka.common.KafkaException.class);
        }
        // and    its groups, and their offsets
        assertThat(console.page(AT + "/groups")).contains(">reader<", ">exactly-once<", "classic");
        assertThat(console.call(
                        "POST",
                        api + "/groups/reader/offsets",
                        "{\"to\":\"offset\",\"value\":\"3\",\"dry_run\":false}"))
                .startsWith("200 ");
        assertThat(console.call(api + "/groups/reader/offsets")).contains("\"committed_offset\":3");
        assertThat(console.call("DELETE", api + "/groups/exactly-once", "")).startsWith("204");
    }

    @Test
    @Order(4)
    void shouldMoveWithAThrottleElectAndChangeFolders() throws Exception {
        // given  a topic that broker 1 alone has
        admin.createTopics(List.of(new NewTopic("moved", Map.of(0, List.of(1), 1, List.of(1)))))
                .all()
                .get();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers.getFirst().bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < 4_000; i++) {
                producer.send(new ProducerRecord<>("moved", i % 2, null, new byte[1_000]));
            }
        }

        // when   it gets a second replica, slowly
        JsonNode plan = JSON.readTree(body(console.call(
                "POST",
                api + "/reassignments/plan",
                "{\"goal\":\"factor\",\"topics\":[\"moved\"],\"replication_factor\":2}")));
        String assignment = plan.get("assignment").toString();
        assertThat(console.call(
                        "POST",
                        api + "/reassignments",
                        "{\"assignment\": " + assignment + ", \"throttle_bytes_per_second\": 50000}"))
                .startsWith("202");

        // then
        assertThat(console.call(api + "/throttle")).contains("\"follower_bytes_per_second\":50000");
        assertThat(console.call(api + "/reassignments")).contains("\"topic\":\"moved\"");
        assertThat(ConsoleOfOthers.text(console.page(AT + "/moves"))).contains("moved");
        assertThat(run("kafka.admin.ConfigCommand", "--describe", "--entity-type", "topics", "--entity-name", "moved"))
                .contains("follower.replication.throttled.replicas");

        // when
        assertThat(console.call("PUT", api + "/throttle", "{\"bytes_per_second\": 100000000}"))
                .startsWith("200");

        // then
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(console.call(
                                "POST", api + "/reassignments/verify", "{\"assignment\": " + assignment + "}"))
                        .contains("\"any_running\":false"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(console.call(api + "/throttle")).contains("\"brokers\":[]"));
        assertThat(replicas()).allMatch(each -> each.size() == 2);

        // when   the other is to lead
        assertThat(console.call("POST", api + "/reassignments", """
                {"assignment": {"version":1,"partitions":[{"topic":"moved","partition":0,"replicas":[2,1]}]}}""")).startsWith("202");
        await().atMost(SOON).until(() -> replicas().contains(List.of(2, 1)));
        assertThat(console.call("POST", api + "/leader-elections", "{\"topics\": [\"moved\"]}"))
                .startsWith("200");

        // then
        await().atMost(SOON).until(() -> leader("moved").equals(brokers.get(1).bootstrap()));

        // when   a replica moves to the other folder
        JsonNode disks = JSON.readTree(body(console.call(api + "/brokers/2/log-dirs")));
        String from = folderOf(disks);
        String to = "";
        for (JsonNode each : disks.get("log_dirs")) {
            to = each.get("path").asString().equals(from)
                    ? to
                    : each.get("path").asString();
        }
        assertThat(console.call(
                        "POST",
                        api + "/brokers/2/log-dirs",
                        "{\"log_dir\": \"" + to + "\", \"partitions\": [{\"topic\":\"moved\",\"partition\":0}]}"))
                .startsWith("202");
        String other = to;
        await().atMost(SOON)
                .until(() -> folderOf(JSON.readTree(body(console.call(api + "/brokers/2/log-dirs"))))
                        .equals(other));

        // when   settings change
        assertThat(console.call(
                        "PUT",
                        "/v3/clusters/" + admin.describeCluster().clusterId().get()
                                + "/topics/moved/configs/retention.ms",
                        "{\"value\": \"3600000\"}"))
                .startsWith("204");
        assertThat(console.page(AT + "/topics/moved")).contains("3600000");
    }

    @Test
    @Order(5)
    void shouldShowEveryPage() throws Exception {
        Map<String, String> pages = console.walk("old");
        assertThat(pages.keySet())
                .contains(AT + "/brokers", AT + "/topics/moved", AT + "/acls", AT + "/transactions", AT + "/zookeeper");
        assertThat(pages.values())
                .noneMatch(page -> page.contains("UnsupportedVersion") || page.contains("The node does not support"));
    }

    private static String folderOf(JsonNode disks) {
        for (JsonNode each : disks.get("replicas")) {
            if (each.get("topic").asString().equals("moved")
                    && each.get("partition").asInt() == 0) {
                return each.get("log_dir").asString();
            }
        }
        return "";
    }

    private static String body(String answer) {
        assertThat(answer).startsWith("200 ");
        return answer.substring(4);
    }

    private static List<List<Integer>> replicas() throws Exception {
        return admin.describeTopics(List.of("moved")).allTopicNames().get().get("moved").partitions().stream()
                .map(partition -> partition.replicas().stream().map(Node::id).toList())
                .toList();
    }

    private static String leader(String topic) throws Exception {
        Node leader = admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .getFirst()
                .leader();
        return brokers.get(leader.id() - 1).bootstrap();
    }

    private static void write(String password) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers", secured.getFirst(),
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "SCRAM-SHA-512",
                "enable.idempotence", "false",
                "retries", "0",
                "max.block.ms", "10000"));
        settings.put("sasl.jaas.config", SCRAM + " username=\"ann\" password=\"" + password + "\";");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", "x")).get(20, TimeUnit.SECONDS);
        } catch (ExecutionException refused) {
            throw (Exception) refused.getCause();
        }
    }

    /** One of Kafka's own programs, and what it says. */
    private static String run(String program, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 2];
        all[0] = "--bootstrap-server";
        all[1] = brokers.getFirst().bootstrap();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        Process process = new ProcessBuilder(KafkaRelease.V3_9.command(program, all))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
