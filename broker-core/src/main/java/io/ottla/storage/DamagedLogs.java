package io.ottla.storage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs of a folder that were found not to be as they were written, for as long as they are not mended. Thread-safe. */
final class DamagedLogs {
    private static final Logger LOG = LoggerFactory.getLogger(DamagedLogs.class);

    private final Map<SegmentedLog, LogCheck> found = new ConcurrentHashMap<>();

    /** Takes in what came of a look through a log. */
    void note(SegmentedLog log, LogCheck done) {
        if (!done.isDamaged()) {
            found.remove(log);
            return;
        }
        LogCheck before = found.put(log, done);
        if (before == null || !before.isCurrent()) {
            LOG.error(
                    "{}. It is fetched again where other replicas are in sync; where none is, look after the disk and"
                            + " restore what it held",
                    done.damage());
        }
        log.suspect(done.offset());
    }

    /** Tells the logs again: others may have come into sync meanwhile, so that they can be mended. */
    void tellAgain() {
        found.values().removeIf(each -> !each.isCurrent());
        found.forEach((log, done) -> log.suspect(done.offset()));
    }

    /** How many there are now. */
    long count() {
        return found.values().stream().filter(LogCheck::isCurrent).count();
    }
}
