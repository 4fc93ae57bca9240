package io.ottla.console;

import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.groups.TestingGroups;
import io.ottla.console.oldconsumers.TestingNodes;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** A console in which every page has something to show, names that are long among it, and the addresses of all its pages. */
final class FullHouse implements AutoCloseable {
    /** A cluster without anything in it has these to say. */
    static final Map<String, String> EMPTY = pages(
            "topics", "/clusters/ottla/topics",
            "groups", "/clusters/ottla/groups",
            "moves", "/clusters/ottla/moves",
            "distribution", "/clusters/ottla/distribution",
            "transactions", "/clusters/ottla/transactions",
            "acls", "/clusters/ottla/acls",
            "quotas", "/clusters/ottla/quotas",
            "users", "/clusters/ottla/users",
            "zookeeper", "/clusters/ottla/zookeeper",
            "account", "/account");

    /** What is not there, or not for anybody. */
    static final Map<String, String> FAILURES = pages(
            "no-page", "/clusters/ottla/nowhere",
            "no-cluster", "/clusters/nowhere/topics",
            "no-topic", "/clusters/ottla/topics/nowhere",
            "no-group", "/clusters/ottla/groups/nowhere",
            "no-broker", "/clusters/ottla/brokers/77",
            "no-plan", "/clusters/ottla/moves/plans/nowhere",
            "no-person", "/people/of/nobody",
            "no-transaction", "/clusters/ottla/transactions/one?id=nowhere",
            "no-node", "/clusters/ottla/zookeeper/nodes?path=/nowhere",
            "bad-node", "/clusters/ottla/zookeeper/nodes?path=x",
            "bad-reset", "/clusters/ottla/groups/idle/reset?to=time&value=noon");

    private static final long NOON = 1_796_000_000_000L;

    final TestingCluster cluster = new TestingCluster();
    final TestingGroups groups = new TestingGroups(cluster);
    final TestingNodes consumers = new TestingNodes();
    final TestingZooKeeper zookeeper = new TestingZooKeeper();
    final TestingConsole console;

    private FullHouse(Path folder) {
        groups.zooKeeper = Optional.of(consumers.access());
        console = TestingConsole.start(
                folder,
                groups.cluster(),
                Map.of(
                        "console.admin.password", TestingPassword.PASSWORD,
                        "console.users.victor.password", "victors-password",
                        "console.users.[olga.operator].password", "olgas-password",
                        "console.users.[olga.operator].role", "operator",
                        "console.users.[olga.operator].topics", "orders-*,payments-*",
                        "console.lag.refresh", "1s"),
                generic -> generic.registerBean(ZooKeeperPort.class, () -> zookeeper));
    }

    /** A cluster in which nobody did anything yet. */
    static FullHouse empty(Path folder) throws Exception {
        FullHouse house = new FullHouse(folder);
        house.logIn();
        return house;
    }

    static FullHouse full(Path folder) throws Exception {
        FullHouse house = new FullHouse(folder);
        house.topics();
        house.groups();
        house.oldConsumers();
        house.security();
        house.records();
        house.nodes();
        house.logIn();
        house.people();
        return house;
    }

    private void oldConsumers() {
        consumers
                .with("/consumers/nightly-export/ids", "")
                .offset("nightly-export", "orders", 0, 400)
                .offset("nightly-export", "nowhere", 0, 7)
                .member("mirror", "mirror_host-7.example.net-1417375850123-abcd1234", "orders", 0, 2)
                .offset("mirror", "orders", 0, 100);
    }

    private void people() throws Exception {
        submit(
                "/people/add",
                Map.of("name", "ann", "password", "anns-password", "role", "operator", "topics", "orders-*"));
        submit(
                "/add-cluster",
                Map.of("key", "staging", "name", "Staging", "bootstrap", "kafka.example.net:9092", "enabled", "true"));
        console.submit("/account", "/account/tokens", Map.of("label", "nightly report", "days", "30"));
    }

    private void submit(String form, Map<String, String> fields) throws Exception {
        HttpResponse<String> answer = console.submit(form, form, fields);
        if (answer.statusCode() != 302) {
            throw new AssertionError(answer.body());
        }
    }

    private void logIn() throws Exception {
        console.logIn(TestingPassword.PASSWORD);
    }

