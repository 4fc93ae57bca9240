package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search for logs that are no longer as they were written. */
class LogScrubberTest extends CleanerScene {
    private static final long DELAY_MS = 30_000;
    private static final long INTERVAL_MS = 10 * DAY_MS;
    private static final long REST_MS = 10_000;
    private static final long FAST = 1 << 30;
    private static final String PASSES = "ottla_log_scrub_passes_total";
    private static final String DAMAGED = "ottla_log_scrub_damaged_partitions";
    private static final String BYTES = "ottla_log_scrub_bytes_total";

    private final TestingSuspicions suspicions = new TestingSuspicions();

    private void open(long intervalMs, long bytesPerSecond) throws IOException {
        scrub(intervalMs, bytesPerSecond);
        open();
    }

    private void scrub(long intervalMs, long bytesPerSecond) {
        settings = settings.withScrubbing(intervalMs, bytesPerSecond);
        if (folders != null) {
            folders.reconfigure(settings);
        }
    }

    /** A log of some segments that are closed, and one that is not. */
    private SegmentedLog written(String name) throws IOException {
        SegmentedLog log = create(name, new TestingTopic().segmentBytes(1000));
        log.listen(suspicions);
        fill(log, RECORDS, RECORDS);
        assertThat(log.segments()).isGreaterThan(2);
        return log;
    }

    private Path segment(String name, int number) throws IOException {
        List<String> all = files(name, ".log");
        return root.resolve("a/" + name + "-0").resolve(all.get(number < 0 ? all.size() + number : number));
    }

    private static long base(Path segment) {
        String name = segment.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }

