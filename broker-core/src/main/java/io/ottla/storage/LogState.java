package io.ottla.storage;

import io.ottla.concurrent.BriefLock;
import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.protocol.Errors;

/**
 * What the parts of a log share. Volatile fields are read by any thread and written under {@code writeLock}; what is
 * not volatile is touched under {@code writeLock} only. Who needs both locks takes {@code flushLock} first.
 */
final class LogState {
    /** After its timeout the coordinator may take so long to end a transaction (KIP-664). */
    private static final long LATE_TRANSACTION_MS = 300_000;

    private static final Failure STORAGE_ERROR = Failure.of(Errors.KAFKA_STORAGE_ERROR);

    final TopicPartition topicPartition;
    final Path path;
    final DiskFolder folder;
    final Disk disk;
    final LogProperties settings;
    final RandomGenerator random;
    final TailWindow tail;
    final LeaderEpochs epochs;
    final ProducerSnapshots snapshots;
    final ProducerAdmission admission;

    /**
     * Orders changes of the log; event loops wait for it. Held over one write to the page cache; over truncation, which nobody
     * appends beside.
     */
    final BriefLock writeLock = new BriefLock();
    /** Orders flushes and truncations; never taken on an event loop. */
    final ReentrantLock flushLock = new ReentrantLock();

    volatile TopicId topicId;
    volatile TopicProperties properties;
    /** By base offset; the last one is active. Never empty, never changed in place. */
    volatile LogSegment[] segments;

    volatile LogEnd end;
    /** Null while the log is being cut. */
    volatile ReadPlaces places = new ReadPlaces();

    volatile long logStart;
    volatile long highWatermark;
    /** Whether it ended below its high watermark when it was opened. */
    volatile boolean lacksCommitted;
    /** From where on recovery has found it damaged; -1 where it has not. */
    volatile long damagedFrom = -1;
    /** All below is on disk. */
    volatile long recoveryPoint;
    /** -1 where no transaction is unstable. */
    volatile long firstUnstable = -1;
    /** When the first of the open transactions began; -1 where none is open. */
    private volatile long openSinceMs = -1;
    /** How many producers are remembered. */
    private volatile int producerCount;

    /** Whether it is on disk that the first segment is there. No second one is begun before. */
    volatile boolean firstIsNamed;

    /** Compaction has seen all below; -1 where it never was here. Changed under {@code flushLock}. */
    volatile long cleanedTo = -1;

    /** Nothing is compacted: what was found in it before must still be so when it is looked at further on. */
    volatile boolean isKeptWhole;

    volatile long lastFlushMs;
    volatile boolean closed;
    volatile PartitionLog.Listener listener = SilentListener.INSTANCE;
    /** Counts truncations, so that what was begun before one does not end after it. */
    int truncations;

    ProducerStates producers;

    LogState(
            TopicPartition topicPartition,
            Path path,
            DiskFolder folder,
            Disk disk,
            LogProperties settings,
            RandomGenerator random,
            ProducerSnapshots snapshots,
            TopicProperties properties,
            TopicId topicId) {
        this.topicPartition = topicPartition;
        this.path = path;
        this.folder = folder;
        this.disk = disk;
        this.settings = settings;
        this.random = random;
        this.snapshots = snapshots;
        this.properties = properties;
        this.topicId = topicId;
        this.tail = new TailWindow(
                settings.tailWindowBytesPerLog(), settings.tailWindowBytesPerFolder(), folder.appendedBytes());
        this.epochs = new LeaderEpochs(disk, path);
        this.producers = new ProducerStates(settings.producers().expirationMs(), folder.clock());
        this.admission = new ProducerAdmission(topicPartition, folder.producerLimit(), folder.clock());
        this.lastFlushMs = folder.clock().monotonicMs();
    }

    /**
     * Takes over from a log that holds the same in other files: what does not stand in the batches, and who is told. Under
     * both write locks.
     */
    void adopt(LogState before) {
        producers = before.producers;
        epochs.become(before.epochs);
        topicId = before.topicId;
        properties = before.properties;
        logStart = before.logStart;
        highWatermark = before.highWatermark;
        lacksCommitted = before.lacksCommitted;
        damagedFrom = before.damagedFrom;
        listener = before.listener;
        publishProducers();
    }

    boolean isUsable() {
        return !closed && folder.isOnline();
    }

    /** Whether the log was cut since it had been so many times. */
    boolean isCutSince(int truncationsThen) {
        writeLock.lock();
        try {
            return truncations != truncationsThen;
        } finally {
            writeLock.unlock();
        }
    }

    LogSegment active() {
        LogSegment[] now = segments;
        return now[now.length - 1];
    }

    /** Number of the segment that holds the offset; 0 where it lies before all. */
    static int floor(LogSegment[] segments, long offset) {
        int low = 0;
        int high = segments.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    void add(LogSegment segment) {
        LogSegment[] now = segments;
        LogSegment[] next = Arrays.copyOf(now, now.length + 1);
        next[now.length] = segment;
        segments = next;
    }

    LogSegment.Place place() {
        return new LogSegment.Place(
                disk, path, properties.segmentIndexBytes(), properties.indexIntervalBytes(), folder.background(), "");
    }

    LogSegment.Life life(int bytesFound) {
        return new LogSegment.Life(tail.logBytes() - bytesFound, folder.clock().wallMs(), random.nextDouble());
    }

    /** Of a segment that takes the place of older ones: none of its bytes stands in the tail window. */
    LogSegment.Life lifeOutsideOfTail() {
        return new LogSegment.Life(Long.MIN_VALUE / 2, folder.clock().wallMs(), random.nextDouble());
    }

    /** Publishes what the producers' states say now. */
    void publishProducers() {
        firstUnstable = producers.firstUnstableOffset();
        long since = producers.openSinceMs();
        if (openSinceMs != since) {
            openSinceMs = since;
        }
        int count = producers.count();
        if (producerCount != count) {
            producerCount = count;
        }
    }

    int producerCount() {
        return producerCount;
    }

    /** Whether a transaction is open for so long that nobody seems to be there any more who would end it. */
    boolean hasLateTransaction() {
        long since = openSinceMs;
        return since >= 0
                && folder.clock().wallMs() - since
                        > settings.producers().maxTransactionTimeoutMs() + LATE_TRANSACTION_MS;
    }

    /** A disk error: takes the folder offline, unless the log was closed meanwhile and its files are gone. */
    Failure failed(String during, IOException cause) {
        if (!closed) {
            folder.fail(during + " of " + topicPartition, cause);
        }
        return STORAGE_ERROR;
    }

    Failure storageError() {
        return STORAGE_ERROR;
    }
}
