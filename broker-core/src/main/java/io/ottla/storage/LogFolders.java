package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.kafka.common.protocol.Errors;

/**
 * All logs of a broker, in its log folders. Made by {@link FolderLocks#lock}; {@link #open} before anything else,
 * {@link #close} last. Thread-safe.
 */
public final class LogFolders {
    private static final long DELETE_LEFT_OVERS_AFTER_MS = 60_000;

    /** Told of folders that fail. Called on the folder's background threads. */
    public interface Listener {
        /** The folder is offline, and these logs with it; each log's own listener has been told. */
        void onFolderOffline(LogFolder folder, List<PartitionLog> logs);
    }

    private volatile LogProperties settings;
    private long closedUnder = -1;
    private final StorageEnvironment environment;
    private final FolderLocks locks;
    private final Listener listener;
    private final LogMeters meters;
    private final StrayLogs strays;
    private final LogCleaner cleaner;
    private final List<FolderLogs> folders = new ArrayList<>();
    private final Map<TopicPartition, SegmentedLog> logs = new ConcurrentHashMap<>();
    private final Map<TopicPartition, CompletableFuture<CreateResult>> creating = new ConcurrentHashMap<>();

    LogFolders(LogProperties settings, StorageEnvironment environment, FolderLocks locks, Listener listener) {
        this.settings = settings;
        this.environment = environment;
        this.locks = locks;
        this.listener = listener;
        this.strays = new StrayLogs(environment.random());
        this.cleaner = new LogCleaner(settings.cleaner(), environment, logs::values);
        this.meters = new LogMeters(environment.metrics());
        for (Path path : locks.folders()) {
            DiskFolder folder = new DiskFolder(
                    path,
                    environment.disk(),
                    environment.clock(),
                    environment.timer(),
                    environment.threads(),
                    meters.flushTimes(),
                    this::wentOffline);
            folders.add(new FolderLogs(folder, () -> this.settings, environment.random(), environment.metrics()));
        }
        meters.folders(folders, this::offlineFolders);
    }

