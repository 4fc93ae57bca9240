package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.clients.ForeignProgram;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of Kafka 4.3 that goes away and comes back, and one that is reached by TLS and a login, in the console. */
@Tag("full")
class AwayKafkaTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    @TempDir
    Path folder;

    private Path keys() throws Exception {
        Path store = folder.resolve("broker.p12");
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        ForeignProgram.run(
                tool,
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=broker",
                "-validity",
                "2",
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString());
        ForeignProgram.run(
                tool,
                "-exportcert",
                "-rfc",
                "-alias",
                "broker",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString(),
                "-file",
                folder.resolve("broker.pem").toString());
        return store;
    }

    private KafkaProcess kafka(String open, String closed, String controller, Path store) throws Exception {
        String listeners = "PLAINTEXT://" + open + ",SECURE://" + closed;
        return KafkaProcess.onKraft(
                        Files.createDirectories(folder.resolve("kafka")),
                        1,
                        open,
                        Map.of(1, controller),
                        List.of(
                                "listeners=" + listeners + ",CONTROLLER://" + controller,
                                "advertised.listeners=" + listeners,
                                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL",
                                "listener.name.secure.sasl.enabled.mechanisms=PLAIN",
                                "listener.name.secure.plain.sasl.jaas.config=" + PLAIN
                                        + " user_ann=\"right\" user_bob=\"other\";",
                                "listener.name.secure.ssl.keystore.location=" + store,
                                "listener.name.secure.ssl.keystore.type=PKCS12",
                                "listener.name.secure.ssl.keystore.password=changeit",
                                "listener.name.secure.ssl.key.password=changeit",
                                "offsets.topic.replication.factor=1"))
                .awaitReady();
    }

    @Test
    void shouldSayWhatToDoWhereAClusterCannotBeReached() throws Exception {
        // given
        String open = "127.0.0.1:" + KafkaProcess.freePort();
        String closed = "127.0.0.1:" + KafkaProcess.freePort();
        String controller = "127.0.0.1:" + KafkaProcess.freePort();
        Path store = keys();
        String right = PLAIN + " username=\"ann\" password=\"right\";";
        String wrong = PLAIN + " username=\"ann\" password=\"wrong\";";
        try (KafkaProcess first = kafka(open, closed, controller, store);
                ConsoleOfOthers console = ConsoleOfOthers.start(
                        folder,
                        "console.timeout=3s",
                        "console.clusters.open.bootstrap=" + open,
                        "console.clusters.secure.bootstrap=" + closed,
                        "console.clusters.secure.client.security.protocol=SASL_SSL",
                        "console.clusters.secure.client.sasl.mechanism=PLAIN",
                        "console.clusters.secure.client.sasl.jaas.config=" + right,
                        "console.clusters.secure.client.ssl.truststore.location=" + store,
                        "console.clusters.secure.client.ssl.truststore.password=changeit",
                        "console.clusters.stranger.bootstrap=" + closed,
                        "console.clusters.stranger.client.security.protocol=SASL_SSL",
                        "console.clusters.stranger.client.sasl.mechanism=PLAIN",
                        "console.clusters.stranger.client.sasl.jaas.config=" + wrong,
                        "console.clusters.stranger.client.ssl.truststore.location=" + store,
                        "console.clusters.stranger.client.ssl.truststore.password=changeit",
                        "console.clusters.distrusting.bootstrap=" + closed,
                        "console.clusters.distrusting.client.security.protocol=SASL_SSL",
                        "console.clusters.distrusting.client.sasl.mechanism=PLAIN",
                        "console.clusters.distrusting.client.sasl.jaas.config=" + right,
                        "console.clusters.unencrypted.bootstrap=" + closed)) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", open))) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)))
                        .all()
                        .get();
            }

            // then   with TLS and a login it is there as any other, also where somebody adds it with the certificates
            // themselves
            assertThat(console.page("/clusters/secure/topics")).contains(">t<");
            Map<String, String> form = new HashMap<>(Map.of(
                    "key",
                    "added",
                    "bootstrap",
                    closed,
                    "enabled",
                    "true",
                    "settings",
                    "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=" + right
                            + "\nssl.truststore.type=PEM\nssl.truststore.certificates="
                            + Files.readString(folder.resolve("broker.pem"))
                                    .replace("\r", "")
                                    .strip()
                                    .replace("\n", "\\\n")));
            console.done("/add-cluster", "/add-cluster", form);
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(console.page("/clusters/added/topics")).contains(">t<"));
            form.replaceAll((name, value) -> value.replace("right", "wrong"));
            form.put("test", "test");
            form.put("key", "tried");
            assertThat(ConsoleOfOthers.text(
                            console.submit("/add-cluster", "/add-cluster", form).body()))
                    .contains("does not accept the login of the console", "sasl.jaas.config");

            // and    whatever is wrong with how it is reached is said, with what to set
            assertThat(said(console, "stranger"))
                    .contains("does not accept the login of the console", "sasl.jaas.config");
            assertThat(said(console, "distrusting")).contains("TLS", "ssl.truststore.certificates");
            assertThat(said(console, "unencrypted")).contains("does not answer", "security.protocol");

            // when   it goes away while somebody looks
            first.stop();

            // then
            for (String page : List.of("brokers", "topics/t", "topics/t/records", "groups", "moves")) {
                HttpResponse<String> answer = console.get("/clusters/open/" + page);
                assertThat(ConsoleOfOthers.text(answer.body()))
                        .as(page + " " + answer.statusCode())
                        .containsAnyOf("does not answer", "is not known yet", "old");
                assertThat(answer.body()).doesNotContain("Exception");
            }
            assertThat(ConsoleOfOthers.text(console.page("/clusters"))).contains("does not answer");
            assertThat(console.call("/v3/clusters")).startsWith("200 ");

            // when   it comes back
            try (KafkaProcess _ = kafka(open, closed, controller, store)) {
                // then   nobody has to do anything
                for (String key : List.of("open", "secure", "added")) {
                    await().atMost(SOON)
                            .untilAsserted(() -> assertThat(console.get("/clusters/" + key + "/topics")
                                            .body())
                                    .contains(">t<"));
                    assertThat(console.page("/clusters/" + key + "/topics/t/records"))
                            .contains("No records here");
                }
            }
        }
    }

    private static String said(ConsoleOfOthers console, String key) throws Exception {
        HttpResponse<String> answer = console.get("/clusters/" + key + "/brokers");
        assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
        return ConsoleOfOthers.text(answer.body());
    }
}
