package io.ottla.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.SetDataRequest;

/**
 * The nodes of a ZooKeeper as one server has them. Writes are decided first and applied then, which a server that lags
 * does later. It knows no ACLs, quotas, containers and times to live.
 */
final class ZooKeeperTree {
    private static final String ROOT = "/";

    private static final class Node {
        private byte[] data;
        private final long owner;
        private final long czxid;
        private final long ctime;
        private long mzxid;
        private long mtime;
        private long pzxid;
        private int version;
        /** Children ever made. */
        private int creations;

        private final NavigableSet<String> children = new TreeSet<>();

        Node(byte[] data, long owner, long zxid, long timeMs) {
            this.data = data;
            this.owner = owner;
            this.czxid = zxid;
            this.mzxid = zxid;
            this.pzxid = zxid;
            this.ctime = timeMs;
            this.mtime = timeMs;
        }

        Stat stat() {
            return new Stat(
                    czxid,
                    mzxid,
                    ctime,
                    mtime,
                    version,
                    creations * 2 - children.size(), // Each creation has its deletion, but for what is there.
                    0,
                    owner,
                    data == null ? 0 : data.length,
                    children.size(),
                    pzxid);
        }
    }

    /** One change of a transaction. */
    static final class Change {
        private final int type;
        private final String path;
        private final byte[] data;
        private final long owner;

        private Change(int type, String path, byte[] data, long owner) {
            this.type = type;
            this.path = path;
            this.data = data;
            this.owner = owner;
        }
    }

    /**
     * What a write comes to.
     *
     * @param code of the first operation that fails; nothing is changed then
     */
    record Decision(Code code, List<Change> changes) {}

    /** A node as it would be after the operations before. */
    private static final class Draft {
        private boolean there;
        private int version;
        private int creations;
        private int children;
        private boolean ephemeral;
    }

    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<Long, NavigableSet<String>> ephemerals = new TreeMap<>();

    ZooKeeperTree() {
        nodes.put(ROOT, new Node(new byte[0], 0, 0, 0));
        nodes.put("/zookeeper", new Node(new byte[0], 0, 0, 0));
        nodes.get(ROOT).children.add("zookeeper");
    }

    boolean has(String path) {
        return nodes.containsKey(path);
    }

    Stat stat(String path) {
        return nodes.get(path).stat();
    }

    byte[] data(String path) {
        byte[] data = nodes.get(path).data;
        return data == null ? null : data.clone();
    }

    List<String> children(String path) {
        return List.copyOf(nodes.get(path).children);
    }

    /** What goes with a session. */
    List<Change> farewell(long session) {
        return ephemerals.getOrDefault(session, new TreeSet<>()).stream()
                .map(path -> new Change(OpCode.delete, path, null, 0))
                .toList();
    }

    /** Whether these operations can be done one after the other, and what they come to. Changes nothing. */
    Decision decide(List<Op> operations, long session) {
        Map<String, Draft> drafts = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        for (Op operation : operations) {
            try {
                decide(operation, session, drafts, changes);
            } catch (KeeperException refused) {
                return new Decision(refused.code(), List.of());
            }
        }
        return new Decision(Code.OK, changes);
    }

    private void decide(Op operation, long session, Map<String, Draft> drafts, List<Change> changes)
            throws KeeperException {
        switch (operation.toRequestRecord()) {
            case CreateRequest create -> create(create, operation.getType(), session, drafts, changes);
            case DeleteRequest delete -> {
                String path = delete.getPath();
                if (path.equals(ROOT)) {
                    throw new KeeperException.BadArgumentsException(path);
                }
                Draft parent = draft(parent(path), drafts);
                Draft node = draft(path, drafts);
                requireVersion(node, delete.getVersion(), path);
                if (node.children > 0) {
                    throw new KeeperException.NotEmptyException(path);
                }
                node.there = false;
                parent.children--;
                changes.add(new Change(OpCode.delete, path, null, 0));
            }
            case SetDataRequest set -> {
                Draft node = draft(set.getPath(), drafts);
                requireVersion(node, set.getVersion(), set.getPath());
                node.version++;
                changes.add(new Change(OpCode.setData, set.getPath(), set.getData(), 0));
            }
            case CheckVersionRequest check -> {
                requireVersion(draft(check.getPath(), drafts), check.getVersion(), check.getPath());
                changes.add(new Change(OpCode.check, check.getPath(), null, 0));
            }
            default -> throw new KeeperException.UnimplementedException();
        }
    }

