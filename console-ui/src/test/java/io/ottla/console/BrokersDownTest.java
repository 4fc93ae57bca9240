package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a broker itself could tell is refused at once where it is down, or there is none of that id. */
class BrokersDownTest {
    private static final TestingCluster CLUSTER = new TestingCluster().with("orders", 3);

    @TempDir
    static Path folder;

    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        console = TestingConsole.start(TestingPassword.in(folder), CLUSTER);
        console.logIn(TestingPassword.PASSWORD);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @BeforeEach
    void stopTheThird() {
        CLUSTER.down.add(3);
        synchronized (CLUSTER.replicas.asked) {
            CLUSTER.replicas.asked.clear();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /v3/clusters/{}/brokers/3 |",
                "GET | /v3/clusters/{}/brokers/3/configs |",
                "GET | /v3/clusters/{}/brokers/3/configs/log.retention.hours |",
                "PUT | /v3/clusters/{}/brokers/3/configs/log.retention.hours | {\"value\":\"1\"}",
                "DELETE | /v3/clusters/{}/brokers/3/configs/log.retention.hours |",
                "POST | /v3/clusters/{}/brokers/3/configs:alter | {\"data\":[{\"name\":\"a\",\"value\":\"1\"}]}",
                "GET | /v3/clusters/{}/brokers/3/partition-replicas |",
                "GET | /api/v1/clusters/{}/brokers/3/log-dirs |",
                "POST | /api/v1/clusters/{}/brokers/3/log-dirs | {\"log_dir\":\"/d\",\"partitions\":[{\"topic\":\"orders\",\"partition\":0}]}"
            })
    void shouldTellProgramsThatItIsNotThere(String method, String path, String body) throws Exception {
        // when
        HttpResponse<String> down = call(method, path, body);
        HttpResponse<String> none = call(method, path.replace("brokers/3", "brokers/77"), body);

        // then
        assertThat(down.statusCode()).as(down.body()).isEqualTo(404);
        assertThat(down.body()).contains("\"error_code\":40402", "No broker that is up has the id 3");
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(none.body()).contains("\"error_code\":40402", "has the id 77");
        assertThat(CLUSTER.replicas.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/settings/log.retention.hours", "/loggers", "/replicas"})
    void shouldTellPeopleThatItIsNotThere(String page) throws Exception {
        // when
        HttpResponse<String> down = console.get("/clusters/ottla/brokers/3" + page);

        // then
        assertThat(down.statusCode()).isEqualTo(404);
        assertThat(down.body())
                .contains("No broker that is up has the id 3", "whether its process runs")
                .doesNotContain("may have been deleted");
        assertThat(CLUSTER.replicas.asked).isEmpty();
    }

    @Test
    void shouldChangeNothingOfItFromItsPages() throws Exception {
        for (Map.Entry<String, Map<String, String>> form : Map.of(
                        "/settings/log.retention.hours", Map.of("value", "1"),
                        "/loggers", Map.of("logger", "root", "level", "WARN"))
                .entrySet()) {
            // when
            HttpResponse<String> answer = console.submit(
                    "/clusters/ottla/topics/orders/delete",
                    "/clusters/ottla/brokers/3" + form.getKey(),
                    form.getValue());

            // then
            assertThat(answer.statusCode()).as(form.getKey()).isEqualTo(404);
            assertThat(answer.body()).contains("No broker that is up has the id 3");
        }
        HttpResponse<String> moved = console.submit(
                "/clusters/ottla/topics/orders/delete",
                "/clusters/ottla/brokers/3/replicas",
                Map.of("replica", "orders:0", "to", "/data/2"));
        assertThat(moved.statusCode()).isEqualTo(404);
        assertThat(CLUSTER.replicas.asked).isEmpty();
    }

    @Test
    void shouldNotWaitForABrokerThatIsDownToBoundADrainOfIt() throws Exception {
        // given  what leaves the broker that is down goes nowhere but to one that is up
        CLUSTER.with("once", 1);
        CLUSTER.topics.computeIfPresent(
                "once",
                (name, topic) ->
                        new Topic(name, topic.id(), false, List.of(new Partition(0, 1, List.of(1, 3), List.of(1)))));

        // when
        HttpResponse<String> answer = call(
                "POST",
                "/api/v1/clusters/{}/reassignments",
                "{\"throttle_bytes_per_second\":1000,\"assignment\":{\"version\":1,\"partitions\":"
                        + "[{\"topic\":\"once\",\"partition\":0,\"replicas\":[1,2]}]}}");

        // then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(CLUSTER.replicas.configs.keySet())
                .extracting(Object::toString)
                .noneMatch(resource -> resource.contains("name='3'"))
                .anyMatch(resource -> resource.contains("name='2'"));
    }

    private static HttpResponse<String> call(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = console.request(path.replace("{}", TestingCluster.ID))
                .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                .header("Content-Type", "application/json");
        return console.sendAnonymously(
                request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }
}
