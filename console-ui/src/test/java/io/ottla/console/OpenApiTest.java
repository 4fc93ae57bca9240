package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** The document that tells programs what the API offers, against what it offers. */
class OpenApiTest {
    private static final TestingCluster CLUSTER = new TestingCluster();
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NEW_TOPIC = "{\"topic_name\":\"made\",\"partitions_count\":2,\"configs\":[]}";

    @TempDir
    static Path folder;

    private static TestingConsole console;
    private static TestingSchemas document;

    @BeforeAll
    static void start() throws Exception {
        CLUSTER.with("orders", 3);
        CLUSTER.replicas.running.put(
                new TopicPartition("orders", 2), new PartitionReassignment(List.of(3, 1, 2), List.of(2), List.of(1)));
        console = TestingConsole.start(TestingPassword.in(folder), CLUSTER);
        HttpResponse<String> answer = send(console.request("/v3/openapi.yaml"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/yaml");
        document = new TestingSchemas(answer.body());
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @Test
    void shouldNameEveryPathAndMethodAndNoOther() {
        // given
        Set<String> served = new TreeSet<>();
        console.context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getPatternValues().stream()
                        .filter(pattern -> pattern.startsWith("/v3/clusters") || pattern.startsWith("/api/v1/clusters"))
                        .forEach(pattern -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> served.add(method + " " + anonymous(pattern)))));

        // when
        Set<String> documented = new TreeSet<>();
        TestingSchemas.map(document.document.get("paths"))
                .forEach((path, operations) -> TestingSchemas.map(operations)
                        .keySet()
                        .forEach(verb -> documented.add(verb.toUpperCase(Locale.ROOT) + " " + anonymous(path))));

        // then
        assertThat(documented).isEqualTo(served);
    }

    @Test
    void shouldAnswerAsDocumented() throws Exception {
        // when, then  each path, with and without what it asks for
        for (Map.Entry<String, Object> path :
                TestingSchemas.map(document.document.get("paths")).entrySet()) {
            Object answers = TestingSchemas.map(path.getValue()).get("get");
            if (answers == null) {
                continue;
            }
            Map<String, Object> get = TestingSchemas.map(answers);
            String known = path.getKey()
                    .replace("{cluster_id}", TestingCluster.ID)
                    .replace("{broker_id}", "1")
                    .replace("{topic_name}", "orders")
                    .replace("{name}", "min.insync.replicas")
                    .replace("{partition_id}", "2");
            assertAnswer(get, "200", send(console.request(known)));
            assertAnswer(get, "401", console.sendAnonymously(console.request(known)));
            if (path.getKey().contains("{")) {
                String unknown = known.replaceAll("[^/]+$", "7777").replace("clusters/topics", "clusters/x/topics");
                assertAnswer(get, "404", send(console.request(unknown)));
            }
        }
    }

    @Test
    void shouldMakeAndDeleteTopicsAsDocumented() throws Exception {
        // given
        String topics = "/v3/clusters/" + TestingCluster.ID + "/topics";
        Map<String, Object> post = operation("/v3/clusters/{cluster_id}/topics", "post");
        Map<String, Object> delete = operation("/v3/clusters/{cluster_id}/topics/{topic_name}", "delete");
        Object body = TestingSchemas.map(TestingSchemas.map(
                                TestingSchemas.map(post.get("requestBody")).get("content"))
                        .get("application/json"))
                .get("schema");

        // when, then
        assertThat(document.faults(body, JSON.readTree(NEW_TOPIC))).isEmpty();
        assertAnswer(post, "201", send(json(topics, NEW_TOPIC)));
        assertAnswer(post, "400", send(json(topics, NEW_TOPIC)));
        assertAnswer(post, "200", send(json(topics, "{\"topic_name\":\"no\",\"validate_only\":true}")));
        assertAnswer(
                post,
                "415",
                send(console.request(topics)
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString(NEW_TOPIC))));
        assertAnswer(delete, "204", send(console.request(topics + "/made").DELETE()));
        assertAnswer(delete, "404", send(console.request(topics + "/made").DELETE()));
    }