    private void create(CreateRequest create, int type, long session, Map<String, Draft> drafts, List<Change> changes)
            throws KeeperException {
        CreateMode mode = CreateMode.fromFlag(create.getFlags());
        Draft parent = draft(parent(create.getPath()), drafts);
        String path = create.getPath();
        if (mode.isSequential()) {
            path += String.format(Locale.ENGLISH, "%010d", parent.creations);
        }
        Draft node = drafts.computeIfAbsent(path, this::asItIs);
        if (node.there) {
            throw new KeeperException.NodeExistsException(path);
        }
        if (parent.ephemeral) {
            throw new KeeperException.NoChildrenForEphemeralsException(path);
        }
        parent.creations++;
        parent.children++;
        node.there = true;
        node.version = 0;
        node.creations = 0;
        node.children = 0;
        node.ephemeral = mode.isEphemeral();
        changes.add(new Change(type, path, create.getData(), mode.isEphemeral() ? session : 0));
    }

    private Draft draft(String path, Map<String, Draft> drafts) throws KeeperException {
        Draft draft = drafts.computeIfAbsent(path, this::asItIs);
        if (!draft.there) {
            throw new KeeperException.NoNodeException(path);
        }
        return draft;
    }

    private Draft asItIs(String path) {
        Draft draft = new Draft();
        Node node = nodes.get(path);
        if (node != null) {
            draft.there = true;
            draft.version = node.version;
            draft.creations = node.creations;
            draft.children = node.children.size();
            draft.ephemeral = node.owner != 0;
        }
        return draft;
    }

    private static void requireVersion(Draft node, int version, String path) throws KeeperException {
        if (version != -1 && version != node.version) {
            throw new KeeperException.BadVersionException(path);
        }
    }

    /**
     * Does what was decided.
     *
     * @param changed told of each node that changes, as watches are
     * @return what each operation of a transaction is answered
     */
    List<OpResult> apply(List<Change> changes, long zxid, long timeMs, BiConsumer<EventType, String> changed) {
        List<OpResult> results = new ArrayList<>(changes.size());
        for (Change change : changes) {
            results.add(apply(change, zxid, timeMs, changed));
        }
        return results;
    }

    private OpResult apply(Change change, long zxid, long timeMs, BiConsumer<EventType, String> changed) {
        String path = change.path;
        return switch (change.type) {
            case OpCode.create, OpCode.create2 -> {
                Node node = new Node(change.data, change.owner, zxid, timeMs);
                Node parent = nodes.get(parent(path));
                parent.children.add(name(path));
                parent.creations++;
                parent.pzxid = zxid;
                nodes.put(path, node);
                if (change.owner != 0) {
                    ephemerals
                            .computeIfAbsent(change.owner, session -> new TreeSet<>())
                            .add(path);
                }
                changed.accept(EventType.NodeCreated, path);
                changed.accept(EventType.NodeChildrenChanged, parent(path));
                yield change.type == OpCode.create
                        ? new OpResult.CreateResult(path)
                        : new OpResult.CreateResult(path, node.stat());
            }
            case OpCode.delete -> {
                Node node = nodes.remove(path);
                Node parent = nodes.get(parent(path));
                parent.children.remove(name(path));
                parent.pzxid = zxid;
                if (node.owner != 0) {
                    forget(node.owner, path);
                }
                changed.accept(EventType.NodeDeleted, path);
                changed.accept(EventType.NodeChildrenChanged, parent(path));
                yield new OpResult.DeleteResult();
            }
            case OpCode.setData -> {
                Node node = nodes.get(path);
                node.data = change.data;
                node.version++;
                node.mzxid = zxid;
                node.mtime = timeMs;
                changed.accept(EventType.NodeDataChanged, path);
                yield new OpResult.SetDataResult(node.stat());
            }
            default -> new OpResult.CheckResult();
        };
    }

    private void forget(long owner, String path) {
        NavigableSet<String> owned = ephemerals.get(owner);
        owned.remove(path);
        if (owned.isEmpty()) {
            ephemerals.remove(owner);
        }
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? ROOT : path.substring(0, slash);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
