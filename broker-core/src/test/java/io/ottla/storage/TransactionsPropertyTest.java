package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Metrics;
import io.ottla.types.TopicId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transactions and idempotent producers beside a model, through whatever may befall a log: rolls, restarts and crashes, lost
 * snapshots, cuts, deletions, compaction, copies on other brokers and in other folders.
 */
final class TransactionsPropertyTest {
    private static final int STEPS = 120;

    @Property(tries = 12)
    void shouldStandWhereTheModelStands(@ForAll long seed) throws IOException {
        inFolder(root -> new Life(root, seed).live());
    }

    @Property(tries = 500)
    @Tag("full")
    void shouldStandWhereTheModelStandsInHundredsOfWays(@ForAll long seed) throws IOException {
        inFolder(root -> new Life(root, seed).live());
    }

    @Property(tries = 5)
    void shouldStandThereWhenItMovesBetweenFolders(@ForAll long seed) throws IOException {
        inFolder(root -> move(root, seed));
    }

    @Property(tries = 100)
    @Tag("full")
    void shouldStandThereWhenItMovesBetweenFoldersInManyWays(@ForAll long seed) throws IOException {
        inFolder(root -> move(root, seed));
    }

    /** Lives in which something was lost once. */
    @ParameterizedTest
    @ValueSource(longs = {196_155, 197_155, 197_341})
    void shouldStandWhereItFellOnce(long seed) throws IOException {
        inFolder(root -> new Life(root, seed).live());
        inFolder(root -> move(root, seed));
    }

    private interface Run {
        void in(Path root) throws IOException;
    }