    /**
     * Opens all logs and begins with what is done from time to time. Blocks until all are open.
     *
     * @throws UnusableFolderException where a folder holds what is not ours
     * @throws IOException where no folder is online
     */
    public void open(KnownTopics topics) throws IOException {
        Map<FolderLogs, FolderOpening> openings = new HashMap<>();
        Map<FolderLogs, List<TopicPartition>> found = find(topics, openings);
        UnclaimedLogs.tell(found.values().stream().flatMap(List::stream).toList(), topics);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Map.Entry<FolderLogs, List<TopicPartition>> each : found.entrySet()) {
            DiskFolder folder = each.getKey().folder();
            try {
                Executor threads = environment.threads().recovery(folder.path(), settings.recoveryThreadsPerDataDir());
                all.add(openings.get(each.getKey()).open(each.getValue(), threads));
            } catch (IOException e) {
                folder.fail("Opening", e);
            }
        }
        closedUnder = closedUnder(openings.values());
        all.forEach(CompletableFuture::join);
        if (folders.stream().noneMatch(each -> each.folder().isOnline())) {
            throw new IOException("Expected at least one log folder that works, but all of " + settings.logDirs()
                    + " failed; the lines above say why");
        }
        for (FolderLogs each : folders) {
            each.all().forEach(this::add);
            LogDeletion deletion = new LogDeletion(each.folder(), environment.random());
            if (openings.containsKey(each)) {
                openings.get(each).deleting().forEach(path -> deletion.later(path, DELETE_LEFT_OVERS_AFTER_MS));
            }
            each.writeCleanedOffsets();
            each.startTasks();
        }
        cleaner.start(folders, settings.initialTaskDelayMs());
    }

    private long closedUnder(Collection<FolderOpening> openings) {
        long least = Long.MAX_VALUE;
        for (FolderOpening opening : openings) {
            least = Math.min(least, opening.closedUnder().orElse(-1));
        }
        return openings.size() < settings.logDirs().size() ? -1 : least;
    }

    /**
     * The broker epoch under which all folders were last closed properly, the least where they differ; -1 where any was
     * not, or is new, or can't be used: what they hold may be less than it was. After {@link #open}.
     */
    public long closedUnder() {
        return closedUnder;
    }

    /** Goes by other settings from now on: those that are dynamic, the rest does not count. */
    public void reconfigure(LogProperties changed) {
        settings = changed;
        cleaner.reconfigure(changed.cleaner());
    }

    private Map<FolderLogs, List<TopicPartition>> find(KnownTopics topics, Map<FolderLogs, FolderOpening> openings)
            throws IOException {
        Map<FolderLogs, List<TopicPartition>> found = new HashMap<>();
        Map<TopicPartition, FolderLogs> owners = new HashMap<>();
        for (FolderLogs each : folders) {
            FolderOpening opening = new FolderOpening(each, settings, environment, topics);
            meters.opening(each.folder(), opening);
            List<TopicPartition> partitions;
            try {
                partitions = opening.find();
            } catch (UnusableFolderException e) {
                throw e;
            } catch (IOException e) {
                each.folder().fail("Listing", e);
                continue;
            }
            openings.put(each, opening);
            found.put(each, partitions);
            for (TopicPartition partition : List.copyOf(partitions)) {
                FolderLogs other = owners.putIfAbsent(partition, each);
                if (other != null) {
                    FolderLogs stray = setStrayAside(partition, topics.id(partition.topic()), each, other);
                    found.get(stray).remove(partition);
                    owners.put(partition, stray == each ? other : each);
                }
            }
        }
        return found;
    }

    /** Of two folders that hold the partition, the one whose log is another topic's; it is out of the way then. */
    private FolderLogs setStrayAside(TopicPartition partition, TopicId topicId, FolderLogs one, FolderLogs other)
            throws IOException {
        for (FolderLogs each : List.of(one, other)) {
            if (strays.setAsideIfStray(each.folder(), partition, topicId)) {
                return each;
            }
        }
        throw new UnusableFolderException("Expected " + partition + " in one log folder, but it is in " + other.folder()
                + " and in " + one.folder() + ". Move one of the two elsewhere");
    }

    private void add(SegmentedLog log) {
        logs.put(log.topicPartition(), log);
        meters.add(log);
    }

    /** Null where this broker has no log of the partition. */
    public PartitionLog find(TopicPartition partition) {
        return logs.get(partition);
    }

    /** All logs, those in offline folders too. */
    public List<PartitionLog> logs() {
        return List.copyOf(logs.values());
    }

    public List<LogFolder> folders() {
        return folders.stream().<LogFolder>map(FolderLogs::folder).toList();
    }

    /**
     * Makes a log in the folder with most free bytes, or answers with the one that is there.
     *
     * @param isNew whether the partition has just come to this broker; where not, its log may lie in a folder that is
     *     offline, and while there is such a folder none is made
     */
    public CompletionStage<CreateResult> create(
            TopicPartition partition, TopicId topicId, TopicProperties properties, boolean isNew) {
        SegmentedLog there = logs.get(partition);
        if (there != null) {
            return CompletableFuture.completedFuture(new CreateResult.Created(there));
        }
        CompletableFuture<CreateResult> mine = new CompletableFuture<>();
        CompletableFuture<CreateResult> other = creating.putIfAbsent(partition, mine);
        if (other != null) {
            return other;
        }
        FolderLogs target = isNew || offlineFolders() == 0 ? roomiest() : null;
        if (target == null) {
            creating.remove(partition);
            mine.complete(new CreateResult.Refused(Failure.of(
                    Errors.KAFKA_STORAGE_ERROR,
                    "Expected a log folder that works and may hold " + partition + ", but " + offlineFolders() + " of "
                            + settings.logDirs().size() + " are offline")));
            return mine;
        }
        target.folder().background().execute(() -> {
            CreateResult result = create(target, partition, topicId, properties);
            creating.remove(partition);
            mine.complete(result);
        });
        return mine;
    }

    /** Log folders that a disk error took offline, now or at start. */
    public int offlineFolders() {
        int offline = settings.logDirs().size() - folders.size();
        for (FolderLogs each : folders) {
            offline += each.folder().isOnline() ? 0 : 1;
        }
        return offline;
    }

    private CreateResult create(
            FolderLogs target, TopicPartition partition, TopicId topicId, TopicProperties properties) {
        SegmentedLog there = logs.get(partition);
        if (there != null) {
            return new CreateResult.Created(there);
        }
        DiskFolder folder = target.folder();
        try {
            SegmentedLog log = new LogOpener(folder, settings, environment.random())
                    .create(partition, folder.path().resolve(partition.toString()), properties, topicId);
            target.add(log);
            add(log);
            return new CreateResult.Created(log);
        } catch (IOException e) {
            folder.fail("Creating " + partition, e);
            return new CreateResult.Refused(Failure.of(Errors.KAFKA_STORAGE_ERROR));
        }
    }

    /** The online folder with most usable bytes, and of several the one with fewest logs; null where none is online. */
    private FolderLogs roomiest() {
        FolderLogs best = null;
        long most = -1;
        for (FolderLogs each : folders) {
            if (!each.folder().isOnline()) {
                continue;
            }
            long usable = folders.size() == 1 ? 0 : usableBytes(each.folder());
            if (best == null || usable > most || usable == most && each.count() < best.count()) {
                best = each;
                most = usable;
            }
        }
        return best;
    }

    private long usableBytes(DiskFolder folder) {
        try {
            return environment.disk().usableBytes(folder.path());
        } catch (IOException e) {
            folder.fail("Asking for free bytes", e);
            return -1;
        }
    }

    /** Deletes a log. Completes when its name is free again; its files go later. */
    public CompletionStage<Void> delete(TopicPartition partition) {
        SegmentedLog log = forget(partition);
        if (log == null) {
            return CompletableFuture.completedFuture(null);
        }
        FolderLogs owner = owner(log);
        DiskFolder folder = owner.folder();
        LogDeletion deletion = new LogDeletion(folder, environment.random());
        return CompletableFuture.runAsync(
                () -> {
                    owner.forgetCleanedOffset(log);
                    deletion.delete(log);
                },
                folder.background());
    }

    /**
     * Sets a log aside that belongs to another topic of its name: it is closed, its folder is renamed and stays. Completes
     * when its name is free again.
     *
     * @param topicId of the topic that has the name now
     */
    public CompletionStage<Void> setAside(TopicPartition partition, TopicId topicId) {
        SegmentedLog log = forget(partition);
        if (log == null) {
            return CompletableFuture.completedFuture(null);
        }
        FolderLogs owner = owner(log);
        DiskFolder folder = owner.folder();
        return CompletableFuture.runAsync(
                () -> {
                    owner.forgetCleanedOffset(log);
                    try {
                        strays.setAside(log, folder, topicId);
                    } catch (IOException e) {
                        folder.fail("Setting " + log + " aside", e);
                    }
                },
                folder.background());
    }

    private SegmentedLog forget(TopicPartition partition) {
        SegmentedLog log = logs.remove(partition);
        if (log != null) {
            meters.remove(partition);
            owner(log).remove(partition);
        }
        return log;
    }

    private FolderLogs owner(SegmentedLog log) {
        for (FolderLogs each : folders) {
            if (each.folder() == log.folder()) {
                return each;
            }
        }
        throw new IllegalStateException("Expected " + log + " to lie in one of " + folders());
    }

    /** Notes on disk which topic a log belongs to, where that was not known. */
    public CompletionStage<Void> assignTopicId(PartitionLog log, TopicId topicId) {
        SegmentedLog known = logs.get(log.topicPartition());
        if (known != log) {
            return CompletableFuture.completedFuture(null);
        }
        DiskFolder folder = owner(known).folder();
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        known.assignTopicId(topicId);
                    } catch (IOException e) {
                        folder.fail("Writing the topic id of " + known, e);
                    }
                },
                folder.background());
    }

    /** What DescribeLogDirs shows. Asks the file systems, on the read pool. */
    public CompletionStage<List<FolderView>> describe() {
        return CompletableFuture.supplyAsync(
                () -> folders.stream().map(FolderLogs::view).toList(),
                environment.threads().reads());
    }

    private void wentOffline(DiskFolder folder) {
        for (FolderLogs each : folders) {
            if (each.folder() == folder) {
                List<PartitionLog> lost = new ArrayList<>(each.all());
                each.all().forEach(SegmentedLog::folderFailed);
                listener.onFolderOffline(folder, lost);
            }
        }
    }

    /**
     * Brings everything to disk and closes it, marks the folders as properly closed, and gives them free. Blocks.
     *
     * @param brokerEpoch what {@link #closedUnder} is to be at the next start: that of the registration that ends, if a
     *     controller knows by it how the logs were; else what it was this time
     */
    public void close(long brokerEpoch) {
        cleaner.stop().join();
        folders.forEach(FolderLogs::stopTasks);
        Map<FolderLogs, List<CompletableFuture<Boolean>>> closing = new HashMap<>();
        for (FolderLogs each : folders) {
            Executor threads =
                    environment.threads().recovery(each.folder().path(), settings.recoveryThreadsPerDataDir());
            List<CompletableFuture<Boolean>> all = new ArrayList<>();
            for (SegmentedLog log : each.all()) {
                if (each.folder().isOnline()) {
                    all.add(CompletableFuture.supplyAsync(() -> each.close(log), threads));
                }
            }
            closing.put(each, all);
        }
        closing.forEach((each, all) -> {
            boolean whole = true;
            for (CompletableFuture<Boolean> one : all) {
                whole &= one.join();
            }
            finish(each, whole, brokerEpoch);
        });
        locks.release();
    }

    private void finish(FolderLogs each, boolean whole, long brokerEpoch) {
        each.writeRecoveryPoints();
        each.writeHighWatermarks();
        each.writeLogStarts();
        DiskFolder folder = each.folder();
        if (whole && folder.isOnline()) {
            try {
                CleanShutdownMarker.write(folder.disk(), folder.path(), brokerEpoch);
            } catch (IOException e) {
                folder.fail("Marking the clean stop", e);
            }
        }
    }
}
