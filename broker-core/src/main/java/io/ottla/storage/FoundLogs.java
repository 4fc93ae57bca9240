package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.types.DeletedLog;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What the log folders hold at a start: of each partition one log at most. Blocks. Used by one thread. */
final class FoundLogs {
    /** Told of copies that were on their way to a folder when the broker stopped. */
    interface Copies {
        /** @param clean whether it was closed properly */
        void onCopy(TopicPartition partition, FolderLogs to, Path path, boolean clean);
    }

    private final KnownTopics topics;
    private final LogProperties settings;
    private final StorageEnvironment environment;
    private final StrayLogs strays;
    private final Map<FolderLogs, FolderOpening> openings = new LinkedHashMap<>();
    private final Map<FolderLogs, List<TopicPartition>> partitions = new HashMap<>();
    private final Map<TopicPartition, FolderLogs> owners = new HashMap<>();

    FoundLogs(KnownTopics topics, LogProperties settings, StorageEnvironment environment, StrayLogs strays) {
        this.topics = topics;
        this.settings = settings;
        this.environment = environment;
        this.strays = strays;
    }

    /**
     * Looks into one more folder. Where that fails, it is offline.
     *
     * @throws UnusableFolderException where it holds what is not ours, or a log that another folder holds too
     */
    void look(FolderLogs into, LogMeters meters) throws IOException {
        FolderOpening opening = new FolderOpening(into, settings, environment, topics);
        meters.opening(into.folder(), opening);
        List<TopicPartition> found;
        try {
            found = opening.find();
        } catch (UnusableFolderException e) {
            throw e;
        } catch (IOException e) {
            into.folder().fail("Listing", e);
            return;
        }
        openings.put(into, opening);
        partitions.put(into, found);
        for (TopicPartition partition : List.copyOf(found)) {
            FolderLogs other = owners.putIfAbsent(partition, into);
            if (other != null) {
                FolderLogs stray = setOneAside(partition, into, other);
                partitions.get(stray).remove(partition);
                owners.put(partition, stray == into ? other : into);
            }
        }
    }

    /** Of two folders that hold the partition, the one whose log has moved on, or is another topic's; it is out of the way then. */
    private FolderLogs setOneAside(TopicPartition partition, FolderLogs one, FolderLogs other) throws IOException {
        for (FolderLogs each : List.of(one, other)) {
            FolderLogs left = each == one ? other : one;
            if (isMoved(each, partition) && !isMoved(left, partition)) {
                new LogDeletion(left.folder(), environment.random())
                        .letGo(partition, "the log has moved to another folder");
                return left;
            }
        }
        for (FolderLogs each : List.of(one, other)) {
            if (strays.setAsideIfStray(each.folder(), partition, topics.id(partition.topic()))) {
                return each;
            }
        }
        throw new UnusableFolderException("Expected " + partition + " in one log folder, but it is in " + other.folder()
                + " and in " + one.folder() + ". Move one of the two elsewhere");
    }

    /** Whether the partition has come into that folder from another one, which may still bear its name. */
    private static boolean isMoved(FolderLogs folder, TopicPartition partition) {
        Path path = folder.folder().path().resolve(partition.toString());
        return folder.folder().disk().exists(path.resolve(LogMove.MARK));
    }

    /** Deletes logs that were deleted meanwhile: of topics, or because they are another broker's now. */
    void dropDeleted() {
        if (!topics.deleted().isEmpty()) {
            partitions.forEach((in, found) -> found.removeIf(partition -> isDropped(in.folder(), partition)));
        }
    }

    private boolean isDropped(DiskFolder folder, TopicPartition partition) {
        try {
            Path path = folder.path().resolve(partition.toString());
            String why = whyDeleted(partition, PartitionMetadataFile.read(folder.disk(), path));
            if (why == null) {
                return false;
            }
            new LogDeletion(folder, environment.random()).letGo(partition, why);
            return true;
        } catch (IOException e) {
            folder.fail("Deleting " + partition, e);
            return false;
        }
    }

    private String whyDeleted(TopicPartition partition, TopicId id) {
        if (topics.deleted().contains(DeletedLog.allOf(id))) {
            return "its topic was deleted while this broker was away";
        }
        boolean moved = topics.deleted().contains(new DeletedLog(id, partition.partition()));
        return moved && !topics.isHeldHere(partition) ? "it has moved to another broker while this one was away" : null;
    }

    /** Opens all of it, and returns when it is open, or its folder offline. */
    void open() {
        UnclaimedLogs.tell(partitions.values().stream().flatMap(List::stream).toList(), topics);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        openings.forEach((each, opening) -> {
            DiskFolder folder = each.folder();
            try {
                all.add(opening.open(
                        partitions.get(each),
                        environment.threads().recovery(folder.path(), settings.recoveryThreadsPerDataDir())));
            } catch (IOException e) {
                folder.fail("Opening", e);
            }
        });
        all.forEach(CompletableFuture::join);
    }

    /** As {@link LogFolders#closedUnder}. After {@link #open}. */
    long closedUnder() {
        long least = Long.MAX_VALUE;
        for (FolderOpening opening : openings.values()) {
            least = Math.min(least, opening.closedUnder().orElse(-1));
        }
        return openings.size() < settings.logDirs().size() ? -1 : least;
    }

    /** Has deleted what a former process let go. */
    void clearAway() {
        openings.forEach((each, opening) -> {
            LogDeletion deletion = new LogDeletion(each.folder(), environment.random());
            opening.deleting().forEach(path -> deletion.later(path, LogDeletion.AFTER_START_MS));
        });
    }

    /** Tells of copies that were on their way. */
    void copies(Copies told) {
        openings.forEach((to, opening) -> opening.coming()
                .forEach((path, partition) ->
                        told.onCopy(partition, to, path, opening.closedUnder().isPresent())));
    }
}
