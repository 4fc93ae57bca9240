package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console over the broker of its own process. */
class ConsoleOfProcessTest {
    private static final Pattern CLUSTER = Pattern.compile("\"cluster_id\":\"([^\"]+)\"");

    @TempDir
    Path folder;

    @Test
    void shouldManageTheBrokerBesideItForTheAdministratorOnly() throws Exception {
        // given
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady();
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(process.get("/clusters/ottla/brokers").headers().firstValue("Location"))
                    .contains("/login?to=%2Fclusters%2Fottla%2Fbrokers");
            assertThat(process.get("/v3/clusters").statusCode()).isEqualTo(401);
            Matcher cluster = CLUSTER.matcher(
                    send(client, process, get("/v3/clusters", process)).body());
            assertThat(cluster.find()).isTrue();
            String topics = "/v3/clusters/" + cluster.group(1) + "/topics";

            // when
            HttpResponse<String> made = send(
                    client,
                    process,
                    HttpRequest.newBuilder(URI.create(process.console() + topics))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("""
                                    {"topic_name":"made","partitions_count":3,
                                     "configs":[{"name":"retention.ms","value":"60000"}]}""")));

            // then
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            assertThat(send(client, process, get(topics + "/made/partitions", process))
                            .body())
                    .contains("\"partition_id\":2", "/replicas/");
            assertThat(send(client, process, get("/clusters/ottla/topics/made", process))
                            .body())
                    .contains("retention.ms", "60000", "this topic", "1 of 1");
            assertThat(send(client, process, get("/clusters/ottla/topics", process))
                            .body())
                    .contains("made", "in sync");
            assertThat(send(client, process, get("/clusters/ottla/brokers", process))
                            .body())
                    .contains(
                            process.bootstrap(),
                            "controller",
                            folder.resolve("logs").toString());
            assertThat(folder.resolve("console")).doesNotExist(); // All that it keeps is in ZooKeeper.
        }
    }

    @Test
    void shouldAnswerProgramsWithTheErrorsThatAreDocumented() throws Exception {
        // given
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady();
                HttpClient client = HttpClient.newHttpClient()) {
            Matcher cluster = CLUSTER.matcher(
                    send(client, process, get("/v3/clusters", process)).body());
            assertThat(cluster.find()).isTrue();
            String topics = "/v3/clusters/" + cluster.group(1) + "/topics";

            // when, then
            assertThat(process.get(topics).statusCode()).isEqualTo(401);
            assertThat(process.get(topics, "Authorization", "Basic YWRtaW46d3Jvbmc=")
                            .statusCode())
                    .isEqualTo(401);
            assertAnswer(send(client, process, get("/v3/clusters/other/topics", process)), 404, "40401");
            assertAnswer(send(client, process, get(topics + "/nowhere", process)), 404, "40403");
            assertAnswer(send(client, process, get(topics + "/a/b/c/d", process)), 404, "404");
            assertAnswer(send(client, process, post(topics, process, "{")), 400, "40001");
            assertAnswer(send(client, process, post(topics, process, named("made"))), 201, "KafkaTopic");
            assertAnswer(send(client, process, post(topics, process, named("made"))), 400, "40002");
            assertAnswer(send(client, process, post(topics, process, named("a b"))), 400, "40002");
            assertAnswer(
                    send(client, process, post(topics, process, "{\"topic_name\":\"x\",\"replication_factor\":3}")),
                    400,
                    "40002");
            assertAnswer(
                    send(
                            client,
                            process,
                            get(topics, process)
                                    .header("Content-Type", "text/plain")
                                    .POST(BodyPublishers.ofString(named("x")))),
                    415,
                    "415");
            assertAnswer(send(client, process, get(topics, process).PUT(BodyPublishers.noBody())), 405, "405");
            assertAnswer(send(client, process, get(topics, process).header("Accept", "text/csv")), 406, "406");
            assertAnswer(send(client, process, get("/v3/openapi.yaml", process)), 200, "openapi: 3.1.0");
            // and    where errors are shown there is no page
            assertAnswer(send(client, process, get("/error", process)), 404, "Nothing is at /error.");
            assertAnswer(
                    send(client, process, get("/error", process).header("Accept", "text/html")),
                    404,
                    "Nothing is at /error.");
        }
    }

    private static void assertAnswer(HttpResponse<String> answer, int status, String says) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(says);
    }

    private static String named(String topic) {
        return "{\"topic_name\":\"" + topic + "\"}";
    }

    private static HttpRequest.Builder post(String path, OttlaProcess process, String body) {
        return get(path, process).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder get(String path, OttlaProcess process) {
        return HttpRequest.newBuilder(URI.create(process.console() + path));
    }

    private static HttpResponse<String> send(HttpClient client, OttlaProcess process, HttpRequest.Builder request)
            throws Exception {
        String user =
                Base64.getEncoder().encodeToString(("admin:" + process.password()).getBytes(StandardCharsets.UTF_8));
        return client.send(request.header("Authorization", "Basic " + user).build(), BodyHandlers.ofString());
    }
}
