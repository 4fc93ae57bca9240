package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real producers wrote to a real broker, as the console of its process tells it, and the other way round. */
class RecordsOfProcessTest {
    private static final Pattern CLUSTER = Pattern.compile("\"cluster_id\" *: *\"([^\"]+)\"");
    private static final Pattern NEWER = Pattern.compile("\"newer\" *: *\"([^\"]+)\"");
    private static final Pattern KEY = Pattern.compile("\"key\" *: *\"(key-[^\"]+)\"");
    private static final List<String> COMPRESSIONS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    @TempDir
    Path folder;

    @Test
    void shouldReadWhatProducersWroteAndWriteWhatConsumersRead() throws Exception {
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady();
                HttpClient client = HttpClient.newHttpClient()) {
            // given  records of each compression, with headers and a tombstone, on three partitions
            String bootstrap = process.bootstrap();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
                admin.createTopics(List.of(new NewTopic("orders", 3, (short) 1)))
                        .all()
                        .get();
            }
            Set<String> written = new HashSet<>();
            for (String compression : COMPRESSIONS) {
                produce(bootstrap, compression, written);
            }
            Matcher id =
                    CLUSTER.matcher(send(client, process, "/v3/clusters", null).body());
            assertThat(id.find()).isTrue();
            String v1 = "/api/v1/clusters/" + id.group(1) + "/topics/orders/records";

            // when   page after page, until there is none
            List<String> seen = new ArrayList<>();
            String body = "";
            String next = v1 + "?from=oldest&size=120";
            while (next != null) {
                body = send(client, process, next, null).body();
                KEY.matcher(body).results().forEach(key -> seen.add(key.group(1)));
                Matcher newer = NEWER.matcher(body);
                next = newer.find() ? v1 + "?from=oldest&size=120&cursor=" + newer.group(1) : null;
            }

            // then
            assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(written);
            String tombstone =
                    send(client, process, v1 + "?q=key-zstd-0&in=key", null).body();
            assertThat(tombstone).contains("\"value\":null", "\"name\":\"trace\",\"value\":\"zstd\"");
            assertThat(send(client, process, v1 + "?path=$.n&operand=7&committed=true", null)
                            .body())
                    .contains("\"key\":\"key-gzip-7\"", "\"key\":\"key-lz4-7\"", "\"end\":\"end\"");

            // when   a program writes
            String produced = send(
                            client,
                            process,
                            "/v3/clusters/" + id.group(1) + "/topics/orders/records",
                            "{\"partition_id\":2,\"key\":{\"type\":\"STRING\",\"data\":\"mine\"},\"value\":{\"type\":\"JSON\","
                                    + "\"data\":{\"a\":[1]}}}{\"value\":{\"type\":\"STRING\",\"data\":\"two\"}}")
                    .body();

            // then   a consumer of Kafka's reads it
            assertThat(produced.lines()).hasSize(2).allMatch(line -> line.startsWith("{\"error_code\":200"));
            assertThat(read(bootstrap, 2)).contains("mine={\"a\":[1]}");

            // and    the pages show it, and what the broker itself keeps of a group
            consumeInGroup(bootstrap);
            String at = "/clusters/ottla/topics/";
            assertThat(send(client, process, at + "orders/records?q=mine", null).body())
                    .contains("mine", "records looked through");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(send(client, process, at + "__consumer_offsets/records?q=readers", null)
                                            .body())
                                    .contains("OffsetCommit", "readers", "group coordinator"));
            assertThat(send(client, process, at + "orders/records/export?as=csv&from=oldest", null)
                            .body()
                            .lines())
                    .hasSize(written.size() + 3);
            assertThat(process.output()).doesNotContain(" ERROR ");
        }
    }

    private static void produce(String bootstrap, String compression, Set<String> written) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "compression.type", compression, "linger.ms", 50),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < 100; i++) {
                String key = "key-" + compression + "-" + i;
                ProducerRecord<String, String> record =
                        new ProducerRecord<>("orders", key, i == 0 ? null : "{\"n\":" + i + "}");
                record.headers().add("trace", compression.getBytes(StandardCharsets.UTF_8));
                producer.send(record);
                written.add(key);
            }
            producer.flush();
        }
    }

    private static List<String> read(String bootstrap, int partition) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false"),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition from = new TopicPartition("orders", partition);
            consumer.assign(List.of(from));
            consumer.seekToBeginning(List.of(from));
            List<String> read = new ArrayList<>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> read.add(record.key() + "=" + record.value()));
                return consumer.position(from)
                        >= consumer.endOffsets(List.of(from)).get(from);
            });
            return read;
        }
    }

    private static void consumeInGroup(String bootstrap) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "group.id", "readers", "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("orders"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
            consumer.commitSync();
        }
    }

    /** @param body null to ask */
    private static HttpResponse<String> send(HttpClient client, OttlaProcess process, String path, String body)
            throws Exception {
        String user =
                Base64.getEncoder().encodeToString(("admin:" + process.password()).getBytes(StandardCharsets.UTF_8));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(process.console() + path))
                .header("Authorization", "Basic " + user)
                .header("Content-Type", "application/json");
        HttpResponse<String> answer = client.send(
                (body == null ? request.GET() : request.POST(BodyPublishers.ofString(body))).build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }
}
