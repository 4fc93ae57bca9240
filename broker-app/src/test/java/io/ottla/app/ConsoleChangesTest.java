package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of topics and settings by the console's pages and by its API, at a real broker. */
class ConsoleChangesTest {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final Pattern CLUSTER = Pattern.compile("\"cluster_id\":\"([^\"]+)\"");
    private static final String TOPIC = "/clusters/ottla/topics/t";

    @TempDir
    Path folder;

    private OttlaProcess process;
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .build();

    @Test
    void shouldChangeTopicsAndSettingsOnPages() throws Exception {
        try (OttlaProcess started = OttlaProcess.serve(folder, "broker.id=0").awaitReady()) {
            // given
            process = started;
            TestingClient.createTopic(process.bootstrap());
            TestingClient.produce(process.bootstrap(), 0, 500);
            submit("/login", "/login", Map.of("username", "admin", "password", process.password()));

            // when, then  a topic's setting is set, refused, and taken away again
            String retention = TOPIC + "/settings/retention.ms";
            assertThat(page(retention)).contains("retention.ms", "604800000", "default");
            assertThat(submit(retention, retention, Map.of("value", "60000")).body())
                    .contains("retention.ms is changed", "one setting of its own", "this topic");
            HttpResponse<String> refused = submit(retention, retention, Map.of("value", "never"));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("never");
            assertThat(submit(retention, retention, Map.of("value", "", "reset", "true"))
                            .body())
                    .contains("no setting of its own");

            // and    a broker's, for itself and for all
            String cache = "/clusters/ottla/brokers/0/settings/max.connections";
            assertThat(submit(cache, cache, Map.of("value", "1000", "scope", "all"))
                            .body())
                    .contains("max.connections is changed", "all brokers, changed live");
            assertThat(submit(cache, cache, Map.of("value", "900", "scope", "broker"))
                            .body())
                    .contains("this broker, changed live");
            assertThat(page("/clusters/ottla/brokers/0/settings/broker.id"))
                    .contains("Only the file of the broker")
                    .doesNotContain("New value");

            // and    a log level
            String loggers = "/clusters/ottla/brokers/0/loggers";
            assertThat(submit(loggers, loggers, Map.of("logger", "io.ottla.network", "level", "DEBUG", "q", "network"))
                            .body())
                    .contains("The level of io.ottla.network is changed", "DEBUG");

            // and    there are more partitions, never fewer
            String more = TOPIC + "/add-partitions";
            assertThat(submit(more, more, Map.of("total", "3")).body()).contains("t is changed");
            assertThat(submit(more, more, Map.of("total", "2")).statusCode()).isEqualTo(400);

            // and    who writes is told
            assertThat(page(TOPIC + "/producers")).contains("Last sequence");
            assertThat(page(TOPIC)).contains(TOPIC + "/producers");

            // and    records are deleted up to an offset, and all of them
            String records = TOPIC + "/delete-records";
            assertThat(submit(records, records, Map.of("typed", "x", "before-0", "100"))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(submit(records, records, Map.of("typed", "t", "before-0", "100"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(page(records)).contains(">100<");
            assertThat(submit(records, records, Map.of("typed", "t", "all", "true"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(page(records)).doesNotContain(">100<");

            // and    another is made like it
            assertThat(page("/clusters/ottla/create-topic?like=t")).contains("With what t has", "value=\"3\"");

            // and    the trail has it all
            assertThat(process.output())
                    .contains(
                            "edit-topic DONE by admin", "edit-topic FAILED", "edit-broker DONE", "edit-log-levels DONE")
                    .contains("add-partitions DONE", "add-partitions FAILED", "delete-records DONE");
        }
    }

    @Test
    void shouldChangeTopicsAndSettingsByTheApi() throws Exception {
        try (OttlaProcess started = OttlaProcess.serve(folder, "broker.id=0").awaitReady()) {
            // given
            process = started;
            TestingClient.createTopic(process.bootstrap());
            Matcher cluster = CLUSTER.matcher(call("GET", "/v3/clusters", null).body());
            assertThat(cluster.find()).isTrue();
            String at = "/v3/clusters/" + cluster.group(1);

            // when, then  how far a log reaches
            TestingClient.produce(process.bootstrap(), 0, 20);
            assertThat(call("GET", at + "/topics/t/partitions/0/offset", null).body())
                    .contains("\"earliest_offset\":0", "\"latest_offset\":20");

            // and    one setting
            String retention = at + "/topics/t/configs/retention.ms";
            assertThat(call("PUT", retention, "{\"value\":\"60000\"}").statusCode())
                    .isEqualTo(204);
            assertThat(call("GET", retention, null).body())
                    .contains("\"value\":\"60000\"", "DYNAMIC_TOPIC_CONFIG", "\"is_default\":false");
            assertThat(call("PUT", retention, "{\"value\":\"never\"}").statusCode())
                    .isEqualTo(400);
            assertThat(call("DELETE", retention, null).statusCode()).isEqualTo(204);
            assertThat(call("GET", retention, null).body()).contains("\"is_default\":true");
            assertThat(call("GET", at + "/topics/t/configs/nothing", null).statusCode())
                    .isEqualTo(404);
            assertThat(call("GET", at + "/topics/-/configs", null).body()).contains("\"topic_name\":\"t\"");

            // and    several, or only whether they could be
            String alter = at + "/topics/t/configs:alter";
            assertThat(call(
                                    "POST",
                                    alter,
                                    "{\"data\":[{\"name\":\"retention.ms\",\"value\":\"1\"}],\"validate_only\":true}")
                            .statusCode())
                    .isEqualTo(204);
            assertThat(call("GET", retention, null).body()).contains("\"is_default\":true");
            assertThat(call(
                                    "POST",
                                    alter,
                                    "{\"data\":[{\"name\":\"retention.ms\",\"value\":\"1000\"},{\"name\":\"cleanup.policy\",\"operation\":\"DELETE\"}]}")
                            .statusCode())
                    .isEqualTo(204);
            assertThat(call("POST", alter, "{\"data\":[{\"name\":\"x\",\"operation\":\"APPEND\"}]}")
                            .body())
                    .contains("40001", "APPEND");

            // and    brokers
            assertThat(call("PUT", at + "/broker-configs/max.connections", "{\"value\":\"1000\"}")
                            .statusCode())
                    .isEqualTo(204);
            assertThat(call("GET", at + "/broker-configs", null).body())
                    .contains("max.connections", "KafkaClusterConfig");
            assertThat(call("GET", at + "/brokers/0/configs/max.connections", null)
                            .body())
                    .contains("DYNAMIC_DEFAULT_BROKER_CONFIG");
            assertThat(call("GET", at + "/brokers/-/configs", null).body()).contains("\"broker_id\":0");
            for (String of : List.of("/brokers/0/configs/", "/broker-configs/")) {
                assertThat(call("DELETE", at + of + "max.connections", null).statusCode())
                        .as(of)
                        .isEqualTo(204);
                assertThat(call("DELETE", at + of + "nothing", null).body())
                        .as(of)
                        .isEqualTo(call("GET", at + of + "nothing", null).body())
                        .contains("\"error_code\":404");
            }

            // and    who has gone for good; that nothing was known of him is the answer of the cluster, and no error of
            // ours
            String brokers = "/api/v1/clusters/" + cluster.group(1) + "/brokers/";
            assertThat(call("DELETE", brokers + "99", null).statusCode()).isEqualTo(204);
            assertThat(call("DELETE", brokers + "0", null).body()).contains("Broker 0 is up");
            assertThat(process.output())
                    .contains("unregister-broker DONE by admin")
                    .doesNotContain("ERROR")
                    .doesNotContain("Unregister broker request");

            // and    partitions
            assertThat(call("PATCH", at + "/topics/t", "{\"partitions_count\":5}")
                            .body())
                    .contains("\"partitions_count\":5");
            assertThat(call("PATCH", at + "/topics/t", "{}").statusCode()).isEqualTo(400);
            assertThat(call("PATCH", at + "/topics/t", "{\"partitions_count\":2}")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    private String page(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString()).body();
    }

    /** Loads the page with the form, sends it with the token that the page has, and follows where that leads. */
    private HttpResponse<String> submit(String page, String path, Map<String, String> fields) throws Exception {
        Matcher token = TOKEN.matcher(page(page));
        assertThat(token.find()).as(page).isTrue();
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("_csrf", token.group(1));
        String form = all.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> answer = client.send(
                request(path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
        return answer.statusCode() == 302
                ? client.send(
                        request(answer.headers().firstValue("Location").orElseThrow())
                                .build(),
                        BodyHandlers.ofString())
                : answer;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(process.console() + path));
    }

    private HttpResponse<String> call(String verb, String path, String body) throws Exception {
        String user =
                Base64.getEncoder().encodeToString(("admin:" + process.password()).getBytes(StandardCharsets.UTF_8));
        return client.send(
                request(path)
                        .header("Authorization", "Basic " + user)
                        .header("Content-Type", "application/json")
                        .method(verb, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
