package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.CleanerProperties;
import io.ottla.config.LogProperties;
import io.ottla.record.CheckedBatches;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which logs are compacted, when, and how fast. */
final class CleanerTest extends CleanerScene {
    @Test
    void shouldLeaveTheLastRecordOfEachKeyAndTheActiveSegmentAsItIs() throws IOException {
        // given
        open();
        SegmentedLog log = create("orders", compacted());
        fill(log, RECORDS, 3);
        List<String> before = content(log);
        // when
        clean();
        // then  three records in the segments that were compacted, and all that the active one had
        long cleanedTo = log.cleanedTo();
        assertThat(cleanedTo).isPositive().isLessThan(RECORDS);
        List<String> after = content(log);
        assertThat(after).hasSize(3 + RECORDS - (int) cleanedTo);
        assertThat(after.subList(3, after.size())).isEqualTo(before.subList((int) cleanedTo, RECORDS));
        assertThat(after.subList(0, 3)).isEqualTo(before.subList((int) cleanedTo - 3, (int) cleanedTo));
        assertThat(log.logStartOffset()).isZero();
        assertThat(log.logEndOffset()).isEqualTo(RECORDS);
        assertThat(checkpoint()).containsExactly("0", "1", "orders 0 " + cleanedTo);
        folders.close(1);
    }

    @Test
    void shouldMakeOneSegmentOfSmallNeighbours() throws IOException {
        open();
        SegmentedLog log = create("orders", compacted().minCleanableDirtyRatio(0));
        fill(log, 200, 3);
        int segments = log.segments();
        clean();
        assertThat(log.segments()).isEqualTo(segments); // each was full
        fill(log, RECORDS, 3);
        clean();
        assertThat(log.segments()).isLessThan(8);
        assertThat(files("orders", ".snapshot")).hasSizeLessThan(8);
        folders.close(1);
    }

    @Test
    void shouldNotPassTheHighWatermark() throws IOException {
        open();
        SegmentedLog log = create("orders", compacted());
        for (int i = 0; i < RECORDS; i++) {
            log.appendAsLeader(TestingBatches.plain(1, clock.wallMs(), 20), EPOCH, AppendOrigin.CLIENT);
        }
        log.advanceHighWatermark(5);
        clean();
        assertThat(log.cleanedTo()).isEqualTo(-1);
        log.advanceHighWatermark(RECORDS);
        clean();
        assertThat(log.cleanedTo()).isPositive();
        folders.close(1);
    }

    @Test
    void shouldNotPassATransactionThatIsOpen() throws IOException {
        open();
        SegmentedLog log = create("orders", compacted());
        CheckedBatches open = TestingBatches.transactional(7, 0, 0, 2, clock.wallMs());
        log.appendAsLeader(open, EPOCH, TestingBatches.origin(log, open));
        fill(log, RECORDS, 3);
        clean();
        assertThat(log.cleanedTo()).isEqualTo(-1);
        log.appendAsLeader(TestingBatches.marker(7, 0, true, 0, clock.wallMs()), EPOCH, AppendOrigin.COORDINATOR);
        log.advanceHighWatermark(log.logEndOffset());
        clean();
        assertThat(log.cleanedTo()).isPositive();
        folders.close(1);
    }

    @Test
    void shouldWaitUntilEnoughIsNotCompacted() throws IOException {
        // given  a log of which the larger part is compacted
        open();
        SegmentedLog log = create("orders", compacted().minCleanableDirtyRatio(0.5));
        fill(log, 200, 100);
        clean();
        long cleanedTo = log.cleanedTo();
        // when  a little comes in addition
        fill(log, 30, 10);
        clean();
        // then
        assertThat(log.cleanedTo()).isEqualTo(cleanedTo);
        // and  when there is as much of it
        fill(log, 200, 10);
        clean();
        assertThat(log.cleanedTo()).isGreaterThan(cleanedTo);
        folders.close(1);
    }

    @Test
    void shouldLeaveRecordsAloneThatAreTooYoung() throws IOException {
        open();
        SegmentedLog log = create("orders", compacted().minCompactionLagMs(DAY_MS));
        fill(log, RECORDS, 3);
        clean();
        assertThat(log.cleanedTo()).isEqualTo(-1);
        clock.advance(DAY_MS);
        clean();
        assertThat(log.cleanedTo()).isPositive();
        folders.close(1);
    }

