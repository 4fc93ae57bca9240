package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.CleanerProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of compaction, and of everything else, when something is in its way. */
final class CleanerUnderFireTest extends CleanerScene {
    @Test
    void shouldSetALogAsideThatCanNotBeCompactedAndGoOnWithOthers() throws IOException {
        // given  two logs, one with a fault in the midst
        open();
        SegmentedLog broken = create("broken", compacted());
        SegmentedLog whole = create("whole", compacted());
        fill(broken, RECORDS, 3);
        fill(whole, RECORDS, 3);
        Path segment = root.resolve("a/broken-0/00000000000000000000.log");
        byte[] content = Files.readAllBytes(segment);
        content[100] ^= 1;
        Files.write(segment, content);
        // when
        clean();
        // then
        assertThat(whole.cleanedTo()).isPositive();
        assertThat(broken.cleanedTo()).isEqualTo(-1);
        assertThat(broken.compaction().isSetAside()).isTrue();
        assertThat(level("kafka_log_logcleanermanager_uncleanable_partitions_count"))
                .isEqualTo(1);
        assertThat(level("kafka_log_logcleanermanager_uncleanable_bytes")).isPositive();
        assertThat(files("broken", ".cleaned")).isEmpty();
        // and  the others go on
        fill(whole, RECORDS, 3);
        long before = whole.cleanedTo();
        clean();
        assertThat(whole.cleanedTo()).isGreaterThan(before);
        assertThat(folders.folders().getFirst().isOnline()).isTrue();
        folders.close(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSetALogAsideWhileARecordIsLargerThanItsTopicAllows(boolean compactedBefore) throws IOException {
        // given  two logs, one with a large record in a compressed batch, which the limit came after
        open();
        TestingTopic topic = compacted().minCleanableDirtyRatio(0);
        SegmentedLog one = create("one", topic);
        SegmentedLog other = create("other", topic);
        fill(one, RECORDS, 3);
        CheckedBatches large = TestingBatches.of(
                Compression.gzip().build(),
                -1,
                0,
                -1,
                false,
                new SimpleRecord(clock.wallMs(), bytes("large"), new byte[5000]));
        one.appendAsLeader(large, EPOCH, AppendOrigin.CLIENT);
        fill(one, RECORDS, 3);
        if (compactedBefore) {
            clean(); // so that it is no longer read for its keys, but to be written anew
            assertThat(one.compaction().isSetAside()).isFalse();
        }
        long before = one.cleanedTo();
        one.reconfigure(topic.maxDecompressedMessageBytes(1000).properties());
        other.reconfigure(topic.properties());
        fill(one, RECORDS, 3);
        fill(other, RECORDS, 3);
        // when
        clean();
        // then
        assertThat(one.cleanedTo()).isEqualTo(before);
        assertThat(one.compaction().isSetAside()).isTrue();
        assertThat(level("kafka_log_logcleanermanager_uncleanable_partitions_count"))
                .isEqualTo(1);
        assertThat(files("one", ".cleaned")).isEmpty();
        assertThat(other.cleanedTo()).isPositive();
        // and  a limit that is still too low changes nothing
        one.reconfigure(topic.maxDecompressedMessageBytes(5000).properties());
        assertThat(one.compaction().isSetAside()).isTrue();
        // and  when it is raised enough
        one.reconfigure(topic.maxDecompressedMessageBytes(6000).properties());
        assertThat(one.compaction().isSetAside()).isFalse();
        clean();
        assertThat(one.cleanedTo()).isGreaterThan(Math.max(before, 2 * RECORDS));
        assertThat(keysBelow(one, one.cleanedTo())).contains("large").doesNotHaveDuplicates();
        assertThat(level("kafka_log_logcleanermanager_uncleanable_partitions_count"))
                .isZero();
        folders.close(1);
    }

    @Test
    void shouldGiveUpWhereTheLogIsCut() throws IOException {
        // given
        SegmentedLog log = inTheMidst();
        // when
        log.truncateTo(1_000).toCompletableFuture().join();
        clock.advance(1_000);
        timer.run(1_000);
        // then
        assertThat(files("orders", ".cleaned")).isEmpty();
        assertThat(log.logEndOffset()).isEqualTo(1_000);
        assertThat(content(log)).hasSize(1_000);
        assertThat(log.cleanedTo()).isEqualTo(-1);
        folders.close(1);
    }

    @Test
    void shouldTakeBackUpToWhereALogIsCompactedBeforeItIsCut() throws IOException {
        open();
        SegmentedLog log = create("orders", compacted());
        fill(log, RECORDS, 30);
        clean();
        assertThat(log.cleanedTo()).isGreaterThan(10);
        log.truncateTo(10).toCompletableFuture().join();
        assertThat(log.cleanedTo()).isLessThanOrEqualTo(10);
        assertThat(checkpoint()).containsExactly("0", "1", "orders 0 " + log.cleanedTo());
        fill(log, RECORDS, 30);
        log.truncateFullyAndStartAt(5).toCompletableFuture().join();
        assertThat(log.cleanedTo()).isLessThanOrEqualTo(5);
        folders.close(1);
    }

    @Test
    void shouldLeaveNoTraceInAnotherLogOfTheSameName() throws IOException {
        // given
        inTheMidst();
        // when  the topic is deleted and made again while a pass is under way
        TopicPartition partition = new TopicPartition("orders", 0);
        folders.delete(partition).toCompletableFuture().join();
        SegmentedLog another = create("orders", compacted());
        fill(another, 10, 3);
        goOn();
        // then
        assertThat(files("orders", ".cleaned")).isEmpty();
        assertThat(content(another)).hasSize(10);
        assertThat(folders.folders().getFirst().isOnline()).isTrue();
        folders.close(1);
    }

    @Test
    void shouldNotTakeTheCheckpointOfADeletedLogForThatOfTheNext() throws IOException {
        open();
        SegmentedLog log = create("orders", compacted());
        fill(log, RECORDS, 3);
        clean();
        assertThat(checkpoint()).hasSize(3);
        folders.delete(log.topicPartition()).toCompletableFuture().join();
        assertThat(checkpoint()).containsExactly("0", "0");
        folders.close(1);
    }

    @Test
    void shouldGiveUpWhereTheFolderFails() throws IOException {
        // given
        SegmentedLog log = inTheMidst();
        // when
        disk.failWrites(root.resolve("a"), "Input/output error");
        goOn();
        // then
        assertThat(folders.folders().getFirst().isOnline()).isFalse();
        assertThat(log.compaction().isWanted()).isFalse();
        folders.close(1);
    }

    @Test
    void shouldGiveUpWhereTheBrokerStops() throws IOException {
        inTheMidst();
        folders.close(1);
        assertThat(files("orders", ".cleaned")).isEmpty();
        assertThat(Files.exists(root.resolve("a/.kafka_cleanshutdown"))).isTrue();
    }

    @Test
    void shouldLeaveOutWhatRetentionDeletedMeanwhileAndComeBackToTheRest() throws IOException {
        // given  a pass that has begun to write
        SegmentedLog log = inTheMidst();
        // when  retention deletes what it is about to replace
        log.reconfigure(large().delete(true).retentionBytes(200_000).properties());
        log.retain();
        long start = log.logStartOffset();
        assertThat(start).isPositive();
        goOn();
        // then
        settings(CleanerProperties.DEFAULTS);
        goOn();
        assertThat(log.cleanedTo()).isGreaterThan(start);
        assertThat(keysBelow(log, log.cleanedTo())).doesNotHaveDuplicates();
        assertThat(log.logStartOffset()).isEqualTo(start);
        assertThat(folders.folders().getFirst().isOnline()).isTrue();
        folders.close(1);
    }

    @Test
    void shouldWaitForRoomOnTheDisk() throws IOException {
        open();
        SegmentedLog log = create("orders", compacted());
        fill(log, RECORDS, 3);
        disk.usable(log.path(), 1_000);
        clean();
        assertThat(log.cleanedTo()).isEqualTo(-1);
        assertThat(files("orders", ".cleaned")).isEmpty();
        assertThat(log.compaction().isSetAside()).isFalse();
        disk.usable(log.path(), 1L << 30);
        clock.advance(BACKOFF_MS + 1);
        clean();
        assertThat(log.cleanedTo()).isPositive();
        folders.close(1);
    }

    @Test
    void shouldServeReadersWhoHoldWhatIsReplaced() throws IOException {
        // given  a reader in the midst of a segment, and one that has found one that it does not hold yet
        open();
        SegmentedLog log = create("orders", compacted().fileDeleteDelayMs(0));
        fill(log, RECORDS, 3);
        ReadResult.Found held = (ReadResult.Found) log.read(0, RECORDS, 10_000, true);
        // when  all segments are replaced, and the old ones deleted
        clean();
        timer.run(0);
        // then
        List<Long> offsets = new ArrayList<>();
        for (FileSlice slice : held.slices()) {
            TestingLogs.batches(slice).forEach(batch -> offsets.add(batch.baseOffset()));
            slice.release();
        }
        assertThat(offsets).hasSize(RECORDS);
        assertThat(TestingLogs.offsets(log, 0, 100)).hasSizeLessThan(RECORDS);
        assertThat(TestingLogs.offsets(log, 1, 100)).isEqualTo(TestingLogs.offsets(log, 0, 10_000));
        folders.close(1);
    }
}
