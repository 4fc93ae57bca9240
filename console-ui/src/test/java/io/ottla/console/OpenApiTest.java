package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.groups.TestingGroups;
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
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
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

    private static final TestingGroups GROUPS = new TestingGroups(CLUSTER);

    private static TestingConsole console;
    private static TestingSchemas document;

    @BeforeAll
    static void start() throws Exception {
        CLUSTER.with("orders", 3);
        CLUSTER.replicas.running.put(
                new TopicPartition("orders", 2), new PartitionReassignment(List.of(3, 1, 2), List.of(2), List.of(1)));
        CLUSTER.security.users.put("ann", Map.of((byte) 1, 4096));
        CLUSTER.security.acls.add(new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, "orders", PatternType.LITERAL),
                new AccessControlEntry("User:ann", "*", AclOperation.READ, AclPermissionType.ALLOW)));
        CLUSTER.security.quotas.put(
                new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "ann")), Map.of("request_percentage", 50.0));
        CLUSTER.security.open("pay", 7, new TopicPartition("orders", 1));
        CLUSTER.security.write(new TopicPartition("orders", 2), 8, 5, 0);
        GROUPS.with("billing", GroupType.CLASSIC, GroupState.STABLE)
                .at("orders", 2, 400) // and nothing in partition 1, which it reads as well
                .member("m-1", "", "orders", 1, 2);
        TestingZooKeeper zooKeeper = new TestingZooKeeper();
        zooKeeper.nodes.put("/", new byte[0]);
        console = TestingConsole.start(
                TestingPassword.in(folder),
                GROUPS.cluster(),
                Map.of(),
                generic -> generic.registerBean(ZooKeeperPort.class, () -> zooKeeper));
        send(json("/api/v1/added-clusters", "{\"key\":\"east\",\"bootstrap_servers\":\"kafka.example.net:9092\"}"));
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
                        .filter(pattern -> pattern.startsWith("/v3/clusters") || pattern.startsWith("/api/v1/"))
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
            if (answers == null || path.getKey().equals("/api/v1/audit")) { // Of the trail see AuditTrailTest.
                continue;
            }
            Map<String, Object> get = TestingSchemas.map(answers);
            String known = path.getKey()
                    .replace("{cluster_id}", TestingCluster.ID)
                    .replace("{broker_id}", "1")
                    .replace("{topic_name}", "orders")
                    .replace("{name}", "min.insync.replicas")
                    .replace("{partition_id}", "2")
                    .replace("{group_id}", "billing")
                    .replace("{consumer_id}", "m-1")
                    .replace("{person_name}", "admin")
                    .replace("{key}", "east")
                    .replace("{user_name}", "ann")
                    .replace("{transactional_id}", "pay")
                    .replaceAll("hanging-transactions$", "hanging-transactions?topic_name=orders");
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
    void shouldChangeGroupsAsDocumented() throws Exception {
        // given
        GROUPS.with("idle", GroupType.CLASSIC, GroupState.EMPTY).at("orders", 0, 400);
        String path = "/api/v1/clusters/{cluster_id}/groups/{group_id}";
        String groups = "/api/v1/clusters/" + TestingCluster.ID + "/groups/";
        Map<String, Object> reset = operation(path + "/offsets", "post");
        Map<String, Object> forget = operation(path + "/offsets", "delete");
        Map<String, Object> remove = operation(path + "/members", "delete");
        Map<String, Object> delete = operation(path, "delete");

        // when, then
        assertAnswer(reset, "200", send(json(groups + "idle/offsets", "{\"to\":\"earliest\"}")));
        assertAnswer(reset, "400", send(json(groups + "idle/offsets", "{\"to\":\"sideways\"}")));
        assertAnswer(reset, "400", send(json(groups + "idle/offsets", "{}")));
        assertAnswer(reset, "409", send(json(groups + "billing/offsets", "{\"to\":\"latest\",\"dry_run\":false}")));
        assertAnswer(reset, "404", send(json(groups + "nobody/offsets", "{\"to\":\"latest\"}")));
        assertAnswer(
                reset,
                "415",
                send(console.request(groups + "idle/offsets")
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("latest"))));
        assertAnswer(
                reset,
                "200",
                send(
                        json(
                                groups + "idle/offsets",
                                "{\"to\":\"shift\",\"value\":\"-50\",\"topic\":\"orders\",\"partitions\":[0],\"dry_run\":false}")));
        assertThat(send(console.request(groups + "idle/offsets")).body()).contains("\"committed_offset\":350");
        assertAnswer(
                forget,
                "204",
                send(console.request(groups + "idle/offsets?topic=orders").DELETE()));
        assertAnswer(
                forget,
                "404",
                send(console.request(groups + "idle/offsets?topic=orders").DELETE()));
        assertAnswer(
                remove, "400", send(console.request(groups + "idle/members").DELETE()));
        assertAnswer(delete, "409", send(console.request(groups + "billing").DELETE()));
        assertAnswer(delete, "204", send(console.request(groups + "idle").DELETE()));
        assertAnswer(delete, "404", send(console.request(groups + "idle").DELETE()));
    }

    @Test
    void shouldWriteAndShowRecordsAsDocumented() throws Exception {
        // given
        String at = "/clusters/" + TestingCluster.ID + "/topics/orders/records";
        Map<String, Object> one = operation("/v3/clusters/{cluster_id}/topics/{topic_name}/records", "post");
        Map<String, Object> batch = operation("/v3/clusters/{cluster_id}/topics/{topic_name}/records:batch", "post");
        Map<String, Object> get = operation("/api/v1/clusters/{cluster_id}/topics/{topic_name}/records", "get");
        String record = "{\"partition_id\":1,\"key\":{\"type\":\"STRING\",\"data\":\"k\"},"
                + "\"value\":{\"type\":\"JSON\",\"data\":{\"a\":1}},\"headers\":[{\"name\":\"h\",\"value\":\"dg==\"}]}";
        String entries = "{\"entries\":[" + record.replaceFirst("\\{", "{\"id\":\"a\",")
                + ",{\"id\":\"b\",\"partition_id\":9}]}";

        // when, then
        assertAnswer(one, "200", send(json("/v3" + at, record)));
        assertAnswer(one, "400", send(json("/v3" + at, "{")));
        assertAnswer(one, "404", send(json("/v3" + at.replace("orders", "nowhere"), record)));
        assertAnswer(one, "422", send(json("/v3" + at, "{\"partition_id\":\"x\"}")));
        assertAnswer(batch, "207", send(json("/v3" + at + ":batch", entries)));
        assertAnswer(batch, "422", send(json("/v3" + at + ":batch", "{\"entries\":[]}")));
        assertAnswer(get, "200", send(console.request("/api/v1" + at)));
        assertAnswer(get, "400", send(console.request("/api/v1" + at + "?size=x")));
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
        assertAnswer(verify, "200", send(json(at + "/reassignments/verify", "{\"assignment\":" + file + "}")));
        assertAnswer(verify, "400", send(json(at + "/reassignments/verify", file)));
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
        assertAnswer(forget, "409", send(console.request(at + "/brokers/1").DELETE()));
        assertAnswer(forget, "204", send(console.request(at + "/brokers/9").DELETE()));
    }

    @Test
    void shouldKeepPeopleAndTokensAsDocumented() throws Exception {
        // given
        String people = "/api/v1/people";
        String person = people + "/{person_name}";
        String grants = "{\"grants\":[{\"role\":\"viewer\",\"topics\":[\"orders-*\",\"payments\"]}]}";
        String zoe = "{\"name\":\"zoe\",\"password\":\"zoes-password\"," + grants.substring(1);

        // when, then
        Map<String, Object> add = operation(people, "post");
        assertAnswer(add, "201", send(json(people, zoe)));
        assertAnswer(add, "409", send(json(people, zoe)));
        assertAnswer(add, "400", send(json(people, zoe.replace("\"zoe\"", "\"z e\""))));
        Map<String, Object> grant = operation(person + "/grants", "put");
        assertAnswer(grant, "200", send(putting(people + "/zoe/grants", grants)));
        assertAnswer(grant, "400", send(putting(people + "/zoe/grants", "{\"grants\":[{\"role\":\"king\"}]}")));
        assertAnswer(grant, "404", send(putting(people + "/nobody/grants", grants)));
        Map<String, Object> password = operation(person + "/password", "put");
        assertAnswer(password, "204", send(putting(people + "/zoe/password", "{\"password\":\"zoes-next-one\"}")));
        assertAnswer(password, "400", send(putting(people + "/zoe/password", "{}")));
        for (String verb : List.of("disable", "enable")) {
            Map<String, Object> change = operation(person + "/" + verb, "post");
            assertAnswer(change, "204", send(json(people + "/zoe/" + verb, "{}")));
            assertAnswer(change, "404", send(json(people + "/nobody/" + verb, "{}")));
        }
        assertAnswer(
                operation(person + "/sessions", "delete"),
                "204",
                send(console.request(people + "/zoe/sessions").DELETE()));
        Map<String, Object> remove = operation(person, "delete");
        assertAnswer(remove, "204", send(console.request(people + "/zoe").DELETE()));
        assertAnswer(remove, "404", send(console.request(people + "/zoe").DELETE()));
        assertAnswer(remove, "400", send(console.request(people + "/admin").DELETE()));

        Map<String, Object> make = operation("/api/v1/account/tokens", "post");
        assertAnswer(make, "201", send(json("/api/v1/account/tokens", "{\"label\":\"backup\",\"days\":3}")));
        assertAnswer(make, "400", send(json("/api/v1/account/tokens", "{\"label\":\"backup\"}")));
        assertAnswer(
                operation("/api/v1/account/tokens", "get"), "200", send(console.request("/api/v1/account/tokens")));
        assertAnswer(
                operation("/api/v1/account/tokens/{token_id}", "delete"),
                "404",
                send(console.request("/api/v1/account/tokens/none").DELETE()));
        assertAnswer(
                operation("/api/v1/account/password", "put"),
                "400",
                send(putting("/api/v1/account/password", "{\"old_password\":\"x\",\"password\":\"some-password\"}")));
        assertAnswer(
                operation("/api/v1/account/sessions", "delete"),
                "204",
                send(console.request("/api/v1/account/sessions").DELETE()));
    }

    @Test
    void shouldKeepAddedClustersAsDocumented() throws Exception {
        // given
        String at = "/api/v1/added-clusters";
        String body = "{\"key\":\"west\",\"bootstrap_servers\":\"kafka.example.net:9092\","
                + "\"settings\":{\"client.id\":\"ottla\"}}";

        // when, then
        Map<String, Object> add = operation(at, "post");
        assertAnswer(add, "201", send(json(at, body)));
        assertAnswer(add, "409", send(json(at, body)));
        assertAnswer(add, "400", send(json(at, body.replace("client.id", "client.oops"))));
        assertAnswer(operation(at + "/test", "post"), "200", send(json(at + "/test", body)));
        Map<String, Object> replace = operation(at + "/{key}", "put");
        assertAnswer(replace, "200", send(putting(at + "/west", "{\"zookeeper\":\"zk.example.net:2181\"}")));
        assertAnswer(replace, "404", send(putting(at + "/nowhere", "{\"zookeeper\":\"zk.example.net:2181\"}")));
        Map<String, Object> change = operation(at + "/{key}", "patch");
        assertAnswer(change, "200", send(patching(at + "/west", "{\"enabled\":false}")));
        assertAnswer(change, "404", send(patching(at + "/nowhere", "{\"enabled\":false}")));
        assertAnswer(change, "400", send(patching(at + "/west", "{\"enabled\":\"perhaps\"}")));
        Map<String, Object> remove = operation(at + "/{key}", "delete");
        assertAnswer(remove, "204", send(console.request(at + "/west").DELETE()));
        assertAnswer(remove, "404", send(console.request(at + "/west").DELETE()));
        assertAnswer(remove, "400", send(console.request(at + "/ottla").DELETE()));
    }

    private static HttpRequest.Builder patching(String path, String body) {
        return console.request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(body));
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
