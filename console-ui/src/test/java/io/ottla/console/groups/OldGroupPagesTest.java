package io.ottla.console.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.TestingCluster;
import io.ottla.console.TestingConsole;
import io.ottla.console.TestingPassword;
import io.ottla.console.oldconsumers.TestingNodes;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of old consumers on the pages and in the API, over a cluster and a ZooKeeper in memory. */
class OldGroupPagesTest {
    private static final String GROUPS = "/clusters/ottla/groups";
    private static final String OLD = "/clusters/ottla/zookeeper-groups";
    private static final String API = "/api/v1/clusters/" + TestingCluster.ID + "/groups";
    private static final String OFFSET = "/consumers/billing/offsets/orders/0";
    private static final Pattern PLAN = Pattern.compile("name=\"plan\" value=\"([^\"]*)\"");

    private final TestingNodes nodes = new TestingNodes();
    private final TestingGroups cluster =
            new TestingGroups(new TestingCluster().with("orders", 3).with("payments", 1));

    @TempDir
    Path folder;

    private TestingConsole console;

    @BeforeEach
    void start() throws Exception {
        cluster.zooKeeper = Optional.of(nodes.access());
        cluster.with("billing", GroupType.CLASSIC, GroupState.STABLE)
                .at("orders", 0, 400)
                .member("m-1", "", "orders", 0);
        nodes.with("/consumers/billing/ids", "")
                .offset("billing", "orders", 0, 950)
                .offset("billing", "payments", 0, 990)
                .offset("billing", "nowhere", 0, 7)
                .member("live", "live_host-7.example.net-1417375850123-abcd1234", "orders", 0, 2)
                .offset("live", "orders", 0, 100);
        console = TestingConsole.start(
                TestingPassword.in(folder),
                cluster.cluster(),
                Map.of(
                        "console.lag.refresh", "100ms",
                        "console.users.victor.password", "victors-password",
                        "console.users.victor.groups", "live"));
        console.logIn(TestingPassword.PASSWORD);
    }

    @AfterEach
    void stop() {
        console.close();
    }

