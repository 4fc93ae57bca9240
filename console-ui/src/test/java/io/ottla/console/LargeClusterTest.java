package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.console.groups.TestingGroups;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through all pages with 10,000 topics, 100,000 partitions and 5,000 groups: none asks more questions because there is
 * more, none is large, and none waits for the cluster to be read.
 */
@Tag("full")
class LargeClusterTest {
    private static final Logger log = LoggerFactory.getLogger("ottla.test");
    private static final int TOPICS = 10_000;
    private static final int PARTITIONS = 10;
    private static final int GROUPS = 5_000;
    private static final int TRIES = 3;
    private static final int LARGEST = 1 << 20;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String AT = "/clusters/ottla";

    /** Where they lead to is here, what they load is as large as what is asked for, or the broker is asked nothing. */
    private static final Set<String> ELSEWHERE = Set.of(
            "/",
            "/login",
            "/edit-cluster/{key}",
            "/clusters/{cluster}",
            "/clusters/{cluster}/acls/export.csv",
            "/clusters/{cluster}/acls/export.json",
            "/clusters/{cluster}/moves/current.json",
            "/clusters/{cluster}/moves/plans/{id}",
            "/clusters/{cluster}/moves/plans/{id}/plan.json",
            "/clusters/{cluster}/moves/plans/{id}/way-back.json",
            "/clusters/{cluster}/topics/{name}/records/export",
            "/clusters/{cluster}/topics/{name}/records/tail/events",
            "/clusters/{cluster}/transactions/hanging/abort",
            "/api",
            "/clusters/{cluster}/zookeeper",
            "/clusters/{cluster}/zookeeper/nodes",
            "/clusters/{cluster}/zookeeper-groups/{group}",
            "/clusters/{cluster}/zookeeper-groups/{group}/delete",
            "/clusters/{cluster}/zookeeper-groups/{group}/forget",
            "/clusters/{cluster}/zookeeper-groups/{group}/remove",
            "/clusters/{cluster}/zookeeper-groups/{group}/reset");

    @TempDir
    static Path folder;

    private static TestingLargeCluster cluster;
    private static TestingConsole console;

    /**
     * A page.
     *
     * @param cold questions of whoever looks first
     * @param warm questions of whoever looks a moment later
     */
    private record Page(String path, int cold, int warm) {}

