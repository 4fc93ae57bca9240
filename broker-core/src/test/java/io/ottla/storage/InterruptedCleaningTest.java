package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a broker, ours or Kafka's, leaves in a folder that stops at any step of a swap. */
class InterruptedCleaningTest {
    private static final TopicProperties TOPIC = new TestingTopic()
            .segmentBytes(1000)
            .indexIntervalBytes(100)
            .delete(false)
            .compact(true)
            .properties();

    /** The steps of a swap, by what a folder holds then. */
    enum Step {
        WRITING(false),
        WRITTEN(false),
        RENAMED_IN_PART(false),
        RENAMED(true),
        OLD_ONES_MARKED_IN_PART(true),
        OLD_ONES_MARKED(true),
        BATCHES_IN_PLACE(true),
        DONE(true);

        private final boolean counts;

        Step(boolean counts) {
            this.counts = counts;
        }
    }

    @TempDir
    Path root;

    private Path before;
    private Path after;
    private List<Long> offsetsBefore;
    private List<Long> offsetsAfter;
    private LogOpener.Known known;

    /** A log before a pass that makes one segment of several, and after it. */
    @BeforeEach
    void compact() throws IOException {
        TestingLogs logs = logs("log");
        SegmentedLog log = logs.create(TOPIC);
        for (int i = 0; i < 25; i++) {
            log.appendAsLeader(
                    TestingBatches.plain(2, logs.clock.wallMs() + i, 20), new LeaderEpoch(0), AppendOrigin.CLIENT);
        }
        log.advanceHighWatermark(log.logEndOffset());
        log.flush().toCompletableFuture().join();
        offsetsBefore = TestingLogs.offsets(log, 0, 1 << 20);
        assertThat(log.segments()).isGreaterThan(3);
        before = copy(logs.path(), "before");
        log.reconfigure(new TestingTopic()
                .indexIntervalBytes(100)
                .delete(false)
                .compact(true)
                .properties());
        try (LogCleaning cleaning =
                log.compaction().begin(new LogCleaning.Means(1 << 20, 0.9, 10_000, new Random(1)))) {
            assertThat(CompactedLog.run(cleaning)).isEqualTo(LogCleaning.Progress.DONE);
        }
        logs.timer.run(Long.MAX_VALUE);
        offsetsAfter = TestingLogs.offsets(log, 0, 1 << 20);
        assertThat(offsetsAfter).hasSizeLessThan(offsetsBefore.size());
        assertThat(log.segments()).isEqualTo(2);
        after = copy(logs.path(), "after");
        known = new LogOpener.Known(false, log.recoveryPoint(), log.highWatermark(), 0, -1);
        log.close();
    }

    private TestingLogs logs(String name) throws IOException {
        return new TestingLogs(Files.createDirectories(root.resolve(name)), Disk.system());
    }

    private Path copy(Path folder, String name) throws IOException {
        Path target = Files.createDirectories(root.resolve(name));
        for (Path file : files(folder)) {
            Files.copy(file, target.resolve(file.getFileName()));
        }
        return target;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** The folder as it is at that step. */
    private void compose(Step step, Path folder) throws IOException {
        String active = files(after).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".log"))
                .max(String::compareTo)
                .orElseThrow()
                .substring(0, 20);
        boolean areOldOnesThere = step.compareTo(Step.BATCHES_IN_PLACE) < 0;
        for (Path file : files(before)) {
            String name = file.getFileName().toString();
            boolean isOld = name.matches("\\d{20}\\..*index|\\d{20}\\.log")
                    && name.substring(0, 20).compareTo(active) < 0;
            boolean isMarked = step == Step.OLD_ONES_MARKED
                    || isOld && step == Step.OLD_ONES_MARKED_IN_PART && name.charAt(19) % 2 == 0;
            if (!isOld) {
                Files.copy(file, folder.resolve(name));
            } else if (areOldOnesThere) {
                Files.copy(file, folder.resolve(isMarked ? name + ".deleted" : name));
            }
        }
        for (String kind : List.of(".log", ".index", ".timeindex")) {
            String name = "0".repeat(20) + kind;
            byte[] content = Files.readAllBytes(after.resolve(name));
            boolean isLog = kind.equals(".log");
            String suffix = switch (step) {
                case WRITING, WRITTEN -> ".cleaned";
                case RENAMED_IN_PART -> isLog ? ".swap" : ".cleaned";
                case RENAMED, OLD_ONES_MARKED_IN_PART, OLD_ONES_MARKED -> ".swap";
                case BATCHES_IN_PLACE -> isLog ? "" : ".swap";
                case DONE -> "";
            };
            int bytes = step == Step.WRITING ? content.length / 2 : content.length;
            Files.write(folder.resolve(name + suffix), java.util.Arrays.copyOf(content, bytes));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveAllOldSegmentsOrTheNewOne(Step step) throws IOException {
        // given
        TestingLogs logs = logs("at-" + step);
        compose(step, Files.createDirectories(logs.path()));
        // when
        SegmentedLog log = logs.open(TOPIC, known);
        // then
        assertThat(TestingLogs.offsets(log, 0, 1 << 20)).isEqualTo(step.counts ? offsetsAfter : offsetsBefore);
        assertThat(log.logEndOffset()).isEqualTo(offsetsBefore.getLast() + 1);
        assertThat(files(logs.path()).stream().filter(file -> file.toString().matches(".*\\.(cleaned|swap|deleted)")))
                .isEmpty();
        log.close();
    }

    @Test
    void shouldNotMixFilesOfASwapThatDoesNotCountWithThoseOfASegment() throws IOException {
        // given  an index that was renamed, and batches that were not, as a disk may leave it that reorders names
        TestingLogs logs = logs("mixed");
        Path folder = Files.createDirectories(logs.path());
        compose(Step.WRITTEN, folder);
        Path index = folder.resolve("0".repeat(20) + ".index.cleaned");
        Files.move(index, folder.resolve("0".repeat(20) + ".index.swap"));
        byte[] old = Files.readAllBytes(folder.resolve("0".repeat(20) + ".index"));
        // when
        SegmentedLog log = logs.open(TOPIC, known);
        // then
        assertThat(TestingLogs.offsets(log, 0, 1 << 20)).isEqualTo(offsetsBefore);
        assertThat(Files.readAllBytes(folder.resolve("0".repeat(20) + ".index")))
                .isEqualTo(old);
        log.close();
    }
}