    private static void inFolder(Run run) throws IOException {
        Path root = Files.createTempDirectory("transactions");
        try {
            run.in(root);
        } finally {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static TestingTopic topic(Random random) {
        return new TestingTopic()
                .segmentBytes(400 + random.nextInt(2500))
                .indexIntervalBytes(50 + random.nextInt(300))
                .fileDeleteDelayMs(0);
    }

    /** One log and what befalls it. */
    private static final class Life {
        private final Path root;
        private final Random random;
        private final boolean isCompacted;
        private final TopicProperties properties;
        private final TransactionalLog scene;
        private TestingDisk disk;
        private TestingLogs logs;
        private SegmentedLog log;
        private int replicas;
        /** A crash may undo a cut: followers are cut again by their leader then, which is nothing for this test. */
        private boolean isCut;

        Life(Path root, long seed) throws IOException {
            this.root = root;
            random = new Random(seed);
            isCompacted = random.nextInt(3) == 0;
            TestingTopic topic = topic(random);
            properties = isCompacted
                    ? topic.delete(false)
                            .compact(true)
                            .deleteRetentionMs(random.nextInt(600))
                            .properties()
                    : topic.retentionBytes(3000).properties();
            begin();
            scene = new TransactionalLog(log, logs.clock, random, isCompacted);
        }

        private void begin() throws IOException {
            disk = new TestingDisk(random);
            logs = new TestingLogs(Files.createDirectories(root.resolve("replica-" + replicas++)), disk);
            log = logs.create(properties);
        }

        void live() throws IOException {
            for (int step = 0; step < STEPS; step++) {
                String what = step();
                assertThat(logs.offline).as(what).isEmpty();
                scene.check("step " + step + ", " + what);
            }
            log.close();
        }

        private String step() throws IOException {
            return switch (random.nextInt(40)) {
                case 0 -> restart(true);
                case 1 -> restart(false);
                case 2 -> crash();
                case 3 -> truncate();
                case 4 -> deleteRecords();
                case 5, 6 -> tidy();
                case 7 -> goOnElsewhere();
                case 8, 9 -> roll();
                case 10 -> "flush to " + log.flush().toCompletableFuture().join();
                default -> {
                    scene.write();
                    yield "write";
                }
            };
        }

        private String roll() {
            log.rollSoon();
            return "roll";
        }

        private String truncate() {
            long offset = log.highWatermark() + random.nextInt((int) (log.logEndOffset() - log.highWatermark()) + 1);
            if (offset < log.logEndOffset()) {
                log.truncateTo(offset).toCompletableFuture().join();
                assertThat(log.logEndOffset()).isLessThanOrEqualTo(offset);
                scene.endsAt(log.logEndOffset());
                isCut = true;
            }
            return "truncate to " + offset;
        }

        private String deleteRecords() {
            long start = log.logStartOffset();
            long offset = start + random.nextInt((int) (log.highWatermark() - start) / 2 + 1);
            assertThat(log.advanceLogStart(offset)).isTrue();
            return "delete records to " + offset;
        }

        /** Deletes old segments, or compacts. */
        private String tidy() throws IOException {
            log.retain();
            if (isCompacted) {
                try (LogCleaning cleaning = log.compaction()
                        .begin(new LogCleaning.Means(1000L * KeyOffsets.ENTRY_BYTES, 0.9, 600, new Random(3)))) {
                    if (cleaning != null) {
                        CompactedLog.run(cleaning);
                    }
                }
            }
            return "tidy up to " + log.cleanedTo() + " from " + log.logStartOffset();
        }

        private String restart(boolean clean) throws IOException {
            long recoveryPoint = log.recoveryPoint();
            if (clean) {
                log.close();
                isCut = false;
                recoveryPoint = log.recoveryPoint();
            } else {
                log.abandon();
            }
            String spoiled = spoilSnapshots();
            long end = log.logEndOffset();
            open(new LogOpener.Known(clean, recoveryPoint, log.highWatermark(), log.logStartOffset(), log.cleanedTo()));
            assertThat(log.logEndOffset()).isEqualTo(end);
            scene.wasRead();
            return (clean ? "restart" : "restart after a kill") + spoiled;
        }

        private void open(LogOpener.Known known) {
            logs.renewFolder();
            log = logs.open(properties, known);
            scene.log = log;
        }

        private String spoilSnapshots() throws IOException {
            int how = random.nextInt(4);
            if (how < 2) {
                return "";
            }
            try (Stream<Path> files = Files.list(logs.path())) {
                for (Path file : files.filter(one -> one.toString().endsWith(SegmentFiles.SNAPSHOT))
                        .toList()) {
                    byte[] bytes = Files.readAllBytes(file);
                    if (how == 2 && random.nextBoolean()) {
                        disk.delete(file);
                    } else if (random.nextBoolean()) {
                        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                        Files.write(file, bytes);
                    }
                }
            }
            disk.syncFolder(logs.path());
            return " without some snapshots";
        }

        private String crash() throws IOException {
            if (isCut) {
                return restart(true);
            }
            LogOpener.Known known = new LogOpener.Known(
                    false, log.recoveryPoint(), log.highWatermark(), log.logStartOffset(), log.cleanedTo());
            disk.crash(logs.root);
            open(known);
            if (log.foundDamaged().isPresent()) {
                log.cutDamage(log.foundDamaged().getAsLong())
                        .toCompletableFuture()
                        .join();
                isCut = true;
            }
            scene.endsAt(log.logEndOffset());
            return "crash with " + known;
        }

        /** A follower copies all that there is, and leads then. */
        private String goOnElsewhere() throws IOException {
            SegmentedLog leader = log;
            TestingClock clock = logs.clock;
            long start = leader.logStartOffset();
            long begin = scene.batchOf(start);
            begin();
            logs.clock.advance(clock.wallMs() - logs.clock.wallMs());
            log.truncateFullyAndStartAt(begin).toCompletableFuture().join();
            copy(leader, start, 1 + random.nextInt(1500));
            assertThat(log.logEndOffset()).isEqualTo(leader.logEndOffset());
            log.advanceHighWatermark(leader.highWatermark());
            log.advanceLogStart(start);
            // else a crash may take what compaction went by when it took out what was before
            log.flush().toCompletableFuture().join();
            leader.close();
            isCut = false;
            scene.goOnWith(log, begin, logs.clock);
            return "go on elsewhere from " + begin;
        }

        private void copy(SegmentedLog leader, long from, int maxBytes) throws IOException {
            long next = from;
            while (next < leader.logEndOffset()) {
                ReadResult.Found found = (ReadResult.Found) leader.read(next, leader.logEndOffset(), maxBytes, true);
                ByteBuffer bytes = ByteBuffer.allocate(found.bytes());
                for (FileSlice slice : found.slices()) {
                    slice.readInto(bytes.limit(bytes.position() + slice.length()));
                    slice.release();
                }
                if (bytes.capacity() == 0) {
                    return;
                }
                assertThat(log.appendAsFollower(bytes.flip())).isInstanceOf(AppendResult.Appended.class);
                next = log.logEndOffset();
            }
        }
    }

    private static void move(Path root, long seed) throws IOException {
        Random random = new Random(seed);
        List<Path> paths = List.of(root.resolve("a"), root.resolve("b"));
        LogProperties settings = LogProperties.DEFAULTS.withLogDirs(paths);
        TestingClock clock = new TestingClock();
        TestingThreads threads = new TestingThreads();
        threads.holdMoves(true);
        FolderLocks locks = FolderLocks.lock(
                settings,
                new StorageEnvironment(
                        new TestingDisk(random), clock, new TestingTimer(), threads, random, new Metrics()));
        locks.identify(1, "cluster");
        LogFolders folders = locks.logs((_, _) -> {});
        folders.open(_ -> TopicProperties.DEFAULTS);
        CreateResult made = folders.create(
                        TestingLogs.PARTITION, new TopicId(1, 2), topic(random).properties(), true)
                .toCompletableFuture()
                .join();
        PartitionLog log = ((CreateResult.Created) made).log();
        TransactionalLog scene = new TransactionalLog(log, clock, random, false);
        int moved = 0;
        for (int step = 0; step < 2 * STEPS; step++) {
            Path before = log.folder().path();
            switch (random.nextInt(12)) {
                case 0 -> folders.move(TestingLogs.PARTITION, paths.get(random.nextInt(2)));
                case 1 -> log.truncateTo(log.highWatermark());
                case 2, 3, 4 -> threads.runMove();
                default -> scene.write();
            }
            if (log.logEndOffset() < scene.end()) {
                scene.endsAt(log.logEndOffset());
            }
            moved += log.folder().path().equals(before) ? 0 : 1;
            scene.check("step " + step + ", moved " + moved + " times");
        }
        threads.holdMoves(false);
        folders.close(1);
    }
}