    /** @param asked how often each question */
    private record Look(int status, long millis, Map<String, Integer> asked, int bytes) {
        int calls() {
            return asked.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestingLargeCluster(TOPICS, PARTITIONS);
        for (int i = 0; i < GROUPS; i++) {
            TestingGroups.Held group = cluster.groups.with(
                    "group-" + i, i % 2 == 0 ? GroupType.CLASSIC : GroupType.CONSUMER, GroupState.STABLE);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                group.at(TestingLargeCluster.topic(i), partition, 999 - i % 900);
                group.at(TestingLargeCluster.topic(i + 1), partition, 999);
            }
            group.member(
                    "member-" + i,
                    "",
                    TestingLargeCluster.topic(i),
                    IntStream.range(0, PARTITIONS).toArray());
        }
        for (int i = 0; i < 2_000; i++) {
            cluster.held.security.acls.add(new AclBinding(
                    new ResourcePattern(ResourceType.TOPIC, TestingLargeCluster.topic(i), PatternType.LITERAL),
                    new AccessControlEntry("User:user-" + i, "*", AclOperation.READ, AclPermissionType.ALLOW)));
            cluster.held.security.quotas.put(
                    new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "user-" + i)),
                    Map.of("producer_byte_rate", 1_000_000.0));
            cluster.held.security.users.put("user-" + i, new java.util.TreeMap<>(Map.of((byte) 1, 4096)));
            cluster.held.security.open("transaction-" + i, i, new TopicPartition(TestingLargeCluster.topic(i), 0));
        }
        for (int i = 0; i < 2_000; i++) {
            cluster.held.records.add(
                    TestingLargeCluster.topic(7), i % PARTITIONS, 1_000_000 + i, "key-" + i, "value-" + i);
        }
        console = TestingConsole.start(
                folder,
                cluster.cluster(),
                Map.of("console.lag.refresh", "0", "console.admin.password", TestingPassword.PASSWORD));
        console.logIn(TestingPassword.PASSWORD);
    }

    @AfterAll
    static void stop() {
        console.close();
        cluster.close();
    }

    @Test
    void shouldShowEachPageAtOnceByQuestionsThatDoNotGrow() {
        // given
        long before = heap();
        log.info("the first page after the start: {}", look(AT + "/brokers"));
        String topic = AT + "/topics/topic-00007";
        String group = AT + "/groups/group-4711";
        List<Page> pages = new ArrayList<>(List.of(
                new Page("/clusters", 4, 0),
                new Page(AT + "/brokers", 4, 0),
                new Page(AT + "/brokers/3", 6, 2),
                new Page(AT + "/brokers/3/replicas", 3, 2),
                new Page(AT + "/brokers/3/replicas?q=topic-0123&sort=size&page=3", 3, 2),
                new Page(AT + "/brokers/3/settings/broker.setting.7", 2, 2),
                new Page(AT + "/brokers/3/loggers", 2, 2),
                new Page(AT + "/unregister-broker", 0, 0),
                new Page(AT + "/distribution", 4, 0),
                new Page(AT + "/topics", 4, 0),
                new Page(AT + "/topics?q=0123&sort=size&dir=desc&internal=true", 4, 0),
                new Page(AT + "/topics?spread=true&sort=skew&dir=desc&page=200", 4, 0),
                new Page(AT + "/create-topic", 0, 0),
                new Page(AT + "/create-topic?like=topic-00007", 2, 2),
                new Page(topic, 5, 4),
                new Page(topic + "/groups", 0, 0),
                new Page(topic + "/producers", 2, 2),
                new Page(topic + "/distribution", 2, 2),
                new Page(topic + "/settings/topic.setting.7", 2, 2),
                new Page(topic + "/add-partitions", 2, 2),
                new Page(topic + "/delete-records", 5, 4),
                new Page(topic + "/delete", 1, 1),
                new Page(topic + "/records", 5, 5),
                new Page(topic + "/records?from=oldest&q=value-19", 5, 5),
                new Page(topic + "/records/3/7", 3, 3),
                new Page(topic + "/records/produce", 1, 1),
                new Page(topic + "/records/tail", 1, 1),
                new Page(AT + "/groups", 4, 4),
                new Page(AT + "/groups?q=77&type=CONSUMER&page=2", 4, 4),
                new Page(AT + "/groups?sort=lag&dir=desc", 4, 4),
                new Page(group, 4, 4),
                new Page(group + "/reset", 5, 5),
                new Page(group + "/delete", 5, 5),
                new Page(group + "/forget?topic=topic-04711", 2, 2),
                new Page(group + "/remove", 2, 2),
                new Page(AT + "/moves", 3, 3),
                new Page(AT + "/moves/new", 5, 1),
                new Page(AT + "/moves/topics?topic=*", 1, 1),
                new Page(AT + "/moves/by-hand?topic=*", 3, 3),
                new Page(AT + "/moves/verify", 0, 0),
                new Page(AT + "/elections", 0, 0),
                new Page(AT + "/transactions", 2, 2),
                new Page(AT + "/transactions/one?id=transaction-7", 2, 2),
                new Page(AT + "/transactions/abort?id=transaction-7", 2, 2),
                new Page(AT + "/transactions/hanging", 1, 1),
                new Page(AT + "/transactions/hanging?topic=topic-00007", 5, 5),
                new Page(AT + "/acls", 1, 1),
                new Page(AT + "/acls?page=30", 1, 1),
                new Page(AT + "/acls/create", 0, 0),
                new Page(AT + "/acls/import", 0, 0),
                new Page(AT + "/acls/delete", 1, 1),
                new Page(AT + "/quotas", 1, 1),
                new Page(AT + "/quotas/edit", 0, 0),
                new Page(AT + "/users/password", 0, 0),
                new Page(AT + "/users/delete?name=user-7&mechanism=SCRAM-SHA-256", 1, 1),
                new Page(AT + "/users", 1, 1),
                new Page(AT + "/security", 0, 0),
                new Page("/people", 0, 0),
                new Page("/people/add", 0, 0),
                new Page("/people/of/admin", 0, 0),
                new Page("/account", 0, 0),
                new Page("/audit", 0, 0),
                new Page("/add-cluster", 0, 0)));

        assertThat(unvisited(pages)).isEmpty();

        // when, then
        walk(pages);
        log.info("heap: {} KiB with nothing looked at, {} KiB with all", before >> 10, heap() >> 10);
    }

    /** What is in use after a collection, of the cluster in memory too. */
    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Pages that no test here goes to. */
    private static List<String> unvisited(List<Page> pages) {
        return Routes.of(console).stream()
                .filter(route -> route.method().equals("GET"))
                .map(Routes.Route::path)
                .filter(path -> !path.matches("/(v3|api|kafka)/.*") && !ELSEWHERE.contains(path))
                .filter(path -> {
                    Pattern pattern = Pattern.compile(path.replaceAll("\\{\\w+(?::(?:[^{}]|\\{[^}]*})*)?}", "[^/]+"));
                    return pages.stream()
                            .noneMatch(page -> pattern.matcher(page.path().split("\\?", 2)[0])
                                    .matches());
                })
                .toList();
    }

    @Test
    void shouldAnswerProgramsByQuestionsThatDoNotGrow() {
        // given
        String at = "/v3/clusters/" + TestingCluster.ID;
        String more = "/api/v1/clusters/" + TestingCluster.ID;
        String topic = at + "/topics/topic-00007";
        String group = at + "/consumer-groups/group-4711";
        Map<String, Integer> most = new LinkedHashMap<>();
        most.put("/v3/clusters", 1);
        most.put(at, 2);
        most.put(at + "/brokers", 1);
        most.put(at + "/brokers/3", 1);
        most.put(at + "/brokers/3/configs", 2);
        most.put(at + "/brokers/-/configs", 2);
        most.put(at + "/broker-configs", 1);
        most.put(at + "/brokers/3/partition-replicas", 3);
        most.put(at + "/topics", 3); // one of them, whether it is up: this takes long
        most.put(topic, 1);
        most.put(topic + "/partitions", 1);
        most.put(topic + "/partitions/3/replicas", 1);
        most.put(topic + "/partitions/-/reassignment", 2);
        most.put(topic + "/configs", 1);
        most.put(at + "/topics/-/partitions/-/reassignment", 1);
        most.put(at + "/consumer-groups", 2);
        most.put(group, 2);
        most.put(group + "/consumers", 2);
        most.put(group + "/lag-summary", 5);
        most.put(group + "/lags", 5);
        most.put(at + "/acls", 1);
        most.put(more + "/brokers/3/log-dirs", 2);
        most.put(more + "/groups/group-4711/offsets", 4);
        most.put(more + "/groups/group-4711/lag-history", 1);
        most.put(more + "/hanging-transactions?topic_name=topic-00007", 4);
        most.put(more + "/quotas", 1);
        most.put(more + "/scram-users", 1);
        most.put(more + "/transactions", 1);
        most.put(more + "/transactions/transaction-7", 2);
        most.put(more + "/reassignments", 1);
        most.put(more + "/throttle", 2);
        List<String> wrong = new ArrayList<>();
        StringBuilder table = new StringBuilder();
        most.forEach((path, questions) -> {
            // when
            cluster.forget();
            Look look = look(path);

            // then
            table.append(
                    String.format("%n| `%s` | %d | %d | %d |", path, look.calls(), look.millis(), look.bytes() >> 10));
            if (look.status() != 200 || look.calls() > questions) {
                wrong.add(path + " " + look);
            }
        });
        log.info("{}", table);
        assertThat(wrong).isEmpty();

        // and what would have no bound is refused
        assertThat(look(at + "/topics/-/configs")).returns(422, Look::status).returns(1, Look::calls);
        assertThat(look(more + "/hanging-transactions?broker_id=3")).returns(422, Look::status);
    }

    @Test
    void shouldShowManyMovesAndAPlanOfManyTopics() throws Exception {
        // given
        for (int i = 0; i < 5_000; i++) {
            cluster.held.replicas.running.put(
                    new TopicPartition(TestingLargeCluster.topic(i), 0),
                    new PartitionReassignment(List.of(1, 2, 3, 4), List.of(4), List.of(1)));
        }
        try {
            // when, then
            walk(List.of(new Page(AT + "/moves", 5, 4), new Page(AT + "/moves?page=50", 5, 4)));
        } finally {
            cluster.held.replicas.running.clear();
        }

        // given
        long begun = System.nanoTime();
        HttpResponse<String> made = console.submit(
                AT + "/moves/new",
                AT + "/moves/new",
                Map.of("goal", "factor", "topic", "*", "factor", "2", "measure", "count"));
        log.info("a plan for all: {} ms {}", (System.nanoTime() - begun) / 1_000_000, made.statusCode());
        String review = made.headers().firstValue("Location").orElseThrow();

        // when, then
        walk(List.of(new Page(review, 0, 0), new Page(review + "?page=700", 0, 0)));
    }

    private static void walk(List<Page> pages) {
        List<String> wrong = new ArrayList<>();
        StringBuilder table = new StringBuilder();
        for (Page page : pages) {
            // when
            Look cold = best(page.path(), cluster::forget);
            look(page.path());
            Look warm = best(page.path(), () -> {});
            Look later = best(page.path(), () -> cluster.pass(LONG));
            table.append(String.format(
                    "%n| `%s` | %d | %d | %d | %d | %d | %d | %d |",
                    page.path(),
                    cold.calls(),
                    cold.millis(),
                    warm.calls(),
                    warm.millis(),
                    later.calls(),
                    later.millis(),
                    cold.bytes() >> 10));

            // then
            for (Look look : List.of(cold, warm, later)) {
                if (look.status() >= 400 || look.bytes() > LARGEST || look.millis() > SOON.toMillis()) {
                    wrong.add(page.path() + " " + look);
                }
            }
            if (cold.calls() > page.cold() || later.calls() > page.cold() || warm.calls() > page.warm()) {
                wrong.add(page.path() + " asks " + cold.asked() + ", " + warm.asked() + ", " + later.asked());
            }
        }
        log.info("{}", table);
        assertThat(wrong).isEmpty();
    }

    /** The machine may be busy with something else: so a slow look is repeated. */
    private static Look best(String path, Runnable before) {
        Look best = null;
        for (int i = 0; i < TRIES && (best == null || best.millis() > SOON.toMillis()); i++) {
            before.run();
            Look look = look(path);
            best = best == null || look.millis() < best.millis() ? look : best;
        }
        return best;
    }

    /** Looks, and lets what the page began in the background come to its end. */
    private static Look look(String path) {
        cluster.clear();
        long begun = System.nanoTime();
        HttpResponse<String> answer;
        try {
            answer = console.send(console.request(path)
                    .header("Accept", path.matches("/(v3|api)/.*") ? "application/json" : "text/html"));
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(path, failure);
        }
        long took = (System.nanoTime() - begun) / 1_000_000;
        await().until(cluster::idle);
        return new Look(
                answer.statusCode(), took, cluster.calls(), answer.body().length());
    }
}
