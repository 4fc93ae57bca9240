package io.ottla.zookeeper;

import io.ottla.storage.Disk;
import io.ottla.storage.DiskReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link SessionFile}s of a broker's log folders, of which the first that takes it holds the present session. It only
 * saves time after a crash: what can't be read or written is worth a warning and never in the way. Used by one thread at
 * a time.
 */
public final class SessionFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class);

    private final List<Path> folders;
    private final List<SessionFile> files;

    /**
     * @param folders the log folders that can be used, one or more
     * @param ensemble names the ensemble, as {@link SessionFile} does
     */
    public SessionFiles(Disk disk, List<Path> folders, String ensemble) {
        this.folders = List.copyOf(folders);
        this.files = folders.stream()
                .map(folder -> new SessionFile(disk, folder, ensemble))
                .toList();
    }

    /** The sessions that processes before this one may have left open, each once. */
    public List<SavedSession> read() {
        List<SavedSession> sessions = new ArrayList<>();
        for (SessionFile file : files) {
            try {
                file.read().stream().filter(saved -> !sessions.contains(saved)).forEach(sessions::add);
            } catch (IOException e) {
                LOG.warn(
                        "{} can't be read ({}); what a killed process left open ends with its timeout",
                        file,
                        DiskReason.of(e));
            }
        }
        return sessions;
    }

    /**
     * Keeps the sessions in the first folder that takes them, and forgets what others hold.
     *
     * @param givenUp those that are yet to be closed
     */
    public void write(SavedSession session, List<SavedSession> givenUp) {
        List<String> reasons = new ArrayList<>();
        SessionFile written = null;
        for (SessionFile file : files) {
            if (written != null) {
                forget(file);
                continue;
            }
            try {
                file.write(session, givenUp);
                written = file;
            } catch (IOException e) {
                reasons.add(DiskReason.of(e));
                LOG.debug("Writing {}", file, e);
            }
        }
        if (written == null) {
            LOG.warn(
                    "The ZooKeeper session could be kept in none of {} ({}); after a crash the next start waits for its"
                            + " timeout",
                    folders,
                    String.join(", ", reasons));
        }
    }

    /** The session was closed: nothing is left to come back to. */
    public void delete() {
        files.forEach(SessionFiles::forget);
    }

    private static void forget(SessionFile file) {
        try {
            file.delete();
        } catch (IOException e) {
            LOG.warn(
                    "{} could not be deleted ({}); the next start tries to close a session that is closed",
                    file,
                    DiskReason.of(e));
        }
    }

    @Override
    public String toString() {
        return files.toString();
    }
}
