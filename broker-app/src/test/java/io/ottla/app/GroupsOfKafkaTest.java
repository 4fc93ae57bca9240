package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Share groups (KIP-932) and streams groups (KIP-1071) of Kafka 4.3, with Kafka's own clients in them, in the console. */
@Tag("full")
class GroupsOfKafkaTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String PAGES = "/clusters/kafka/groups";
    private static final int RECORDS = 100;
    private static final Pattern PLAN = Pattern.compile("name=\"plan\" value=\"([^\"]+)\"");

    @TempDir
    static Path folder;

    private static KafkaProcess kafka;
    private static ConsoleOfOthers console;
    private static Admin admin;
    private static String api;

    @BeforeAll
    static void start() throws Exception {
        String address = "127.0.0.1:" + KafkaProcess.freePort();
        kafka = KafkaProcess.onKraft(
                Files.createDirectories(folder.resolve("kafka")),
                1,
                address,
                Map.of(1, "127.0.0.1:" + KafkaProcess.freePort()),
                List.of(
                        "offsets.topic.replication.factor=1",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        "share.coordinator.state.topic.replication.factor=1",
                        "share.coordinator.state.topic.min.isr=1",
                        "group.initial.rebalance.delay.ms=0"));
        console =
                ConsoleOfOthers.start(folder, "console.clusters.kafka.bootstrap=" + address, "console.lag.refresh=1s");
        kafka.awaitReady();
        admin = Admin.create(Map.of("bootstrap.servers", address));
        admin.createTopics(List.of(
                        new NewTopic("jobs", 2, (short) 1),
                        new NewTopic("orders", 2, (short) 1),
                        new NewTopic("sums", 2, (short) 1)))
                .all()
                .get();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                for (String topic : List.of("jobs", "orders")) {
                    producer.send(new ProducerRecord<>(topic, i % 2, "key-" + i % 7, "value-" + i))
                            .get();
                }
            }
        }
        api = "/api/v1/clusters/" + admin.describeCluster().clusterId().get() + "/groups/";
    }

    @AfterAll
    static void stop() {
        if (admin != null) {
            admin.close();
        }
        if (console != null) {
            console.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    private static KafkaShareConsumer<String, String> worker() throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, "readers"),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        KafkaShareConsumer<String, String> worker = new KafkaShareConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrap(),
                        "group.id",
                        "readers",
                        "client.id",
                        "worker-1",
                        "max.poll.records",
                        10,
                        "share.acknowledgement.mode",
                        "explicit"),
                new StringDeserializer(),
                new StringDeserializer());
        worker.subscribe(List.of("jobs"));
        return worker;
    }

    @Test
    void shouldShowAndChangeAShareGroup() throws Exception {
        // given  a worker that has done 40 of 100 jobs, and gave one back that is to be tried again
        try (KafkaShareConsumer<String, String> worker = worker()) {
            Set<String> done = new HashSet<>();
            String[] given = {null};
            await().atMost(SOON).until(() -> {
                for (ConsumerRecord<String, String> job : worker.poll(Duration.ofMillis(200))) {
                    boolean again = given[0] == null || given[0].equals(job.value()) || done.size() >= 40;
                    given[0] = given[0] == null ? job.value() : given[0];
                    worker.acknowledge(job, again ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT);
                    if (!again) {
                        done.add(job.value());
                    }
                }
                worker.commitSync();
                return done.size() >= 40;
            });

            // then   the list and its page have it, with its member and what is left to do
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(console.page(PAGES))
                            .contains(">readers<", "<span>share</span>", "stable", "<span>60</span>"));
            assertThat(console.page(PAGES + "?type=SHARE&state=STABLE")).contains(">readers<");
            assertThat(console.page(PAGES + "?type=STREAMS")).doesNotContain(">readers<");
            String page = console.page(PAGES + "/readers");
            assertThat(page).contains("Share group", "worker-1", "127.0.0.1", "stable", ">jobs<", ">60<");
            assertThat(console.call(api + "readers/offsets"))
                    .startsWith("200 ")
                    .contains("\"topic_name\":\"jobs\"", "\"log_end_offset\":50");

            // and    its history goes on while somebody looks
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(console.call(api + "readers/lag-history"))
                            .contains("\"source\":\"passing\"", "\"lag\":60"));
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(console.page(PAGES + "/readers")).contains("lag-chart", "<path"));
            assertThat(console.page("/clusters/kafka/topics/jobs/groups")).contains(">readers<");
            assertThat(console.page(PAGES + "?sort=lag&dir=desc")).contains(">readers<");

            // and    nothing is changed below its member
            assertThat(console.call("POST", api + "readers/offsets", "{\"to\":\"earliest\",\"dry_run\":false}"))
                    .startsWith("409 ")
                    .contains("The group readers is in use: 1 member");
            assertThat(console.page(PAGES + "/readers/reset?to=earliest")).contains("in use: 1 member");
            assertThat(console.call("DELETE", api + "readers", "")).startsWith("409 ");
            assertThat(console.call("DELETE", api + "readers/members", ""))
                    .startsWith("400 ")
                    .contains("can remove members from no other");
            assertThat(console.call("/v3/clusters/" + clusterId() + "/consumer-groups"))
                    .doesNotContain("readers");
        }
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(console.page(PAGES + "/readers")).contains("empty"));

        // when   it is to begin anew, by the form
        String reset = PAGES + "/readers/reset";
        String preview = console.page(reset + "?to=earliest");
        assertThat(preview).contains("jobs", "name=\"plan\"");
        console.done(reset, reset, Map.of("plan", ConsoleOfOthers.found(PLAN, preview), "target", "earliest"));

        // then   Kafka's own tool says the same
        assertThat(offsets()).isEqualTo(Map.of(0, 0L, 1, 0L));
        assertThat(tool("--describe", "--group", "readers", "--offsets")).contains("jobs");
        assertThat(console.page(PAGES + "/readers")).contains(">100<");

        // when   by the API to an offset, a time, the end, and on by some
        apply("{\"to\":\"offset\",\"value\":\"20\",\"topic\":\"jobs\",\"partitions\":[1]");
        assertThat(offsets()).isEqualTo(Map.of(0, 0L, 1, 20L));
        apply("{\"to\":\"shift\",\"value\":\"5\"");
        assertThat(offsets()).isEqualTo(Map.of(0, 5L, 1, 25L));
        apply("{\"to\":\"time\",\"value\":\"2000-01-01T00:00:00Z\"");
        assertThat(offsets()).isEqualTo(Map.of(0, 0L, 1, 0L));
        apply("{\"to\":\"latest\"");
        assertThat(offsets()).isEqualTo(Map.of(0, 50L, 1, 50L));

        // when   it forgets the topic, and goes
        assertThat(console.call("DELETE", api + "readers/offsets?topic=jobs", ""))
                .startsWith("204");
        assertThat(console.call(api + "readers/offsets")).contains("\"offsets\":[]");
        assertThat(console.page(PAGES + "/readers")).contains("empty");
        console.done(PAGES + "/readers/delete", PAGES + "/readers/delete", Map.of("typed", "readers"));

        // then
        assertThat(console.page(PAGES)).doesNotContain(">readers<");
        assertThat(tool("--list")).doesNotContain("readers");
        assertThat(console.get(PAGES + "/readers").statusCode()).isEqualTo(404);
    }

    private static void apply(String body) throws Exception {
        assertThat(console.call("POST", api + "readers/offsets", body + "}"))
                .startsWith("200 ")
                .contains("\"dry_run\":true");
        assertThat(console.call("POST", api + "readers/offsets", body + ",\"dry_run\":false}"))
                .startsWith("200 ");
    }

    private static Map<Integer, Long> offsets() throws Exception {
        Map<Integer, Long> offsets = new java.util.TreeMap<>();
        admin.listShareGroupOffsets(Map.of("readers", new org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo("readers")
                .get()
                .forEach((partition, info) -> offsets.put(partition.partition(), info.startOffset()));
        return offsets;
    }

    private static String clusterId() throws Exception {
        return admin.describeCluster().clusterId().get();
    }

    private static String tool(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 2];
        all[0] = "--bootstrap-server";
        all[1] = kafka.bootstrap();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        Process process = new ProcessBuilder(
                        KafkaRelease.V4_3.command("org.apache.kafka.tools.consumer.group.ShareGroupCommand", all))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static KafkaStreams application() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream("orders").to("sums");
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "application.id",
                "billing",
                "client.id",
                "biller",
                "group.protocol",
                "streams",
                "auto.offset.reset",
                "earliest",
                "commit.interval.ms",
                "100",
                "state.dir",
                folder.resolve("streams").toString(),
                "default.key.serde",
                Serdes.StringSerde.class.getName(),
                "default.value.serde",
                Serdes.StringSerde.class.getName()));
        return new KafkaStreams(builder.build(), settings);
    }

    @Test
    void shouldShowAndChangeAStreamsGroup() throws Exception {
        // given  an application that has read all
        try (KafkaStreams streams = application()) {
            streams.start();
            await().atMost(SOON)
                    .until(() -> committed().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()
                            == RECORDS);

            // then   the list and its page have it, with what each member has
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(console.page(PAGES + "?type=STREAMS&state=STABLE"))
                            .contains(">billing<", "<span>streams</span>", "stable", "<span>0</span>"));
            assertThat(console.page(PAGES + "/billing"))
                    .contains(
                            "Streams group",
                            "biller",
                            "127.0.0.1",
                            "stable",
                            "<span>orders</span> <small>0, 1</small>");
            assertThat(console.call(api + "billing/offsets"))
                    .startsWith("200 ")
                    .contains("\"topic_name\":\"orders\"", "\"committed_offset\":50", "\"lag\":0");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(console.call(api + "billing/lag-history"))
                            .contains("\"lag\":0"));

            // and    nothing is changed below it
            assertThat(console.call("POST", api + "billing/offsets", "{\"to\":\"earliest\",\"dry_run\":false}"))
                    .startsWith("409 ")
                    .contains("The group billing is in use: ");
            assertThat(console.call("DELETE", api + "billing", "")).startsWith("409 ");
            assertThat(console.call("/v3/clusters/" + clusterId() + "/consumer-groups"))
                    .doesNotContain("billing");
            streams.close(CloseOptions.timeout(SOON)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(console.page(PAGES + "/billing")).contains("empty"));

        // when   it is to begin in the middle
        String reset = PAGES + "/billing/reset";
        String preview = console.page(reset + "?to=offset&value=30&topic=orders");
        console.done(reset, reset, Map.of("plan", ConsoleOfOthers.found(PLAN, preview), "target", "offset"));

        // then
        assertThat(committed())
                .isEqualTo(Map.of(new TopicPartition("orders", 0), 30L, new TopicPartition("orders", 1), 30L));
        assertThat(console.page(PAGES)).contains("<span>40</span>");

        // when   it forgets, and goes
        assertThat(console.call("DELETE", api + "billing/offsets?topic=orders", ""))
                .startsWith("204");
        assertThat(committed()).isEmpty();
        assertThat(console.call("DELETE", api + "billing", "")).startsWith("204");
        assertThat(console.page(PAGES)).doesNotContain(">billing<");
    }

    private static Map<TopicPartition, Long> committed() throws Exception {
        Map<TopicPartition, Long> committed = new java.util.HashMap<>();
        admin.listStreamsGroupOffsets(
                        Map.of("billing", new org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec()))
                .partitionsToOffsetAndMetadata("billing")
                .get()
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        committed.put(partition, offset.offset());
                    }
                });
        return committed;
    }
}
