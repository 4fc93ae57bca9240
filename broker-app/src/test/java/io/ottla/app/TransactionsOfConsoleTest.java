package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of the broker that the console is beside: those that its coordinators know, and one that nobody will end. */
class TransactionsOfConsoleTest {
    private static final String AT = "/clusters/ottla";
    private static final Pattern CLUSTER = Pattern.compile("\"cluster_id\":\"([^\"]+)\"");
    private static final String LATE_PARTITIONS = "kafka_server_replicamanager_partitionswithlatetransactionscount";
    /** Longer than any transaction may be open. */
    private static final Duration LATE = Duration.ofMinutes(30);

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private OttlaProcess process;
    private ConsoleClient console;
    private String password;

    @Test
    void shouldTellAndAbortTransactions() throws Exception {
        leaveAHangingOne();
        try (OttlaProcess started = serve();
                ConsoleClient client = new ConsoleClient();
                Admin admin = Admin.create(Map.of("bootstrap.servers", started.bootstrap()));
                KafkaProducer<String, String> producer = producer(started)) {
            process = started;
            console = client;
            // given  one that is open
            admin.createTopics(List.of(new NewTopic("payments", 2, (short) 1)))
                    .all()
                    .get();
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("payments", 1, "k", "v")).get();
            console.logIn(process, "admin", password);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(page("/brokers")).contains(AT + "/transactions"));

            shouldTell();
            shouldEndTheHangingOne(admin);

            // when   the open one is aborted
            assertThat(submit("/transactions/abort?id=pay-1", "/transactions/abort", "id", "pay-1", "typed", "pay-1")
                            .statusCode())
                    .isEqualTo(302);

            // then   its producer can't go on
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(page("/transactions?state=ONGOING")).doesNotContain("pay-1"));
            assertThat(program("/transactions/pay-1"))
                    .contains("\"state\":\"EMPTY\"", "\"partitions\":[]", "\"started_at_ms\":null");
            assertThat(process.output()).contains("abort-transaction DONE by admin");
        }
    }

    private void shouldTell() throws Exception {
        assertThat(page("/transactions")).contains("pay-1", "ongoing");
        assertThat(page("/transactions?q=pay-*&state=ONGOING&seconds=0")).contains("pay-1");
        assertThat(page("/transactions?q=other*")).doesNotContain("pay-1");
        assertThat(page("/transactions/one?id=pay-1")).contains("payments", "1 min", ">0<");
        assertThat(program("/transactions/pay-1")).contains("\"state\":\"ONGOING\"", "payments");
        assertThat(page("/topics/payments/records?partition=1")).contains("not committed");
        assertThat(page("/topics/__transaction_state/records")).contains("pay-1");
    }

    private void shouldEndTheHangingOne(Admin admin) throws Exception {
        String hanging = "/transactions/hanging";
        assertThat(page(hanging + "?broker=0&minutes=0"))
                .contains("stuck", "4242")
                .doesNotContain("topic=payments");
        assertThat(page(hanging + "?broker=0")).contains("stuck", "4242");
        assertThat(stable(admin)).isEqualTo(1);
        awaitLatePartitions(1);
        assertThat(submit(
                                hanging + "/abort?topic=stuck&partition=0&producer=4242",
                                hanging + "/abort",
                                "topic",
                                "stuck",
                                "partition",
                                "0",
                                "producer",
                                "4242",
                                "typed",
                                "stuck-0")
                        .statusCode())
                .isEqualTo(302);
        await().atMost(SOON).untilAsserted(() -> assertThat(stable(admin)).isEqualTo(3));
        assertThat(page(hanging + "?topic=stuck&minutes=0")).contains("Nothing hangs here");
        awaitLatePartitions(0);
    }

    private void awaitLatePartitions(double count) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(MetricsPage.of(process).values()).containsEntry(LATE_PARTITIONS, count));
    }

    private OttlaProcess serve() {
        return OttlaProcess.serve(folder, "broker.id=0", "transaction.state.log.num.partitions=2")
                .awaitReady();
    }

    /** Lets a broker find in its log what one that asks no coordinator would have taken. */
    private void leaveAHangingOne() throws Exception {
        try (OttlaProcess before = serve();
                Admin admin = Admin.create(Map.of("bootstrap.servers", before.bootstrap()));
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", before.bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            password = before.password(); // It is told once.
            admin.createTopics(List.of(new NewTopic("stuck", 1, (short) 1)))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>("stuck", "k", "before")).get();
        }
        ByteBuffer lost = MemoryRecords.withTransactionalRecords(
                        1,
                        Compression.NONE,
                        4242,
                        (short) 0,
                        0,
                        0,
                        new SimpleRecord(
                                System.currentTimeMillis() - LATE.toMillis(), "lost".getBytes(StandardCharsets.UTF_8)))
                .buffer();
        Path log = folder.resolve("logs").resolve("stuck-0").resolve("00000000000000000000.log");
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.APPEND)) {
            file.write(lost);
        }
    }

    private static KafkaProducer<String, String> producer(OttlaProcess at) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", at.bootstrap(), "transactional.id", "pay-1"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static long stable(Admin admin) throws Exception {
        TopicPartition at = new TopicPartition("stuck", 0);
        return admin.listOffsets(Map.of(at, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(at)
                .get()
                .offset();
    }

    private String page(String path) throws Exception {
        HttpResponse<String> answer = console.get(process, AT + path);
        assertThat(answer.statusCode()).as(path + "\n" + answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** @param fields name, value, name, value, … */
    private HttpResponse<String> submit(String page, String path, String... fields) throws Exception {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            all.put(fields[i], fields[i + 1]);
        }
        return console.submit(process, AT + page, AT + path, all);
    }

    /** What a program is told, below the cluster. */
    private String program(String path) throws Exception {
        String user = Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        Matcher cluster = CLUSTER.matcher(
                process.get("/v3/clusters", "Authorization", "Basic " + user).body());
        assertThat(cluster.find()).isTrue();
        HttpResponse<String> answer =
                process.get("/api/v1/clusters/" + cluster.group(1) + path, "Authorization", "Basic " + user);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
