package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.words.Wording;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RestTest {
    private static final TestingCluster CLUSTER = new TestingCluster();
    private static final String AT = "/v3/clusters/" + TestingCluster.ID;
    private static final JsonMapper JSON = new JsonMapper();

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
        CLUSTER.failure = null;
        CLUSTER.topics.clear();
        CLUSTER.settings.clear();
        CLUSTER.with("orders", 3).with("__consumer_offsets", 2);
    }

    @Test
    void shouldNameTheClusterAndLinkItsParts() throws Exception {
        // when
        JsonNode list = json(get("/v3/clusters"));
        JsonNode cluster = json(get(AT));

        // then
        assertThat(list.at("/kind").asString()).isEqualTo("KafkaClusterList");
        assertThat(list.at("/metadata/self").asString()).isEqualTo("/v3/clusters");
        assertThat(list.get("metadata").has("next")).isTrue();
        assertThat(list.at("/data/0")).isEqualTo(cluster);
        assertThat(cluster.at("/kind").asString()).isEqualTo("KafkaCluster");
        assertThat(cluster.at("/cluster_id").asString()).isEqualTo(TestingCluster.ID);
        assertThat(cluster.at("/metadata/resource_name").asString()).isEqualTo("crn:///kafka=" + TestingCluster.ID);
        assertThat(cluster.at("/controller/related").asString()).isEqualTo(AT + "/brokers/2");
        assertThat(cluster.at("/topics/related").asString()).isEqualTo(AT + "/topics");
    }

    @Test
    void shouldAnswerUnderTheOtherPrefixWithItsLinks() throws Exception {
        // when
        JsonNode cluster = json(get("/kafka" + AT));

        // then
        assertThat(cluster.at("/brokers/related").asString()).isEqualTo("/kafka" + AT + "/brokers");
    }

    @Test
    void shouldListBrokers() throws Exception {
        // when
        JsonNode brokers = json(get(AT + "/brokers"));

        // then
        assertThat(brokers.at("/kind").asString()).isEqualTo("KafkaBrokerList");
        assertThat(brokers.get("data")).hasSize(3);
        assertThat(brokers.at("/data/0/broker_id").asInt()).isEqualTo(1);
        assertThat(brokers.at("/data/0/rack").asString()).isEqualTo("eu-west-1a");
        assertThat(brokers.at("/data/2/rack").isNull()).isTrue();
        assertThat(brokers.at("/data/0/metadata/resource_name").asString())
                .isEqualTo("crn:///kafka=" + TestingCluster.ID + "/broker=1");
        assertThat(json(get(AT + "/brokers/2")).at("/host").asString()).isEqualTo("kafka-2.example.net");
    }

    @Test
    void shouldListTopicsAndShowOneWithItsPartitions() throws Exception {
        // when
        JsonNode topics = json(get(AT + "/topics"));
        JsonNode topic = json(get(AT + "/topics/orders"));
        JsonNode partitions = json(get(AT + "/topics/orders/partitions"));
        JsonNode partition = json(get(AT + "/topics/orders/partitions/2"));

        // then
        assertThat(topics.at("/kind").asString()).isEqualTo("KafkaTopicList");
        assertThat(topics.at("/data/0/is_internal").asBoolean()).isTrue();
        assertThat(topics.at("/data/1")).isEqualTo(topic);
        assertThat(topic.at("/partitions_count").asInt()).isEqualTo(3);
        assertThat(topic.at("/replication_factor").asInt()).isEqualTo(3);
        assertThat(partitions.get("data")).hasSize(3);
        assertThat(partitions.at("/data/2")).isEqualTo(partition);
        assertThat(partition.at("/metadata/resource_name").asString())
                .isEqualTo("crn:///kafka=" + TestingCluster.ID + "/topic=orders/partition=2");
        assertThat(partition.at("/leader/related").asString()).endsWith("/topics/orders/partitions/2/replicas/3");
    }

    @Test
    void shouldTellHowFarThePartitionsOfATopicReach() throws Exception {
        // given  the last partition has no leader
        CLUSTER.topics.computeIfPresent("orders", (name, topic) -> {
            List<Partition> partitions = new ArrayList<>(topic.partitions());
            partitions.set(2, new Partition(2, -1, List.of(3, 1, 2), List.of(3)));
            return new Topic(name, topic.id(), topic.internal(), partitions);
        });

        // when
        JsonNode led = json(get(AT + "/topics/orders/partitions/1/offset"));
        JsonNode offline = json(get(AT + "/topics/orders/partitions/2/offset"));
        HttpResponse<String> absent = get(AT + "/topics/orders/partitions/3/offset");

        // then
        assertThat(led.at("/kind").asString()).isEqualTo("KafkaPartitionWithOffsets");
        assertThat(led.at("/metadata/self").asString()).isEqualTo(AT + "/topics/orders/partitions/1/offset");
        assertThat(led.at("/metadata/resource_name").asString()).endsWith("/topic=orders/partition=1");
        assertThat(led.at("/earliest_offset").asLong()).isEqualTo(100);
        assertThat(led.at("/latest_offset").asLong()).isEqualTo(1_234_568);
        assertThat(offline.at("/earliest_offset").isNull()).isTrue();
        assertThat(offline.at("/latest_offset").isNull()).isTrue();
        assertThat(absent.statusCode()).isEqualTo(404);
        assertThat(json(absent).at("/error_code").asInt()).isEqualTo(40404);
    }

    @Test
    void shouldMakeATopic() throws Exception {
        // when
        HttpResponse<String> answer = post(AT + "/topics", """
                {"topic_name":"fresh","partitions_count":4,"replication_factor":2,
                 "configs":[{"name":"cleanup.policy","value":"compact"}],"unknown_field":1}""");

        // then
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location")).contains(AT + "/topics/fresh");
        assertThat(json(answer).at("/partitions_count").asInt()).isEqualTo(4);
        assertThat(CLUSTER.topics.get("fresh").replicationFactor()).isEqualTo(2);
        assertThat(CLUSTER.settings.get("fresh")).containsEntry("cleanup.policy", "compact");
    }

    @Test
    void shouldOnlyCheckATopicWhenAskedTo() throws Exception {
        // when
        HttpResponse<String> answer = post(AT + "/topics", "{\"topic_name\":\"maybe\",\"validate_only\":true}");

        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(CLUSTER.topics).doesNotContainKey("maybe");
    }

    @Test
    void shouldDeleteATopic() throws Exception {
        // when
        HttpResponse<String> answer =
                send(console.request(AT + "/topics/orders").DELETE());

        // then
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(CLUSTER.topics).doesNotContainKey("orders");
    }

    @ParameterizedTest
    @CsvSource({
        "/v3/clusters/other, 404, 40401",
        "/v3/clusters/other/topics/orders, 404, 40401",
        "/v3/clusters/kVz4cHXvT2uXh0mTq2bLTA/brokers/9, 404, 40402",
        "/v3/clusters/kVz4cHXvT2uXh0mTq2bLTA/topics/nowhere, 404, 40403",
        "/v3/clusters/kVz4cHXvT2uXh0mTq2bLTA/topics/orders/partitions/9, 404, 40404",
        "/v3/clusters/kVz4cHXvT2uXh0mTq2bLTA/topics/orders/partitions/0/replicas/77, 404, 40402",
        "/v3/clusters/kVz4cHXvT2uXh0mTq2bLTA/brokers/x, 400, 400",
        "/v3/nothing, 404, 404",
        "/kafka/v3, 404, 404"
    })
    void shouldSayWhatIsNotThere(String path, int status, int code) throws Exception {
        // when
        HttpResponse<String> answer = get(path);

        // then
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).at("/error_code").asInt()).isEqualTo(code);
        assertThat(json(answer).at("/message").asString()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"topic_name\":\"\"}",
                "{\"topic_name\":\"a\",\"partitions_count\":\"many\"}",
                "{\"topic_name\":\"a\",\"configs\":[null]}",
                "{\"topic_name\":\"a\",\"configs\":[{\"name\":\"x\"}]}",
                "{\"topic_name\":\"a\",\"configs\":[{\"name\":\"x\",\"value\":\"1\"},{\"name\":\"x\",\"value\":\"2\"}]}",
                "{\"topic_name\":\"a\",\"replicas_assignments\":[{\"partition_id\":0}]}",
                "{\"topic_name\":\"a\",\"partitions_count\":1,\"replicas_assignments\":[{\"partition_id\":0,\"broker_ids\":[1]}]}"
            })
    void shouldRefuseABodyThatItDoesNotUnderstand(String body) throws Exception {
        // when
        HttpResponse<String> answer = post(AT + "/topics", body);

        // then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/error_code").asInt()).isEqualTo(40001);
        assertThat(json(answer).at("/message").asString())
                .startsWith("Expected")
                .doesNotContain("io.ottla");
        assertThat(CLUSTER.topics).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"topic_name\":\"a\",\"partitions_count\":1.5}| partitions_count is of another type",
                "{\"topic_name\":\"a\",\"partitions_count\":\"1\"}| partitions_count is of another type",
                "{\"topic_name\":12}| topic_name is of another type",
                "{\"topic_name\":true}| topic_name is of another type",
                "{\"topic_name\":1.5}| topic_name is of another type",
                "{\"topic_name\":\"a\",\"validate_only\":0}| validate_only is of another type",
                "{\"topic_name\":\"a\",\"configs\":[{\"name\":\"x\",\"value\":1}]}| configs[0].value is of another type",
                "{\"topic_name\":\"a\",\"replicas_assignments\":[{\"partition_id\":0,\"broker_ids\":[1.9]}]}|"
                        + " replicas_assignments[0].broker_ids[0] is of another type",
                "{\"topic_name\":\"a\",\"topic_name\":\"b\"}| it has topic_name twice, the second time at line 1"
            })
    void shouldGuessNoValueOfABody(String body, String said) throws Exception {
        // when
        HttpResponse<String> answer = post(AT + "/topics", body);

        // then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json(answer).at("/error_code").asInt()).isEqualTo(40001);
        assertThat(json(answer).at("/message").asString())
                .startsWith("Expected a JSON object of the documented fields, but " + said);
        assertThat(CLUSTER.topics).hasSize(2);
    }

    @Test
    void shouldHandOnWhatTheClusterRefuses() throws Exception {
        // when
        HttpResponse<String> answer = post(AT + "/topics", "{\"topic_name\":\"orders\"}");

        // then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/error_code").asInt()).isEqualTo(40002);
        assertThat(json(answer).at("/message").asString()).isEqualTo("Topic 'orders' already exists.");
    }

    @Test
    void shouldSayThatTheClusterDoesNotAnswer() throws Exception {
        // given  it has told its id
        get(AT);
        CLUSTER.failure = new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.quoted("No answer."));

        // when
        HttpResponse<String> answer = get(AT);

        // then
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(json(answer).at("/error_code").asInt()).isEqualTo(50401);
    }

    @Test
    void shouldRefuseOtherMethodsAndMediaTypes() throws Exception {
        assertThat(send(console.request(AT).method("PUT", BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(405);
        HttpResponse<String> form = send(console.request(AT + "/topics")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"topic_name\":\"forged\"}")));
        assertThat(form.statusCode()).isEqualTo(415);
        assertThat(json(form).at("/error_code").asInt()).isEqualTo(415);
    }

    @Test
    void shouldSayInItsOwnWordsWhichMethodsAndMediaTypesItTakes() throws Exception {
        // when
        HttpResponse<String> method = send(console.request(AT).method("PUT", BodyPublishers.ofString("{}")));
        HttpResponse<String> accept = send(console.request(AT).header("Accept", "image/png"));
        HttpResponse<String> content = send(console.request(AT + "/topics")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));

        // then
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).contains("GET");
        assertThat(json(method).at("/message").asString()).isEqualTo("Expected GET here, but got PUT.");
        assertThat(accept.statusCode()).isEqualTo(406);
        assertThat(json(accept).at("/message").asString())
                .isEqualTo("Expected Accept to allow application/json, but it names other types alone.");
        assertThat(json(content).at("/message").asString())
                .isEqualTo("Expected Content-Type to be application/json, but it is text/plain.");
    }

    @ParameterizedTest
    @CsvSource({
        "/topics/orders/configs/, max.message.bytes",
        "/brokers/1/configs/, log.retention.hours",
        "/broker-configs/, min.insync.replicas"
    })
    void shouldResetNoSettingThatIsNotThere(String of, String there) throws Exception {
        // when
        HttpResponse<String> unknown = send(console.request(AT + of + "nope").DELETE());
        HttpResponse<String> known = send(console.request(AT + of + there).DELETE());

        // then
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo(get(AT + of + "nope").body());
        assertThat(known.statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topics/orders/records?op=eq| op: Expected one of exists, equals, contains, but got \"eq\".",
                "topics/orders/records?cursor=zz| cursor: Expected older or newer of an answer as it came, but got \"zz\".",
                "topics/orders/records?keys=xml| keys: Expected one of auto, text, json,",
                "transactions?producer_id=a| Expected a whole number from 0 in producer_id, but got 'a'.",
                "transactions?open_seconds=-1| Expected a whole number from 0 in open_seconds, but got '-1'.",
                "hanging-transactions?topic_name=orders&open_minutes=x| Expected a whole number from 0 in open_minutes, but got 'x'."
            })
    void shouldNameAParameterAndWhatItCanBe(String path, String said) throws Exception {
        HttpResponse<String> answer = get("/api/v1/clusters/" + TestingCluster.ID + "/" + path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/message").asString()).startsWith(said);
    }

    @Test
    void shouldQuoteOnceWhatARecordHas() throws Exception {
        HttpResponse<String> answer = post(AT + "/topics/orders/records", "{\"partition_id\":\"a\"}");
        assertThat(json(answer).at("/message").asString())
                .isEqualTo("Expected a value that partition_id can have, but got \"a\".");
        assertThat(post(AT + "/topics/orders/records", "{\"partition_id\":0,\"partition_id\":1}")
                        .body())
                .contains("it has partition_id twice");
    }

    @Test
    void shouldPutNoHostOfTheCallersIntoItsLinks() throws Exception {
        // when
        String answer = RawRequest.send(
                console,
                "GET /v3/clusters HTTP/1.1",
                "Host: evil.example",
                "Authorization: " + TestingConsole.basic(TestingPassword.PASSWORD));

        // then
        assertThat(answer).startsWith("HTTP/1.1 200").contains("\"self\":\"/v3/clusters\"");
        assertThat(answer).doesNotContain("evil");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site"})
    void shouldSayThatARequestOfAnotherOriginIsRefusedForThat(String header) throws Exception {
        // when
        String[] parts = header.split(": ");
        HttpResponse<String> withPassword = send(console.request(AT + "/topics/orders")
                .header(parts[0], parts[1])
                .DELETE());
        HttpResponse<String> without =
                console.sendAnonymously(console.request(AT + "/topics").header(parts[0], parts[1]));

        // then
        for (HttpResponse<String> answer : List.of(withPassword, without)) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(json(answer).at("/error_code").asInt()).isEqualTo(403);
            assertThat(json(answer).at("/message").asString()).contains("another origin");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
        }
        assertThat(CLUSTER.topics).containsKey("orders");
    }

    @Test
    void shouldAskABrowserOnItsOwnPagesForASession() throws Exception {
        // when
        HttpResponse<String> answer = send(console.request(AT + "/topics/orders")
                .header("Origin", console.address())
                .DELETE());
        HttpResponse<String> stranger =
                console.sendAnonymously(console.request(AT).header("Origin", console.address()));

        // then
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(json(answer).at("/message").asString()).contains("a session and a token");
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(CLUSTER.topics).containsKey("orders");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v3/clusters/%00", "/v3/clusters/%zz", "/v3/clusters/a%2fb", "/v3/clusters?x=%zz"})
    void shouldAnswerAnAddressThatCanNotBeReadByItsErrorBody(String path) throws Exception {
        // when
        String answer = RawRequest.send(
                console,
                "GET " + path + " HTTP/1.1",
                "Host: 127.0.0.1",
                "Authorization: " + TestingConsole.basic(TestingPassword.PASSWORD));

        // then
        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/json");
        JsonNode body = JSON.readTree(answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
        assertThat(body.at("/error_code").asInt()).isEqualTo(400);
        assertThat(body.at("/message").asString()).isNotBlank();
        assertThat(answer).doesNotContain("Tomcat", "Apache");
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(console.request(path));
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return send(
                console.request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return console.sendAnonymously(request.header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD)));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }
}
