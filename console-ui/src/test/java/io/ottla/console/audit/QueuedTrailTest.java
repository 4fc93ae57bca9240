package io.ottla.console.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.console.access.Action;
import io.ottla.console.access.AuditEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueuedTrailTest {
    private final Sink sink = new Sink();
    private final List<AuditEntry> logged = new CopyOnWriteArrayList<>();
    private final QueuedTrail trail = new QueuedTrail(logged::add, sink, Duration.ofMillis(5));

    private static final class Sink implements AuditSink {
        final List<String> written = new CopyOnWriteArrayList<>();
        volatile boolean away;
        volatile boolean closed;
        volatile int tries;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
        public void write(byte[] record) throws IOException {
            tries++;
            if (away) {
                throw new IOException("No broker is there");
            }
            written.add(new String(record, StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @AfterEach
    void stop() {
        trail.stop();
    }

    @Test
    void shouldWriteToTheLogAtOnceAndToTheTopicBehindIt() {
        // given
        trail.start();

        // when
        trail.record(entry("alice", "orders"));

        // then
        assertThat(logged).hasSize(1);
        await().until(() -> sink.written.size() == 1);
        assertThat(sink.written.getFirst())
                .isEqualTo("{\"at\":\"2026-03-01T12:00:00Z\",\"person\":\"alice\",\"from\":\"192.0.2.1\","
                        + "\"cluster\":\"ottla\",\"action\":\"delete-topic\",\"names\":[\"orders\"],"
                        + "\"details\":{\"a\":\"b\"},\"outcome\":\"DONE\",\"message\":\"\"}");
    }

    @Test
    void shouldHoldNobodyUpAndLoseNothingWhileTheTopicIsAway() {
        // given
        sink.away = true;
        trail.start();

        // when
        for (int i = 0; i < 100; i++) {
            trail.record(entry("alice", "t" + i));
        }
        await().until(() -> sink.tries > 3);
        sink.away = false;

        // then   in their order
        await().until(() -> sink.written.size() == 100);
        assertThat(sink.written.getFirst()).contains("\"t0\"");
        assertThat(sink.written.getLast()).contains("\"t99\"");
        assertThat(trail.lost()).isZero();
    }

    @Test
    void shouldKeepToItsBoundAndCountWhatTheTopicLacks() {
        // when   nobody writes
        for (int i = 0; i < QueuedTrail.MOST + 7; i++) {
            trail.record(entry("alice", "t" + i));
        }

        // then
        assertThat(trail.lost()).isEqualTo(7);
        assertThat(logged).hasSize(QueuedTrail.MOST + 7);
    }

    @Test
    void shouldWriteWhatIsLeftWhenItStops() {
        // given
        for (int i = 0; i < 20; i++) {
            trail.record(entry("alice", "t" + i));
        }
        trail.start();

        // when
        trail.stop();

        // then
        assertThat(sink.written).hasSize(20);
        assertThat(sink.closed).isTrue();
    }

    @Test
    void shouldFindWhatSomebodyLooksFor() {
        AuditRecord record = AuditRecord.read(
                        AuditRecord.of(entry("Alice", "orders")).bytes())
                .orElseThrow();
        AuditRecord ofConsole = new AuditRecord(null, "bob", null, "", "log-in", null, null, "FAILED", null);

        assertThat(AuditQuery.of("ali", "delete-topic", "ottla", null).matches(record))
                .isTrue();
        assertThat(AuditQuery.of("", "log-in", "", null).matches(record)).isFalse();
        assertThat(AuditQuery.of("", "", "-", null).matches(record)).isFalse();
        assertThat(AuditQuery.of("", "", "-", "x").matches(ofConsole)).isTrue();
        assertThat(record.instant()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(ofConsole.instant()).isNull();
        assertThat(AuditRecord.read("no json".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(AuditRecord.read(null)).isEmpty();
    }

    private static AuditEntry entry(String person, String topic) {
        return new AuditEntry(
                Instant.parse("2026-03-01T12:00:00Z"),
                person,
                "192.0.2.1",
                "ottla",
                Action.DELETE_TOPIC,
                List.of(topic),
                Map.of("a", "b"),
                AuditEntry.Outcome.DONE,
                "");
    }
}
