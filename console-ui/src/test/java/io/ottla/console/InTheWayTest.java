package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.groups.TestingGroups;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ReassignmentInProgressException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API answers where not the request is wrong, but how things are: 409. And which field it names where the request is. */
class InTheWayTest {
    private static final TestingCluster CLUSTER = new TestingCluster().with("orders", 3);
    private static final TestingGroups GROUPS = new TestingGroups(CLUSTER);
    private static final String TOPIC = "/v3/clusters/" + TestingCluster.ID + "/topics/orders";
    private static final String AT = "/api/v1/clusters/" + TestingCluster.ID;

    @TempDir
    static Path folder;

    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        GROUPS.with("billing", GroupType.CLASSIC, GroupState.STABLE)
                .at("orders", 2, 400)
                .member("m-1", "", "orders", 1, 2);
        console = TestingConsole.start(TestingPassword.in(folder), GROUPS.cluster());
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @AfterEach
    void putBack() {
        CLUSTER.replicas.refusals.clear();
        CLUSTER.down.clear();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE | /groups/billing | | The group billing is in use: 1 member",
                "POST | /groups/billing/offsets | {\"to\":\"latest\",\"dry_run\":false} | is in use",
                "DELETE | /brokers/3 | | Broker 3 is up. Stop it first."
            })
    void shouldSayThatItIsInUse(String method, String path, String body, String said) throws Exception {
        // when
        HttpResponse<String> answer = call(method, AT + path, body);

        // then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body()).contains("\"error_code\":40904", said);
    }

    @Test
    void shouldForgetABrokerOnceItIsGoneAndEmpty() throws Exception {
        // when  it is down and holds replicas
        CLUSTER.down.add(3);
        HttpResponse<String> holding = call("DELETE", AT + "/brokers/3", null);
        // when  there is one that holds none, of which nothing is left to forget, as where no registration outlives a
        // broker
        CLUSTER.replicas.refusals.put("unregisterBroker", new BrokerIdNotRegisteredException("Nothing."));
        HttpResponse<String> empty = call("DELETE", AT + "/brokers/4", null);
        // when  it has come back meanwhile
        CLUSTER.replicas.refusals.put("unregisterBroker", new InvalidRequestException("It runs."));
        HttpResponse<String> back = call("DELETE", AT + "/brokers/4", null);

        // then
        assertThat(holding.statusCode()).isEqualTo(409);
        assertThat(holding.body()).contains("40904", "holds 3 replicas: drain it first");
        assertThat(empty.statusCode()).as(empty.body()).isEqualTo(204);
        assertThat(back.statusCode()).isEqualTo(409);
        assertThat(back.body()).contains("40904", "It runs.");
    }

    @Test
    void shouldTellMovesThatAreUnderWayFromANumberThatCanNotBe() throws Exception {
        // when
        HttpResponse<String> few = call("PATCH", TOPIC, "{\"partitions_count\":3}");
        CLUSTER.replicas.refusals.put("createPartitions", new ReassignmentInProgressException("Moving."));
        HttpResponse<String> moving = call("PATCH", TOPIC, "{\"partitions_count\":4}");
        CLUSTER.replicas.refusals.put("createPartitions", new PolicyViolationException("No."));
        HttpResponse<String> refused = call("PATCH", TOPIC, "{\"partitions_count\":4}");

        // then
        assertThat(few.statusCode()).isEqualTo(400);
        assertThat(few.body()).contains("40002", "partitions_count: Expected more partitions than the 3");
        assertThat(moving.statusCode()).as(moving.body()).isEqualTo(409);
        assertThat(moving.body()).contains("40902", "are being moved");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("40002", "partitions_count: No.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /leader-elections | {\"topics\":[\"ord*\"]} | 40001 | the name of a topic in topics, but got 'ord*'",
                "POST | /leader-elections | {\"topics\":[\"none\"]} | 40403 | exist in topics, but there is no 'none'",
                "POST | /leader-elections | {\"partitions\":[{\"topic\":\"none\",\"partition\":0}]} | 40403 | in partitions, but there is no 'none'",
                "POST | /leader-elections | {\"partitions\":[{\"topic\":\"orders\",\"partition\":9}]} | 40404 | partitions of orders below 3 in partitions, but got 9",
                "POST | /topics/orders/records:delete | {\"partitions\":[{\"partition_id\":1,\"before_offset\":9000000}]} | 40001 | before_offset: Expected an offset up to the end of the log of partition 1, which is 1234568, but got 9000000.",
                "POST | /topics/orders/records:delete | {\"partitions\":[{\"partition_id\":1,\"before_offset\":\"x\"}]} | 40001 | but partitions[0].before_offset is of another type",
                "POST | /groups/billing/offsets | {\"to\":\"sideways\"} | 40001 | to: Expected one of earliest",
                "POST | /groups/billing/offsets | {\"to\":\"offset\",\"value\":\"x\"} | 40001 | value: Expected an offset",
                "POST | /groups/billing/offsets | {\"to\":\"latest\",\"partitions\":[1]} | 40001 | topic: Expected a topic",
                "POST | /groups/billing/offsets | {\"to\":\"group\",\"value\":\"none\"} | 40405 | There is no group none to copy from.",
                "POST | /reassignments/verify | {\"version\":1,\"partitions\":[]} | 40001 | Expected assignment",
                "POST | /reassignments/verify | {\"assignment\":{\"partitions\":7}} | 40001 | assignment: ",
                "POST | /brokers/1/log-dirs | {\"log_dir\":\"/data/2\",\"partitions\":[{\"topic\":\"orders\",\"partition\":9}]} | 40404 | below 3 in partitions",
                "GET | /brokers/x/log-dirs | | 400 | Expected a number as broker_id in the path, but got 'x'.",
                "GET | /brokers/99999999999/log-dirs | | 400 | as broker_id in the path",
                "DELETE | /reassignments?topic=orders&partition=x | | 400 | Expected a number as partition, but got 'x'."
            })
    void shouldNameTheField(String method, String path, String body, int code, String said) throws Exception {
        // when
        HttpResponse<String> answer = call(method, AT + path, body);

        // then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code / (code > 999 ? 100 : 1));
        assertThat(answer.body()).contains("\"error_code\":" + code, said).doesNotContain("java", "Exception");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"to\": | but it ends too early.",
                "{\"to\": latest} | but it can't be read at line 1, column 8.",
                "[] | but got something else.",
                "{\"to\":{}} | but to is of another type.",
                "{\"to\":\"latest\",\"partitions\":[99999999999]} | but partitions[0] is of another type."
            })
    void shouldNotRepeatWhatTheReaderOfJsonSays(String body, String said) throws Exception {
        // when
        HttpResponse<String> answer = call("POST", AT + "/groups/billing/offsets", body);

        // then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"error_code\":40001", said)
                .doesNotContain("Source", "token", "io.ottla", "REDACTED", "out of range");
    }

    @Test
    void shouldShowWhatMembersReadWithoutACommit() throws Exception {
        // when
        String offsets = call("GET", AT + "/groups/billing/offsets", null).body();
        String lags = call("GET", "/v3/clusters/" + TestingCluster.ID + "/consumer-groups/billing/lags", null)
                .body();
        console.logIn(TestingPassword.PASSWORD);
        String page =
                console.get("/clusters/ottla/groups/billing?sort=partition").body();

        // then  its end is known, and neither an offset nor a lag
        assertThat(offsets)
                .contains(
                        "{\"topic_name\":\"orders\",\"partition_id\":1,\"committed_offset\":null,\"log_end_offset\":1000,\"lag\":null}",
                        "\"total_lag\":600");
        assertThat(lags).contains("\"current_offset\":null", "\"consumer_id\":\"m-1\"");
        assertThat(page).containsPattern("(?s)<span>1</span></th>\\s*<td[^>]*>–</td>\\s*<td[^>]*>1\\u202f000</td>");
        // and nothing is set there, since there is nothing to move from
        assertThat(call("POST", AT + "/groups/billing/offsets", "{\"to\":\"shift\",\"value\":\"0\"}")
                        .body())
                .doesNotContain("\"partition_id\":1");
    }

    private static HttpResponse<String> call(String method, String path, String body) throws Exception {
        return console.sendAnonymously(console.request(path)
                .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }
}
