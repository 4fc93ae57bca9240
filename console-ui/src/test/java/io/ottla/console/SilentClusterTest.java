package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.KafkaCluster;
import io.ottla.console.clusters.Reach;
import io.ottla.console.words.Wording;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a cluster that answers, one whose broker takes connections and says nothing on them. */
class SilentClusterTest {
    /** Of the silent cluster: who waits for it waits longer than any request here. */
    private static final Duration EVER = Duration.ofMinutes(10);

    private static final Duration A_REQUEST = Duration.ofMinutes(1);

    private static final TestingCluster CLUSTER = new TestingCluster();

    @TempDir
    static Path folder;

    private static ServerSocket silent;
    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        console = TestingConsole.start(
                TestingPassword.in(folder),
                () -> new Clusters(
                        List.of(definition("silent"), definition("ottla")),
                        definition -> definition.key().equals("ottla") ? CLUSTER : silent()),
                Map.of(),
                generic -> {});
    }

    private static ClusterDefinition definition(String key) {
        return new ClusterDefinition(
                key, key, Origin.CONFIGURED, "127.0.0.1:" + silent.getLocalPort(), "", Map.of(), false, true);
    }

    private static KafkaCluster silent() {
        return new KafkaCluster(
                () -> new Reach("127.0.0.1:" + silent.getLocalPort(), Map.of()), EVER, InstantSource.system());
    }

    @AfterAll
    static void stop() throws Exception {
        console.close();
        silent.close();
    }

    @BeforeEach
    void answer() {
        CLUSTER.failure = null;
    }

    @Test
    void shouldListThoseThatAnswerAndLeaveOutOneThatNeverHas() throws Exception {
        HttpResponse<String> answer = get("/v3/clusters");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .containsOnlyOnce("\"kind\":\"KafkaCluster\"")
                .contains("\"cluster_id\":\"" + TestingCluster.ID + "\"", "/brokers/2");
    }

    @Test
    void shouldListWithoutItsControllerOneThatAnsweredBefore() throws Exception {
        // given
        assertThat(get("/v3/clusters/" + TestingCluster.ID).statusCode()).isEqualTo(200);
        CLUSTER.failure = new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.quoted("No answer."));

        // when
        HttpResponse<String> answer = get("/v3/clusters");

        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"cluster_id\":\"" + TestingCluster.ID + "\"", "\"controller\":null");
    }

    @Test
    void shouldFindOneClusterBesideAnotherThatTellsNothing() throws Exception {
        assertThat(get("/v3/clusters/" + TestingCluster.ID + "/brokers").statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldNotWaitLongToSayThatNoClusterHasToldThisId() throws Exception {
        HttpResponse<String> answer = get("/v3/clusters/nobody/topics");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("\"error_code\":50401", "some that do not answer");
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return console.sendAnonymously(console.request(path)
                .timeout(A_REQUEST)
                .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD)));
    }
}
