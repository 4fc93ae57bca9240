package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.config.CleanerProperties;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What compaction shows. */
final class CleanerMetricsTest extends CleanerScene {
    @Test
    @Moves({
        "kafka_log_logcleaner_max_buffer_utilization_percent",
        "kafka_log_logcleaner_cleaner_recopy_percent",
        "kafka_log_logcleaner_max_clean_time_secs",
        "kafka_log_logcleaner_max_compaction_delay_secs",
        "kafka_log_logcleanermanager_max_dirty_percent",
        "kafka_log_logcleanermanager_time_since_last_run_ms"
    })
    void shouldShowWhatItDoes(Movement movement) throws IOException {
        // given  a pass that takes some seconds, over a log that is overdue
        settings(bytesPerSecond(1_000));
        open();
        movement.watch(metrics);
        SegmentedLog log = create("orders", compacted().maxCompactionLagMs(DAY_MS));
        fill(log, RECORDS, 30);
        clock.advance(2 * DAY_MS);
        movement.look();
        clean();
        movement.look();
        while (log.cleanedTo() < 0) {
            clock.advance(1_000);
            timer.run(1_000);
        }
        movement.look();
        folders.close(1);
    }

    @Test
    @Moves({"kafka_log_logcleanermanager_uncleanable_partitions_count", "kafka_log_logcleanermanager_uncleanable_bytes"
    })
    void shouldShowWhatItSetAside(Movement movement) throws IOException {
        open();
        movement.watch(metrics);
        SegmentedLog log = create("orders", compacted());
        fill(log, RECORDS, 3);
        Path segment = root.resolve("a/orders-0/00000000000000000000.log");
        byte[] content = Files.readAllBytes(segment);
        content[100] ^= 1;
        Files.write(segment, content);
        clean();
        assertThat(log.compaction().isSetAside()).isTrue();
        movement.look();
        folders.close(1);
    }

    @Test
    @Moves("kafka_log_logcleaner_deadthreadcount")
    void shouldShowThreadsThatAnErrorEnded(Movement movement) throws IOException {
        // given
        settings(threads(0));
        open();
        movement.watch(metrics);
        SegmentedLog log = create("orders", compacted());
        fill(log, RECORDS, 3);
        clean();
        // when  there is no memory
        disk.whenOpened(() -> {
            throw new OutOfMemoryError("for the test");
        });
        assertThatThrownBy(() -> settings(threads(1))).isInstanceOf(OutOfMemoryError.class);
        disk.whenOpened(() -> {});
        // then  the log itself is as it was
        movement.look();
        assertThat(content(log)).hasSize(RECORDS);
        folders.close(1);
    }

    @Test
    void shouldCountALogAsDirtyWhileItIsCompacted() throws IOException {
        // given  a pass that takes some seconds, and a thread besides that finds nothing to do
        CleanerProperties slow = bytesPerSecond(1_000);
        settings(new CleanerProperties(
                true,
                2,
                slow.ioMaxBytesPerSecond(),
                slow.dedupeBufferBytes(),
                slow.ioBufferBytes(),
                slow.loadFactor(),
                slow.backoffMs()));
        open();
        SegmentedLog log = create("orders", compacted());
        fill(log, RECORDS, 30);
        clean();
        assertThat(log.cleanedTo()).isEqualTo(-1);
        assertThat(level("kafka_log_logcleanermanager_max_dirty_percent")).isGreaterThan(50);
        // when
        while (log.cleanedTo() < 0) {
            clock.advance(1_000);
            timer.run(1_000);
        }
        timer.run(BACKOFF_MS);
        // then
        assertThat(level("kafka_log_logcleanermanager_max_dirty_percent")).isLessThan(50);
        folders.close(1);
    }
}
