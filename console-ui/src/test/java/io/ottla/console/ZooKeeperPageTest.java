package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.ZooKeeperPort;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperPageTest {
    private static final TestingZooKeeper port = new TestingZooKeeper();

    @TempDir
    static Path folder;

    private static TestingConsole console;

    @BeforeAll
    static void start() {
        console = TestingConsole.start(
                folder,
                new TestingCluster(),
                Map.of(
                        "console.admin.password",
                        TestingPassword.PASSWORD,
                        "console.users.victor.password",
                        "victors-password"),
                generic -> generic.registerBean(ZooKeeperPort.class, () -> port));
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @BeforeEach
    void logIn() throws Exception {
        console.forgetCookies();
        console.logIn(TestingPassword.PASSWORD);
        port.nodes.clear();
        with("/", "");
    }

    private static void with(String path, String content) {
        port.nodes.put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> node(String path) throws Exception {
        return console.get("/clusters/ottla/zookeeper/nodes?path=" + path);
    }

    @Test
    void shouldTellHowEachServerIsAndWhatCanNotBeAsked() throws Exception {
        // when
        String page = console.get("/clusters/ottla/zookeeper").body();

        // then
        assertThat(page)
                .contains("zk-1:2181", "leader", "3.9.5", "0.53 ms, 12 at most", "133", "4.0 KiB")
                .contains("the four-letter words mntr and srvr are switched off")
                .contains("no answer", "Connection refused")
                .contains("0x1004", "18 s", "zk-1:2181,zk-2:2181", "connected");
    }

    @Test
    void shouldShowNodesWithTheirContentAndChildrenOnPages() throws Exception {
        // given
        with("/brokers", "");
        with("/brokers/topics", "");
        for (int i = 0; i < 250; i++) {
            with("/brokers/topics/t%03d".formatted(i), "{\"version\":3,\"x\":\"<script>\"}");
        }
        with("/controller", "plain");

        // when, then
        assertThat(node("/").body()).contains("brokers", "controller").doesNotContain("1970", "Created");
        String topics = node("/brokers/topics").body();
        assertThat(topics)
                .contains("t000", "t099", "1–100 of 250", "It holds nothing")
                .doesNotContain("t100");
        assertThat(node("/brokers/topics&page=3").body())
                .contains("t200", "t249")
                .doesNotContain("t199");
        assertThat(node("/brokers/topics/t007").body())
                .contains("&quot;version&quot; : 3", "&lt;script&gt;", "stays")
                .doesNotContain("\"<script>\"");
        assertThat(node("/controller").body()).contains("plain", "0x1004", "Created", "2026");
        assertThat(node("/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldShowNoContentThatMayBeSecret() throws Exception {
        for (String path : List.of(
                "/config/users/alice",
                "/config/brokers/1",
                "/delegation_token/tokens/x",
                "/ottla/console/people/admin",
                "/kafka/config/users/alice")) {
            // given
            with(path, "very-secret");

            // then
            assertThat(node(path).body()).contains("can be secrets").doesNotContain("very-secret");
        }
        with("/config/topics", "open");
        assertThat(node("/config/topics").body()).contains("open");
    }

    @Test
    void shouldCutWhatIsLongAndLeaveOutWhatIsNoText() throws Exception {
        // given
        with("/long", "x".repeat(70_000));
        port.nodes.put("/binary", new byte[] {(byte) 0xff, 0, 1});

        // when, then
        assertThat(node("/long").body()).contains("The first 64 KiB").doesNotContain("x".repeat(65_537));
        assertThat(node("/binary").body()).contains("no text", "3 B");
    }

    @Test
    void shouldTakeNoPathThatIsNone() throws Exception {
        for (String path : List.of("x", "//", "/a//b", "/a/..", "/.", "/a%00b")) {
            assertThat(node(path).statusCode()).as(path).isEqualTo(400);
        }
    }

    @Test
    void shouldShowHealthToEverybodyAndNodesToAdministrators() throws Exception {
        // when
        console.forgetCookies();
        console.logIn("victor", "victors-password");

        // then
        assertThat(console.get("/clusters/ottla/zookeeper").body())
                .contains("zk-1:2181")
                .doesNotContain("Look at its nodes");
        assertThat(node("/").statusCode()).isEqualTo(403);
    }

    private static HttpResponse<String> call(String name, String password, String below) throws Exception {
        return console.sendAnonymously(console.request("/api/v1/clusters/" + TestingCluster.ID + "/zookeeper" + below)
                .header("Authorization", TestingConsole.basic(name, password)));
    }

    @Test
    void shouldTellProgramsWhatThePagesShow() throws Exception {
        // given
        with("/brokers", "");
        for (int i = 0; i < 120; i++) {
            with("/brokers/b%03d".formatted(i), "");
        }
        with("/config/users/alice", "very-secret");

        // when
        String ensemble = call("victor", "victors-password", "").body();
        String node = call("admin", TestingPassword.PASSWORD, "/nodes?path=/brokers&page=2")
                .body();
        String secret = call("admin", TestingPassword.PASSWORD, "/nodes?path=/config/users/alice")
                .body();

        // then
        assertThat(ensemble)
                .contains(
                        "\"address\":\"zk-1:2181\",\"answers\":true,\"mode\":\"leader\"", "\"average_latency_ms\":0.53")
                .contains("\"answers\":false,\"mode\":null", "Connection refused", "\"id\":\"0x1004\"");
        assertThat(node)
                .contains("\"children_count\":120,\"page\":2,\"pages\":2", "\"b100\"", "\"shown\":\"none\"")
                .doesNotContain("\"b099\"");
        assertThat(secret).contains("\"shown\":\"secret\",\"content\":null").doesNotContain("very-secret");
        assertThat(call("victor", "victors-password", "/nodes").body()).contains("\"error_code\":40302");
        assertThat(call("admin", TestingPassword.PASSWORD, "/nodes?path=x").body())
                .contains("Expected path to be that of a node");
        assertThat(call("admin", TestingPassword.PASSWORD, "/nodes?path=/nowhere")
                        .body())
                .contains("\"error_code\":40413");
        assertThat(call("admin", TestingPassword.PASSWORD, "/nodes?path=/a/../b")
                        .statusCode())
                .isEqualTo(400);
        assertThat(call("admin", TestingPassword.PASSWORD, "/nodes?page=0").body())
                .contains("\"error_code\":40001");
    }
}
