package io.ottla.storage;

import io.ottla.metrics.Distribution;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log folder on a disk, and what its logs share: threads, group commit, the measure of how fast it is. Thread-safe. */
final class DiskFolder implements LogFolder {
    private static final Logger LOG = LoggerFactory.getLogger(DiskFolder.class);

    private final Path path;
    private final Disk disk;
    private final Clock clock;
    private final Timer timer;
    private final StorageThreads threads;
    private final Executor appends;
    private final Executor background;
    private final GroupCommit commits;
    private final Distribution flushTimes;
    private final AppendTempo tempo;
    private final AtomicLong appendedBytes = new AtomicLong();
    private final AtomicBoolean online = new AtomicBoolean(true);
    private final Consumer<DiskFolder> onOffline;
    private volatile SharedWrite logStarts;
    private volatile Runnable cleanedOffsets = () -> {};
    private volatile Consumer<SegmentedLog> hastyReader = _ -> {};
    private volatile ProducerLimit producerLimit = ProducerLimit.NONE;

    /**
     * @param flushTimes in nanoseconds
     * @param onOffline called once, on the background threads
     */
    DiskFolder(
            Path path,
            Disk disk,
            Clock clock,
            Timer timer,
            StorageThreads threads,
            Distribution flushTimes,
            Consumer<DiskFolder> onOffline) {
        this.path = path;
        this.disk = disk;
        this.clock = clock;
        this.tempo = new AppendTempo(clock);
        this.timer = timer;
        this.threads = threads;
        this.appends = threads.appends(path);
        this.background = threads.background(path);
        this.commits = new GroupCommit(threads.flushes(path), timer);
        this.flushTimes = flushTimes;
        this.onOffline = onOffline;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public boolean isOnline() {
        return online.get();
    }

    @Override
    public boolean isCalm() {
        return tempo.isCalm();
    }

    @Override
    public Executor appendExecutor() {
        return appends;
    }

    Disk disk() {
        return disk;
    }

    Clock clock() {
        return clock;
    }

    Timer timer() {
        return timer;
    }

    Executor background() {
        return background;
    }

    Executor reads() {
        return threads.reads();
    }

    GroupCommit commits() {
        return commits;
    }

    AppendTempo tempo() {
        return tempo;
    }

    Distribution flushTimes() {
        return flushTimes;
    }

    /** Called before any log is opened. */
    void keepLogStartsBy(SharedWrite write) {
        logStarts = write;
    }

    /** Writes down from where the folder's logs begin. */
    SharedWrite logStarts() {
        return logStarts;
    }

    /** Called before any log is opened. */
    void keepCleanedOffsetsBy(Runnable write) {
        cleanedOffsets = write;
    }

    /** Writes down up to where the folder's logs are compacted. Blocks. */
    void keepCleanedOffsets() {
        cleanedOffsets.run();
    }

    /** Called before any log is opened. */
    void lookThroughSoonBy(Consumer<SegmentedLog> reader) {
        hastyReader = reader;
    }

    /** Has one of the folder's logs read through before others. */
    void lookThroughSoon(SegmentedLog log) {
        hastyReader.accept(log);
    }

    /** Called before any log is opened. */
    void limitProducersBy(ProducerLimit limit) {
        producerLimit = limit;
    }

    /** How many producers each of its logs remembers. */
    ProducerLimit producerLimit() {
        return producerLimit;
    }

    /** Bytes appended to all logs of the folder. */
    AtomicLong appendedBytes() {
        return appendedBytes;
    }

    /** Takes the folder offline, once and until the next start. */
    void fail(String during, IOException cause) {
        if (online.compareAndSet(true, false)) {
            LOG.error(
                    "Log folder {} is offline until the next start: {} failed ({}). Its partitions answer "
                            + "KAFKA_STORAGE_ERROR; mend or replace the disk and start again",
                    path,
                    during,
                    DiskReason.of(cause));
            LOG.debug("{} failed in {}", during, path, cause);
            background.execute(() -> onOffline.accept(this));
        } else {
            LOG.debug("{} failed in {}, which is offline", during, path, cause);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
