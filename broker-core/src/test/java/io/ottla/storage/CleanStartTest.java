package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.LogProperties;
import io.ottla.metrics.Metrics;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start touches after a clean stop: of each log its newest segment, however many logs and segments there are. */
class CleanStartTest {
    private static final int LOGS = 2_000;

    @TempDir
    Path root;

    /** Files that were opened, by name, and how often. */
    private final Map<String, Integer> opened = new TreeMap<>();

    private LogFolders open() throws IOException {
        StorageEnvironment environment = new StorageEnvironment(
                countingDisk(),
                new TestingClock(),
                new TestingTimer(),
                new TestingThreads(),
                new Random(1),
                new Metrics());
        FolderLocks locks = FolderLocks.lock(LogProperties.DEFAULTS.withLogDirs(List.of(root)), environment);
        locks.identify(1, "cluster");
        LogFolders folders = locks.logs((folder, logs) -> {});
        folders.open(topic -> TestingLogs.small(700, 200));
        return folders;
    }

    private Disk countingDisk() {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (_, call, with) -> {
                    if (call.getName().equals("open")) {
                        opened.merge(((Path) with[0]).getFileName().toString(), 1, Integer::sum);
                    }
                    try {
                        return call.invoke(Disk.system(), with);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** A log of several segments, closed properly; its newest segment's base offset, and its end. */
    private long[] writeOne() throws IOException {
        LogFolders folders = open();
        folders.create(new TopicPartition("t", 0), new TopicId(1, 2), TestingLogs.small(700, 200), true)
                .toCompletableFuture()
                .join();
        SegmentedLog log = (SegmentedLog) folders.find(new TopicPartition("t", 0));
        for (int i = 0; i < 14; i++) {
            log.appendAsLeader(TestingBatches.plain(2, 1000 + i, 50), new LeaderEpoch(1), AppendOrigin.CLIENT);
        }
        assertThat(log.segments()).isGreaterThan(2);
        long end = log.logEndOffset();
        folders.close(1);
        try (Stream<Path> files = Files.list(root.resolve("t-0"))) {
            long newest = files.map(file -> SegmentFiles.offset(file, SegmentFiles.LOG))
                    .flatMapToLong(offset -> offset.stream())
                    .max()
                    .orElseThrow();
            return new long[] {newest, end};
        }
    }

    /** As many logs as one folder under many names makes: nothing is written to them. */
    private void multiply(long end) throws IOException {
        for (int i = 1; i < LOGS; i++) {
            Files.createSymbolicLink(root.resolve("t-" + i), root.resolve("t-0"));
        }
        List<String> lines = new ArrayList<>(List.of("0", Integer.toString(LOGS)));
        IntStream.range(0, LOGS).forEach(i -> lines.add("t " + i + " " + end));
        Files.write(root.resolve(OffsetCheckpoint.RECOVERY_POINT), lines);
    }

    @Test
    void shouldOpenNoSegmentButTheNewestOfEachLog() throws IOException {
        // given  many logs of several segments
        long[] written = writeOne();
        multiply(written[1]);
        opened.clear();
        // when
        LogFolders folders = open();
        // then  all are there, and of segments only the newest were opened, once each
        assertThat(folders.logs())
                .hasSize(LOGS)
                .allSatisfy(log -> assertThat(log.logEndOffset()).isEqualTo(written[1]));
        Map<String, Integer> segments = new TreeMap<>(opened);
        segments.keySet().removeIf(name -> !name.matches("\\d{20}\\..*"));
        assertThat(segments)
                .containsEntry(SegmentFiles.name(written[0], SegmentFiles.LOG), LOGS)
                .allSatisfy((name, times) -> {
                    assertThat(Long.parseLong(name.substring(0, 20))).as(name).isGreaterThanOrEqualTo(written[0]);
                    assertThat(times).as(name).isLessThanOrEqualTo(LOGS);
                });
        // and  few files in all
        assertThat(opened.values().stream().mapToInt(Integer::intValue).sum()).isLessThan(7 * LOGS);
        for (PartitionLog log : folders.logs()) {
            ((SegmentedLog) log).abandon(); // nothing was written
        }
        folders.close(1);
    }
}
