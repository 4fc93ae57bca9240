package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long it takes to look through a topic of many partitions from its newest record on. */
@Tag("full")
class SearchOfConsoleTest {
    private static final int PARTITIONS = 50;
    private static final int RECORDS = 100_000;
    /** The console ends a look after ten seconds. This leaves a slow machine some of them. */
    private static final Duration WELL_WITHIN = Duration.ofSeconds(8);

    @TempDir
    Path folder;

    private OttlaProcess process;
    private String user;
    private String records;

    @Test
    void shouldLookThroughManyPartitionsFromTheNewestRecordOn() throws Exception {
        try (OttlaProcess started = OttlaProcess.serve(folder, "broker.id=0").awaitReady();
                Admin admin = Admin.create(Map.of("bootstrap.servers", started.bootstrap()))) {
            // given
            process = started;
            user = "Basic "
                    + Base64.getEncoder()
                            .encodeToString(("admin:" + started.password()).getBytes(StandardCharsets.UTF_8));
            admin.createTopics(List.of(new NewTopic("wide", PARTITIONS, (short) 1)))
                    .all()
                    .get();
            write();
            records = "/api/v1/clusters/"
                    + one("\"cluster_id\":\"([^\"]+)\"", get("/v3/clusters").body()) + "/topics/wide/records";

            // when, then   a page of the newest
            look("newest page", "size=50", 50, "enough");
            // when, then   what is nowhere: all is looked through
            look("looking for nothing", "q=nowhere&scan=1000000", RECORDS, "end");
            // when, then   what lies at the very beginning
            assertThat(look("looking for the oldest", "q=value-0-of&scan=1000000", RECORDS, "end"))
                    .contains("value-0-of");
            shouldGoOnWhereALookEnded();
        }
    }

    private void shouldGoOnWhereALookEnded() throws Exception {
        int looked = 0;
        int looks = 0;
        String cursor = "";
        while (!cursor.equals("none")) {
            String answer = get(records + "?q=nowhere" + cursor).body();
            looked += Integer.parseInt(one("\"looked\":(\\d+)", answer));
            looks++;
            Matcher older = Pattern.compile("\"older\":\"([^\"]+)\"").matcher(answer);
            cursor = older.find() ? "&cursor=" + older.group(1) : "none";
        }
        assertThat(looked).isEqualTo(RECORDS);
        assertThat(looks).isEqualTo(5);
    }

    private String look(String what, String query, int looked, String end) throws Exception {
        long begun = System.nanoTime();
        HttpResponse<String> answer = get(records + "?" + query);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.println(what + ": " + took.toMillis() + " ms, " + PARTITIONS + " partitions");
        assertThat(answer.body()).as(what).contains("\"looked\":" + looked + ",", "\"end\":\"" + end + "\"");
        assertThat(took).as(what).isLessThan(WELL_WITHIN);
        return answer.body();
    }

    private void write() {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", process.bootstrap(), "linger.ms", 20),
                new StringSerializer(),
                new StringSerializer())) {
            String rest = "x".repeat(150);
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("wide", "key-" + i, "value-" + i + "-of " + rest));
            }
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpResponse<String> answer = process.get(path, "Authorization", user);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static String one(String pattern, String in) {
        Matcher found = Pattern.compile(pattern).matcher(in);
        assertThat(found.find()).as(in).isTrue();
        return found.group(1);
    }
}