    private String page(String path) throws Exception {
        HttpResponse<String> answer = console.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private String api(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = console.sendAnonymously(console.request(API + path)
                .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
        return answer.statusCode() + " " + answer.body();
    }

    @Test
    void shouldListThemBesideTheOthers() throws Exception {
        String list = page(GROUPS);

        // 50 behind in orders, 10 in payments, nobody knows in a topic that is gone
        assertThat(list)
                .contains("1–3 of 3 groups", OLD + "/billing\"", GROUPS + "/billing\"", OLD + "/live\"")
                .containsPattern("(?s)zookeeper-groups/billing\".*?<span>60</span>")
                .containsPattern("(?s)zookeeper-groups/live\".*?stable.*?<span>900</span>");
        assertThat(page(GROUPS + "?type=ZOOKEEPER"))
                .contains("1–2 of 2 groups")
                .doesNotContain("\"" + GROUPS + "/billing\"");
        assertThat(page(GROUPS + "?state=STABLE&type=ZOOKEEPER")).contains("1–1 of 1 group", ">live<");
        assertThat(page(GROUPS + "?state=EMPTY")).contains("1–1 of 1 group", OLD + "/billing\"");
        assertThat(page(GROUPS + "?sort=state&dir=desc")).contains("3 groups");
    }

    @Test
    void shouldShowOneWithItsMembersAndItsTwin() throws Exception {
        assertThat(page(OLD + "/live"))
                .contains("Group of old consumers", "/consumers/live", "host-7.example.net", "<small>0, 2</small>")
                .doesNotContain("id=\"twin\"", "Remove all…", "Coordinator");
        String idle = page(OLD + "/billing");
        assertThat(idle)
                .contains("No old consumer of this group runs now", "<a id=\"twin\" href=\"" + GROUPS + "/billing\"");
        assertThat(page(GROUPS + "/billing")).contains("<a id=\"twin\" href=\"" + OLD + "/billing\"");
        assertThat(console.get(OLD + "/nobody").statusCode()).isEqualTo(404);
        assertThat(console.get(GROUPS + "/live").statusCode()).isEqualTo(404);
        assertThat(idle).contains("Nothing was sampled of this group");
    }

    @Test
    void shouldShowWhatAResetWouldDoAndThenDoJustThat() throws Exception {
        // when   it is only shown
        String shown = page(OLD + "/billing/reset?to=shift&value=-50&topic=orders&partitions=0");

        // then
        assertThat(shown).contains("<strong>900</strong>", "50 records will be read again");
        assertThat(nodes.text(OFFSET)).isEqualTo("950");

        // when   it is done
        Matcher plan = PLAN.matcher(shown);
        assertThat(plan.find()).isTrue();
        // a log that is gone has no offset to be set to
        assertThat(page(OLD + "/billing/reset?to=earliest"))
                .contains(">orders<", ">payments<")
                .doesNotContain("nowhere</span>");
        HttpResponse<String> done = console.submit(
                OLD + "/billing/reset", OLD + "/billing/reset", Map.of("plan", plan.group(1), "target", "shift -50"));

        // then   of the group in ZooKeeper alone
        assertThat(done.headers().firstValue("Location")).contains(OLD + "/billing?done=reset");
        assertThat(nodes.text(OFFSET)).isEqualTo("900");
        assertThat(api("GET", "/billing/offsets", "")).contains("\"committed_offset\":400");
    }

    @Test
    void shouldRefuseWhileAConsumerLives() throws Exception {
        Map<String, Map<String, String>> changes = Map.of(
                "reset", Map.of("plan", "orders 0 200", "target", "offset 200"),
                "delete", Map.of("typed", "live"),
                "forget", Map.of("topic", "orders"));
        for (String what : changes.keySet()) {
            HttpResponse<String> answer =
                    console.submit(OLD + "/live/" + what + "?topic=orders", OLD + "/live/" + what, changes.get(what));
            assertThat(answer.statusCode()).as(what).isEqualTo(400);
            assertThat(answer.body()).as(what).contains("The group live is in use: 1 member, stable");
        }
        assertThat(nodes.text("/consumers/live/offsets/orders/0")).isEqualTo("100");

        // and    where it is not quite said that it is meant
        for (String almost : new String[] {"0", "\"false\"", "false,\"dry_run\":false"}) {
            assertThat(api(
                            "POST",
                            "/billing/offsets?type=zookeeper",
                            "{\"to\":\"earliest\",\"dry_run\":" + almost + "}"))
                    .startsWith("400 ")
                    .contains("dry_run");
        }
        assertThat(nodes.text(OFFSET)).isEqualTo("950");

        // and    where one joins at that moment
        nodes.before = () -> nodes.with("/consumers/billing/ids/new", "{}");
        assertThat(api("POST", "/billing/offsets?type=zookeeper", "{\"to\":\"earliest\",\"dry_run\":false}"))
                .startsWith("409 ")
                .contains("The group billing is no longer as it was");
        assertThat(nodes.text(OFFSET)).isEqualTo("950");
    }

    @Test
    void shouldForgetATopicAndDelete() throws Exception {
        console.submit(OLD + "/billing/forget?topic=nowhere", OLD + "/billing/forget", Map.of("topic", "nowhere"));
        assertThat(nodes.nodes.keySet()).noneMatch(path -> path.contains("nowhere"));
        assertThat(page(OLD + "/billing/delete")).contains("All that lies below /consumers/billing in ZooKeeper goes");
        assertThat(console.submit(OLD + "/billing/delete", OLD + "/billing/delete", Map.of("typed", "other"))
                        .statusCode())
                .isEqualTo(400);
        HttpResponse<String> deleted =
                console.submit(OLD + "/billing/delete", OLD + "/billing/delete", Map.of("typed", "billing"));
        assertThat(deleted.headers().firstValue("Location")).contains(GROUPS + "?deleted=billing");
        assertThat(nodes.nodes.keySet()).noneMatch(path -> path.startsWith("/consumers/billing"));
        assertThat(cluster.groups).containsKey("billing");
    }

    @Test
    void shouldGoByTheApiToo() throws Exception {
        assertThat(api("GET", "", ""))
                .contains(
                        "{\"group_id\":\"billing\",\"type\":\"classic\",\"protocol\":\"consumer\",\"state\":\"STABLE\"}",
                        "{\"group_id\":\"billing\",\"type\":\"zookeeper\",\"protocol\":\"\",\"state\":\"EMPTY\"}",
                        "\"problem\":null");
        assertThat(api("GET", "?type=zookeeper", "")).doesNotContain("classic");
        assertThat(api("GET", "?type=x", ""))
                .startsWith("400 ")
                .contains("classic, consumer, share, streams, zookeeper");
        assertThat(api("GET", "/live?type=zookeeper", ""))
                .contains("\"host\":\"host-7.example.net\"", "\"topic_name\":\"orders\",\"partitions\":[0,2]");
        assertThat(api("GET", "/live?type=consumer", ""))
                .startsWith("400 ")
                .contains("Expected type to be zookeeper, or to be left out");
        assertThat(api("GET", "/live", "")).startsWith("404 ");
        assertThat(api("GET", "/billing/offsets?type=zookeeper", "")).contains("\"total_lag\":60");
        assertThat(api("GET", "/billing/lag-history?type=zookeeper", "")).startsWith("200 ");

        // when   offsets are copied from the brokers' group of that name, and one's members are to go
        assertThat(api(
                        "POST",
                        "/billing/offsets?type=zookeeper",
                        "{\"to\":\"group\",\"value\":\"kafka:billing\",\"topic\":\"orders\",\"dry_run\":false}"))
                .startsWith("200 ");
        assertThat(nodes.text(OFFSET)).isEqualTo("400");
        assertThat(api("DELETE", "/live/members?type=zookeeper", ""))
                .startsWith("400 ")
                .contains("can remove members from no other");
        assertThat(api("DELETE", "/billing?type=zookeeper", "")).startsWith("204");
        assertThat(api("GET", "/billing?type=zookeeper", "")).startsWith("404 ");
    }

    @Test
    void shouldShowTheOthersWhereZooKeeperIsAway() throws Exception {
        // given
        nodes.away = true;

        // when, then
        assertThat(page(GROUPS))
                .contains("1–1 of 1 group", "Groups of old consumers in ZooKeeper are missing here. Nobody is there.");
        assertThat(page(GROUPS + "/billing")).doesNotContain("id=\"twin\"");
        assertThat(console.get(OLD + "/billing").statusCode()).isEqualTo(504);
        assertThat(api("GET", "", "")).contains("\"problem\":\"Groups of old consumers");
        nodes.away = false;
        for (int i = 0; i <= 10_000; i++) {
            nodes.nodes.put("/consumers/g" + i, new byte[0]);
        }
        assertThat(page(GROUPS)).contains("1–1 of 1 group", "more than the 10,000 that can be shown");
    }

    @Test
    void shouldHideWhatSomebodyMayNotSee() throws Exception {
        // when
        console.forgetCookies();
        console.logIn("victor", "victors-password");

        // then
        assertThat(page(GROUPS)).contains(OLD + "/live\"").doesNotContain("billing");
        assertThat(console.get(OLD + "/billing").statusCode()).isEqualTo(404);
        assertThat(console.get(OLD + "/live/reset").statusCode()).isEqualTo(403);
        assertThat(page(OLD + "/live")).doesNotContain("zookeeper/nodes", "Set offsets");
    }
}