    /** Turns the last bit of the segment's file. */
    private static void turn(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);
    }

    /** Lets time go by until there was another pass. */
    private void pass() {
        long before = count(PASSES);
        for (int i = 0; i < 10_000 && count(PASSES) == before; i++) {
            clock.advance(100);
            timer.run(DELAY_MS);
        }
        assertThat(count(PASSES)).isEqualTo(before + 1);
    }

    private long count(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .mapToLong(sample -> ((io.ottla.metrics.Metrics.Sample.Count) sample).value())
                .sum();
    }

    @Test
    @Moves({"ottla_log_scrub_passes_total", "ottla_log_scrub_damaged_partitions", "ottla_log_scrub_bytes_total"})
    void shouldTellOfClosedSegmentsThatAreNotAsTheyWereWritten(Movement movement) throws IOException {
        // given
        open(INTERVAL_MS, FAST);
        movement.watch(metrics);
        written("good");
        SegmentedLog log = written("bad");
        Path damaged = segment("bad", 1);
        turn(damaged);

        // when
        pass();

        // then
        assertThat(suspicions.all).containsExactly("bad@" + base(damaged));
        assertThat(level(DAMAGED)).isEqualTo(1);
        assertThat(folders.offlineFolders()).isZero();
        movement.look();

        // when   it is mended
        log.cutDamage(base(damaged)).toCompletableFuture().join();

        // then
        assertThat(level(DAMAGED)).isZero();
        folders.close(1);
    }

    @Test
    void shouldLookAtTheSegmentThatIsAppendedToToo() throws IOException {
        open(INTERVAL_MS, FAST);
        written("bad");
        Path active = segment("bad", -1);
        turn(active);
        pass();
        assertThat(suspicions.all).containsExactly("bad@" + base(active));
        folders.close(1);
    }

    @Test
    void shouldReadAllOnceAndOpenNoFileForLong() throws IOException {
        open(INTERVAL_MS, FAST);
        SegmentedLog log = written("good");
        pass();
        assertThat(suspicions.all).isEmpty();
        assertThat(count(BYTES)).isEqualTo(log.sizeBytes());
        assertThat(disk.openChannels(segment("good", 0))).isEqualTo(1); // the log's own
        folders.close(1);
    }

    @Test
    void shouldReadNoFasterThanItMay() throws IOException {
        // given
        open(INTERVAL_MS, 1_000);
        SegmentedLog log = written("good");
        long bytes = log.sizeBytes();

        // when
        long before = clock.monotonicMs();
        pass();

        // then
        assertThat(clock.monotonicMs() - before).isBetween(bytes * 9 / 10, bytes * 2);
        folders.close(1);
    }

    @Test
    void shouldBeginAgainAfterItsInterval() throws IOException {
        // given
        open(INTERVAL_MS, FAST);
        written("bad");
        pass();
        turn(segment("bad", 0));

        // when
        clock.advance(INTERVAL_MS - 1);
        timer.run(REST_MS);
        assertThat(suspicions.all).isEmpty();
        clock.advance(1);
        timer.run(REST_MS);

        // then
        assertThat(suspicions.all).containsExactly("bad@0");
        folders.close(1);
    }

    @Test
    void shouldRestForAsLongAsCanBeSaid() throws IOException {
        open(Long.MAX_VALUE, FAST);
        written("good");
        pass();
        clock.advance(INTERVAL_MS);
        timer.run(REST_MS);
        timer.run(REST_MS);
        assertThat(count(PASSES)).isEqualTo(1);
        folders.close(1);
    }

    @Test
    void shouldTellAgainAsLongAsItIsNotMended() throws IOException {
        // given
        open(INTERVAL_MS, FAST);
        SegmentedLog log = written("bad");
        turn(segment("bad", 0));
        pass();

        // when  others may have come into sync
        clock.advance(REST_MS);
        timer.run(REST_MS);

        // then
        assertThat(suspicions.all).containsExactly("bad@0", "bad@0");

        // when
        log.cutDamage(0).toCompletableFuture().join();
        clock.advance(REST_MS);
        timer.run(REST_MS);

        // then
        assertThat(suspicions.all).hasSize(2);
        folders.close(1);
    }

    @Test
    void shouldLookAtALogAtOnceWhereThatIsAsked() throws IOException {
        // given  it rests
        open(INTERVAL_MS, FAST);
        written("good");
        SegmentedLog log = written("bad");
        pass();
        turn(segment("bad", 0));

        // when
        log.lookThroughSoon();
        clock.advance(REST_MS);
        timer.run(REST_MS);

        // then   that alone was looked at, and the rest goes on as long as it would have
        assertThat(suspicions.all).containsExactly("bad@0");
        assertThat(count(PASSES)).isEqualTo(1);
        clock.advance(INTERVAL_MS - REST_MS);
        timer.run(REST_MS);
        timer.run(REST_MS);
        assertThat(count(PASSES)).isEqualTo(2);
        folders.close(1);
    }

    @Test
    void shouldBeSwitchedOnAndOffWhileRunning() throws IOException {
        // given
        open(-1, FAST);
        written("good");
        timer.run(DELAY_MS);
        assertThat(count(BYTES)).isZero();

        // when
        scrub(INTERVAL_MS, 100);
        timer.run(REST_MS);
        assertThat(count(BYTES)).isPositive();
        scrub(-1, 100);
        for (int i = 0; i < 100; i++) {
            clock.advance(REST_MS);
            timer.run(REST_MS);
        }

        // then
        assertThat(count(PASSES)).isZero();
        folders.close(1);
    }

    @Test
    void shouldNotTakeWhatWasCutMeanwhileForDamage() throws IOException {
        // given  it is in the midst of a log
        open(INTERVAL_MS, 1_000);
        SegmentedLog log = written("cut");
        timer.run(DELAY_MS);
        assertThat(count(BYTES)).isPositive();

        // when
        log.truncateTo(3).toCompletableFuture().join();
        fill(log, RECORDS, RECORDS);
        pass();

        // then
        assertThat(suspicions.all).isEmpty();
        assertThat(level(DAMAGED)).isZero();
        folders.close(1);
    }

    @Test
    void shouldNotTakeWhatIsCompactedMeanwhileForDamage() throws IOException {
        // given  it is in the midst of a log
        open(INTERVAL_MS, 1_000);
        SegmentedLog log = create("compacted", compacted());
        log.listen(suspicions);
        fill(log, RECORDS, 4);
        roll(log);
        scrubABit();

        // when
        long[] cleaned = {-1};
        disk.whenOpened(() -> {
            if (cleaned[0] < 0) {
                cleaned[0] = 0;
                clean();
            }
        });
        pass();

        // then
        assertThat(log.cleanedTo()).isPositive();
        assertThat(suspicions.all).isEmpty();
        folders.close(1);
    }

    private void scrubABit() {
        timer.run(1);
        clock.advance(100);
    }

    @Test
    void shouldNotTakeWhatIsDeletedMeanwhileForDamage() throws IOException {
        // given  it is about to open a segment
        open(INTERVAL_MS, 1_000);
        SegmentedLog log = written("deleted");
        disk.whenOpened(() -> {
            disk.whenOpened(() -> {});
            log.advanceLogStart(RECORDS - 1);
            log.retain();
        });

        // when
        pass();

        // then
        assertThat(log.segments()).isLessThan(3);
        assertThat(suspicions.all).isEmpty();
        folders.close(1);
    }

    @Test
    void shouldTellOfWhatCannotBeReadAndLeaveTheFolderOnline() throws IOException {
        // given
        open(INTERVAL_MS, FAST);
        written("bad");
        written("good");
        Path unreadable = segment("bad", 1);
        disk.failWrites(unreadable, "Input/output error");

        // when
        pass();

        // then
        assertThat(suspicions.all).containsExactly("bad@" + base(unreadable));
        assertThat(folders.offlineFolders()).isZero();
        folders.close(1);
    }

    @Test
    void shouldForgetLogsThatAreDeleted() throws IOException {
        open(INTERVAL_MS, FAST);
        written("bad");
        turn(segment("bad", 0));
        pass();
        folders.delete(new TopicPartition("bad", 0)).toCompletableFuture().join();
        assertThat(level(DAMAGED)).isZero();
        clock.advance(REST_MS);
        timer.run(REST_MS);
        assertThat(suspicions.all).hasSize(1);
        folders.close(1);
    }
}
