package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads from where compaction has left nothing up to the end of a segment. */
class ReadBehindGapTest {
    @TempDir
    Path root;

    @Test
    void shouldGiveTheBatchBehindToWhoAsksForOneOfAnySize() {
        // given  offsets 3 to 9 that are gone, and a segment that begins behind them
        SegmentedLog log = new TestingLogs(root, Disk.system()).create(TestingLogs.small(10_000, 200));
        log.appendAsFollower(TestingBatches.fromLeader(0, 0, 3, 0, 10));
        log.advanceHighWatermark(log.logEndOffset());
        log.rollSoon();
        await().untilAsserted(() -> assertThat(log.segments()).isEqualTo(2));
        log.appendAsFollower(TestingBatches.fromLeader(10, 0, 3, 0, 10));
        // when
        ReadResult.Found found = (ReadResult.Found) log.read(5, log.logEndOffset(), 0, true);
        // then
        found.slices().forEach(FileSlice::release);
        assertThat(found.slices()).hasSize(1);
        assertThat(found.upToOffset()).isEqualTo(13);
    }
}
