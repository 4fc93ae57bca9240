package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Access rules, quotas, SCRAM users and transactions over HTTP. */
class SecurityRestTest {
    private static final TestingCluster CLUSTER = new TestingCluster();
    private static final String V3 = "/v3/clusters/" + TestingCluster.ID;
    private static final String V1 = "/api/v1/clusters/" + TestingCluster.ID;
    private static final JsonMapper JSON = new JsonMapper();
    private static final String RULE = """
            {"resource_type":"TOPIC","resource_name":"orders","pattern_type":"PREFIXED",
             "principal":"User:ann","host":"*","operation":"READ","permission":"ALLOW"}""";

    @TempDir
    static Path folder;

    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        console = TestingConsole.start(TestingPassword.in(folder), CLUSTER);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @BeforeEach
    void fill() {
        CLUSTER.topics.clear();
        CLUSTER.with("orders", 3);
        CLUSTER.security.clear();
    }

    @Test
    void shouldMakeListAndDeleteRules() throws Exception {
        // when
        HttpResponse<String> made = call("POST", V3 + "/acls", RULE);
        HttpResponse<String> more =
                call("POST", V3 + "/acls:batch", "{\"data\":[" + RULE + "," + RULE.replace("READ", "DESCRIBE") + "]}");

        // then
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(made.body()).isEmpty();
        assertThat(more.statusCode()).isEqualTo(201);
        String location = made.headers().firstValue("Location").orElseThrow();
        JsonNode one = JSON.readTree(call("GET", location, null).body());
        assertThat(one.get("data")).hasSize(1);
        assertThat(one.at("/data/0/metadata/self").asString()).isEqualTo(location);
        assertThat(one.at("/data/0/kind").asString()).isEqualTo("KafkaAcl");
        assertThat(one.at("/data/0/principal").asString()).isEqualTo("User:ann");
        JsonNode matching = JSON.readTree(call("GET", V3 + "/acls?pattern_type=MATCH&resource_name=orders-eu", null)
                .body());
        assertThat(matching.at("/kind").asString()).isEqualTo("KafkaAclList");
        assertThat(matching.get("data")).hasSize(2);

        // when, then  nothing is deleted by mistake
        assertThat(call("DELETE", V3 + "/acls", null).body()).contains("40001", "Expected resource_type");
        assertThat(CLUSTER.security.acls).hasSize(2);
        String all = V3 + "/acls?resource_type=ANY&pattern_type=ANY&operation=READ&permission=ANY";
        JsonNode deleted = JSON.readTree(call("DELETE", all, null).body());
        assertThat(deleted.get("data")).hasSize(1);
        assertThat(CLUSTER.security.acls).hasSize(1);
        assertThat(JSON.readTree(call("DELETE", all, null).body()).get("data")).isEmpty();
        assertThat(call("GET", "/kafka" + V3 + "/acls", null).body()).contains("/kafka/v3/clusters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/acls?operation=SING||400|operation",
                "GET|/acls?pattern_type=UNKNOWN||400|pattern_type",
                "POST|/acls|{}|400|resource_type",
                "POST|/acls|{\"resource_type\":\"TOPIC\"}|400|resource_name",
                "POST|/acls|{\"resource_type\":\"TOPIC\",\"resource_name\":\"x\",\"principal\":\"ann\",\"operation\":\"READ\",\"permission\":\"ALLOW\"}|400|principal",
                "POST|/acls|{\"resource_type\":\"ANY\",\"resource_name\":\"x\",\"principal\":\"User:a\",\"operation\":\"READ\",\"permission\":\"ALLOW\"}|400|ANY",
                "POST|/acls|[]|400|Expected a JSON object",
                "POST|/acls:batch|{}|400|data",
                "POST|/acls:batch|{\"data\":[null]}|400|data"
            })
    void shouldNameWhatIsWrongWithARule(String verb, String path, String body, int status, String said)
            throws Exception {
        HttpResponse<String> answer = call(verb, V3 + path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(said).doesNotContain("Exception");
        assertThat(CLUSTER.security.acls).isEmpty();
    }

    @Test
    void shouldSayThatThereIsNoAuthorizer() throws Exception {
        CLUSTER.security.failures.put("describeAcls", new SecurityDisabledException("No Authorizer is configured."));

        HttpResponse<String> answer = call("GET", V3 + "/acls", null);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("40002", "No Authorizer is configured.");
    }

    @Test
    void shouldChangeQuotas() throws Exception {
        // when
        HttpResponse<String> set = call("POST", V1 + "/quotas", """
                {"entity":[{"type":"user","name":"ann"},{"type":"client-id","name":null}],
                 "limits":{"producer_byte_rate":1024,"request_percentage":12.5}}""");

        // then
        assertThat(set.statusCode()).as(set.body()).isEqualTo(204);
        JsonNode all = JSON.readTree(call("GET", V1 + "/quotas", null).body());
        assertThat(all.at("/metadata/self").asString()).isEqualTo(V1 + "/quotas");
        assertThat(all.at("/data/0/entity/1/name").isNull()).isTrue();
        assertThat(all.at("/data/0/limits/request_percentage").asDouble()).isEqualTo(12.5);
        JsonNode one = JSON.readTree(
                call("GET", all.at("/data/0/metadata/self").asString(), null).body());
        assertThat(one.get("data")).isEqualTo(all.get("data"));

        // when  one is taken away
        call("POST", V1 + "/quotas", """
                {"entity":[{"type":"user","name":"ann"},{"type":"client-id"}],"limits":{"producer_byte_rate":null}}""");

        // then
        assertThat(CLUSTER.security.quotas.values()).containsExactly(Map.of("request_percentage", 12.5));
        assertThat(CLUSTER.security.quotas.keySet().iterator().next().entries())
                .containsEntry(ClientQuotaEntity.CLIENT_ID, null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|entity",
                "{\"entity\":[{\"type\":\"host\",\"name\":\"x\"}],\"limits\":{\"a\":1}}|type",
                "{\"entity\":[{\"type\":\"user\",\"name\":\"\"}],\"limits\":{\"a\":1}}|name",
                "{\"entity\":[{\"type\":\"user\",\"name\":\"x\"}]}|limits",
                "{\"entity\":[{\"type\":\"user\",\"name\":\"x\"}],\"limits\":{\"producer_byte_rate\":-1}}|producer_byte_rate",
                "{\"entity\":[{\"type\":\"user\",\"name\":\"x\"}],\"limits\":{\"producer_byte_rate\":\"fast\"}}|producer_byte_rate",
                "{\"entity\":[{\"type\":\"ip\",\"name\":\"x\"}],\"limits\":{\"producer_byte_rate\":1}}|producer_byte_rate"
            })
    void shouldNameWhatIsWrongWithAQuota(String body, String said) throws Exception {
        HttpResponse<String> answer = call("POST", V1 + "/quotas", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("40001", said);
    }

    @Test
    void shouldSetAndDeleteScramCredentials() throws Exception {
        // when, then
        String ann = V1 + "/scram-users/ann";
        assertThat(call("PUT", ann + "/SCRAM-SHA-512", "{\"password\":\"long-enough\"}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(call("PUT", ann + "/SCRAM-SHA-256", "{\"password\":\"long-enough\",\"iterations\":4096}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(call("GET", V1 + "/scram-users", null).body())
                .contains("\"user_name\":\"ann\"", "{\"mechanism\":\"SCRAM-SHA-512\",\"iterations\":8192}")
                .doesNotContain("long-enough");
        assertThat(call("GET", ann, null).body()).contains("ScramUser");
        assertThat(call("DELETE", ann + "/SCRAM-SHA-512", null).statusCode()).isEqualTo(204);
        HttpResponse<String> gone = call("DELETE", ann + "/SCRAM-SHA-512", null);
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.body()).contains("40409");
        assertThat(call("GET", V1 + "/scram-users/bob", null).statusCode()).isEqualTo(404);

        // and  what is wrong is named, but no password
        for (String[] wrong : new String[][] {
            {"/SCRAM-SHA-1", "{\"password\":\"long-enough\"}", "mechanism"},
            {"/SCRAM-SHA-512", "{\"password\":\"short!\"}", "password"},
            {"/SCRAM-SHA-512", "{}", "password"},
            {"/SCRAM-SHA-512", "{\"password\":\"long-enough\",\"iterations\":1}", "iterations"},
            {"/SCRAM-SHA-512", "{\"password\":{\"a\":\"long-enough\"}}", "password"}
        }) {
            HttpResponse<String> answer = call("PUT", ann + wrong[0], wrong[1]);
            assertThat(answer.statusCode()).as(wrong[1]).isEqualTo(400);
            assertThat(answer.body()).contains(wrong[2]).doesNotContain("short!", "long-enough");
        }
        assertThat(CLUSTER.security.users).isEqualTo(Map.of("ann", new TreeMap<>(Map.of((byte) 1, 4096))));
    }

    @Test
    void shouldTellAndAbortTransactions() throws Exception {
        // given
        CLUSTER.security.open("pay", 77, new TopicPartition("orders", 2));
        CLUSTER.security.write(new TopicPartition("orders", 1), 2, 500, 0);

        // when, then
        JsonNode list = JSON.readTree(call("GET", V1 + "/transactions?state=ONGOING&producer_id=77", null)
                .body());
        assertThat(list.at("/data/0/transactional_id").asString()).isEqualTo("pay");
        JsonNode one = JSON.readTree(
                call("GET", list.at("/data/0/metadata/self").asString(), null).body());
        assertThat(one.at("/partitions/0/start_offset").asLong()).isEqualTo(42);
        JsonNode hanging = JSON.readTree(call("GET", V1 + "/hanging-transactions?topic_name=orders", null)
                .body());
        assertThat(hanging.get("data")).hasSize(1);
        assertThat(hanging.at("/data/0/producer_id").asLong()).isEqualTo(2);

        // when, then
        assertThat(call("GET", V1 + "/transactions?state=LOST", null).body()).contains("40001", "LOST");
        assertThat(call("GET", V1 + "/transactions?open_seconds=x", null).statusCode())
                .isEqualTo(400);
        assertThat(call("GET", V1 + "/hanging-transactions", null).body()).contains("40001", "a topic or a broker");
        assertThat(call("GET", V1 + "/transactions/no", null).body()).contains("40410");
        String abort = V1 + "/hanging-transactions/abort";
        String body = "{\"topic_name\":\"orders\",\"partition_id\":%d,\"producer_id\":%d}";
        assertThat(call("POST", abort, "{\"topic_name\":\"orders\"}").body()).contains("partition_id");
        assertThat(call("POST", abort, body.formatted(2, 77)).statusCode()).isEqualTo(409);
        assertThat(call("POST", abort, body.formatted(1, 9)).statusCode()).isEqualTo(404);
        assertThat(call("POST", abort, body.formatted(1, 2)).statusCode()).isEqualTo(204);
        assertThat(CLUSTER.security.aborted).hasSize(1);
        assertThat(call("POST", V1 + "/transactions/pay/abort", "{}").statusCode())
                .isEqualTo(204);
        assertThat(call("POST", V1 + "/transactions/pay/abort", "{}").statusCode())
                .isEqualTo(404);
        assertThat(CLUSTER.security.fenced).containsExactly("pay");
    }

    @Test
    void shouldLetNoStrangerIn() throws Exception {
        for (String path : new String[] {"/quotas", "/scram-users", "/transactions"}) {
            HttpResponse<String> answer = console.sendAnonymously(console.request(V1 + path));
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        }
    }

    private static HttpResponse<String> call(String verb, String path, String body) throws Exception {
        HttpRequest.Builder request = console.request(path)
                .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                .method(verb, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return console.sendAnonymously(request);
    }
}
