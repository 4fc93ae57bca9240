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
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Power failures at any moment: what a flush acknowledged is there, the rest is a clean prefix of what was appended. */
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
        for (long seed = 1000; seed < 1100; seed++) {
            run(seed);
        }
    }

    private void run(long seed) throws IOException {
        Random random = new Random(seed);
        Path folder = root.resolve("seed-" + seed);
        Files.createDirectories(folder);
        TestingDisk disk = new TestingDisk(random);
        TestingLogs logs = new TestingLogs(folder, disk);
        TopicProperties properties = TestingLogs.small(600 + random.nextInt(3000), 100 + random.nextInt(400));
        SegmentedLog log = logs.create(properties);
        /* the value size of each record, by offset */
        List<Integer> model = new ArrayList<>();
        long flushed = 0;
        int epoch = 0;
        for (int life = 0; life < 6; life++) {
            logs.threads.holdBackground();
            int steps = random.nextInt(80);
            for (int step = 0; step < steps; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> {
                        flushed = log.flush().toCompletableFuture().join();
                        assertThat(flushed).isEqualTo(model.size());
                    }
                    case 1 -> logs.threads.runBackground();
                    case 2 -> log.beginEpoch(new LeaderEpoch(++epoch));
                    default -> append(log, model, random, epoch, logs.clock.wallMs());
                }
            }
            long known = log.recoveryPoint();
            logs.threads.forgetBackground();
            disk.crash(folder);
            logs.renewFolder();
            log = logs.open(
                    properties, random.nextInt(3) == 0 ? NOTHING : new LogOpener.Known(false, known, flushed, 0));
            assertThat(log.logEndOffset()).as("seed %s life %s", seed, life).isBetween(flushed, (long) model.size());
            while (model.size() > log.logEndOffset()) {
                model.removeLast();
            }
            assertThat(sizes(log)).as("seed %s life %s", seed, life).isEqualTo(model);
            flushed = log.logEndOffset();
            log.flush().toCompletableFuture().join();
            epoch = Math.max(epoch, log.latestEpoch().value());
        }
        assertThat(logs.offline).isEmpty();
        log.close();
    }

    private static void append(SegmentedLog log, List<Integer> model, Random random, int epoch, long now) {
        int count = 1 + random.nextInt(4);
        int size = random.nextInt(120);
        AppendResult result =
                log.appendAsLeader(TestingBatches.plain(count, now, size), new LeaderEpoch(epoch), AppendOrigin.CLIENT);
        assertThat(result)
                .isInstanceOfSatisfying(
                        AppendResult.Appended.class,
                        appended -> assertThat(appended.firstOffset()).isEqualTo(model.size()));
        for (int i = 0; i < count; i++) {
            model.add(size);
        }
    }

    private static List<Integer> sizes(PartitionLog log) {
        List<Integer> sizes = new ArrayList<>();
        while (sizes.size() < log.logEndOffset()) {
            ReadResult.Found found = (ReadResult.Found) log.read(sizes.size(), log.logEndOffset(), 1000, true);
            assertThat(found.slices()).isNotEmpty();
            for (FileSlice slice : found.slices()) {
                for (MutableRecordBatch batch : TestingLogs.batches(slice)) {
                    batch.ensureValid();
                    for (Record record : batch) {
                        assertThat(record.offset()).isEqualTo(sizes.size());
                        sizes.add(record.valueSize());
                    }
                }
                slice.release();
            }
        }
        return sizes;
    }
}
