package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.record.CheckedBatches;
import io.ottla.record.RecordBatch;
import io.ottla.record.RecordBatches;
import io.ottla.time.Clock;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * A log as production wires it, over files in memory, for one round of a stress test: batches of one record are appended
 * to it. What runs in the background runs when an actor says so.
 */
public final class StressedLog {
    /** What {@link #batches} answers where the offset is out of range. */
    public static final int OUT_OF_RANGE = -1;
    /** What it answers where something is wrong with what was read. */
    public static final int BROKEN = -2;

    private static final TopicPartition NAME = new TopicPartition("t", 0);
    private static final Path FOLDER = Path.of("/memory");
    private static final Random RANDOM = new Random(1);
    private static final Distribution FLUSHES = new Metrics().distribution("flush", "", Labels.NONE);
    private static final byte[] BATCH = batch();

    private record Batches(ByteBuffer buffer, int recordCount, long maxTimestamp) implements CheckedBatches {}

    private final Queue<Runnable> background = new ConcurrentLinkedQueue<>();
    private final SegmentedLog log;

    private StressedLog(TopicProperties topic) {
        DiskFolder folder = new DiskFolder(
                FOLDER,
                new MemoryDisk(),
                Clock.system(),
                (_, task) -> {
                    task.run();
                    return () -> false;
                },
                new Threads(),
                FLUSHES,
                _ -> {});
        try {
            log = new LogOpener(folder, LogProperties.DEFAULTS, RANDOM)
                    .create(NAME, FOLDER.resolve("t-0"), topic, TopicId.ZERO);
            new FolderLogs(folder, () -> LogProperties.DEFAULTS, RANDOM, new Metrics()).add(log);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** A log of one segment. */
    public static StressedLog ofOneSegment() {
        return new StressedLog(topic(1 << 20));
    }

    /** A log that begins a segment for each batch but the first; retention lets only the last one stay. */
    public static StressedLog ofASegmentForEachBatch() {
        return new StressedLog(topic(BATCH.length + 1));
    }

    private static TopicProperties topic(int segmentBytes) {
        TopicProperties rest = TopicProperties.DEFAULTS;
        return new TopicProperties(
                segmentBytes,
                rest.segmentMs(),
                rest.segmentJitterMs(),
                rest.segmentIndexBytes(),
                rest.indexIntervalBytes(),
                BATCH.length,
                rest.retentionMs(),
                rest.flushMessages(),
                rest.flushMs(),
                rest.fileDeleteDelayMs(),
                rest.maxMessageBytes(),
                rest.maxDecompressedMessageBytes(),
                rest.messageTimestampType(),
                rest.messageTimestampBeforeMaxMs(),
                rest.messageTimestampAfterMaxMs(),
                rest.compressionType(),
                rest.compressionLevel(),
                rest.minInSyncReplicas(),
                rest.uncleanLeaderElectionEnable(),
                rest.preallocate(),
                rest.delete(),
                rest.compact(),
                rest.minCleanableDirtyRatio(),
                rest.minCompactionLagMs(),
                rest.maxCompactionLagMs(),
                rest.deleteRetentionMs(),
                rest.leaderReplicationThrottledReplicas(),
                rest.followerReplicationThrottledReplicas());
    }

    private static byte[] batch() {
        SimpleRecord record = new SimpleRecord(System.currentTimeMillis(), "v".getBytes(StandardCharsets.UTF_8));
        ByteBuffer buffer = MemoryRecords.withRecords(Compression.NONE, record).buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    public PartitionLog log() {
        return log;
    }

    /** A batch of one record, to be appended once. */
    public static CheckedBatches oneRecord() {
        return new Batches(ByteBuffer.wrap(BATCH.clone()), 1, System.currentTimeMillis());
    }

    /** Appends one record; true where it went well. */
    public boolean append(int leaderEpoch) {
        return log.appendAsLeader(oneRecord(), new LeaderEpoch(leaderEpoch), AppendOrigin.CLIENT)
                instanceof AppendResult.Appended;
    }

    /** Runs all that waits to be run in the background. */
    public void runBackground() {
        Runnable task = background.poll();
        while (task != null) {
            task.run();
            task = background.poll();
        }
    }

    /** Deletes what retention lets go. */
    public void retain() {
        log.retain();
    }

    /** Reads all from the offset on and says how many batches there are, which must be whole and without a gap. */
    public int batches(long from, long upTo) {
        return count(log.read(from, upTo, 1 << 20, true), from);
    }

    /** How many batches were read, all whole and the first one of that offset; or what is wrong. */
    static int count(ReadResult result, long from) {
        return switch (result) {
            case ReadResult.Refused refused ->
                refused.failure().error().code() == org.apache.kafka.common.protocol.Errors.OFFSET_OUT_OF_RANGE.code()
                        ? OUT_OF_RANGE
                        : BROKEN;
            case ReadResult.Found found -> count(found.slices(), from);
        };
    }

    /** The same of slices, which are released. */
    public static int count(Iterable<FileSlice> slices, long from) {
        int count = 0;
        RecordBatches cursor = new RecordBatches();
        for (FileSlice slice : slices) {
            ByteBuffer bytes = ByteBuffer.allocate(slice.length());
            try {
                slice.readInto(bytes);
            } catch (IOException e) {
                return BROKEN;
            } finally {
                slice.release();
            }
            cursor.over(bytes.flip());
            RecordBatches.Step step = cursor.next();
            while (step == RecordBatches.Step.BATCH) {
                RecordBatch batch = cursor.batch();
                if (batch.baseOffset() != from + count || !batch.isIntact()) {
                    return BROKEN;
                }
                count++;
                step = cursor.next();
            }
            if (step != RecordBatches.Step.END) {
                return BROKEN;
            }
        }
        return count;
    }

    /** Background work waits; the rest runs at once, on the caller's thread. */
    private final class Threads implements StorageThreads {
        @Override
        public Executor appends(Path folder) {
            return Runnable::run;
        }

        @Override
        public Executor background(Path folder) {
            return background::add;
        }

        @Override
        public Executor flushes(Path folder) {
            return Runnable::run;
        }

        @Override
        public Executor recovery(Path folder, int threads) {
            return Runnable::run;
        }

        @Override
        public Executor cleaning(int threads) {
            return Runnable::run;
        }

        @Override
        public Executor moving(int threads) {
            return Runnable::run;
        }

        @Override
        public Executor reads() {
            return Runnable::run;
        }
    }
}