    @Test
    void shouldPlanMoveThrottleElectAndForgetAsDocumented() throws Exception {
        // given
        String at = "/api/v1/clusters/" + TestingCluster.ID;
        String documented = "/api/v1/clusters/{cluster_id}";
        String file = "{\"version\":1,\"partitions\":[{\"topic\":\"orders\",\"partition\":0,\"replicas\":[2,3]}]}";

        // when, then
        Map<String, Object> plan = operation(documented + "/reassignments/plan", "post");
        String factor = "{\"goal\":\"factor\",\"topics\":[\"orders\"],\"replication_factor\":";
        assertAnswer(plan, "200", send(json(at + "/reassignments/plan", factor + "2}")));
        assertAnswer(plan, "422", send(json(at + "/reassignments/plan", factor + "4}")));
        assertAnswer(plan, "400", send(json(at + "/reassignments/plan", "{\"goal\":\"fly\"}")));
        assertAnswer(
                plan, "404", send(json(at.replace(TestingCluster.ID, "x") + "/reassignments/plan", factor + "2}")));
        Map<String, Object> execute = operation(documented + "/reassignments", "post");
        String run = "{\"assignment\":" + file + ",\"throttle_bytes_per_second\":1000000}";
        assertAnswer(execute, "202", send(json(at + "/reassignments", run)));
        assertAnswer(execute, "400", send(json(at + "/reassignments", "{}")));
        assertAnswer(execute, "400", send(json(at + "/reassignments", run.replace("1000000", "0"))));
        assertAnswer(execute, "422", send(json(at + "/reassignments", run.replace("[2,3]", "[7]"))));
        Map<String, Object> verify = operation(documented + "/reassignments/verify", "post");
        assertAnswer(verify, "200", send(json(at + "/reassignments/verify", file)));
        assertAnswer(verify, "400", send(json(at + "/reassignments/verify", "{}")));
        Map<String, Object> cancel = operation(documented + "/reassignments", "delete");
        assertAnswer(
                cancel,
                "200",
                send(console.request(at + "/reassignments?topic=orders&partition=0")
                        .DELETE()));
        assertAnswer(
                cancel,
                "404",
                send(console.request(at + "/reassignments?topic=orders&partition=0")
                        .DELETE()));
        Map<String, Object> put = operation(documented + "/throttle", "put");
        assertAnswer(put, "200", send(putting(at + "/throttle", "{\"bytes_per_second\":5000}")));
        assertAnswer(put, "400", send(putting(at + "/throttle", "{\"bytes_per_second\":0}")));
        assertAnswer(
                operation(documented + "/throttle", "delete"),
                "204",
                send(console.request(at + "/throttle").DELETE()));
        Map<String, Object> elect = operation(documented + "/leader-elections", "post");
        assertAnswer(elect, "200", send(json(at + "/leader-elections", "{\"topics\":[\"orders\"]}")));
        assertAnswer(elect, "400", send(json(at + "/leader-elections", "{}")));
        assertAnswer(elect, "404", send(json(at + "/leader-elections", "{\"topics\":[\"none\"]}")));
        Map<String, Object> move = operation(documented + "/brokers/{broker_id}/log-dirs", "post");
        String moved = "{\"log_dir\":\"/data/2\",\"partitions\":[{\"topic\":\"orders\",\"partition\":0}]}";
        assertAnswer(move, "202", send(json(at + "/brokers/1/log-dirs", moved)));
        assertAnswer(move, "422", send(json(at + "/brokers/1/log-dirs", moved.replace("/data/2", "/no"))));
        assertAnswer(move, "400", send(json(at + "/brokers/1/log-dirs", "{\"log_dir\":\"/data/2\"}")));
        Map<String, Object> forget = operation(documented + "/brokers/{broker_id}", "delete");
        assertAnswer(forget, "400", send(console.request(at + "/brokers/1").DELETE()));
        assertAnswer(forget, "204", send(console.request(at + "/brokers/9").DELETE()));
    }

    private static HttpRequest.Builder putting(String path, String body) {
        return console.request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body));
    }

    private static Map<String, Object> operation(String path, String verb) {
        return TestingSchemas.map(TestingSchemas.map(
                        TestingSchemas.map(document.document.get("paths")).get(path))
                .get(verb));
    }

    private static void assertAnswer(Map<String, Object> operation, String status, HttpResponse<String> answer) {
        String what = operation.get("operationId") + " " + answer.uri() + ": " + answer.body();
        assertThat(Integer.toString(answer.statusCode())).as(what).isEqualTo(status);
        assertThat(TestingSchemas.map(operation.get("responses"))).as(what).containsKey(status);
        Object schema = document.schema(operation, status);
        if (schema == null) {
            assertThat(answer.body()).as(what).isEmpty();
        } else {
            assertThat(document.faults(schema, JSON.readTree(answer.body())))
                    .as(what)
                    .isEmpty();
        }
    }

    private static String anonymous(String path) {
        return path.replaceAll("\\{[^}]*}", "{}");
    }

    private static HttpRequest.Builder json(String path, String body) {
        return console.request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return console.sendAnonymously(request.header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD)));
    }
}
