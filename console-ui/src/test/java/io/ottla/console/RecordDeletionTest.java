package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs delete records from the beginning of partitions on. */
class RecordDeletionTest {
    private static final TestingCluster CLUSTER = new TestingCluster().with("orders", 2);

    @TempDir
    static Path folder;

    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < 10; i++) {
            CLUSTER.records.add("orders", 0, i, "k", "v");
        }
        console = TestingConsole.start(
                TestingPassword.in(folder),
                CLUSTER,
                Map.of(
                        "console.users.olga.password", "olgas-password",
                        "console.users.olga.role", "operator"));
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    private static HttpResponse<String> post(String topic, String body, String login) throws Exception {
        return console.sendAnonymously(
                console.request("/api/v1/clusters/" + TestingCluster.ID + "/topics/" + topic + "/records:delete")
                        .header("Authorization", login)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    private static String admin() {
        return TestingConsole.basic(TestingPassword.PASSWORD);
    }

    @Test
    void shouldDeleteUpToAnOffsetOrAll() throws Exception {
        // when
        HttpResponse<String> some =
                post("orders", "{\"partitions\":[{\"partition_id\":0,\"before_offset\":4}]}", admin());
        HttpResponse<String> all = post("orders", "{\"all\":true}", admin());

        // then
        assertThat(some.statusCode()).as(some.body()).isEqualTo(200);
        assertThat(some.body())
                .contains("DeletedRecordList", "{\"partition_id\":0,\"log_start_offset\":4}")
                .doesNotContain("\"partition_id\":1");
        assertThat(all.body())
                .contains(
                        "{\"partition_id\":0,\"log_start_offset\":10}", "{\"partition_id\":1,\"log_start_offset\":0}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}| 400| all to be true",
                "{\"all\":true,\"partitions\":[{\"partition_id\":0,\"before_offset\":4}]}| 400| either partitions or all",
                "{\"partitions\":[{\"before_offset\":4}]}| 400| partition_id",
                "{\"partitions\":[{\"partition_id\":0}]}| 400| before_offset",
                "{\"partitions\":[{\"partition_id\":0,\"before_offset\":-7}]}| 400| 0 or more",
                "{\"partitions\":[{\"partition_id\":7,\"before_offset\":1}]}| 404| it has no 7",
                "{\"partitions\":[null]}| 400| no null",
                "{\"partitions\":[{\"partition_id\":0,\"before_offset\":1},{\"partition_id\":0,\"before_offset\":2}]}| 400| twice",
                "{\"partitions\":[{\"partition_id\":0.9,\"before_offset\":5}]}| 400| but partitions[0].partition_id is of another type.",
                "{\"partitions\":[{\"partition_id\":0,\"before_offset\":5.7}]}| 400| but partitions[0].before_offset is of another type.",
                "{\"partitions\":[{\"partition_id\":0,\"before_offset\":5.0}]}| 400| but partitions[0].before_offset is of another type.",
                "{\"partitions\":[{\"partition_id\":\"0\",\"before_offset\":5}]}| 400| but partitions[0].partition_id is of another type.",
                "{\"partitions\":[{\"partition_id\":\"\",\"before_offset\":5}]}| 400| but partitions[0].partition_id is of another type.",
                "{\"partitions\":[{\"partition_id\":true,\"before_offset\":5}]}| 400| but partitions[0].partition_id is of another type.",
                "{\"partitions\":[{\"partition_id\":0,\"before_offset\":5,\"before_offset\":6}]}| 400| but it has before_offset twice, the second time at line 1",
                "{\"all\":\"true\"}| 400| but all is of another type.",
                "{\"all\":1}| 400| but all is of another type.",
                "{\"all\":true,\"all\":true}| 400| but it has all twice, the second time at line 1"
            })
    void shouldNameWhatIsWrong(String body, int status, String said) throws Exception {
        HttpResponse<String> answer = post("orders", body, admin());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(said);
    }

    @Test
    void shouldLeaveItToAdministrators() throws Exception {
        String olga =
                "Basic " + Base64.getEncoder().encodeToString("olga:olgas-password".getBytes(StandardCharsets.UTF_8));
        assertThat(post("orders", "{\"all\":true}", olga).statusCode()).isEqualTo(403);
        assertThat(post("nowhere", "{\"all\":true}", admin()).statusCode()).isEqualTo(404);
    }
}
