package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Opens logs over a disk of the test's choice, all work on the test's thread. */
final class TestingLogs {
    static final TopicPartition PARTITION = new TopicPartition("t", 0);

    final TestingClock clock = new TestingClock();
    final TestingTimer timer = new TestingTimer();
    final TestingThreads threads = new TestingThreads();
    final List<DiskFolder> offline = new ArrayList<>();
    final Path root;
    LogProperties settings = LogProperties.DEFAULTS;
    ProducerLimit producerLimit = ProducerLimit.NONE;
    DiskFolder folder;
    Disk disk;

    TestingLogs(Path root, Disk disk) {
        this.root = root;
        this.disk = disk;
        renewFolder();
    }

    /** As after a restart. */
    void renewFolder() {
        folder = new DiskFolder(
                root, disk, clock, timer, threads, new Metrics().distribution("flush", "", Labels.NONE), offline::add);
        folder.limitProducersBy(producerLimit);
    }

    SegmentedLog create(TopicProperties properties) {
        try {
            return opener().create(PARTITION, path(), properties, new TopicId(7, 8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    SegmentedLog open(TopicProperties properties, LogOpener.Known known) {
        try {
            return opener().open(PARTITION, path(), properties, known, RecoveryProgress.NONE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Path path() {
        return root.resolve(PARTITION.toString());
    }

    private LogOpener opener() {
        return new LogOpener(folder, settings, new Random(1));
    }

    /** Everything from that offset on, by reads of so many bytes at most. */
    static List<Long> offsets(PartitionLog log, long from, int maxBytes) {
        List<Long> offsets = new ArrayList<>();
        long next = from;
        while (next < log.logEndOffset()) {
            ReadResult result = log.read(next, log.logEndOffset(), maxBytes, true);
            if (!(result instanceof ReadResult.Found found)) {
                throw new AssertionError("Expected to read from " + next + ", but " + result);
            }
            if (found.slices().isEmpty()) {
                return offsets;
            }
            for (FileSlice slice : found.slices()) {
                for (org.apache.kafka.common.record.internal.MutableRecordBatch batch : batches(slice)) {
                    batch.ensureValid();
                    for (org.apache.kafka.common.record.internal.Record record : batch) {
                        if (record.offset() >= next) {
                            offsets.add(record.offset());
                        }
                    }
                    next = batch.lastOffset() + 1;
                }
                slice.release();
            }
        }
        return offsets;
    }

    static Iterable<org.apache.kafka.common.record.internal.MutableRecordBatch> batches(FileSlice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.length());
        try {
            slice.readInto(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return MemoryRecords.readableRecords(bytes.flip()).batches();
    }

    static TopicProperties small(int segmentBytes, int indexIntervalBytes) {
        return new TestingTopic()
                .segmentBytes(segmentBytes)
                .indexIntervalBytes(indexIntervalBytes)
                .properties();
    }
}