    @Test
    void shouldNotLetRecordsWaitForTooLongEvenInTheActiveSegment() throws IOException {
        // given
        open();
        SegmentedLog log =
                create("orders", compacted().minCleanableDirtyRatio(1).maxCompactionLagMs(DAY_MS));
        fill(log, RECORDS, 3);
        clean();
        assertThat(log.cleanedTo()).isEqualTo(-1);
        // when  nothing more is written
        clock.advance(DAY_MS + 1000);
        clean();
        // then
        assertThat(log.cleanedTo()).isEqualTo(RECORDS);
        assertThat(content(log)).hasSize(3);
        folders.close(1);
    }

    @Test
    void shouldBeginASegmentWhereTheActiveOneIsTooOldToBeLeftAlone() throws IOException {
        open();
        SegmentedLog log = create("orders", compacted().maxCompactionLagMs(DAY_MS));
        put(log, "k", "1");
        clock.advance(DAY_MS + 1);
        put(log, "k", "2");
        assertThat(log.segments()).isEqualTo(2);
        folders.close(1);
    }

    private SegmentedLog withTombstone(TestingTopic topic) {
        SegmentedLog log = create("orders", topic);
        put(log, "k", "1");
        put(log, "k", null);
        put(log, "other", "1");
        roll(log);
        clean();
        assertThat(content(log)).startsWith("k=", "other=1");
        return log;
    }

    @Test
    void shouldRemoveTombstonesInTimeAlsoWhereNothingIsWritten() throws IOException {
        open();
        SegmentedLog log = withTombstone(compacted().deleteRetentionMs(DAY_MS));
        clock.advance(DAY_MS - 1000);
        clean();
        assertThat(content(log)).startsWith("k=", "other=1");
        clock.advance(2000);
        clean();
        assertThat(content(log)).startsWith("other=1").doesNotContain("k=");
        folders.close(1);
    }

    @Test
    void shouldRemoveTombstonesThatAFormerProcessHasLeft() throws IOException {
        open();
        withTombstone(compacted().deleteRetentionMs(DAY_MS));
        folders.close(1);
        open();
        SegmentedLog log = find("orders");
        clean();
        assertThat(content(log)).startsWith("k=", "other=1");
        clock.advance(DAY_MS + 1000);
        clean();
        assertThat(content(log)).startsWith("other=1").doesNotContain("k=");
        folders.close(1);
    }

