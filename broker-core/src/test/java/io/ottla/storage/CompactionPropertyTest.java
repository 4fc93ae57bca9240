package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Compaction beside a model: what remains, its order and its offsets; and what a crash in the midst of it leaves. */
final class CompactionPropertyTest {
    private static final int MANY_KEYS = 1_000;

    private static void inFolder(long seed, Run run) throws IOException {
        Path root = Files.createTempDirectory("compaction");
        try {
            run.in(root, new Random(seed));
        } finally {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private interface Run {
        void in(Path root, Random random) throws IOException;
    }

    private static TopicProperties topic(Random random) {
        return new TestingTopic()
                .segmentBytes(500 + random.nextInt(3000))
                .indexIntervalBytes(50 + random.nextInt(400))
                .delete(false)
                .compact(true)
                .deleteRetentionMs(random.nextInt(400))
                .fileDeleteDelayMs(0)
                .properties();
    }

    @Property(tries = 8)
    void shouldLeaveWhatTheModelLeaves(@ForAll long seed) throws IOException {
        compact(seed);
    }

    @Property(tries = 150)
    @Tag("full")
    void shouldLeaveWhatTheModelLeavesInHundredsOfWays(@ForAll long seed) throws IOException {
        compact(seed);
    }

    private static void compact(long seed) throws IOException {
        inFolder(seed, (root, random) -> {
            TestingLogs logs = new TestingLogs(root, new TestingDisk(random));
            CompactedLog log = new CompactedLog(logs, random, topic(random));
            long compactedTo = 0;
            for (int round = 0; round < 6; round++) {
                int writes = random.nextInt(60);
                for (int i = 0; i < writes; i++) {
                    log.write();
                }
                if (random.nextInt(3) == 0) {
                    log.truncate();
                }
                if (random.nextBoolean()) {
                    log.settle();
                }
                int keys = random.nextInt(3) == 0 ? 2 + random.nextInt(8) : MANY_KEYS;
                LogCleaning.Progress progress = log.compact(keys);
                assertThat(logs.offline).isEmpty();
                if (progress == LogCleaning.Progress.DONE) {
                    compactedTo = log.log.cleanedTo();
                }
                log.check("round " + round, compactedTo, compactedTo);
                if (random.nextInt(3) == 0) {
                    reopen(log, true, compactedTo);
                    log.check("round " + round + " opened again", compactedTo, compactedTo);
                }
            }
            log.log.close();
        });
    }

    private static void reopen(CompactedLog log, boolean withSnapshots, long cleanedTo) throws IOException {
        long highWatermark = log.log.highWatermark();
        log.log.close();
        if (!withSnapshots) {
            try (Stream<Path> files = Files.list(log.logs.path())) {
                for (Path file : files.filter(one -> one.toString().endsWith(SegmentFiles.SNAPSHOT))
                        .toList()) {
                    Files.delete(file);
                }
            }
        }
        log.logs.renewFolder();
        log.log = log.logs.open(
                log.properties, new LogOpener.Known(true, log.log.recoveryPoint(), highWatermark, 0, cleanedTo));
    }

    @Property(tries = 6)
    void shouldLeaveWhatItTakesToKnowWhereProducersStand(@ForAll long seed) throws IOException {
        compactWithProducers(seed);
    }

    @Property(tries = 100)
    @Tag("full")
    void shouldLeaveWhatItTakesToKnowWhereProducersStandInHundredsOfWays(@ForAll long seed) throws IOException {
        compactWithProducers(seed);
    }

    private static void compactWithProducers(long seed) throws IOException {
        inFolder(seed, (root, random) -> {
            TestingLogs logs = new TestingLogs(root, new TestingDisk(random));
            CompactedLog log = new CompactedLog(logs, random, topic(random));
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 40; i++) {
                    log.write();
                }
                log.settle();
                log.compact(MANY_KEYS);
                logs.clock.advance(random.nextInt(500));
            }
            Map<Long, List<Object>> before = log.producers();
            reopen(log, false, log.log.cleanedTo());
            assertThat(log.producers()).isEqualTo(before);
            assertThat(log.log.firstUnstableOffset()).isEmpty();
            log.log.close();
        });
    }

    @Property(tries = 8)
    void shouldLoseNothingInACrash(@ForAll long seed) throws IOException {
        compactAndCrash(seed);
    }

    @Property(tries = 300)
    @Tag("full")
    void shouldLoseNothingInACrashInHundredsOfWays(@ForAll long seed) throws IOException {
        compactAndCrash(seed);
    }

    private static void compactAndCrash(long seed) throws IOException {
        inFolder(seed, (root, random) -> {
            TestingDisk disk = new TestingDisk(random);
            TestingLogs logs = new TestingLogs(root, disk);
            CompactedLog log = new CompactedLog(logs, random, topic(random));
            long compactedTo = 0;
            long touchedTo = 0;
            for (int life = 0; life < 5; life++) {
                for (int i = random.nextInt(60); i > 0; i--) {
                    log.write();
                }
                log.settle();
                log.log.flush().toCompletableFuture().join();
                long highWatermark = log.log.highWatermark();
                disk.cutPowerAfter(random.nextInt(120));
                touchedTo = Math.max(touchedTo, log.log.logEndOffset());
                compactedTo = compactUntilThePowerFails(log, logs, compactedTo);
                disk.crash(root);
                logs.offline.clear();
                logs.renewFolder();
                log.log = logs.open(log.properties, new LogOpener.Known(false, 0, highWatermark, 0, compactedTo));
                log.check("life " + life, compactedTo, touchedTo);
                assertThat(log.log.logEndOffset()).isEqualTo(highWatermark);
                assertThat(leftOvers(logs)).isEmpty();
                if (random.nextBoolean()) {
                    touchedTo = log.log.logEndOffset();
                    log.compact(MANY_KEYS);
                    compactedTo = Math.max(compactedTo, log.log.cleanedTo());
                    log.check("life " + life + " after another pass", compactedTo, touchedTo);
                }
            }
            log.log.close();
        });
    }

    private static long compactUntilThePowerFails(CompactedLog log, TestingLogs logs, long compactedTo) {
        try {
            for (int pass = 0; pass < 3; pass++) {
                if (log.compact(MANY_KEYS) == LogCleaning.Progress.DONE) {
                    compactedTo = log.log.cleanedTo();
                }
                logs.clock.advance(500);
            }
        } catch (IOException powerIsOff) {
            log.log.compaction().failed(powerIsOff);
        }
        return compactedTo;
    }

    private static List<Path> leftOvers(TestingLogs logs) throws IOException {
        try (Stream<Path> files = Files.list(logs.path())) {
            return files.filter(file -> file.toString().matches(".*\\.(cleaned|swap|deleted)"))
                    .toList();
        }
    }
}
