package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Power failures at any moment: what a flush acknowledged is there, the rest is a prefix of what was appended. A batch in it may
 * be damaged, where others behind it came through, and counts as such then.
 */
class CrashTest {
    private static final LogOpener.Known NOTHING = LogOpener.Known.NOTHING;

    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 7, 11, 13, 16, 19})
    void shouldKeepWhatWasFlushedAndAPrefixOfTheRest(long seed) throws IOException {
        run(seed);
    }

    @Test
    @Tag("full")
    void shouldKeepItInHundredsOfWays() throws IOException {
        for (long seed = 1000; seed < 1400; seed++) {
            run(seed);
        }
    }

    /** A batch as it should be found again. */
    private record Batch(long first, long last, int valueBytes) {
        private static final int DAMAGED = -1;

        Batch damaged() {
            return new Batch(first, last, DAMAGED);
        }

        boolean isDamaged() {
            return valueBytes == DAMAGED;
        }
    }

    private Random random;
    private TestingLogs logs;
    private SegmentedLog log;
    private int epoch;
    private long flushed;
    private long end;
    private final List<Batch> model = new ArrayList<>();

    private void run(long seed) throws IOException {
        random = new Random(seed);
        model.clear();
        flushed = 0;
        end = 0;
        epoch = 0;
        Path folder = root.resolve("seed-" + seed);
        Files.createDirectories(folder);
        TestingDisk disk = new TestingDisk(random);
        logs = new TestingLogs(folder, disk);
        TopicProperties properties = new TestingTopic()
                .segmentBytes(600 + random.nextInt(3000))
                .indexIntervalBytes(100 + random.nextInt(400))
                .preallocate(random.nextInt(4) == 0)
                .compact(random.nextBoolean())
                .properties();
        log = logs.create(properties);
        for (int life = 0; life < 6; life++) {
            logs.threads.holdBackground();
            if (random.nextBoolean()) {
                disk.cutPowerAfter(random.nextInt(400));
            }
            int steps = random.nextInt(80);
            for (int step = 0; step < steps && logs.folder.isOnline(); step++) {
                step();
            }
            long known = log.recoveryPoint();
            logs.threads.forgetBackground();
            disk.crash(folder);
            logs.renewFolder();
            log = logs.open(
                    properties, random.nextInt(3) == 0 ? NOTHING : new LogOpener.Known(false, known, flushed, 0));
            check("seed " + seed + " life " + life);
        }
        assertThat(logs.offline).isEmpty();
        log.close();
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0 -> {
                flushed = log.flush().toCompletableFuture().join();
                assertThat(logs.folder.isOnline() && flushed < end).isFalse();
            }
            case 1 -> logs.threads.runBackground();
            case 2 -> log.beginEpoch(new LeaderEpoch(++epoch));
            case 3, 4 -> append(random.nextInt(20));
            default -> append(0);
        }
    }

    /** Appends as a leader, or, where offsets are to be missing before the batch, as a follower of one that compacts. */
    private void append(int missing) {
        int count = 1 + random.nextInt(4);
        int size = random.nextInt(120);
        long first = end + missing;
        long now = logs.clock.wallMs();
        AppendResult result = missing == 0
                ? log.appendAsLeader(
                        TestingBatches.plain(count, now, size), new LeaderEpoch(epoch), AppendOrigin.CLIENT)
                : log.appendAsFollower(TestingBatches.fromLeader(first, epoch, count, now, size));
        model.add(new Batch(first, first + count - 1, size)); // where the power has gone, it may be there or not
        end = first + count;
        if (logs.folder.isOnline()) {
            assertThat(result)
                    .isInstanceOfSatisfying(
                            AppendResult.Appended.class,
                            appended -> assertThat(appended.firstOffset()).isEqualTo(first));
        }
    }

    private void check(String what) {
        assertThat(log.logEndOffset()).as(what).isBetween(flushed, end);
        end = log.logEndOffset();
        long next = end;
        while (!model.isEmpty() && model.getLast().last >= end) {
            next = model.removeLast().first;
        }
        // an empty segment may be left that began behind a gap
        assertThat(end).as(what).isBetween(model.isEmpty() ? 0 : model.getLast().last + 1, next);
        assertThat(batches(what)).as(what).isEqualTo(model);
        logs.offline.clear();
        log.flush().toCompletableFuture().join();
        flushed = log.logEndOffset();
        epoch = Math.max(epoch, log.latestEpoch().value());
    }

    /** What can be read, and what is damaged: nothing that was flushed. */
    private List<Batch> batches(String what) {
        List<Batch> batches = new ArrayList<>();
        long next = 0;
        while (next < log.logEndOffset()) {
            ReadResult result = log.read(next, log.logEndOffset(), 1000, true);
            assertThat(result).isInstanceOf(ReadResult.Found.class);
            ReadResult.Found found = (ReadResult.Found) result;
            if (found.slices().isEmpty()) {
                return batches;
            }
            for (FileSlice slice : found.slices()) {
                for (MutableRecordBatch batch : TestingLogs.batches(slice)) {
                    Batch one = batch.isValid() ? read(batch) : damaged(batch, what);
                    batches.add(one);
                    next = one.last + 1;
                }
                slice.release();
            }
        }
        return batches;
    }

    private static Batch read(MutableRecordBatch batch) {
        return new Batch(
                batch.baseOffset(), batch.lastOffset(), batch.iterator().next().valueSize());
    }

    private Batch damaged(MutableRecordBatch batch, String what) {
        int at = 0;
        while (model.get(at).first != batch.baseOffset()) {
            at++;
        }
        Batch known = model.get(at);
        assertThat(known.isDamaged() || known.first >= flushed)
                .as(what + ": " + known + " was flushed, and is damaged")
                .isTrue();
        model.set(at, known.damaged());
        return known.damaged();
    }
}