    @Test
    void shouldGoOnWhereTheCheckpointSays() throws IOException {
        // given  a log of which a former process, of Kafka maybe, has compacted a part
        open();
        SegmentedLog log = create("orders", compacted().minCleanableDirtyRatio(0));
        fill(log, 100, 3);
        long end = log.logEndOffset();
        folders.close(1);
        Files.writeString(root.resolve("a/cleaner-offset-checkpoint"), "0\n1\norders 0 50\n");
        // when
        open();
        log = find("orders");
        assertThat(log.cleanedTo()).isEqualTo(50);
        clean();
        // then  what was written before and after is removed where it stands again after; what stands before only, is
        // not
        assertThat(log.cleanedTo()).isBetween(51L, end);
        assertThat(content(log)).hasSize(3 + (int) (end - log.cleanedTo()));
        folders.close(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0\n1\norders 0 5000\n", "0\n1\nothers 0 5\n", "nonsense"})
    void shouldBeginAnewWhereTheCheckpointCanNotBeRight(String text) throws IOException {
        open();
        SegmentedLog log = create("orders", compacted());
        fill(log, RECORDS, 3);
        folders.close(1);
        Files.writeString(root.resolve("a/cleaner-offset-checkpoint"), text);
        open();
        assertThat(find("orders").cleanedTo()).isEqualTo(-1);
        assertThat(checkpoint()).containsExactly("0", "0");
        clean();
        assertThat(find("orders").cleanedTo()).isPositive();
        folders.close(1);
    }

    @Test
    void shouldFollowThePolicyAsItChanges() throws IOException {
        // given  a topic that is not compacted
        open();
        SegmentedLog log = create("orders", new TestingTopic().segmentBytes(1000));
        fill(log, RECORDS, 3);
        put(log, null, "without key");
        clean();
        assertThat(content(log)).hasSize(RECORDS + 1);
        // when  it is
        log.reconfigure(compacted().minCleanableDirtyRatio(0).properties());
        roll(log);
        clean();
        // then  what has no key is gone too
        assertThat(content(log)).hasSizeLessThan(RECORDS).doesNotContain("=without key");
        long cleanedTo = log.cleanedTo();
        // and  when it is no more
        log.reconfigure(new TestingTopic().segmentBytes(1000).properties());
        fill(log, RECORDS, 3);
        clean();
        assertThat(log.cleanedTo()).isEqualTo(cleanedTo);
        // and  when it is again
        log.reconfigure(compacted().minCleanableDirtyRatio(0).properties());
        clean();
        assertThat(log.cleanedTo()).isGreaterThan(cleanedTo);
        folders.close(1);
    }

    @Test
    void shouldDeleteWhatIsTooOldAndCompactTheRest() throws IOException {
        // given
        open();
        SegmentedLog log = create("orders", compacted().delete(true).retentionMs(DAY_MS));
        fill(log, RECORDS, 3);
        roll(log);
        long old = log.logEndOffset();
        clean();
        assertThat(content(log)).contains("k0=value 39");
        for (String file : files("orders", ".log")) {
            disk.setLastModifiedMs(log.path().resolve(file), clock.wallMs());
        }
        // when  a day later as much is written
        clock.advance(DAY_MS + 1000);
        fill(log, RECORDS, 3);
        log.retain();
        clean();
        // then  what was compacted is gone, and what is new is compacted
        assertThat(log.logStartOffset()).isBetween(old - 20, old);
        assertThat(content(log)).hasSizeLessThan(RECORDS);
        folders.close(1);
    }

    @Test
    void shouldMoveNoMoreBytesASecondThanItMay() throws IOException {
        // given
        settings(bytesPerSecond(1_000));
        open();
        SegmentedLog log = create("orders", compacted());
        fill(log, 400, 3);
        long bytes = log.sizeBytes();
        // when
        clean();
        int tenths = 0;
        while (log.cleanedTo() < 0) {
            assertThat(tenths++).isLessThan(10_000);
            clock.advance(100);
            timer.run(1_000);
        }
        // then  everything was read twice, and little written
        assertThat(tenths).isBetween((int) (bytes / 100), (int) (3 * bytes / 100));
        folders.close(1);
    }

    @Test
    void shouldHaveAsManyThreadsAsAreAskedFor() throws IOException {
        settings(threads(0));
        open();
        SegmentedLog log = create("orders", compacted());
        fill(log, RECORDS, 3);
        clean();
        assertThat(log.cleanedTo()).isEqualTo(-1);
        settings(threads(2));
        assertThat(log.cleanedTo()).isPositive();
        settings(threads(0));
        long cleanedTo = log.cleanedTo();
        fill(log, 3 * RECORDS, 3);
        clean();
        assertThat(log.cleanedTo()).isEqualTo(cleanedTo);
        folders.close(1);
    }

    @Test
    void shouldNotCompactAtAllWhereItIsSwitchedOff() throws IOException {
        CleanerProperties rest = CleanerProperties.DEFAULTS;
        settings(new CleanerProperties(
                false,
                1,
                rest.ioMaxBytesPerSecond(),
                rest.dedupeBufferBytes(),
                rest.ioBufferBytes(),
                rest.loadFactor(),
                rest.backoffMs()));
        open();
        SegmentedLog log = create("orders", compacted());
        fill(log, RECORDS, 3);
        clean();
        assertThat(log.cleanedTo()).isEqualTo(-1);
        folders.close(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.9, 0.5})
    void shouldKnowOnlyAsManyKeysAsThereIsMemoryFor(double loadFactor) throws IOException {
        // given  room for 100 entries
        settings(memory(100 * KeyOffsets.ENTRY_BYTES, loadFactor, 100_000));
        open();
        SegmentedLog log = create("orders", compacted().minCleanableDirtyRatio(1));
        fill(log, 400, 400);
        log.reconfigure(compacted().minCleanableDirtyRatio(0.99).properties());
        // when  a pass is made: what it has compacted is too much for another one to be due
        clean();
        // then
        assertThat(log.cleanedTo()).isEqualTo((long) (100 * loadFactor));
        folders.close(1);
    }

    @Test
    void shouldWriteMoreAtOnceWithMoreMemory() throws IOException {
        int[] changes = new int[2];
        for (int i = 0; i < 2; i++) {
            settings = LogProperties.DEFAULTS.withLogDirs(List.of(root.resolve("a" + i)));
            settings(memory(1 << 20, 0.9, i == 0 ? 1_000 : 100_000));
            open();
            SegmentedLog log = create("orders", compacted().segmentBytes(100_000));
            fill(log, 3_000, 3_000);
            int before = disk.changes();
            clean();
            assertThat(log.cleanedTo()).isPositive();
            changes[i] = disk.changes() - before;
            folders.close(1);
            folders = null;
        }
        assertThat(changes[0]).isGreaterThan(5 * changes[1]);
    }
}
