package io.ottla.zookeeper;

import io.ottla.types.Shown;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of nodes of configuration, and of finalised features, that they can't be read: once for each node as it is, though
 * it is read again and again. Thread-safe.
 */
final class UnreadableNodes {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadableNodes.class);

    /** Nodes that were told of, and the zxid of what was in them then. */
    private final Map<String, Long> told = new ConcurrentHashMap<>();

    private final Set<String> toldNotes = ConcurrentHashMap.newKeySet();

    /** @param zxid of the node's last change */
    void config(String path, byte[] data, long zxid) {
        if (isNew(path, zxid)) {
            LOG.error(
                    "The settings in {} are not in force, for they can't be read: expected"
                            + " {\"version\":1,\"config\":{…}}, but the node holds {}",
                    Shown.of(path),
                    shown(data));
        }
    }

    /** @param zxid of the node's last change */
    void features(byte[] data, long zxid) {
        if (isNew(FeatureNode.PATH, zxid)) {
            LOG.error(
                    "The finalised features in {} can't be read; those that were in force stay so, and a controller that"
                            + " was never told of them waits. Restore the node, or set a level of a feature: expected"
                            + " {\"version\":2,\"status\":1,\"features\":{…}}, but the node holds {}",
                    FeatureNode.PATH,
                    shown(data));
        }
    }

    private boolean isNew(String path, long zxid) {
        Long before = told.put(path, zxid);
        return before == null || before != zxid;
    }

    /** The node can be read, or has gone. */
    void isGood(String path) {
        told.remove(path);
    }

    void note(String name, byte[] data) {
        if (toldNotes.add(name)) {
            LOG.warn(
                    "The note {}/{} can't be read, so that nobody looks at what it says has changed: expected"
                            + " {\"version\":2,\"entity_path\":\"topics/…\"}, but the node holds {}",
                    ConfigNode.NOTES,
                    Shown.of(name),
                    shown(data));
        }
    }

    /** These notes are there, and no others. */
    void notes(Collection<String> names) {
        toldNotes.retainAll(names);
    }

    private static String shown(byte[] data) {
        return data == null || data.length == 0
                ? "nothing"
                : Shown.of(new String(data, 0, Math.min(data.length, 1_000), StandardCharsets.UTF_8));
    }
}
