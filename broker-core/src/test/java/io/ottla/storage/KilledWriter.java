package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Metrics;
import io.ottla.record.CheckedBatches;
import io.ottla.time.Clock;
import io.ottla.time.TimerWheel;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * A process that appends to several logs as fast as their flushes allow, says what may be acknowledged, and waits to be
 * killed. Arguments: folder, seed, leader epoch. A line of its output is {@code PARTITION OFFSET}: all below is on disk.
 */
final class KilledWriter {
    static final int PARTITIONS = 3;
    private static final long MAX_UNACKNOWLEDGED = 200;

    private KilledWriter() {}

    private record Batch(ByteBuffer buffer, int recordCount, long maxTimestamp) implements CheckedBatches {}

    public static void main(String[] arguments) throws IOException {
        Random random = new Random(Long.parseLong(arguments[1]));
        LeaderEpoch epoch = new LeaderEpoch(Integer.parseInt(arguments[2]));
        LogFolders folders = open(
                Path.of(arguments[0]),
                new StoragePools(2, 2),
                new TimerWheel(Clock.system(), task -> daemon(task)),
                new Random(random.nextLong()));
        List<PartitionLog> logs = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            TopicPartition partition = new TopicPartition("t", i);
            CreateResult created = folders.create(partition, new TopicId(1, 1), topic(), true)
                    .toCompletableFuture()
                    .join();
            PartitionLog log = ((CreateResult.Created) created).log();
            log.listen(new Teller(System.out));
            log.beginEpoch(epoch);
            logs.add(log);
        }
        System.out.println("begun");
        while (true) {
            PartitionLog log = logs.get(random.nextInt(PARTITIONS));
            if (log.logEndOffset() - log.acknowledgeableOffset() >= MAX_UNACKNOWLEDGED) {
                LockSupport.parkNanos(100_000);
                continue;
            }
            append(log, epoch, 1 + random.nextInt(5));
        }
    }

    static LogFolders open(Path folder, StorageThreads threads, io.ottla.time.Timer timer, Random random)
            throws IOException {
        FolderLocks locks = FolderLocks.lock(
                LogProperties.DEFAULTS.withLogDirs(List.of(folder)),
                new StorageEnvironment(Disk.system(), Clock.system(), timer, threads, random, new Metrics()));
        locks.identify(1, "cluster");
        LogFolders folders = locks.logs((failed, logs) -> System.out.println("failed " + failed));
        folders.open(name -> topic());
        return folders;
    }

    /** Small segments, each append on disk before it counts. */
    static TopicProperties topic() {
        return new TestingTopic()
                .segmentBytes(20_000)
                .indexIntervalBytes(500)
                .flushMessages(1)
                .properties();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "timer");
        thread.setDaemon(true);
        return thread;
    }

    private static void append(PartitionLog log, LeaderEpoch epoch, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        long first = log.logEndOffset();
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(
                    Clock.system().wallMs(), null, value(log.topicPartition().partition(), first + i));
        }
        ByteBuffer buffer = MemoryRecords.withRecords(Compression.NONE, records).buffer();
        AppendResult result = log.appendAsLeader(
                new Batch(buffer, count, records[count - 1].timestamp()), epoch, AppendOrigin.CLIENT);
        if (!(result instanceof AppendResult.Appended appended) || appended.firstOffset() != first) {
            throw new IllegalStateException("Expected an append at " + first + ", but " + result);
        }
    }

    /** What the record at that offset holds: other bytes and another length than any near to it. */
    static byte[] value(int partition, long offset) {
        StringBuilder value = new StringBuilder(partition + "/" + offset + ":");
        Random random = new Random(offset * 31 + partition);
        for (int i = random.nextInt(150); i > 0; i--) {
            value.append((char) ('a' + random.nextInt(26)));
        }
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    private record Teller(PrintStream out) implements PartitionLog.Listener {
        @Override
        public void onAcknowledgeable(PartitionLog log) {
            out.println(log.topicPartition().partition() + " " + log.acknowledgeableOffset());
        }

        @Override
        public void onLogStartMoved(PartitionLog log) {
            out.println("moved " + log);
        }

        @Override
        public void onSuspect(PartitionLog log, long offset) {}

        @Override
        public void onFailed(PartitionLog log) {
            out.println("failed " + log);
        }
    }
}