    private void topics() {
        cluster.with("orders", 12)
                .with("payments.settled", 3)
                .with("audit-log", 6)
                .with("customer-data-platform.warehouse.events.enriched-with-geo-and-consent.v2", 24)
                .with("__consumer_offsets", 50);
        for (int i = 0; i < 30; i++) {
            cluster.with("metrics-%02d".formatted(i), 1 + i % 4);
        }
        List<Partition> lonely = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            lonely.add(new Partition(i, i == 3 ? -1 : 1, List.of(1, 2), i == 3 ? List.of() : List.of(1, 2)));
        }
        cluster.topics.put("lopsided", new Topic("lopsided", "nL7xUwEpQ6uQkTz2J0k0Bw", false, lonely));
        cluster.settings.put(
                "orders",
                Map.of("retention.ms", "604800000", "cleanup.policy", "compact,delete", "segment.bytes", "1073741824"));
    }

    private void groups() {
        groups.with("billing", GroupType.CLASSIC, GroupState.STABLE)
                .at("orders", 0, 400)
                .at("orders", 1, 1_200)
                .at("orders", 2, 890)
                .at("payments.settled", 0, 990)
                .member("m-1", "static-1", "orders", 0, 1)
                .member("m-2", "", "orders", 2);
        groups.with("idle", GroupType.CONSUMER, GroupState.EMPTY)
                .at("orders", 0, 100)
                .at("orders", 1, 350);
        groups.with("shared", GroupType.SHARE, GroupState.STABLE).at("orders", 2, 700);
        groups.with(
                        "connect-customer-data-platform-sink-warehouse-eu-west-1",
                        GroupType.CLASSIC,
                        GroupState.PREPARING_REBALANCE)
                .at("audit-log", 0, 120);
        groups.with("dead-letters", GroupType.CLASSIC, GroupState.DEAD);
        groups.ends.put(new TopicPartition("orders", 1), 12_345_678L);
    }

    private void security() {
        for (String[] rule : new String[][] {
            {"TOPIC", "orders", "LITERAL", "User:ann", "READ", "ALLOW"},
            {"TOPIC", "orders", "LITERAL", "User:ann", "DESCRIBE", "ALLOW"},
            {"TOPIC", "metrics-", "PREFIXED", "User:CN=collector,OU=Observability,O=Example Ltd,C=DE", "WRITE", "ALLOW"
            },
            {"GROUP", "billing", "LITERAL", "User:ann", "READ", "ALLOW"},
            {"CLUSTER", "kafka-cluster", "LITERAL", "User:root", "ALTER", "ALLOW"},
            {"TOPIC", "*", "LITERAL", "User:mallory", "ALL", "DENY"}
        }) {
            cluster.security.acls.add(new AclBinding(
                    new ResourcePattern(ResourceType.valueOf(rule[0]), rule[1], PatternType.valueOf(rule[2])),
                    new AccessControlEntry(
                            rule[3], "*", AclOperation.valueOf(rule[4]), AclPermissionType.valueOf(rule[5]))));
        }
        Map<String, String> everybody = new TreeMap<>();
        everybody.put(ClientQuotaEntity.USER, null);
        cluster.security.quotas.put(
                new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "ann")),
                new TreeMap<>(Map.of("producer_byte_rate", 1_048_576.0, "consumer_byte_rate", 4_194_304.0)));
        cluster.security.quotas.put(
                new ClientQuotaEntity(everybody), new TreeMap<>(Map.of("request_percentage", 150.0)));
        cluster.security.users.put("ann", new TreeMap<>(Map.of((byte) 1, 8192, (byte) 2, 8192)));
        cluster.security.users.put("CN=collector,OU=Observability", new TreeMap<>(Map.of((byte) 2, 4096)));
        cluster.security.open("payments-tx-7", 4711, new TopicPartition("orders", 1), new TopicPartition("orders", 2));
        cluster.security.write(new TopicPartition("orders", 4), 99, 1_000, 1_700_000_000_000L);
    }

    private void records() {
        for (int i = 0; i < 120; i++) {
            cluster.records.add(
                    "orders",
                    i % 3,
                    NOON + i * 1_000L,
                    ("order-" + i).getBytes(StandardCharsets.UTF_8),
                    i % 17 == 0
                            ? null
                            : ("{\"customer\":{\"id\":" + i % 5 + ",\"name\":\"" + (i % 2 == 0 ? "王小明" : "Ann")
                                            + "\"},\"amount\":" + i + ".50,\"items\":[\"茶\",\"tea\"]}")
                                    .getBytes(StandardCharsets.UTF_8),
                    new RecordHeaders().add("trace-id", ("t-" + i).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void nodes() {
        cluster.replicas.configs.put(
                new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1"),
                Map.of("root", "INFO", "io.ottla", "DEBUG", "io.ottla.broker.network", "WARN"));
        node("/", "");
        node("/brokers", "");
        node("/brokers/ids", "");
        node("/brokers/ids/1", "{\"host\":\"kafka-1.example.net\",\"port\":9092,\"version\":5}");
        node("/controller", "{\"version\":2,\"brokerid\":2}");
        node("/config", "");
    }

    private void node(String path, String content) {
        zookeeper.nodes.put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Where the review of a plan is that moves a topic. */
    String plan() throws Exception {
        HttpResponse<String> made = console.submit(
                "/clusters/ottla/moves/new",
                "/clusters/ottla/moves/new",
                Map.of("goal", "spread", "topic", "lopsided", "broker", "3", "factor", "1", "measure", "count"));
        return made.headers().firstValue("Location").orElseThrow(() -> new AssertionError(made.body()));
    }

    /** From now on something moves. */
    void move() throws Exception {
        String plan = plan();
        console.submit(plan, plan + "/execute", Map.of("throttle", "50M", "clear", "true", "batch", "2"));
    }

    /** By name, the address of every page. */
    Map<String, String> pages() throws Exception {
        String at = "/clusters/ottla";
        String topic = at + "/topics/orders";
        Map<String, String> pages = pages(
                "clusters", "/clusters",
                "add-cluster", "/add-cluster",
                "people", "/people",
                "add-person", "/people/add",
                "person", "/people/of/ann",
                "person-configured", "/people/of/admin",
                "edit-cluster", "/edit-cluster/staging",
                "account", "/account",
                "audit", "/audit",
                "brokers", at + "/brokers",
                "broker", at + "/brokers/1",
                "replicas", at + "/brokers/1/replicas",
                "loggers", at + "/brokers/1/loggers",
                "broker-setting", at + "/brokers/1/settings/min.insync.replicas",
                "unregister", at + "/unregister-broker",
                "distribution", at + "/distribution",
                "topics", at + "/topics",
                "topics-spread", at + "/topics?internal=true&spread=true&sort=size&dir=desc",
                "topics-none-found", at + "/topics?q=zzz",
                "create-topic", at + "/create-topic",
                "clone-topic", at + "/create-topic?like=orders",
                "topic", topic,
                "topic-offline", at + "/topics/lopsided",
                "topic-distribution", topic + "/distribution",
                "topic-producers", topic + "/producers",
                "topic-no-producers", at + "/topics/audit-log/producers",
                "topic-groups", topic + "/groups",
                "topic-no-groups", at + "/topics/lopsided/groups",
                "topic-setting", topic + "/settings/retention.ms",
                "add-partitions", topic + "/add-partitions",
                "delete-records", topic + "/delete-records",
                "delete-topic", topic + "/delete",
                "records", topic + "/records",
                "records-none", at + "/topics/audit-log/records",
                "records-none-found", topic + "/records?q=nowhere",
                "record", topic + "/records/1/3",
                "produce", topic + "/records/produce",
                "tail", topic + "/records/tail",
                "groups", at + "/groups",
                "groups-none-found", at + "/groups?q=zzz",
                "group", at + "/groups/billing",
                "group-empty", at + "/groups/idle",
                "group-share", at + "/groups/shared",
                "group-reset", at + "/groups/idle/reset?to=shift&value=250",
                "group-reset-in-use", at + "/groups/billing/reset?to=earliest",
                "group-forget", at + "/groups/idle/forget?topic=orders",
                "group-delete", at + "/groups/idle/delete",
                "group-remove", at + "/groups/billing/remove?instance=static-1",
                "moves-new", at + "/moves/new",
                "moves-drain", at + "/moves/new?goal=drain",
                "moves-by-hand", at + "/moves/by-hand?topic=orders",
                "moves-verify", at + "/moves/verify",
                "elections", at + "/elections?topic=orders",
                "acls", at + "/acls",
                "acls-none-found", at + "/acls?name=zzz",
                "acls-one", at + "/acls/create",
                "acls-consumer", at + "/acls/create?as=consumer",
                "acls-streams", at + "/acls/create?as=streams",
                "acls-delete", at + "/acls/delete?principal=User:ann",
                "acls-import", at + "/acls/import",
                "quotas", at + "/quotas",
                "quotas-edit", at + "/quotas/edit",
                "users", at + "/users",
                "users-password", at + "/users/password",
                "users-delete", at + "/users/delete?name=ann&mechanism=SCRAM-SHA-256",
                "transactions", at + "/transactions",
                "transaction", at + "/transactions/one?id=payments-tx-7",
                "transaction-abort", at + "/transactions/abort?id=payments-tx-7",
                "hanging", at + "/transactions/hanging",
                "hanging-found", at + "/transactions/hanging?topic=orders",
                "hanging-abort", at + "/transactions/hanging/abort?topic=orders&partition=4&producer=99",
                "old-group", at + "/zookeeper-groups/mirror",
                "old-group-idle", at + "/zookeeper-groups/nightly-export",
                "old-group-reset", at + "/zookeeper-groups/nightly-export/reset",
                "old-group-delete", at + "/zookeeper-groups/nightly-export/delete",
                "old-group-forget", at + "/zookeeper-groups/nightly-export/forget?topic=orders",
                "zookeeper", at + "/zookeeper",
                "zookeeper-nodes", at + "/zookeeper/nodes",
                "zookeeper-node", at + "/zookeeper/nodes?path=/brokers/ids/1");
        pages.put("review", plan());
        move();
        pages.put("moves", at + "/moves");
        return pages;
    }

    private static Map<String, String> pages(String... namesAndAddresses) {
        Map<String, String> pages = new LinkedHashMap<>();
        for (int i = 0; i < namesAndAddresses.length; i += 2) {
            pages.put(namesAndAddresses[i], namesAndAddresses[i + 1]);
        }
        return pages;
    }

    @Override
    public void close() {
        console.close();
    }
}
