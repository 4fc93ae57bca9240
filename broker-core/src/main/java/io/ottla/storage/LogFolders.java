package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All logs of a broker, in its log folders. Made by {@link FolderLocks#lock}; {@link #open} before anything else,
 * {@link #close} last. Thread-safe.
 */
public final class LogFolders {
    private static final Logger LOG = LoggerFactory.getLogger(LogFolders.class);
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
    private final LogMoves moves;
    /** Where logs are to be made that are not here yet. */
    private final Map<TopicPartition, FolderLogs> preferred = new ConcurrentHashMap<>();

    private final List<FolderLogs> folders = new ArrayList<>();
    private final List<LogFolder> all;
    private final Map<TopicPartition, SegmentedLog> logs = new ConcurrentHashMap<>();
    private final Map<TopicPartition, CompletableFuture<CreateResult>> creating = new ConcurrentHashMap<>();

    LogFolders(LogProperties settings, StorageEnvironment environment, FolderLocks locks, Listener listener) {
        this.settings = settings;
        this.environment = environment;
        this.locks = locks;
        this.listener = listener;
        this.strays = new StrayLogs(environment.random());
        this.cleaner = new LogCleaner(settings.cleaner(), environment, logs::values);
        this.moves = new LogMoves(
                environment, () -> this.settings, log -> logs.get(log.topicPartition()) == log, this::owner);
        this.meters = new LogMeters(environment.metrics());
        ProducerLimit producerLimit =
                new ProducerLimit(() -> this.settings.producers().mostPerPartition(), meters.producersRefused());
        for (Path path : locks.folders()) {
            DiskFolder folder = new DiskFolder(
                    path,
                    environment.disk(),
                    environment.clock(),
                    environment.timer(),
                    environment.threads(),
                    meters.flushTimes(),
                    this::wentOffline);
            folder.limitProducersBy(producerLimit);
            folders.add(new FolderLogs(folder, () -> this.settings, environment.random(), environment.metrics()));
        }
        this.all = settings.logDirs().stream().map(this::folder).toList();
        meters.folders(all, this::offlineFolders);
        meters.moves(() -> moving().stream().mapToLong(MovingLog::lag).max().orElse(0), moves::failed);
    }

    /**
     * Opens all logs and begins with what is done from time to time. Blocks until all are open.
     *
     * @throws UnusableFolderException where a folder holds what is not ours
     * @throws IOException where no folder is online
     */
    public void open(KnownTopics topics) throws IOException {
        FoundLogs found = new FoundLogs(topics, settings, environment, strays);
        for (FolderLogs each : folders) {
            found.look(each, meters);
        }
        found.dropDeleted();
        found.open();
        closedUnder = found.closedUnder();
        if (folders.stream().noneMatch(each -> each.folder().isOnline())) {
            throw new IOException("Expected at least one log folder that works, but all of " + settings.logDirs()
                    + " failed; the lines above say why");
        }
        boolean isWhole = offlineFolders() == 0;
        for (FolderLogs each : folders) {
            each.all().forEach(this::add);
            if (isWhole) {
                each.all().forEach(log -> LogMove.removeMark(each.folder(), log.path()));
            }
            each.writeCleanedOffsets();
            each.startTasks();
        }
        found.clearAway();
        found.copies(this::goOn);
        cleaner.start(folders, settings.initialTaskDelayMs());
    }

    /** Goes on with a move that a former process began; what it copied goes where there is nothing to move any more. */
    private void goOn(TopicPartition partition, FolderLogs to, Path path, boolean clean) {
        SegmentedLog log = logs.get(partition);
        DiskFolder folder = to.folder();
        try {
            if (log == null && offlineFolders() > 0 || !folder.isOnline()) {
                LOG.info("Leaving {} alone: what it is a copy of may lie in a folder that is offline", path);
            } else if (log == null
                    || log.folder() == folder
                    || moves.target(partition) != null
                    || !isOf(log.topicId(), PartitionMetadataFile.read(folder.disk(), path))) {
                LOG.info("Deleting {}: it is the copy of a log that goes on elsewhere", path);
                new LogDeletion(folder, environment.random()).later(path, LogDeletion.AFTER_START_MS);
            } else {
                moves.begin(log, to, path, clean);
            }
        } catch (IOException e) {
            folder.fail("Reading " + path, e);
        }
    }

    private static boolean isOf(TopicId topic, TopicId found) {
        return topic.isZero() || found.isZero() || topic.equals(found);
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

    /** All entries of {@code log.dirs}, also those that are offline. */
    public List<LogFolder> folders() {
        return all;
    }

    /**
     * Makes a log in the folder with fewest, or answers with the one that is there.
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
        FolderLogs wanted = preferred.remove(partition);
        FolderLogs best = wanted != null && wanted.folder().isOnline() ? wanted : leastUsed();
        FolderLogs target = isNew || offlineFolders() == 0 ? best : null;
        if (target == null) {
            creating.remove(partition);
            mine.complete(new CreateResult.Refused(Failure.of(
                    Errors.KAFKA_STORAGE_ERROR,
                    "Expected a log folder that works and may hold " + partition + ", but " + offlineFolders() + " of "
                            + settings.logDirs().size() + " are offline")));
            return mine;
        }
        target.expect();
        target.folder().background().execute(() -> {
            CreateResult result = create(target, partition, topicId, properties);
            target.expectNoMore();
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

    /**
     * The folder with fewest logs, of those online that have half as many usable bytes as any; of several the one with most
     * usable bytes. Null where none is online.
     */
    private FolderLogs leastUsed() {
        Map<FolderLogs, Long> usable = new LinkedHashMap<>();
        for (FolderLogs each : folders) {
            if (each.folder().isOnline()) {
                usable.put(each, folders.size() == 1 ? 0 : usableBytes(each.folder()));
            }
        }
        long most = usable.values().stream().mapToLong(bytes -> bytes).max().orElse(0);
        return usable.keySet().stream()
                .filter(each -> usable.get(each) >= most / 2)
                .min(Comparator.<FolderLogs>comparingInt(FolderLogs::count)
                        .thenComparing(usable::get, Comparator.reverseOrder()))
                .orElse(null);
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
        SegmentedLog log = logs.remove(partition);
        return moves.end(partition).thenCompose(_ -> deleteUnmoved(log));
    }

    /** Deletes the logs of these topics, whatever their names are now. Completes when those are free again. */
    public CompletableFuture<Void> deleteAllOf(Set<TopicId> topics) {
        return CompletableFuture.allOf(logs.values().stream()
                .filter(log -> topics.contains(log.topicId()) && logs.remove(log.topicPartition(), log))
                .map(log -> moves.end(log.topicPartition()).thenCompose(_ -> deleteUnmoved(log)))
                .toArray(CompletableFuture[]::new));
    }

    private CompletionStage<Void> deleteUnmoved(SegmentedLog log) {
        if (log == null) {
            return CompletableFuture.completedFuture(null);
        }
        FolderLogs owner = forget(log);
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
        SegmentedLog log = logs.remove(partition);
        return moves.end(partition).thenCompose(_ -> setAsideUnmoved(log, topicId));
    }

    private CompletionStage<Void> setAsideUnmoved(SegmentedLog log, TopicId topicId) {
        if (log == null) {
            return CompletableFuture.completedFuture(null);
        }
        FolderLogs owner = forget(log);
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

    /** Of a log that moves no more; where it lay. */
    private FolderLogs forget(SegmentedLog log) {
        FolderLogs owner = owner(log);
        meters.remove(log.topicPartition());
        owner.remove(log.topicPartition());
        return owner;
    }

    private FolderLogs owner(SegmentedLog log) {
        return logsIn(log.folder());
    }

    private FolderLogs logsIn(LogFolder folder) {
        for (FolderLogs each : folders) {
            if (each.folder() == folder) {
                return each;
            }
        }
        throw new IllegalStateException("Expected " + folder + " to be one of " + all);
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

    /**
     * Has a log lie in another folder, while it is read and written; or, where it is there already, stay there. What is not
     * here yet will be made there (KIP-113). Completes when a crash would not forget it, which is kept of logs that are here.
     *
     * @param path an entry of {@code log.dirs}
     * @return why not; null where it is on its way
     */
    public CompletionStage<Failure> move(TopicPartition partition, Path path) {
        LogFolder wanted = all.stream()
                .filter(each -> each.path().toAbsolutePath().normalize().equals(path.normalize()))
                .findFirst()
                .orElse(null);
        SegmentedLog log = logs.get(partition);
        Failure refusal = refusal(partition, log, wanted, path);
        if (refusal != null) {
            return CompletableFuture.completedFuture(refusal);
        }
        FolderLogs to = logsIn(wanted);
        if (log == null) {
            preferred.put(partition, to);
            return CompletableFuture.completedFuture(null);
        }
        return moves.begin(log, to, null, true);
    }

    /** Null for none. */
    private static Failure refusal(TopicPartition partition, SegmentedLog log, LogFolder wanted, Path path) {
        if (wanted == null) {
            return Failure.of(Errors.LOG_DIR_NOT_FOUND, "Expected an entry of log.dirs, but got " + path);
        }
        if (!wanted.isOnline()) {
            return Failure.of(Errors.KAFKA_STORAGE_ERROR, "Log folder " + path + " is offline");
        }
        if (log == null) {
            return null;
        }
        if (!log.folder().isOnline()) {
            return Failure.of(
                    Errors.KAFKA_STORAGE_ERROR, "Log folder " + log.folder() + " of " + partition + " is offline");
        }
        return FolderName.canCome(partition)
                ? null
                : Failure.of(
                        Errors.INVALID_TOPIC_EXCEPTION,
                        "Expected a topic with a shorter name: the folder of a replica that moves can't be called by it");
    }

    private LogFolder folder(Path path) {
        for (FolderLogs each : folders) {
            if (each.folder().path().equals(path)) {
                return each.folder();
            }
        }
        return new OfflineFolder(path);
    }

    /** The moves that run. */
    public List<MovingLog> moving() {
        return moves.all().stream()
                .map(move -> new MovingLog(
                        move.log().topicPartition(),
                        move.target().folder(),
                        move.bytes(),
                        Math.max(0, move.log().logEndOffset() - move.copiedTo())))
                .toList();
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
                List<SegmentedLog> lost = each.lying();
                lost.forEach(SegmentedLog::folderFailed);
                listener.onFolderOffline(folder, List.copyOf(lost));
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
        moves.stop().join();
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
