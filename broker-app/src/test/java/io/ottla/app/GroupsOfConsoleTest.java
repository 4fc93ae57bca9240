package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of Kafka's own consumers, as the console of a real process sees and changes them, and what it keeps of their lag. */
class GroupsOfConsoleTest {
    private static final String GIVEN = "correct-horse";
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Pattern CLUSTER = Pattern.compile("\"cluster_id\":\"([^\"]+)\"");
    private static final Pattern COMMITTED = Pattern.compile("\"committed_offset\":(\\d+)");

    @TempDir
    Path folder;

    private static KafkaConsumer<String, String> join(String bootstrap, String group, String protocol) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                group,
                "group.protocol",
                protocol,
                "client.id",
                group + "-client",
                "group.instance.id",
                group + "-1",
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                40,
                "enable.auto.commit",
                "false"));
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of("t"));
        await().atMost(SOON).until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
        consumer.commitSync();
        return consumer;
    }

    private static String send(OttlaProcess process, String method, String path, String body) throws Exception {
        String user = "Basic "
                + Base64.getEncoder().encodeToString(("admin:" + password(process)).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer =
                process.send(method, path, body, "Authorization", user, "Content-Type", "application/json");
        return answer.statusCode() + " " + answer.body();
    }

    /** As given, where it was: else the one that the start said. */
    private static String password(OttlaProcess process) {
        return process.output().contains("console.admin.password is the password") ? GIVEN : process.password();
    }

    private static String get(OttlaProcess process, String path) throws Exception {
        return send(process, "GET", path, "");
    }

    private static String cluster(OttlaProcess process) throws Exception {
        Matcher cluster = CLUSTER.matcher(get(process, "/v3/clusters"));
        assertThat(cluster.find()).isTrue();
        return cluster.group(1);
    }

    @Test
    void shouldShowAndChangeGroupsOfBothProtocols() throws Exception {
        try (OttlaProcess process =
                OttlaProcess.serve(folder, "console.lag.refresh=1s").awaitReady()) {
            // given
            TestingClient.createTopic(process.bootstrap());
            TestingClient.produce(process.bootstrap(), 0, 100);
            String v3 = "/v3/clusters/" + cluster(process) + "/consumer-groups";
            String v1 = "/api/v1/clusters/" + cluster(process) + "/groups/";
            try (KafkaConsumer<String, String> classic = join(process.bootstrap(), "old", "classic");
                    KafkaConsumer<String, String> consumer = join(process.bootstrap(), "new", "consumer")) {

                assertThat(classic.assignment())
                        .isEqualTo(consumer.assignment())
                        .hasSize(1);

                // then   both are seen, with members, assignment and lag
                assertThat(get(process, v3))
                        .contains("\"consumer_group_id\":\"old\"", "\"type\":\"CLASSIC\"", "\"state\":\"STABLE\"")
                        .contains("\"consumer_group_id\":\"new\"", "\"type\":\"CONSUMER\"");
                for (String group : List.of("old", "new")) {
                    assertThat(get(process, v3 + "/" + group + "/lags"))
                            .contains("\"current_offset\":40", "\"log_end_offset\":100", "\"lag\":60")
                            .contains("\"client_id\":\"" + group + "-client\"");
                    assertThat(get(process, v3 + "/" + group + "/lag-summary")).contains("\"total_lag\":60");
                    assertThat(get(process, v3 + "/" + group + "/consumers"))
                            .contains("\"instance_id\":\"" + group + "-1\"");
                    assertThat(get(process, "/clusters/ottla/groups/" + group))
                            .contains(group + "-client", "127.0.0.1", "stable");
                }
                assertThat(get(process, "/clusters/ottla/groups"))
                        .contains(">old<", ">new<", "classic", "consumer", "<span>60</span>");

                // and    nothing is changed below them
                assertThat(send(process, "POST", v1 + "old/offsets", "{\"to\":\"earliest\",\"dry_run\":false}"))
                        .startsWith("409 ")
                        .contains("The group old is in use: 1 member");
                assertThat(send(process, "DELETE", v1 + "new", "")).startsWith("409 ");

                // when   the static member of the classic group is removed
                assertThat(send(process, "DELETE", v1 + "old/members?instance_id=old-1", ""))
                        .startsWith("204");
                assertThat(send(process, "DELETE", v1 + "new/members", ""))
                        .startsWith("400 ")
                        .contains("can remove members from no other");
            }
            // A static member stays in its group until its session times out.
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(get(process, v3 + "/old")).contains("\"state\":\"EMPTY\""));

            // then   offsets are set, each after it was said what that does
            assertThat(reset(process, v1, "{\"to\":\"earliest\"")).isEqualTo(0);
            assertThat(reset(process, v1, "{\"to\":\"latest\"")).isEqualTo(100);
            assertThat(reset(process, v1, "{\"to\":\"shift\",\"value\":\"-30\""))
                    .isEqualTo(70);
            assertThat(reset(process, v1, "{\"to\":\"offset\",\"value\":\"12\",\"topic\":\"t\",\"partitions\":[0]"))
                    .isEqualTo(12);
            assertThat(reset(process, v1, "{\"to\":\"group\",\"value\":\"new\""))
                    .isEqualTo(40);
            assertThat(reset(process, v1, "{\"to\":\"back\",\"value\":\"1h\"")).isEqualTo(0);
            assertThat(reset(process, v1, "{\"to\":\"time\",\"value\":\"2999-01-01T00:00:00Z\""))
                    .isEqualTo(100);

            // and    deleted
            assertThat(send(process, "DELETE", v1 + "old/offsets?topic=t", "")).startsWith("204");
            assertThat(get(process, v1 + "old/offsets"))
                    .satisfiesAnyOf(
                            answer -> assertThat(answer).contains("\"offsets\":[]"),
                            // A group without offsets and members is gone.
                            answer -> assertThat(answer).startsWith("404"));
            TestingClient.commit(process.bootstrap(), "idle", 7);
            assertThat(send(process, "DELETE", v1 + "idle", "")).startsWith("204");
            assertThat(get(process, v3 + "/idle")).startsWith("404 ");
            assertThat(process.output()).doesNotContain(" ERROR ");
        }
    }

    /** Shows, does, and says where the group is then. */
    private static long reset(OttlaProcess process, String v1, String body) throws Exception {
        String before = get(process, v1 + "old/offsets");
        assertThat(send(process, "POST", v1 + "old/offsets", body + "}"))
                .startsWith("200 ")
                .contains("\"dry_run\":true");
        assertThat(get(process, v1 + "old/offsets").replaceAll("sampled_at\":\"[^\"]*", ""))
                .isEqualTo(before.replaceAll("sampled_at\":\"[^\"]*", ""));
        assertThat(send(process, "POST", v1 + "old/offsets", body + ",\"dry_run\":false}"))
                .startsWith("200 ");
        Matcher committed = COMMITTED.matcher(get(process, v1 + "old/offsets"));
        assertThat(committed.find()).isTrue();
        return Long.parseLong(committed.group(1));
    }

    @Test
    @Tag("full")
    void shouldKeepTheHistoryOverARestart() throws Exception {
        String history;
        try (OttlaProcess process =
                OttlaProcess.serve(folder, "console.lag.refresh=1s").awaitReady()) {
            // given
            TestingClient.createTopic(process.bootstrap());
            TestingClient.produce(process.bootstrap(), 0, 20);
            TestingClient.commit(process.bootstrap(), "g", 5);
            history = "/api/v1/clusters/" + cluster(process) + "/groups/g/lag-history";
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(get(process, history)).contains("\"lag\":15"));
            TestingClient.commit(process.bootstrap(), "g", 8);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(get(process, history)).contains("\"lag\":12"));
            assertThat(get(process, "/clusters/ottla/topics/t/groups")).contains(">g<", ">12<");
            assertThat(get(process, "/clusters/ottla/groups/g")).contains("lag-chart", "end of log", "<path");
            // and    it is kept by no group
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", process.bootstrap()))) {
                assertThat(admin.listGroups().all().get()).hasSize(1);
                assertThat(admin.describeTopics(List.of("__ottla_lag"))
                                .allTopicNames()
                                .get()
                                .get("__ottla_lag")
                                .partitions())
                        .hasSize(1);
            }
            process.stop();
        }

        // when
        try (OttlaProcess process = OttlaProcess.serve(
                        folder, "console.lag.refresh=1s", "console.admin.password=" + GIVEN)
                .awaitReady()) {
            // then   what was before the restart is there
            String user =
                    "Basic " + Base64.getEncoder().encodeToString(("admin:" + GIVEN).getBytes(StandardCharsets.UTF_8));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(
                                    process.get(history, "Authorization", user).body())
                            .contains("\"source\":\"kept\"", "\"lag\":15", "\"lag\":12"));
        }
    }

    @Test
    @Tag("full")
    void shouldMoveTheCollectorWithTheController() throws Exception {
        try (ThreeBrokers three = ThreeBrokers.start(
                folder,
                BrokerMake.OTTLA,
                "console.lag.refresh=1s",
                "console.admin.password=" + GIVEN,
                "offsets.topic.replication.factor=3")) {
            // given
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", three.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 3)))
                        .all()
                        .get();
                TestingClient.produce(three.bootstrap(), 0, 20);
                TestingClient.commit(three.bootstrap(), "g", 5);
                String history = "/api/v1/clusters/" + cluster(three.broker(1)) + "/groups/g/lag-history";

                // then   any console has the history, and the topic is on all
                for (int id = 1; id <= 3; id++) {
                    OttlaProcess broker = three.broker(id);
                    await().atMost(SOON)
                            .untilAsserted(
                                    () -> assertThat(get(broker, history)).contains("\"lag\":15"));
                }
                assertThat(admin.describeTopics(List.of("__ottla_lag"))
                                .allTopicNames()
                                .get()
                                .get("__ottla_lag")
                                .partitions()
                                .getFirst()
                                .replicas())
                        .hasSize(3);
                int controller = admin.describeCluster().controller().get().id();
                assertThat(samples(three, controller)).isPositive();
                for (int id = 1; id <= 3; id++) {
                    if (id != controller) {
                        assertThat(samples(three, id)).isZero();
                    }
                }

                // when   the controller dies, and the group goes on
                three.kill(controller);
                TestingClient.commit(three.alive(), "g", 8);

                // then   one of the others collects, with what was before
                for (int id = 1; id <= 3; id++) {
                    if (id != controller) {
                        OttlaProcess broker = three.broker(id);
                        await().atMost(SOON)
                                .untilAsserted(
                                        () -> assertThat(get(broker, history)).contains("\"lag\":15", "\"lag\":12"));
                    }
                }
                long collecting = 0;
                for (int id = 1; id <= 3; id++) {
                    collecting += id != controller && samples(three, id) > 0 ? 1 : 0;
                }
                assertThat(collecting).isOne();
            }
        }
    }

    private static double samples(ThreeBrokers three, int id) throws Exception {
        Matcher taken = Pattern.compile("ottla_console_lag_samples_total\\{outcome=\"taken\"} (\\S+)")
                .matcher(three.broker(id).get("/metrics").body());
        assertThat(taken.find()).isTrue();
        return Double.parseDouble(taken.group(1));
    }
}
