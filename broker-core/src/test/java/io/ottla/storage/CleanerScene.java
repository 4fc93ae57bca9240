package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.CleanerProperties;
import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Metrics;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder with compacted logs, and a cleaner whose time and threads a test rules. */
abstract class CleanerScene {
    static final LeaderEpoch EPOCH = new LeaderEpoch(0);
    static final long DAY_MS = 24L * 3600 * 1000;
    static final long BACKOFF_MS = CleanerProperties.DEFAULTS.backoffMs();
    /** A log of two segments of it and the active one is not compacted yet. */
    static final int RECORDS = 40;

    @TempDir
    Path root;

    final TestingClock clock = new TestingClock();
    final Map<String, TopicProperties> topics = new HashMap<>();
    TestingTimer timer;
    TestingDisk disk;
    Metrics metrics;
    LogProperties settings;
    LogFolders folders;

    @BeforeEach
    void begin() {
        disk = new TestingDisk(new Random(1));
        settings =
                LogProperties.DEFAULTS.withLogDirs(List.of(root.resolve("a"))).withScrubbing(-1, 1);
    }

    void open() throws IOException {
        timer = new TestingTimer();
        metrics = new Metrics();
        FolderLocks locks = FolderLocks.lock(
                settings, new StorageEnvironment(disk, clock, timer, new TestingThreads(), new Random(1), metrics));
        locks.identify(1, "cluster");
        folders = locks.logs((folder, logs) -> {});
        folders.open(topics::get);
    }

    void settings(CleanerProperties cleaner) {
        settings = settings.withCleaner(cleaner);
        if (folders != null) {
            folders.reconfigure(settings);
        }
    }

    static CleanerProperties bytesPerSecond(double bytes) {
        CleanerProperties rest = CleanerProperties.DEFAULTS;
        return new CleanerProperties(
                true, rest.threads(), bytes, rest.dedupeBufferBytes(), 1_000, rest.loadFactor(), rest.backoffMs());
    }

    static CleanerProperties threads(int threads) {
        CleanerProperties rest = CleanerProperties.DEFAULTS;
        return new CleanerProperties(
                true,
                threads,
                rest.ioMaxBytesPerSecond(),
                rest.dedupeBufferBytes(),
                rest.ioBufferBytes(),
                rest.loadFactor(),
                rest.backoffMs());
    }

    static CleanerProperties memory(long mapBytes, double loadFactor, int ioBytes) {
        CleanerProperties rest = CleanerProperties.DEFAULTS;
        return new CleanerProperties(
                true, 1, rest.ioMaxBytesPerSecond(), mapBytes, ioBytes, loadFactor, rest.backoffMs());
    }

    static TestingTopic compacted() {
        return new TestingTopic().segmentBytes(1000).delete(false).compact(true);
    }

    SegmentedLog create(String name, TestingTopic topic) {
        topics.put(name, topic.properties());
        CreateResult result = folders.create(new TopicPartition(name, 0), new TopicId(1, 2), topics.get(name), true)
                .toCompletableFuture()
                .join();
        return (SegmentedLog) ((CreateResult.Created) result).log();
    }

    SegmentedLog find(String name) {
        return (SegmentedLog) folders.find(new TopicPartition(name, 0));
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    void put(PartitionLog log, String key, String value) {
        AppendResult result = log.appendAsLeader(
                TestingBatches.of(
                        Compression.NONE, -1, 0, -1, false, new SimpleRecord(clock.wallMs(), bytes(key), bytes(value))),
                EPOCH,
                AppendOrigin.CLIENT);
        assertThat(result).isInstanceOf(AppendResult.Appended.class);
        log.advanceHighWatermark(log.logEndOffset());
    }

    /** Writes as many records, of as many keys one after the other. */
    void fill(PartitionLog log, int records, int keys) {
        for (int i = 0; i < records; i++) {
            put(log, "k" + i % keys, "value " + i);
            clock.advance(1);
        }
    }

    /** Goes on in a new segment. */
    void roll(SegmentedLog log) {
        int segments = log.segments();
        while (log.segments() == segments) {
            put(log, "roll", "-".repeat(100));
        }
    }

    /** The cleaner looks for work, and does it. */
    void clean() {
        timer.run(30_000);
    }

    /** Keys and values of all that is there. */
    static List<String> content(PartitionLog log) {
        List<String> all = new ArrayList<>();
        for (MutableRecordBatch batch : batches(log)) {
            for (Record record : batch) {
                all.add(text(record.key()) + "=" + text(record.value()));
            }
        }
        return all;
    }

    static List<String> keysBelow(PartitionLog log, long offset) {
        List<String> keys = new ArrayList<>();
        for (MutableRecordBatch batch : batches(log)) {
            for (Record record : batch) {
                if (record.offset() < offset) {
                    keys.add(text(record.key()));
                }
            }
        }
        return keys;
    }

    static List<MutableRecordBatch> batches(PartitionLog log) {
        List<MutableRecordBatch> all = new ArrayList<>();
        ReadResult.Found found = (ReadResult.Found) log.read(log.logStartOffset(), log.logEndOffset(), 1 << 20, true);
        for (FileSlice slice : found.slices()) {
            TestingLogs.batches(slice).forEach(all::add);
            slice.release();
        }
        return all;
    }

    static String text(java.nio.ByteBuffer bytes) {
        return bytes == null
                ? ""
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    List<String> files(String name, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("a").resolve(name + "-0"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    List<String> checkpoint() throws IOException {
        return Files.readAllLines(root.resolve("a/cleaner-offset-checkpoint"));
    }

    double level(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .mapToDouble(sample -> ((Metrics.Sample.Level) sample).value())
                .sum();
    }

    static TestingTopic large() {
        return compacted().segmentBytes(50_000);
    }

    /** Begins a pass that is slow, and is in the midst of writing. */
    SegmentedLog inTheMidst() throws IOException {
        settings(bytesPerSecond(200_000));
        open();
        SegmentedLog log = create("orders", large());
        fill(log, 6_000, 5_000);
        clean();
        for (int i = 0; i < 200 && files("orders", ".log.cleaned").isEmpty(); i++) {
            clock.advance(1_000);
            timer.run(1_000);
        }
        assertThat(files("orders", ".log.cleaned")).isNotEmpty();
        assertThat(log.cleanedTo()).isEqualTo(-1);
        return log;
    }

    void goOn() {
        for (int i = 0; i < 100; i++) {
            clock.advance(1_000);
            timer.run(BACKOFF_MS);
        }
    }
}
