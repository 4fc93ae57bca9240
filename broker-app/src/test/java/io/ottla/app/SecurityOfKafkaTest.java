package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.console.Browser;
import io.ottla.console.TestingConsole;
import io.ottla.console.TestingPassword;
import io.ottla.console.clusters.KafkaCluster;
import io.ottla.console.clusters.Reach;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Access rules, quotas, SCRAM users and transactions of the console over a broker of Kafka 4.3 that asks for them, as its own clients see them. */
@Tag("full")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecurityOfKafkaTest {
    private static final String AT = "/clusters/ottla";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required";
    private static final Pattern SECRET = Pattern.compile("id=\"secret\" value=\"([^\"]+)\"");
    private static final Pattern SEEN = Pattern.compile("name=\"seen\" value=\"([0-9a-f]+)\"");
    private static final Pattern CLUSTER = Pattern.compile("\"cluster_id\":\"([^\"]+)\"");

    @TempDir
    static Path folder;

    private static KafkaProcess kafka;
    private static String secured;
    private static KafkaCluster cluster;
    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        String open = "127.0.0.1:" + KafkaProcess.freePort();
        String controller = "127.0.0.1:" + KafkaProcess.freePort();
        secured = "127.0.0.1:" + KafkaProcess.freePort();
        String listeners = "PLAINTEXT://" + open + ",SASL://" + secured;
        Path own = Files.createDirectories(folder.resolve("kafka"));
        kafka = KafkaProcess.onKraft(
                        own,
                        1,
                        open,
                        Map.of(1, controller),
                        List.of(
                                "listeners=" + listeners + ",CONTROLLER://" + controller,
                                "advertised.listeners=" + listeners,
                                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT",
                                "sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512",
                                "listener.name.sasl.scram-sha-256.sasl.jaas.config=" + SCRAM + ";",
                                "listener.name.sasl.scram-sha-512.sasl.jaas.config=" + SCRAM + ";",
                                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                                "super.users=User:ANONYMOUS",
                                // As before KIP-890, so that a transaction can get lost.
                                "transaction.partition.verification.enable=false",
                                "offsets.topic.replication.factor=1",
                                "transaction.state.log.replication.factor=1",
                                "transaction.state.log.min.isr=1"))
                .awaitReady();
        cluster = new KafkaCluster(() -> Reach.open(open), Duration.ofSeconds(30), InstantSource.system());
        console = TestingConsole.start(TestingPassword.in(Files.createDirectories(folder.resolve("console"))), cluster);
        assertThat(console.logIn(TestingPassword.PASSWORD).statusCode()).isEqualTo(302);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", open))) {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        if (console != null) {
            console.close();
        }
        if (cluster != null) {
            cluster.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    @Test
    @Order(1)
    void shouldLetAUserInAndToATopicAndOutAgain() throws Exception {
        // given  the head of the pages leads there once it is known what the cluster has
        await().untilAsserted(() ->
                assertThat(console.get(AT + "/brokers").body()).contains(AT + "/security", AT + "/transactions"));
        assertThat(console.get(AT + "/users").body()).contains("There are no SCRAM users");

        // when  a user is made, with a password that is shown once
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
        Matcher secret = SECRET.matcher(made);
        assertThat(secret.find()).as(made).isTrue();
        String password = secret.group(1);

        // then  she logs in, and may do nothing
        assertThat(console.get(AT + "/users").body())
                .contains("ann", "8,192 iterations")
                .doesNotContain(password);
        assertThat(run("kafka.admin.ConfigCommand", "--describe", "--entity-type", "users"))
                .contains("ann", "SCRAM-SHA-512=iterations=8192");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThatThrownBy(() -> write("SCRAM-SHA-512", password))
                        .isInstanceOf(TopicAuthorizationException.class));

        // when  the rules of a producer are made
        Map<String, String> producer = new LinkedHashMap<>(
                Map.of("as", "producer", "principal", "ann", "topic", "ord", "topicPattern", "PREFIXED"));
        assertThat(console.submit(AT + "/acls/create?as=producer", AT + "/acls/create", producer)
                        .body())
                .contains("2 new rules.");
        producer.put("confirmed", "true");
        assertThat(console.submit(AT + "/acls/create?as=producer", AT + "/acls/create", producer)
                        .statusCode())
                .isEqualTo(302);

        // then  she writes
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> write("SCRAM-SHA-512", password));
        assertThat(run("org.apache.kafka.tools.AclCommand", "--list", "--principal", "User:ann"))
                .contains(
                        "resourceType=TOPIC, name=ord, patternType=PREFIXED", "operation=WRITE", "operation=DESCRIBE");
        assertThat(console.get(AT + "/acls?type=TOPIC&name=orders&pattern=MATCH")
                        .body())
                .contains("User:ann", "2 of 2 rules");

        // when  one more denies it, by the API
        String at = "/v3/clusters/" + id() + "/acls";
        HttpResponse<String> denied = call("POST", at, """
                {"resource_type":"TOPIC","resource_name":"orders","pattern_type":"LITERAL",
                 "principal":"User:ann","host":"*","operation":"WRITE","permission":"DENY"}""");
        assertThat(denied.statusCode()).as(denied.body()).isEqualTo(201);

        // then
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThatThrownBy(() -> write("SCRAM-SHA-512", password))
                        .isInstanceOf(TopicAuthorizationException.class));

        // when  that one is deleted
        HttpResponse<String> deleted =
                call("DELETE", at + "?resource_type=TOPIC&pattern_type=LITERAL&operation=WRITE&permission=DENY", null);
        assertThat(deleted.body()).contains("\"permission\":\"DENY\"");

        // then
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> write("SCRAM-SHA-512", password));

        // when  all of hers are saved, deleted and brought back
        String csv = console.get(AT + "/acls/export.csv?principal=ann").body();
        assertThat(csv.lines()).hasSize(3);
        Matcher seen =
                SEEN.matcher(console.get(AT + "/acls/delete?principal=ann").body());
        assertThat(seen.find()).isTrue();
        assertThat(console.submit(
                                AT + "/acls/delete?principal=ann",
                                AT + "/acls/delete",
                                Map.of("principal", "ann", "seen", seen.group(1), "typed", "2"))
                        .statusCode())
                .isEqualTo(302);
        assertThat(run("org.apache.kafka.tools.AclCommand", "--list")).doesNotContain("User:ann");
        console.submit(AT + "/acls/import", AT + "/acls/import", Map.of("text", csv, "confirmed", "true"));
        assertThat(run("org.apache.kafka.tools.AclCommand", "--list")).contains("User:ann");

        // when  she gets another password for another mechanism, by the API, and the first is taken
        String user = "/api/v1/clusters/" + id() + "/scram-users/ann";
        assertThat(call("PUT", user + "/SCRAM-SHA-256", "{\"password\":\"another-one\",\"iterations\":4096}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(console.submit(
                                AT + "/users/delete?name=ann&mechanism=SCRAM-SHA-512",
                                AT + "/users/delete",
                                Map.of("name", "ann", "mechanism", "SCRAM-SHA-512", "typed", "ann"))
                        .statusCode())
                .isEqualTo(302);

        // then
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> write("SCRAM-SHA-256", "another-one"));
        assertThatThrownBy(() -> write("SCRAM-SHA-512", password)).isInstanceOf(SaslAuthenticationException.class);
        assertThat(call("DELETE", user + "/SCRAM-SHA-512", null).statusCode()).isEqualTo(404);
        assertThat(call("PUT", user + "/SCRAM-SHA-256", "{\"password\":\"another-one\",\"iterations\":1}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    @Order(2)
    void shouldSetQuotasOfEveryKind() throws Exception {
        // when
        String edit = AT + "/quotas/edit";
        for (Map<String, String> quota : List.of(
                Map.of("user", "bob", "producer_byte_rate", "1048576", "consumer_byte_rate", "2097152"),
                Map.of("user", "bob", "client-id", "app", "request_percentage", "12.5"),
                Map.of("default-user", "true", "controller_mutation_rate", "5"),
                Map.of("default-client-id", "true", "producer_byte_rate", "4096"),
                Map.of("ip", "127.0.0.2", "connection_creation_rate", "20"),
                Map.of("default-ip", "true", "connection_creation_rate", "100"))) {
            HttpResponse<String> answer = console.submit(edit, edit, quota);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        }

        // then
        assertThat(console.get(AT + "/quotas").body())
                .contains("1–6 of 6 quotas", "bob", "1.0 MiB/s", "2.0 MiB/s", "12.5 %", "127.0.0.2", "20/s", "100/s");
        assertThat(run("kafka.admin.ConfigCommand", "--describe", "--entity-type", "users", "--entity-name", "bob"))
                .contains("producer_byte_rate=1048576.0", "consumer_byte_rate=2097152.0");
        assertThat(run(
                        "kafka.admin.ConfigCommand",
                        "--describe",
                        "--entity-type",
                        "users",
                        "--entity-name",
                        "bob",
                        "--entity-type",
                        "clients",
                        "--entity-name",
                        "app"))
                .contains("request_percentage=12.5");
        assertThat(run("kafka.admin.ConfigCommand", "--describe", "--entity-type", "ips"))
                .contains("connection_creation_rate=20.0", "connection_creation_rate=100.0");

        // when  one is changed, one taken away, and one is what no broker knows
        console.submit(
                edit + "?user=bob",
                edit,
                Map.of("known", "true", "user", "bob", "producer_byte_rate", "2048", "consumer_byte_rate", "2097152"));
        console.submit(edit + "?user=bob", AT + "/quotas/remove", Map.of("user", "bob", "key", "consumer_byte_rate"));
        HttpResponse<String> refused = call("POST", "/api/v1/clusters/" + id() + "/quotas", """
                {"entity":[{"type":"user","name":"bob"}],"limits":{"cups_of_tea":3}}""");

        // then
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("40002", "cups_of_tea");
        assertThat(call("GET", "/api/v1/clusters/" + id() + "/quotas?user=bob", null)
                        .body())
                .contains("\"limits\":{\"producer_byte_rate\":2048.0}");
        HttpResponse<String> page =
                console.submit(edit, edit, Map.of("ip", "no-such-host.invalid", "connection_creation_rate", "5"));
        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains("no-such-host.invalid");
    }

    @Test
    @Order(3)
    void shouldFindAndAbortTransactions() throws Exception {
        // given  one that is open, and one that no coordinator knows
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "pay-1", "max.block.ms", "30000");
        try (KafkaProducer<String, String> producer =
                        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("payments", 2, (short) 1), new NewTopic("stuck", 1, (short) 1)))
                    .all()
                    .get();
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("payments", 1, "k", "v")).get(20, TimeUnit.SECONDS);
            LostTransaction.write(kafka.bootstrap(), "stuck", 0, 4242);

            // then  the first is told with its partitions
            assertThat(console.get(AT + "/transactions").body()).contains("pay-1", "ongoing");
            assertThat(console.get(AT + "/transactions?q=pay-*&state=ONGOING&seconds=0")
                            .body())
                    .contains("pay-1");
            assertThat(console.get(AT + "/transactions/one?id=pay-1").body()).contains("payments", "1 min", ">0<");
            assertThat(run("org.apache.kafka.tools.TransactionsCommand", "list"))
                    .contains("pay-1", "Ongoing");

            // and    only the second hangs, as Kafka's tool finds too
            String hanging = AT + "/transactions/hanging";
            assertThat(console.get(hanging + "?broker=1&minutes=0").body())
                    .contains("stuck", "4242")
                    .doesNotContain("topic=payments");
            assertThat(console.get(hanging + "?topic=stuck").body()).contains("Nothing hangs here");
            assertThat(run(
                            "org.apache.kafka.tools.TransactionsCommand",
                            "find-hanging",
                            "--topic",
                            "stuck",
                            "--max-transaction-timeout",
                            "0"))
                    .contains("4242");
            assertThat(stable(admin, "stuck")).isZero();
            HttpResponse<String> known = call(
                    "POST",
                    "/api/v1/clusters/" + id() + "/hanging-transactions/abort",
                    "{\"topic_name\":\"payments\",\"partition_id\":1,\"producer_id\":" + producerId(admin) + "}");
            assertThat(known.statusCode()).as(known.body()).isEqualTo(409);

            // when
            assertThat(console.submit(
                                    hanging + "/abort?topic=stuck&partition=0&producer=4242",
                                    hanging + "/abort",
                                    Map.of("topic", "stuck", "partition", "0", "producer", "4242", "typed", "stuck-0"))
                            .statusCode())
                    .isEqualTo(302);

            // then  readers go on
            await().untilAsserted(() -> assertThat(stable(admin, "stuck")).isEqualTo(2));
            assertThat(console.get(hanging + "?topic=stuck&minutes=0").body()).contains("Nothing hangs here");

            // when  the first is aborted too
            assertThat(console.submit(
                                    AT + "/transactions/abort?id=pay-1",
                                    AT + "/transactions/abort",
                                    Map.of("id", "pay-1", "typed", "pay-1"))
                            .statusCode())
                    .isEqualTo(302);

            // then  its producer can't go on
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
            await().untilAsserted(() -> assertThat(
                            console.get(AT + "/transactions?state=ONGOING").body())
                    .doesNotContain("pay-1"));
            assertThat(call("GET", "/api/v1/clusters/" + id() + "/transactions/pay-1", null)
                            .body())
                    .contains("\"state\":\"EMPTY\"", "\"partitions\":[]", "\"started_at_ms\":null");
        }
    }

    private static long stable(Admin admin, String topic) throws Exception {
        TopicPartition at = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(at, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(at)
                .get()
                .offset();
    }

    private static long producerId(Admin admin) throws Exception {
        return admin.listTransactions().all().get().iterator().next().producerId();
    }

    @Test
    @Order(4)
    void shouldShowAllOfItInABrowser() throws Exception {
        // given  what hangs
        LostTransaction.write(kafka.bootstrap(), "stuck", 0, 777);
        for (String host : List.of("*", "10.20.30.40")) {
            call("POST", "/v3/clusters/" + id() + "/acls", """
                    {"resource_type":"GROUP","resource_name":"billing-and-invoicing-","pattern_type":"PREFIXED",
                     "principal":"User:CN=billing.example.net,OU=payments,O=Example","host":"%s","operation":"READ","permission":"DENY"}""".formatted(host));
        }
        List<String> pages = List.of(
                "/acls",
                "/acls?by=principal",
                "/acls/create",
                "/acls/create?as=streams",
                "/acls/delete",
                "/acls/import",
                "/quotas",
                "/quotas/edit",
                "/quotas/edit?user=bob",
                "/users",
                "/users/password",
                "/users/delete?name=ann&mechanism=SCRAM-SHA-256",
                "/transactions",
                "/transactions/one?id=pay-1",
                "/transactions/hanging?topic=stuck&minutes=0",
                "/transactions/hanging/abort?topic=stuck&partition=0&producer=777");
        try (Browser browser = new Browser(folder.resolve("browser"), false)) {
            browser.logIn(console.address(), TestingPassword.PASSWORD);

            // when  rules are made by keyboard
            browser.driver().get(console.address() + AT + "/acls/create?as=consumer");
            browser.driver().findElement(By.name("principal")).sendKeys("reader");
            browser.driver().findElement(By.name("topic")).sendKeys("orders");
            browser.driver().findElement(By.name("group")).sendKeys("readers", Keys.ENTER);
            browser.until("h1", "What would be created");
            browser.picture("security-preview");
            browser.driver().findElement(By.name("confirmed")).click();
            browser.until("main", "4 rules are created.");

            // then  the list filters while one types
            browser.driver().findElement(By.name("principal")).sendKeys("reader");
            browser.until("#found", "1–4 of 4 rules");

            // and    every page holds in the light, in the dark, and on a phone
            for (String look : List.of("light", "dark", "phone")) {
                browser.prefersDark(look.equals("dark"));
                if (look.equals("phone")) {
                    browser.becomePhone();
                }
                for (String page : pages) {
                    browser.driver().get(console.address() + AT + page);
                    browser.picture("security-" + look + page.replaceAll("\\W+", "-"));
                    if (look.equals("phone")) {
                        browser.assertFitsPhone();
                    }
                }
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    @Order(5)
    void shouldSayThatBrokersAskNoRules() throws Exception {
        String open = "127.0.0.1:" + KafkaProcess.freePort();
        Path own = Files.createDirectories(folder.resolve("open"));
        try (KafkaProcess lax = KafkaProcess.onKraft(
                                own, 1, open, Map.of(1, "127.0.0.1:" + KafkaProcess.freePort()), List.of())
                        .awaitReady();
                KafkaCluster of = new KafkaCluster(
                        () -> Reach.open(lax.bootstrap()), Duration.ofSeconds(30), InstantSource.system());
                TestingConsole other = TestingConsole.start(
                        TestingPassword.in(Files.createDirectories(folder.resolve("other"))), of)) {
            other.logIn(TestingPassword.PASSWORD);

            assertThat(other.get(AT + "/acls").body()).contains("The brokers ask no rules", "authorizer.class.name");
        }
    }

    private static void write(String mechanism, String password) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers", secured,
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", mechanism,
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
        all[1] = kafka.bootstrap();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        Process process = new ProcessBuilder(KafkaRelease.V4_3.command(program, all))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static String id() throws Exception {
        Matcher found = CLUSTER.matcher(call("GET", "/v3/clusters", null).body());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static HttpResponse<String> call(String verb, String path, String body) throws Exception {
        return console.sendAnonymously(console.request(path)
                .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                .header("Content-Type", "application/json")
                .method(verb, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }
}
