package io.ottla.simulation;

import io.ottla.simulation.ZooKeeperMessage.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * One server of the modelled ensemble: what it has applied so far, and the watches on that. It answers reads by itself,
 * and a write when it has applied it.
 */
final class ZooKeeperMember {
    /**
     * A transaction as the leader hands it out.
     *
     * @param changes none where it was refused
     */
    record Transaction(long zxid, long timeMs, List<ZooKeeperTree.Change> changes) {}

    /** Somebody who waits until this server has applied so much. */
    private record Waiter(long zxid, long number, Runnable then) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            int order = Long.compare(zxid, other.zxid);
            return order == 0 ? Long.compare(number, other.number) : order;
        }
    }

    private final ZooKeeperTree tree = new ZooKeeperTree();
    private final Map<String, Set<ZooKeeperLink>> dataWatches = new HashMap<>();
    private final Map<String, Set<ZooKeeperLink>> childWatches = new HashMap<>();
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private final ZooKeeperPipe fromLeader;
    private final ZooKeeperPipe toLeader;
    private long applied;
    private long waited;

    /** @param fromLeader null with toLeader where this is the leader */
    ZooKeeperMember(ZooKeeperPipe fromLeader, ZooKeeperPipe toLeader) {
        this.fromLeader = fromLeader;
        this.toLeader = toLeader;
    }

    ZooKeeperTree tree() {
        return tree;
    }

    /** The last transaction that it knows. */
    long applied() {
        return applied;
    }

    boolean isLeader() {
        return toLeader == null;
    }

    /** Has the leader do something, when the word of it gets there. */
    void atLeader(Runnable task) {
        if (toLeader == null) {
            task.run();
        } else {
            toLeader.send(task);
        }
    }

    /** The leader has decided this. */
    void learn(Transaction transaction) {
        fromLeader.send(() -> apply(transaction));
    }

    List<OpResult> apply(Transaction transaction) {
        List<OpResult> results =
                tree.apply(transaction.changes(), transaction.zxid(), transaction.timeMs(), this::changed);
        applied = transaction.zxid();
        while (!waiters.isEmpty() && waiters.peek().zxid() <= applied) {
            waiters.poll().then().run();
        }
        return results;
    }

    /** Goes on when so much is applied. */
    void whenApplied(long zxid, Runnable then) {
        if (applied >= zxid) {
            then.run();
        } else {
            waiters.add(new Waiter(zxid, waited++, then));
        }
    }

    Reply read(ZooKeeperMessage.Read read, ZooKeeperLink link) {
        String path = read.path();
        boolean there = tree.has(path);
        if (read.watch() && (there || read.what() == ZooKeeperMessage.What.EXISTENCE)) {
            watch(read.what() == ZooKeeperMessage.What.CHILDREN ? childWatches : dataWatches, path, link);
        }
        if (!there) {
            return Reply.of(Code.NONODE, applied);
        }
        Object value = switch (read.what()) {
            case DATA -> tree.data(path);
            case EXISTENCE -> null;
            case CHILDREN -> tree.children(path);
        };
        return new Reply(Code.OK, value, tree.stat(path), applied);
    }

    /** What has changed meanwhile is told at once. */
    Reply watch(ZooKeeperMessage.SetWatches watches, ZooKeeperLink link) {
        for (String path : watches.data()) {
            if (!tree.has(path)) {
                link.tell(EventType.NodeDeleted, path);
            } else if (tree.stat(path).getMzxid() > watches.zxid()) {
                link.tell(EventType.NodeDataChanged, path);
            } else {
                watch(dataWatches, path, link);
            }
        }
        for (String path : watches.existence()) {
            if (tree.has(path)) {
                link.tell(EventType.NodeCreated, path);
            } else {
                watch(dataWatches, path, link);
            }
        }
        for (String path : watches.children()) {
            if (!tree.has(path)) {
                link.tell(EventType.NodeDeleted, path);
            } else if (tree.stat(path).getPzxid() > watches.zxid()) {
                link.tell(EventType.NodeChildrenChanged, path);
            } else {
                watch(childWatches, path, link);
            }
        }
        return Reply.of(Code.OK, applied);
    }

    private static void watch(Map<String, Set<ZooKeeperLink>> watches, String path, ZooKeeperLink link) {
        watches.computeIfAbsent(path, none -> new LinkedHashSet<>()).add(link);
    }

    private void changed(EventType type, String path) {
        switch (type) {
            case NodeChildrenChanged -> take(childWatches, path).forEach(link -> link.tell(type, path));
            case NodeDeleted -> {
                Set<ZooKeeperLink> told = new LinkedHashSet<>(take(dataWatches, path));
                told.addAll(take(childWatches, path));
                told.forEach(link -> link.tell(type, path));
            }
            default -> take(dataWatches, path).forEach(link -> link.tell(type, path));
        }
    }

    private static Set<ZooKeeperLink> take(Map<String, Set<ZooKeeperLink>> watches, String path) {
        Set<ZooKeeperLink> links = watches.remove(path);
        return links == null ? Set.of() : links;
    }

    /** The connection is gone, and with it what it watched. */
    void forget(ZooKeeperLink link) {
        for (Map<String, Set<ZooKeeperLink>> watches : List.of(dataWatches, childWatches)) {
            for (Set<ZooKeeperLink> links : new ArrayList<>(watches.values())) {
                links.remove(link);
            }
            watches.values().removeIf(Set::isEmpty);
        }
    }
}
