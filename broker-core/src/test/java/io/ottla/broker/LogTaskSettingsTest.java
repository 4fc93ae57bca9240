package io.ottla.broker;

import static io.ottla.broker.TopicBehaviours.always;
import static io.ottla.broker.TopicBehaviours.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How often a broker sees to its logs, and ages that are given in coarser units: what can't be changed while it runs. */
final class LogTaskSettingsTest {
    private static final String HOUR = Long.toString(TimeUnit.HOURS.toMillis(1));
    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);
    private static final int PARTITIONS = 20;

    @TempDir
    Path folder;

    private TopicScene start(String... settings) throws Exception {
        Map<String, String> given = settings.length == 2
                ? Map.of(settings[0], settings[1])
                : Map.of(settings[0], settings[1], settings[2], settings[3]);
        TopicScene scene = new TopicScene(folder, false, given);
        scene.begin(1);
        return scene;
    }

    @ParameterizedTest
    @CsvSource({"log.retention.hours, 1, 90, 30", "log.retention.minutes, 10, 15, 5"})
    void shouldDeleteWhatIsOlder(String name, String value, long olderMinutes, long youngerMinutes) throws Exception {
        try (TopicScene scene = start(name, value)) {
            long now = System.currentTimeMillis();
            scene.write(10, now - olderMinutes * MINUTE_MS);
            until(() -> scene.firstOffset() == 1);
            scene.write(10, now - youngerMinutes * MINUTE_MS);
            always(() -> scene.firstOffset() == 1);
        }
    }

    @Test
    void shouldLetTheFinerUnitOfRetentionCount() throws Exception {
        try (TopicScene scene = start("log.retention.minutes", "10", "log.retention.hours", "1")) {
            scene.write(10, System.currentTimeMillis() - 30 * MINUTE_MS);
            until(() -> scene.firstOffset() == 1);
        }
    }

    @Test
    void shouldBeginASegmentAfterHours() throws Exception {
        try (TopicScene scene = start("log.roll.hours", "1")) {
            long now = System.currentTimeMillis();
            scene.write(10, now);
            scene.write(10, now + 50 * MINUTE_MS);
            assertThat(scene.files(".log")).hasSize(1);
            scene.write(10, now + 70 * MINUTE_MS);
            assertThat(scene.files(".log")).hasSize(2);
        }
    }

    @Test
    void shouldBeginSomeSegmentsEarlierByHoursOfJitter() throws Exception {
        try (TopicScene scene = start("log.roll.hours", "10", "log.roll.jitter.hours", "10")) {
            scene.begin(PARTITIONS);
            long now = System.currentTimeMillis();
            int rolled = 0;
            for (int i = 0; i < PARTITIONS; i++) {
                scene.write(i, 10, now);
                scene.write(i, 10, now + 300 * MINUTE_MS);
                rolled += scene.files(i, ".log").size() - 1;
            }
            assertThat(rolled).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"log.retention.check.interval.ms", "log.initial.task.delay.ms"})
    void shouldNotLookForWhatIsTooOldBeforeItsTime(String name) throws Exception {
        try (TopicScene scene = start(name, HOUR)) {
            scene.write(10, System.currentTimeMillis() - 8 * DAY_MS);
            always(() -> scene.firstOffset() == 0);
        }
    }

    @Test
    void shouldNotLookForWhatIsToBeFlushedBeforeItsTime() throws Exception {
        try (TopicScene scene = start("log.flush.scheduler.interval.ms", HOUR)) {
            scene.set(Map.of("flush.ms", "1"));
            scene.write(10);
            always(() -> scene.flushedTo() == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 1", "3600000, -1"})
    void shouldNoteWhatIsFlushedFromTimeToTime(String intervalMs, long noted) throws Exception {
        try (TopicScene scene = start("log.flush.offset.checkpoint.interval.ms", intervalMs)) {
            scene.set(Map.of("flush.messages", "1"));
            scene.write(10);
            until(() -> scene.checkpoint("recovery-point-offset-checkpoint") == noted);
            always(() -> scene.checkpoint("recovery-point-offset-checkpoint") == noted);
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 1", "3600000, -1"})
    void shouldNoteHighWatermarksFromTimeToTime(String intervalMs, long noted) throws Exception {
        try (TopicScene scene = start("replica.high.watermark.checkpoint.interval.ms", intervalMs)) {
            scene.write(10);
            until(() -> scene.checkpoint("replication-offset-checkpoint") == noted);
            always(() -> scene.checkpoint("replication-offset-checkpoint") == noted);
        }
    }

    @ParameterizedTest
    @CsvSource({"50, -1", "3600000, 1"})
    void shouldNoteLogStartsFromTimeToTime(String intervalMs, long noted) throws Exception {
        try (TopicScene scene = start("log.flush.start.offset.checkpoint.interval.ms", intervalMs)) {
            // given  a log start within a segment, which is noted when it is made
            long old = System.currentTimeMillis() - 6 * DAY_MS;
            scene.write(10, old);
            scene.write(10, old);
            scene.write(10, System.currentTimeMillis() + 8 * DAY_MS);
            TopicBehaviours.deleteTo(scene, 1);
            assertThat(scene.checkpoint("log-start-offset-checkpoint")).isEqualTo(1);

            // when   that segment goes, then the note is not needed, and goes at the next time
            scene.set(Map.of("retention.ms", Long.toString(5 * DAY_MS)));
            until(() -> scene.firstOffset() == 2);
            until(() -> scene.checkpoint("log-start-offset-checkpoint") == noted);
            always(() -> scene.checkpoint("log-start-offset-checkpoint") == noted);
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 0", "3600000, 1"})
    void shouldForgetProducersFromTimeToTime(String intervalMs, int known) throws Exception {
        try (TopicScene scene =
                start("producer.id.expiration.check.interval.ms", intervalMs, "producer.id.expiration.ms", "1")) {
            scene.writeAsProducer();
            until(() -> producers(scene) == known);
            always(() -> producers(scene) == known);
        }
    }

    private static int producers(TopicScene scene) throws Exception {
        TopicPartition partition = new TopicPartition(scene.topic(), 0);
        return scene.admin()
                .describeProducers(List.of(partition))
                .partitionResult(partition)
                .get()
                .activeProducers()
                .size();
    }
}
