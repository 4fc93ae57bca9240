package io.ottla.storage;

import io.ottla.config.LogProperties;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log folders, held by this process and by no other, before any log is opened: the time to ask whose they are. Used
 * by the thread that starts the broker.
 */
public final class FolderLocks {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLocks.class);
    private static final String LOCK = ".lock";

    private final StorageEnvironment environment;
    private final LogProperties settings;
    private final Map<Path, Closeable> held = new LinkedHashMap<>();
    /** Of those that are held, the ones whose disk failed afterwards. */
    private final Set<Path> failed = new HashSet<>();

    private FolderLocks(LogProperties settings, StorageEnvironment environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /**
     * Makes the folders where they are missing and takes them. One whose disk fails is left out and said so.
     *
     * @throws UnusableFolderException where another process has one of them, one is named twice, or one holds what is not
     *     a broker's: nothing is written then
     * @throws IOException where none can be used
     */
    public static FolderLocks lock(LogProperties settings, StorageEnvironment environment) throws IOException {
        FolderInspection.require(environment.disk(), settings.logDirs());
        FolderLocks locks = new FolderLocks(settings, environment);
        boolean done = false;
        try {
            for (Path path : settings.logDirs()) {
                locks.take(path.toAbsolutePath().normalize());
            }
            locks.requireOne();
            done = true;
            return locks;
        } finally {
            if (!done) {
                locks.release();
            }
        }
    }

    private void take(Path folder) throws IOException {
        if (held.containsKey(folder)) {
            throw new UnusableFolderException(
                    "Expected each folder once in log.dirs, but " + folder + " is there twice");
        }
        Optional<Closeable> lock;
        try {
            environment.disk().createFolder(folder);
            lock = environment.disk().lock(folder.resolve(LOCK));
        } catch (IOException e) {
            tellUnusable(folder, e);
            return;
        }
        held.put(folder, lock.orElseThrow(() -> busy(folder)));
    }

    private static UnusableFolderException busy(Path folder) {
        return new UnusableFolderException(
                "Expected log folder " + folder + " to be free, but another process holds its " + LOCK
                        + " file. Stop that broker, or give another folder in log.dirs");
    }

    /**
     * Looks whether folders are free, and leaves them so. For who has found something else wrong with them: it may be wrong
     * only because a broker is at work there.
     *
     * @throws UnusableFolderException where another process has one of them
     */
    public static void requireFree(Disk disk, List<Path> folders) throws UnusableFolderException {
        for (Path folder : folders) {
            Path file = folder.toAbsolutePath().normalize().resolve(LOCK);
            if (!disk.exists(file)) {
                continue;
            }
            Optional<Closeable> lock;
            try {
                lock = disk.lock(file);
                if (lock.isPresent()) {
                    lock.get().close();
                }
            } catch (IOException unusable) {
                continue; // Nobody's lock is known; whoever takes the folder says what is wrong with it.
            }
            if (lock.isEmpty()) {
                throw busy(file.getParent());
            }
        }
    }

    private static void tellUnusable(Path folder, IOException reason) {
        LOG.error("Log folder {} can't be used; the broker goes on without it: {}", folder, DiskReason.of(reason));
        LOG.debug("Taking {}", folder, reason);
    }

    private void leaveOut(Path folder, IOException reason) {
        tellUnusable(folder, reason);
        failed.add(folder);
    }

    private void requireOne() throws IOException {
        if (folders().isEmpty()) {
            throw new IOException("Expected at least one log folder that works, but all of " + settings.logDirs()
                    + " failed; the lines above say why");
        }
    }

    /** Those that can be used, in the order of {@code log.dirs}. */
    public List<Path> folders() {
        return held.keySet().stream().filter(folder -> !failed.contains(folder)).toList();
    }

    /**
     * What each folder says of itself; null for one that is new. One whose disk fails is left out from now on.
     *
     * @throws IOException where none is left, or one says what can't be understood
     */
    public Map<Path, MetaProperties> identities() throws IOException {
        Map<Path, MetaProperties> identities = new LinkedHashMap<>();
        for (Path folder : folders()) {
            try {
                identities.put(folder, MetaProperties.read(environment.disk(), folder));
            } catch (UnusableFolderException e) {
                throw e;
            } catch (IOException e) {
                leaveOut(folder, e);
            }
        }
        requireOne();
        return identities;
    }

    /**
     * Notes in each folder whose it is. One whose disk fails is left out from now on.
     *
     * @throws UnusableFolderException where one belongs to another cluster or broker
     * @throws IOException where none is left
     */
    public void identify(int brokerId, String clusterId) throws IOException {
        List<Path> unnamed = new ArrayList<>();
        Map<Path, MetaProperties> identities = identities();
        for (Map.Entry<Path, MetaProperties> each : identities.entrySet()) {
            MetaProperties meta = each.getValue();
            if (meta == null) {
                unnamed.add(each.getKey());
                continue;
            }
            if (meta.clusterId() != null && !meta.clusterId().equals(clusterId)) {
                throw new UnusableFolderException("Expected log folder " + each.getKey() + " to belong to cluster "
                        + clusterId + ", but its " + MetaProperties.FILE + " names cluster " + meta.clusterId()
                        + ". Point zookeeper.connect to that cluster, or give another folder in log.dirs");
            }
            if (meta.brokerId().isPresent() && meta.brokerId().getAsInt() != brokerId) {
                throw new UnusableFolderException("Expected log folder " + each.getKey() + " to belong to broker "
                        + brokerId + ", but its " + MetaProperties.FILE + " names broker "
                        + meta.brokerId().getAsInt() + ". Set broker.id to that, or give another folder in log.dirs");
            }
            if (meta.clusterId() == null || meta.brokerId().isEmpty()) {
                unnamed.add(each.getKey());
            }
        }
        for (Path folder : unnamed) {
            MetaProperties before = identities.get(folder);
            MetaProperties mine = MetaProperties.of(brokerId, clusterId);
            MetaProperties next =
                    before == null ? mine : new MetaProperties(mine.brokerId(), clusterId, before.others());
            try {
                next.write(environment.disk(), folder);
            } catch (IOException e) {
                leaveOut(folder, e);
            }
        }
        requireOne();
    }

    /** The folders' logs, not yet open. They release the locks when they are closed. */
    public LogFolders logs(LogFolders.Listener listener) {
        return new LogFolders(settings, environment, this, listener);
    }

    /** Gives the folders free. */
    public void release() {
        for (Map.Entry<Path, Closeable> each : held.entrySet()) {
            try {
                each.getValue().close();
            } catch (IOException e) {
                LOG.warn("Could not release {}", each.getKey(), e);
            }
        }
        held.clear();
    }
}
