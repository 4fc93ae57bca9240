package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.OttlaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups through Kafka's own {@code kafka-consumer-groups}, and through what else reads the topic of offsets. */
@Tag("full")
class GroupToolsTest {
    private static final int RECORDS = 100;

    @TempDir
    Path folder;

    private OttlaProcess broker;

    @BeforeEach
    void start() throws Exception {
        broker = OttlaProcess.serve(folder, "group.initial.rebalance.delay.ms=0");
        broker.awaitReady();
        try (Admin admin = admin()) {
            admin.createTopics(List.of(
                            new NewTopic("t", 2, (short) 1).configs(Map.of("retention.ms", "-1")),
                            new NewTopic("u", 1, (short) 1)))
                    .all()
                    .get();
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("t", i % 2, 1_000_000L + i * 1000L, "key", "value " + i))
                        .get();
            }
            producer.send(new ProducerRecord<>("u", "key", "value")).get();
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    private KafkaConsumer<String, String> member(String group) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                broker.bootstrap(),
                "group.id",
                group,
                "client.id",
                "reader",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false"));
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /** The tool's lines but for empty ones, each as its words. */
    private List<List<String>> groups(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("../bin/kafka-consumer-groups.sh", "--bootstrap-server", broker.bootstrap()));
        command.addAll(Arrays.asList(arguments));
        return ForeignProgram.run(command.toArray(String[]::new)).stream()
                .filter(line -> !line.isBlank())
                .map(line -> List.of(line.strip().split(" +")))
                .toList();
    }

    private Map<String, Long> offsets(String group) throws Exception {
        Map<String, Long> offsets = new TreeMap<>();
        try (Admin admin = admin()) {
            for (Map.Entry<TopicPartition, OffsetAndMetadata> each : admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()) {
                offsets.put(each.getKey().toString(), each.getValue().offset());
            }
        }
        return offsets;
    }

    /** A group in which nobody is, with offsets in the middle. */
    private void leftBehind(String group) throws Exception {
        try (Admin admin = admin()) {
            admin.alterConsumerGroupOffsets(
                            group,
                            Map.of(
                                    new TopicPartition("t", 0), new OffsetAndMetadata(20),
                                    new TopicPartition("t", 1), new OffsetAndMetadata(30)))
                    .all()
                    .get();
        }
    }

    @Test
    void shouldListAndDescribeGroups() throws Exception {
        // given  a group with a member that has read half, and one with offsets alone
        leftBehind("left");
        try (KafkaConsumer<String, String> member = member("used")) {
            member.subscribe(List.of("t"));
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (member.assignment().isEmpty() && System.nanoTime() < deadline) {
                member.poll(Duration.ofMillis(100));
            }
            member.commitSync(Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(40)));
            // when, then
            assertThat(groups("--list")).containsExactlyInAnyOrder(List.of("left"), List.of("used"));
            assertThat(groups("--list", "--state")).contains(List.of("left", "Empty"), List.of("used", "Stable"));
            assertThat(groups("--list", "--state", "stable"))
                    .contains(List.of("used", "Stable"))
                    .hasSize(2);
            assertThat(groups("--list", "--type")).contains(List.of("left", "Classic"), List.of("used", "Classic"));
            assertThat(groups("--list", "--type", "consumer")).hasSize(1);
            List<List<String>> described = groups("--describe", "--group", "used");
            assertThat(described)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("used", "t", "0", "40", "50", "10")
                            .anyMatch(word -> word.startsWith("reader-"))
                            .contains("/127.0.0.1", "reader"));
            assertThat(described).anySatisfy(line -> assertThat(line).startsWith("used", "t", "1", "-", "50", "-"));
            assertThat(groups("--describe", "--group", "used", "--members", "--verbose"))
                    .anySatisfy(line -> assertThat(line).contains("used", "reader", "2", "t:0,1"));
            assertThat(groups("--describe", "--group", "used", "--state"))
                    .anySatisfy(line -> assertThat(line).contains("used", "range", "Stable", "1"));
            assertThat(groups("--describe", "--group", "left"))
                    .contains(
                            List.of("left", "t", "0", "20", "50", "30", "-", "-", "-"),
                            List.of("left", "t", "1", "30", "50", "20", "-", "-", "-"));
            assertThat(groups("--describe", "--all-groups", "--state")).hasSizeGreaterThanOrEqualTo(4);
            // and    what is in use is neither reset nor deleted
            assertThat(groups("--delete", "--group", "used").toString()).contains("not", "empty");
            assertThat(groups("--delete-offsets", "--group", "used", "--topic", "t")
                            .toString())
                    .contains("Error:");
        }
    }

    @Test
    void shouldResetOffsetsInEveryWay() throws Exception {
        leftBehind("g");
        reset("--to-earliest");
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 0L, "t-1", 0L));
        reset("--to-latest");
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 50L, "t-1", 50L));
        reset("--to-offset", "7");
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 7L, "t-1", 7L));
        reset("--shift-by", "3");
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 10L, "t-1", 10L));
        reset("--shift-by", "-5");
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 5L, "t-1", 5L));
        reset("--to-datetime", "1970-01-01T00:17:00.000");
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 10L, "t-1", 10L));
        reset("--by-duration", "P30D");
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 50L, "t-1", 50L));
        reset("--to-offset", "4");
        reset("--to-current");
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 4L, "t-1", 4L));
        // what is only shown changes nothing, and what was exported is imported again
        List<List<String>> shown =
                groups("--reset-offsets", "--group", "g", "--topic", "t:1", "--to-offset", "9", "--dry-run");
        assertThat(shown).contains(List.of("g", "t", "1", "9"));
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 4L, "t-1", 4L));
        Path file = Files.writeString(folder.resolve("offsets.csv"), "t,0,11\nt,1,12\n");
        groups("--reset-offsets", "--group", "g", "--from-file", file.toString(), "--execute");
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 11L, "t-1", 12L));
        Path exported = Files.write(
                folder.resolve("exported.csv"),
                ForeignProgram.run(
                        "../bin/kafka-consumer-groups.sh",
                        "--bootstrap-server",
                        broker.bootstrap(),
                        "--reset-offsets",
                        "--group",
                        "g",
                        "--all-topics",
                        "--to-current",
                        "--export",
                        "--dry-run"));
        reset("--to-earliest");
        groups("--reset-offsets", "--group", "g", "--from-file", exported.toString(), "--execute");
        assertThat(offsets("g")).isEqualTo(Map.of("t-0", 11L, "t-1", 12L));
    }

    private void reset(String... how) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("--reset-offsets", "--group", "g", "--topic", "t", "--execute"));
        arguments.addAll(Arrays.asList(how));
        groups(arguments.toArray(String[]::new));
    }

    @Test
    void shouldDeleteOffsetsAndGroups() throws Exception {
        leftBehind("g");
        try (Admin admin = admin()) {
            admin.alterConsumerGroupOffsets("g", Map.of(new TopicPartition("u", 0), new OffsetAndMetadata(1)))
                    .all()
                    .get();
        }
        groups("--delete-offsets", "--group", "g", "--topic", "t:0");
        assertThat(offsets("g")).isEqualTo(Map.of("t-1", 30L, "u-0", 1L));
        groups("--delete-offsets", "--group", "g", "--topic", "t");
        assertThat(offsets("g")).isEqualTo(Map.of("u-0", 1L));
        assertThat(groups("--delete", "--group", "g").toString()).contains("successful");
        assertThat(groups("--list")).isEmpty();
    }

    @Test
    void shouldKeepOffsetsAsKafkasFormatterReadsThem() throws Exception {
        // given
        leftBehind("g");
        // when   Kafka's console consumer prints the topic by Kafka's own formatter
        List<String> said = ForeignProgram.run(
                "../bin/kafka-console-consumer.sh",
                "--bootstrap-server",
                broker.bootstrap(),
                "--topic",
                "__consumer_offsets",
                "--from-beginning",
                "--timeout-ms",
                "5000",
                "--formatter",
                "org.apache.kafka.tools.consumer.OffsetsMessageFormatter");
        // then
        assertThat(said)
                .anySatisfy(line -> assertThat(line)
                        .contains("\"group\":\"g\"", "\"topic\":\"t\"", "\"partition\":0", "\"offset\":20"))
                .anySatisfy(line -> assertThat(line).contains("\"partition\":1", "\"offset\":30"));
    }

    @Test
    void shouldShowGroupsOfTheConsumerProtocol() throws Exception {
        // given  a member of that protocol that has committed
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers", broker.bootstrap(),
                "group.id", "modern",
                "group.protocol", "consumer",
                "client.id", "reader",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false"));
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("t"));
            int read = 0;
            while (read < RECORDS) {
                read += consumer.poll(Duration.ofMillis(100)).count();
            }
            consumer.commitSync();

            // when, then
            assertThat(groups("--list", "--type", "consumer"))
                    .containsExactly(List.of("GROUP", "TYPE"), List.of("modern", "Consumer"));
            assertThat(groups("--list", "--type", "classic", "--state", "stable"))
                    .noneMatch(line -> line.contains("modern"));
            assertThat(groups("--list", "--state", "stable")).contains(List.of("modern", "Stable"));
            assertThat(groups("--describe", "--group", "modern", "--state"))
                    .anyMatch(line -> line.contains("modern") && line.contains("uniform") && line.contains("Stable"));
            assertThat(groups("--describe", "--group", "modern", "--members", "--verbose"))
                    .anyMatch(line -> line.contains("reader") && line.toString().contains("t:0,1"));
            assertThat(groups("--describe", "--group", "modern", "--offsets"))
                    .filteredOn(line -> line.contains("reader"))
                    .hasSize(2)
                    .allMatch(line -> line.containsAll(List.of("50", "0")));
            assertThat(groups("--delete", "--group", "modern").toString()).contains("GroupNotEmptyException");
        }
        assertThat(groups("--delete", "--group", "modern").toString()).contains("successful");
        assertThat(groups("--list").toString()).doesNotContain("modern");
    }
}
