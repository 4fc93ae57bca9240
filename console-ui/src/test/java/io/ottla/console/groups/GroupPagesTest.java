package io.ottla.console.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.TestingCluster;
import io.ottla.console.TestingConsole;
import io.ottla.console.TestingPassword;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of groups over a cluster in memory. */
class GroupPagesTest {
    private static final String GROUPS = "/clusters/ottla/groups";
    private static final Pattern PLAN = Pattern.compile("name=\"plan\" value=\"([^\"]*)\"");

    private final TestingGroups cluster =
            new TestingGroups(new TestingCluster().with("orders", 3).with("payments", 1));

    @TempDir
    Path folder;

    private TestingConsole console;

    @BeforeEach
    void start() throws Exception {
        cluster.with("billing", GroupType.CLASSIC, GroupState.STABLE)
                .at("orders", 0, 400)
                .at("orders", 1, 1_200)
                .at("payments", 0, 990)
                .member("m-1", "static-1", "orders", 0, 1)
                .member("m-2", "", "payments", 0);
        cluster.with("idle", GroupType.CONSUMER, GroupState.EMPTY).at("orders", 0, 100);
        cluster.with("shared", GroupType.SHARE, GroupState.STABLE).at("orders", 2, 700);
        console = TestingConsole.start(
                TestingPassword.in(folder), cluster.cluster(), Map.of("console.lag.refresh", "100ms"));
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

    @Test
    void shouldListGroupsOfAllKindsWithTheirLag() throws Exception {
        String list = page(GROUPS);

        assertThat(list).contains("billing", "idle", "shared", "classic", "consumer", "share", "stable", "empty");
        // 600 behind in one partition, none in one whose log was cut, 10 in the other topic
        assertThat(list).containsPattern("(?s)>billing</a>.*?<span>610</span>").contains("in 2 topics");
        assertThat(page(GROUPS + "?q=BILL")).contains("1–1 of 1 group").doesNotContain(">idle<");
        assertThat(page(GROUPS + "?type=SHARE")).contains(">shared<").doesNotContain(">billing<");
        assertThat(page(GROUPS + "?state=EMPTY")).contains(">idle<").doesNotContain(">billing<");
        assertThat(page(GROUPS + "?q=nowhere")).contains("No group is like this", "Show all groups");
        assertThat(page(GROUPS + "?sort=state&dir=desc&type=x&page=y")).contains(">billing<");
    }

    @Test
    void shouldTeachWhereThereIsNoGroup() throws Exception {
        cluster.groups.clear();

        assertThat(page(GROUPS)).contains("No groups yet", "group.id");
    }

    @Test
    void shouldShowOneGroupWithMembersLagAndFilters() throws Exception {
        String page = page(GROUPS + "/billing");

        assertThat(page)
                .contains("Classic group", "m-1", "static-1", "client-m-2", "192.0.2.9", "range")
                .contains("kafka-2.example.net:9092")
                .contains("Set offsets…", "Remove all…");
        assertThat(page).containsPattern("(?s)id=\"by-topic\".*?>orders</a>.*?>600<.*?>payments</a>.*?>10<.*?</table>");
        assertThat(page(GROUPS + "/idle")).doesNotContain("id=\"by-topic\"");
        assertThat(page(GROUPS + "/billing?topic=payments"))
                .doesNotContain("id=\"by-topic\"")
                .contains("1\u202f000")
                .doesNotContain("1\u202f200");
        assertThat(page(GROUPS + "/idle")).contains("Nobody is in this group now");
        assertThat(console.get(GROUPS + "/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldGiveThePartThatScriptsAskForAndToOthersTheWholePage() throws Exception {
        String part = console.send(
                        console.request(GROUPS + "/billing?part=charts").header("HX-Request", "true"))
                .body();

        assertThat(part).startsWith("<section").contains("id=\"charts\"").doesNotContain("<html");
        assertThat(page(GROUPS + "/billing?part=charts")).contains("<html", "id=\"live\"", "id=\"charts\"");
    }

    @Test
    void shouldShowWhatAResetWouldDoAndThenDoJustThat() throws Exception {
        // when   it is only shown
        String shown = page(GROUPS + "/idle/reset?to=shift&value=250&topic=&partitions=");

        // then
        assertThat(shown).contains("What it would do", "<strong>350</strong>", "250 records will be skipped");
        assertThat(cluster.groups.get("idle").offsets).containsEntry(new TopicPartition("orders", 0), 100L);

        // when   it is done
        Matcher plan = PLAN.matcher(shown);
        assertThat(plan.find()).isTrue();
        HttpResponse<String> done = console.submit(
                GROUPS + "/idle/reset", GROUPS + "/idle/reset", Map.of("plan", plan.group(1), "target", "shift 250"));

        // then
        assertThat(done.headers().firstValue("Location")).contains(GROUPS + "/idle?done=reset");
        assertThat(cluster.groups.get("idle").offsets).containsEntry(new TopicPartition("orders", 0), 350L);
        // and    what can't be read keeps what was typed
        HttpResponse<String> unreadable = console.get(GROUPS + "/idle/reset?to=time&value=noon&topic=orders");
        assertThat(unreadable.statusCode()).isEqualTo(400);
        assertThat(unreadable.body()).contains("Expected a time", "value=\"noon\"", "value=\"orders\"");
        assertThat(console.get(GROUPS + "/idle/reset?to=latest&topic=nowhere").body())
                .contains("does not exist");
        assertThat(console.submit(GROUPS + "/idle/reset", GROUPS + "/idle/reset", Map.of("plan", "x"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void shouldRefuseWhileMembersAreActive() throws Exception {
        HttpResponse<String> reset = console.submit(
                GROUPS + "/billing/reset",
                GROUPS + "/billing/reset",
                Map.of("plan", "orders 0 100", "target", "earliest"));
        HttpResponse<String> delete =
                console.submit(GROUPS + "/billing/delete", GROUPS + "/billing/delete", Map.of("typed", "billing"));

        assertThat(reset.statusCode()).isEqualTo(400);
        assertThat(reset.body()).contains("The group billing is in use: 2 members, stable");
        assertThat(delete.statusCode()).isEqualTo(400);
        assertThat(cluster.groups).containsKey("billing");
        assertThat(cluster.groups.get("billing").offsets).containsEntry(new TopicPartition("orders", 0), 400L);
    }

    @Test
    void shouldDeleteForgetAndRemove() throws Exception {
        // an unlike name deletes nothing
        assertThat(console.submit(GROUPS + "/idle/delete", GROUPS + "/idle/delete", Map.of("typed", "other"))
                        .body())
                .contains("Expected the name idle to confirm");
        assertThat(cluster.groups).containsKey("idle");

        console.submit(GROUPS + "/idle/forget?topic=orders", GROUPS + "/idle/forget", Map.of("topic", "orders"));
        assertThat(cluster.groups.get("idle").offsets).isEmpty();
        console.submit(
                GROUPS + "/billing/remove?instance=static-1",
                GROUPS + "/billing/remove",
                Map.of("instance", "static-1"));
        assertThat(cluster.groups.get("billing").members).hasSize(1);
        console.submit(GROUPS + "/billing/remove", GROUPS + "/billing/remove", Map.of());
        assertThat(cluster.groups.get("billing").members).isEmpty();
        HttpResponse<String> deleted =
                console.submit(GROUPS + "/idle/delete", GROUPS + "/idle/delete", Map.of("typed", "idle"));
        assertThat(deleted.headers().firstValue("Location")).contains(GROUPS + "?deleted=idle");
        assertThat(cluster.groups).doesNotContainKey("idle");
    }

    @Test
    void shouldEscapeNames() throws Exception {
        cluster.with("<script>alert(1)</script>", GroupType.CLASSIC, GroupState.EMPTY)
                .at("orders", 0, 1);

        assertThat(page(GROUPS)).doesNotContain("<script>alert").contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    }
}
