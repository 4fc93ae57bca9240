package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.state.ConsoleStore;
import io.ottla.console.state.Folder;
import io.ottla.console.state.TestingStore;
import io.ottla.console.words.Wording;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters that an administrator adds at one console, seen at another. */
class AddedClustersTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"very-secret\";";
    private static final String SETTINGS =
            "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=" + LOGIN;

    private static final TestingStore store = new TestingStore();
    private static final TestingCluster cluster = new TestingCluster();

    @TempDir
    static Path folder;

    private static TestingConsole first;
    private static TestingConsole second;

    @BeforeAll
    static void start() throws Exception {
        first = console();
        second = console();
    }

    private static TestingConsole console() {
        return TestingConsole.start(
                folder,
                cluster,
                Map.of("console.admin.password", TestingPassword.PASSWORD),
                generic -> generic.registerBean(ConsoleStore.class, () -> store));
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    @BeforeEach
    void logIn() throws Exception {
        store.names(Folder.CLUSTERS).forEach(name -> store.delete(Folder.CLUSTERS, name, -1));
        cluster.failure = null;
        for (TestingConsole console : new TestingConsole[] {first, second}) {
            console.forgetCookies();
            console.logIn(TestingPassword.PASSWORD);
        }
    }

    private static Map<String, String> fields(String... more) {
        Map<String, String> fields = new LinkedHashMap<>(
                Map.of("key", "east", "name", "East side", "bootstrap", "kafka.example.net:9092", "enabled", "true"));
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], more[i + 1]);
        }
        return fields;
    }

    private static HttpResponse<String> add(String... more) throws Exception {
        return first.submit("/add-cluster", "/add-cluster", fields(more));
    }

    private static HttpResponse<String> change(String... more) throws Exception {
        return first.submit("/edit-cluster/east", "/edit-cluster/east", fields(more));
    }

    @Test
    void shouldShowAnAddedClusterAtEveryConsoleUntilItIsTakenAway() throws Exception {
        // when
        assertThat(add().headers().firstValue("Location")).contains("/clusters");

        // then
        assertThat(first.get("/clusters").body()).contains("East side", "/edit-cluster/east");
        await().atMost(SOON).until(() -> second.get("/clusters").body().contains("East side"));
        assertThat(second.get("/clusters/east/brokers").statusCode()).isEqualTo(200);

        // when   its leaders are elected by themselves
        String elections = "/clusters/east/elections";
        first.submit(elections, elections + "/schedule", Map.of("schedule", "6h"));

        // then
        await().atMost(SOON).until(() -> second.get(elections).body().contains("by itself too: 6h"));

        // when   it is switched off
        Map<String, String> off = fields("readOnly", "true");
        off.remove("enabled");
        second.submit("/edit-cluster/east", "/edit-cluster/east", off);

        // then
        await().atMost(SOON).until(() -> first.get("/clusters/east/brokers").statusCode() == 404);
        assertThat(second.get("/clusters").body()).contains("East side", "switched off");

        // when
        second.submit("/edit-cluster/east", "/edit-cluster/east/remove", Map.of());

        // then
        await().atMost(SOON).until(() -> !first.get("/clusters").body().contains("East side"));
        assertThat(store.names(Folder.SCHEDULES)).isEmpty();
    }

    @Test
    void shouldNeverShowASecretAgainNorSendItElsewhere() throws Exception {
        // given
        assertThat(add("settings", SETTINGS).headers().firstValue("Location")).contains("/clusters");

        // when
        String page = first.get("/edit-cluster/east").body();

        // then
        assertThat(page).contains("security.protocol=SASL_SSL", "Kept and not shown: sasl.jaas.config");
        assertThat(page).doesNotContain("very-secret", "PlainLoginModule");

        // when   something changes that has nothing to do with how it is reached
        String open = "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN";
        assertThat(change("name", "Eastern side", "settings", open).headers().firstValue("Location"))
                .contains("/clusters");
        assertThat(kept()).contains("very-secret", "Eastern side");

        // when, then  it is to be sent to another address, or without TLS
        HttpResponse<String> elsewhere = change("bootstrap", "evil.example:9092", "settings", open);
        assertThat(elsewhere.statusCode()).isEqualTo(400);
        assertThat(elsewhere.body()).contains("type sasl.jaas.config again", "evil.example:9092");
        assertThat(change("test", "test", "bootstrap", "evil.example:9092", "settings", open)
                        .statusCode())
                .isEqualTo(400);
        assertThat(change("settings", "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN")
                        .statusCode())
                .isEqualTo(400);
        assertThat(kept()).contains("very-secret", "kafka.example.net");
        assertThat(change("bootstrap", "other.example:9092", "settings", open, "forget", "true")
                        .headers()
                        .firstValue("Location"))
                .contains("/clusters");
        assertThat(kept()).doesNotContain("very-secret").contains("other.example");
    }

    private static String kept() {
        return new String(store.read(Folder.CLUSTERS, "east").orElseThrow().content(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldSayWhatIsWrongAndKeepWhatWasTyped() throws Exception {
        assertThat(add("key", "East").body()).contains("Expected a key of small letters", "value=\"East\"");
        assertThat(add("key", "ottla").body()).contains("comes from the configuration");
        assertThat(add("bootstrap", "").body()).contains("bootstrap servers or a ZooKeeper address");
        assertThat(add("bootstrap", "<b>:x").body()).contains("Expected host:port", "&lt;b&gt;:x");
        assertThat(add("zookeeper", "zk:1/../..;x").body()).contains("/chroot where there is one");
        assertThat(add("settings", "ssl.truststore.location=/etc/passwd").body())
                .contains("a file of this machine");
        assertThat(add("settings", "sasl.client.callback.handler.class=x").body())
                .contains("Expected a client setting");
        assertThat(add("settings", "hm").body()).contains("name=value");
        assertThat(add("settings", "client.id=a\nclient.id=b").body()).contains("client.id twice");
        assertThat(store.names(Folder.CLUSTERS)).isEmpty();
        add();
        assertThat(add().body()).contains("The key east is taken");
        assertThat(first.get("/edit-cluster/ottla").statusCode()).isEqualTo(400);
        assertThat(first.get("/edit-cluster/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldTryAConnectionWithoutKeepingIt() throws Exception {
        // when
        HttpResponse<String> reached = add("test", "test");
        cluster.failure = new ClusterFailure(Reason.NO_ANSWER, Wording.of("failure.login", "No such user"));
        HttpResponse<String> refused = add("test", "test");

        // then
        assertThat(reached.body()).contains("It answers: cluster " + TestingCluster.ID + ", 3 brokers");
        assertThat(refused.statusCode()).isEqualTo(502);
        assertThat(refused.body()).contains("does not accept the login of the console: No such user", "East side");
        assertThat(store.names(Folder.CLUSTERS)).isEmpty();
    }

    private static HttpResponse<String> call(String verb, String path, String body) throws Exception {
        return first.sendAnonymously(first.request("/api/v1/added-clusters" + path)
                .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                .header("Content-Type", "application/json")
                .method(verb, BodyPublishers.ofString(body)));
    }

    @Test
    void shouldTellProgramsNoSecretAndSendItToNoOtherAddress() throws Exception {
        // given
        String login = LOGIN.replace("\"", "\\\"");
        String body = "{\"key\":\"east\",\"bootstrap_servers\":\"kafka.example.net:9092\",\"settings\":{"
                + "\"security.protocol\":\"SASL_SSL\",\"sasl.mechanism\":\"PLAIN\",\"sasl.jaas.config\":\"" + login
                + "\"}}";

        // when
        HttpResponse<String> added = call("POST", "", body);

        // then
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(added.body())
                .contains("\"secrets\":[\"sasl.jaas.config\"]", "\"sasl.mechanism\":\"PLAIN\"", "\"enabled\":true")
                .doesNotContain("very-secret");
        assertThat(call("GET", "", "").body()).contains("\"east\"").doesNotContain("very-secret");

        // when   it is switched off
        HttpResponse<String> off = call("PATCH", "/east", "{\"enabled\":false}");

        // then   all else is as it was
        assertThat(off.body()).contains("\"enabled\":false", "\"secrets\":[\"sasl.jaas.config\"]", "SASL_SSL");
        assertThat(stored()).contains("very-secret");

        // when, then  another address has them typed again, or forgotten
        String elsewhere = "{\"bootstrap_servers\":\"evil.example.net:9092\"";
        assertThat(call("PATCH", "/east", elsewhere + "}").body()).contains("sasl.jaas.config again", "40002");
        assertThat(call("POST", "/test", elsewhere + ",\"key\":\"east\"}").body())
                .contains("sasl.jaas.config again");
        assertThat(call("PATCH", "/east", elsewhere + ",\"forget_secrets\":true}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(stored()).doesNotContain("very-secret");
        assertThat(call("PATCH", "/east", "{\"settings\":{\"a\\nb\":\"c\"}}").body())
                .contains("40001");
        assertThat(call("PATCH", "/east", "{\"settings\":{\"client.id\":\"c\\\\\"}}")
                        .body())
                .contains("backslash");
        assertThat(call("DELETE", "/east", "").statusCode()).isEqualTo(204);
        assertThat(call("GET", "/east", "").body()).contains("40401");
    }

    private static String stored() {
        return new String(store.read(Folder.CLUSTERS, "east").orElseThrow().content(), StandardCharsets.UTF_8);
    }
}
