package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of moves, elections and log folders over a cluster in memory. */
class MovesPagesTest {
    private static final String AT = "/clusters/ottla";
    private static final Pattern CHECKED = Pattern.compile("value=\"orders:0\"");
    private static final ConfigResource BROKER = new ConfigResource(ConfigResource.Type.BROKER, "3");
    private static final ConfigResource ORDERS = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
    private static final TestingCluster CLUSTER = new TestingCluster();

    @TempDir
    static Path folder;

    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        console = TestingConsole.start(TestingPassword.in(folder), CLUSTER);
        assertThat(console.logIn(TestingPassword.PASSWORD).statusCode()).isEqualTo(302);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @BeforeEach
    void fill() {
        CLUSTER.topics.clear();
        CLUSTER.replicas.running.clear();
        CLUSTER.replicas.configs.clear();
        CLUSTER.replicas.folders.clear();
        CLUSTER.with("payments", 3);
        // All of it on brokers 1 and 2.
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            partitions.add(new Partition(i, 1, List.of(1, 2), List.of(1, 2)));
        }
        CLUSTER.topics.put("orders", new Topic("orders", "", false, partitions));
    }

    @Test
    void shouldShowHowEvenlyATopicLies() throws Exception {
        String page = body("/topics/orders/distribution");

        assertThat(page)
                .contains("66 %", "<svg", "orders-3, broker 1: leads", "orders-3, broker 2: follows")
                .contains("class=\"leader\"");
        assertThat(body("/distribution")).contains("Brokers used", "Broker 3");
        assertThat(body("/topics?spread=true&sort=leader-skew&dir=desc")).contains("66 %", "50 %");
        assertThat(body("/topics")).doesNotContain("66 %");
        assertThat(body("/brokers")).contains("Replicas against the mean", "−");
    }

    @Test
    void shouldPlanReviewAndExecuteWithThrottleThenClearIt() throws Exception {
        // when  a plan is made
        HttpResponse<String> made = console.submit(
                AT + "/moves/new",
                AT + "/moves/new",
                Map.of("goal", "spread", "topic", "ord*", "broker", "3", "factor", "1", "measure", "count"));
        String plan = made.headers().firstValue("Location").orElseThrow();
        String review = console.get(plan).body();

        // then  it is shown with what it costs, and can be had as files of Kafka's tool
        assertThat(review).contains("Copied to it", "20 MiB", "orders-5", "class=\"leader marked\"", "skew");
        assertThat(console.get(plan + "/plan.json").body())
                .contains("{\"topic\":\"orders\",\"partition\":5,\"replicas\":[3],\"log_dirs\":[\"any\"]}");
        assertThat(console.get(plan + "/way-back.json").body()).contains("\"partition\":5,\"replicas\":[1,2]");

        // when  it begins
        HttpResponse<String> begun =
                console.submit(plan, plan + "/execute", Map.of("throttle", "50M", "clear", "true"));

        // then  throttles were set before, and progress is shown
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(302);
        assertThat(CLUSTER.replicas.running).hasSize(6);
        assertThat(CLUSTER.replicas.configs.get(BROKER))
                .containsEntry("leader.replication.throttled.rate", "52428800")
                .containsEntry("follower.replication.throttled.rate", "52428800");
        assertThat(CLUSTER.replicas.configs.get(ORDERS))
                .containsEntry("follower.replication.throttled.replicas", "0:3,1:3,2:3,3:3,4:3,5:3");
        assertThat(CLUSTER.replicas.configs.get(ORDERS).get("leader.replication.throttled.replicas"))
                .startsWith("0:1,0:2,1:1");
        String moves = body("/moves");
        assertThat(moves).contains("6 partitions move", "7 %", "50 MiB/s", "The throttle is taken away at the end");
        assertThat(CHECKED.matcher(moves).find()).isTrue();

        // when  all arrives
        CLUSTER.replicas.arrive();

        // then  the throttle goes by itself
        await().atMost(Duration.ofSeconds(15))
                .until(() -> CLUSTER.replicas.configs.get(BROKER).isEmpty()
                        && CLUSTER.replicas.configs.get(ORDERS).isEmpty());
        assertThat(body("/moves")).contains("Nothing moves");
    }

    @Test
    void shouldMoveInStepsAndCallOff() throws Exception {
        // given  a plan in steps of two
        HttpResponse<String> made = console.submit(
                AT + "/moves/new",
                AT + "/moves/new",
                Map.of("goal", "spread", "topic", "orders", "broker", "3", "factor", "1"));
        String plan = made.headers().firstValue("Location").orElseThrow();
        console.submit(plan, plan + "/execute", Map.of("batch", "2"));
        assertThat(CLUSTER.replicas.running).hasSize(2);
        assertThat(body("/moves")).contains("Step 1 of 3 runs");

        // when, then  the next step follows
        CLUSTER.replicas.arrive();
        await().atMost(Duration.ofSeconds(15)).until(() -> CLUSTER.replicas.running.size() == 2);
        assertThat(CLUSTER.replicas.running)
                .containsOnlyKeys(new TopicPartition("orders", 2), new TopicPartition("orders", 3));

        // when, then  one is called off, then all, and no step follows
        console.submit(AT + "/moves", AT + "/moves/cancel", Map.of("move", "orders:2"));
        assertThat(CLUSTER.replicas.running).hasSize(1);
        console.submit(AT + "/moves", AT + "/moves/cancel", Map.of("all", "true"));
        assertThat(CLUSTER.replicas.running).isEmpty();
        assertThat(body("/moves")).doesNotContain("Step");
        HttpResponse<String> none = console.submit(AT + "/moves", AT + "/moves/cancel", Map.of("chosen", "true"));
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.body()).contains("Tick the moves");
    }

    @Test
    void shouldRefuseAPlanThatIsNoLongerTrue() throws Exception {
        HttpResponse<String> made = console.submit(
                AT + "/moves/new", AT + "/moves/new", Map.of("goal", "factor", "topic", "orders", "factor", "3"));
        String plan = made.headers().firstValue("Location").orElseThrow();
        CLUSTER.with("orders", 6);

        HttpResponse<String> answer = console.submit(plan, plan + "/execute", Map.of("throttle", "1M"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("not as it was when the plan was made", "value=\"1M\"");
        assertThat(CLUSTER.replicas.running).isEmpty();
        assertThat(console.get(AT + "/moves/plans/other").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldSayWhatIsWrongAndKeepWhatWasTyped() throws Exception {
        HttpResponse<String> none = console.submit(
                AT + "/moves/new", AT + "/moves/new", Map.of("goal", "spread", "topic", "<b>nothing", "broker", "1"));
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.body()).contains("There is no topic &lt;b&gt;nothing").doesNotContain("<b>nothing");
        HttpResponse<String> few = console.submit(
                AT + "/moves/new", AT + "/moves/new", Map.of("goal", "spread", "topic", "orders", "broker", "3"));
        assertThat(few.body()).contains("Expected at least 2 brokers for the 2 replicas of orders-0");
        HttpResponse<String> number = console.submit(
                AT + "/moves/new", AT + "/moves/new", Map.of("goal", "factor", "topic", "orders", "factor", "many"));
        assertThat(number.body()).contains("Expected a number", "many");
        HttpResponse<String> file =
                console.submit(AT + "/moves/by-hand", AT + "/moves/import", Map.of("file", "{\"version\":2}"));
        assertThat(file.statusCode()).isEqualTo(400);
        assertThat(file.body()).contains("Expected 1 in version, but got 2.", "{&quot;version&quot;:2}");
        HttpResponse<String> rate = console.submit(AT + "/moves", AT + "/moves/throttle", Map.of("rate", "fast"));
        assertThat(rate.statusCode()).isEqualTo(400);
        assertThat(rate.body()).contains("Expected bytes", "fast");
    }

    @Test
    void shouldEditByHandAndVerify() throws Exception {
        // given  the table
        assertThat(body("/moves/by-hand?topic=orders")).contains("name=\"replicas-0-orders\"", "value=\"1, 2\"");
        assertThat(body("/moves/topics?topic=*")).contains("2 topics");

        // when
        HttpResponse<String> made = console.submit(
                AT + "/moves/by-hand?topic=orders",
                AT + "/moves/by-hand",
                Map.of("topic", "orders", "replicas-0-orders", "3, 1", "replicas-1-orders", "1, 2"));
        String plan = made.headers().firstValue("Location").orElseThrow();
        String json = console.get(plan + "/plan.json").body();
        console.submit(plan, plan + "/execute", Map.of());

        // then
        assertThat(CLUSTER.replicas.running).containsOnlyKeys(new TopicPartition("orders", 0));
        assertThat(console.submit(AT + "/moves/verify", AT + "/moves/verify", Map.of("file", json))
                        .body())
                .contains("on its way", "Something still moves");
        CLUSTER.replicas.configs.put(BROKER, new java.util.HashMap<>(Map.of("leader.replication.throttled.rate", "5")));
        CLUSTER.replicas.arrive();
        assertThat(console.submit(AT + "/moves/verify", AT + "/moves/verify", Map.of("file", json))
                        .body())
                .contains("arrived", "the throttles are taken away");
        assertThat(CLUSTER.replicas.configs.get(BROKER)).isEmpty();
    }

    @Test
    void shouldSetAndTakeAwayTheThrottle() throws Exception {
        console.submit(AT + "/moves", AT + "/moves/throttle", Map.of("rate", "10M"));
        assertThat(CLUSTER.replicas.configs.get(BROKER)).containsEntry("leader.replication.throttled.rate", "10485760");
        assertThat(body("/moves")).contains("10 MiB/s");
        console.submit(AT + "/moves", AT + "/moves/throttle", Map.of("remove", "true"));
        assertThat(CLUSTER.replicas.configs.get(BROKER)).isEmpty();
    }

    @Test
    void shouldDrainABroker() throws Exception {
        assertThat(body("/moves/new?goal=drain&leaving=2")).contains("name=\"leaving\" value=\"2\" checked");
        HttpResponse<String> made = console.submit(
                AT + "/moves/new", AT + "/moves/new", Map.of("goal", "drain", "leaving", "2", "measure", "bytes"));
        // Payments is on all three brokers, so that nothing could take over its replicas.
        assertThat(made.body()).contains("Expected 1 other live brokers for the replicas that payments-0");
        CLUSTER.topics.remove("payments");
        made = console.submit(
                AT + "/moves/new", AT + "/moves/new", Map.of("goal", "drain", "leaving", "2", "measure", "bytes"));
        assertThat(console.get(made.headers().firstValue("Location").orElseThrow() + "/plan.json")
                        .body())
                .contains("\"replicas\":[1,3]")
                .doesNotContain("[1,2]");
    }

    @Test
    void shouldElectLeaders() throws Exception {
        CLUSTER.topics.put(
                "turned", new Topic("turned", "", false, List.of(new Partition(0, 2, List.of(1, 2), List.of(1, 2)))));
        assertThat(console.submit(AT + "/elections", AT + "/elections", Map.of("topic", "*"))
                        .body())
                .contains("One partition has another leader now");
        assertThat(console.submit(AT + "/elections", AT + "/elections", Map.of("topic", "orders"))
                        .body())
                .contains("No partition has another leader now");
        HttpResponse<String> refused = console.submit(
                AT + "/elections",
                AT + "/elections/unclean",
                Map.of("topic", "turned", "partition", "0", "typed", "turned"));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("Type turned-0 to confirm");
        assertThat(console.submit(
                                AT + "/elections",
                                AT + "/elections/unclean",
                                Map.of("topic", "turned", "partition", "0", "typed", "turned-0"))
                        .body())
                .contains("One partition has another leader now");
    }

    @Test
    void shouldKeepTheScheduleOfElections() throws Exception {
        HttpResponse<String> refused =
                console.submit(AT + "/elections", AT + "/elections/schedule", Map.of("schedule", "often"));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("Expected a span of 10s or more", "value=\"often\"");
        console.submit(AT + "/elections", AT + "/elections/schedule", Map.of("schedule", "0 30 4 * * *"));
        assertThat(body("/elections")).contains("It happens by itself too: 0 30 4 * * *");
        console.submit(AT + "/elections", AT + "/elections/schedule", Map.of("schedule", ""));
        assertThat(body("/elections")).contains("It does not happen by itself.");
    }

    @Test
    void shouldListReplicasOfABrokerAndMoveThemBetweenFolders() throws Exception {
        CLUSTER.replicas.asked.clear();
        String page = body("/brokers/1/replicas?sort=size");
        assertThat(page).contains("orders-5", "/data/2", "leads").contains("payments-0");
        assertThat(CLUSTER.replicas.asked).containsExactly("describeLogDirs", "describeTopics");
        console.submit(
                AT + "/brokers/1/replicas", AT + "/brokers/1/replicas", Map.of("replica", "orders:0", "to", "/data/2"));
        assertThat(body("/brokers/1/replicas?q=orders-0")).contains("50 % moved to /data/2");
        assertThat(console.get(AT + "/brokers/9/replicas").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldUnregisterOnlyWhatIsGoneAndEmpty() throws Exception {
        HttpResponse<String> up = console.submit(
                AT + "/unregister-broker", AT + "/unregister-broker", Map.of("broker", "3", "typed", "3"));
        assertThat(up.statusCode()).isEqualTo(400);
        assertThat(up.body()).contains("Broker 3 is up");
        HttpResponse<String> typed = console.submit(
                AT + "/unregister-broker", AT + "/unregister-broker", Map.of("broker", "9", "typed", "8"));
        assertThat(typed.body()).contains("Type 9 once more");
        CLUSTER.topics.put(
                "lost", new Topic("lost", "", false, List.of(new Partition(0, 1, List.of(1, 9), List.of(1)))));
        assertThat(console.submit(
                                AT + "/unregister-broker",
                                AT + "/unregister-broker",
                                Map.of("broker", "9", "typed", "9"))
                        .body())
                .contains("Broker 9 holds one replica: drain it first.");
        assertThat(body("/brokers")).contains("goal=drain&amp;leaving=9");
        CLUSTER.topics.remove("lost");
        HttpResponse<String> gone = console.submit(
                AT + "/unregister-broker", AT + "/unregister-broker", Map.of("broker", "9", "typed", "9"));
        assertThat(gone.headers().firstValue("Location").orElseThrow()).contains("unregistered=9");
    }

    private static String body(String path) throws Exception {
        HttpResponse<String> page = console.get(AT + path);
        assertThat(page.statusCode()).as(path + page.body()).isEqualTo(200);
        return page.body();
    }
}
