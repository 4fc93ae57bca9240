package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.types.Amount;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens all logs of one folder at start, several at once, and tells how far it is. */
final class FolderOpening implements RecoveryProgress {
    private static final Logger LOG = LoggerFactory.getLogger(FolderOpening.class);
    /** How often a long recovery says how far it is. */
    private static final long TELL_MS = 5_000;

    private final FolderLogs logs;
    private final DiskFolder folder;
    private final LogOpener opener;
    private final KnownTopics topics;
    private final List<Path> deleting = new ArrayList<>();
    private final Map<Path, TopicPartition> coming = new TreeMap<>();
    private final AtomicInteger remainingLogs = new AtomicInteger();
    private final AtomicInteger remainingSegments = new AtomicInteger();
    private final AtomicInteger recoveredSegments = new AtomicInteger();
    private final AtomicLong toldMs = new AtomicLong();
    private OptionalLong closedUnder = OptionalLong.empty();

    FolderOpening(FolderLogs logs, LogProperties settings, StorageEnvironment environment, KnownTopics topics) {
        this.logs = logs;
        this.folder = logs.folder();
        this.opener = new LogOpener(folder, settings, environment.random());
        this.topics = topics;
    }

    int remainingLogs() {
        return remainingLogs.get();
    }

    int remainingSegments() {
        return remainingSegments.get();
    }

    /** The broker epoch under which the folder was closed properly; empty where it was not. After {@link #open}. */
    OptionalLong closedUnder() {
        return closedUnder;
    }

    /** Folders of deleted partitions that a former process left. */
    List<Path> deleting() {
        return deleting;
    }

    /** Folders of partitions that come from another log folder, as a former process left them. */
    Map<Path, TopicPartition> coming() {
        return coming;
    }

    @Override
    public void segmentsFound(int segments) {
        remainingSegments.addAndGet(segments);
    }

    @Override
    public void segmentRecovered() {
        remainingSegments.decrementAndGet();
        recoveredSegments.incrementAndGet();
        tellFromTimeToTime();
    }

    private void tellFromTimeToTime() {
        long now = folder.clock().monotonicMs();
        long told = toldMs.get();
        if (remainingLogs.get() > 0 && now - told >= TELL_MS && toldMs.compareAndSet(told, now)) {
            LOG.info(
                    "Opening logs in {}: {} still to come, {} still to read in those under way",
                    folder,
                    Amount.of(remainingLogs.get(), "log"),
                    Amount.of(remainingSegments.get(), "segment"));
        }
    }

    /** Partitions that lie in the folder. Nothing is opened yet. */
    List<TopicPartition> find() throws IOException {
        List<TopicPartition> found = new ArrayList<>();
        for (Disk.Entry entry : folder.disk().list(folder.path())) {
            if (!entry.folder()) {
                continue;
            }
            switch (FolderName.parse(entry.path().getFileName().toString())) {
                case FolderName.OfPartition(TopicPartition partition) -> found.add(partition);
                case FolderName.Deleting() -> deleting.add(entry.path());
                case FolderName.Coming(TopicPartition partition) -> coming.put(entry.path(), partition);
                case FolderName.Untouched(String why) -> LOG.info("Leaving {} alone: {}", entry.path(), why);
                case FolderName.Foreign() ->
                    throw new UnusableFolderException(
                            "Expected only folders of partitions (topic-number) in log folder "
                                    + folder.path() + ", but found " + entry.path()
                                    + ". Move it elsewhere, or give log.dirs a folder of the broker's own");
            }
        }
        return found;
    }

    /** Opens the logs; completes when all are open, or the folder is offline. */
    CompletableFuture<Void> open(List<TopicPartition> partitions, Executor threads) throws IOException {
        closedUnder = CleanShutdownMarker.take(folder.disk(), folder.path());
        boolean clean = closedUnder.isPresent();
        Map<TopicPartition, LogOpener.Known> known = logs.known(clean);
        remainingLogs.set(partitions.size());
        long began = folder.clock().monotonicMs();
        toldMs.set(began);
        if (!partitions.isEmpty()) {
            LOG.info(
                    "Opening {} in {}, which was {}",
                    Amount.of(partitions.size(), "log"),
                    folder,
                    clean ? "closed properly" : "not closed properly: what is not surely on disk is checked");
        }
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            LogOpener.Known one = known.getOrDefault(partition, new LogOpener.Known(clean, 0, 0, 0));
            all.add(CompletableFuture.runAsync(() -> open(partition, one), threads));
        }
        CompletableFuture<Void> opened = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
        if (clean || partitions.isEmpty()) {
            return opened;
        }
        return opened.thenRun(() -> LOG.info(
                "Recovered {} in {} in {} ms: {} read",
                Amount.of(partitions.size() - remainingLogs.get(), "log"),
                folder,
                folder.clock().monotonicMs() - began,
                Amount.of(recoveredSegments.get(), "segment")));
    }

    private void open(TopicPartition partition, LogOpener.Known known) {
        if (!folder.isOnline()) {
            return;
        }
        long began = folder.clock().monotonicMs();
        try {
            SegmentedLog log = opener.open(
                    partition,
                    folder.path().resolve(partition.toString()),
                    topics.properties(partition.topic()),
                    known,
                    this);
            logs.add(log);
            remainingLogs.decrementAndGet();
            LOG.debug(
                    "Opened {} in {} ms: {}, offsets {} to {}",
                    partition,
                    folder.clock().monotonicMs() - began,
                    Amount.of(log.segments(), "segment"),
                    log.logStartOffset(),
                    log.logEndOffset());
            tellFromTimeToTime();
        } catch (IOException e) {
            folder.fail("Opening " + partition, e);
        }
    }
}
