package io.ottla.zookeeper;

import io.ottla.config.ZooKeeperProperties;
import io.ottla.time.Clock;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.StaticHostProvider;
import org.apache.zookeeper.client.ZKClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to ZooKeeper: those that Curator asks for, and the short ones of a start. Used by the starting
 * thread and Curator's.
 */
final class Connections implements ZookeeperFactory {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private static final int CLOSE_MS = 2_000;

    private final ZooKeeperProperties properties;
    private final ZKClientConfig settings;
    private final Clock clock;
    private final ConnectionMeter meter;

    Connections(ZooKeeperProperties properties, Clock clock, ConnectionMeter meter) {
        this.properties = properties;
        this.settings = ClientSettings.of(properties.tls());
        this.clock = clock;
        this.meter = meter;
    }

    @Override
    public ZooKeeper newZooKeeper(String connect, int sessionTimeoutMs, Watcher watcher, boolean canBeReadOnly)
            throws IOException {
        Watcher counting = event -> {
            if (event.getType() == EventType.None) {
                meter.count(event.getState());
            }
            watcher.process(event);
        };
        return new ZooKeeper(connect, sessionTimeoutMs, counting, canBeReadOnly, settings);
    }

    @Override
    public ZooKeeper newZooKeeper(
            String connect, int sessionTimeoutMs, Watcher watcher, boolean canBeReadOnly, ZKClientConfig curators)
            throws IOException {
        return newZooKeeper(connect, sessionTimeoutMs, watcher, canBeReadOnly);
    }

    /**
     * Takes up a session that a killed process, or this one, left open and closes it, so that its ephemeral nodes go now
     * and not at its timeout. No other session can be hit: the server demands the password.
     *
     * @param executor on which the connection is closed again; that takes one round trip
     * @return done once the session is over, and true where it was closed by this
     */
    CompletableFuture<Boolean> closeOldSession(SavedSession old, Executor executor) throws IOException {
        CompletableFuture<KeeperState> reached = new CompletableFuture<>();
        ZooKeeper zooKeeper = new ZooKeeper(
                properties.connect(),
                properties.sessionTimeoutMs(),
                new Reached(reached),
                old.id(),
                old.password(),
                false,
                new StaticHostProvider(new ConnectStringParser(properties.connect()).getServerAddresses()),
                settings);
        return reached.thenApplyAsync(
                state -> {
                    close(zooKeeper);
                    boolean closed = state == KeeperState.SyncConnected;
                    if (closed) {
                        LOG.info("Closed session {}, which was left open", old);
                    }
                    return closed;
                },
                executor);
    }

    private static void close(ZooKeeper zooKeeper) {
        try {
            zooKeeper.close(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes the node below which the cluster lives, and those above it; nothing where there is no chroot. */
    void makeChroot(NodeAcls acls) throws IOException, InterruptedException {
        int slash = properties.connect().indexOf('/');
        if (slash < 0 || slash == properties.connect().length() - 1) {
            return;
        }
        String chroot = properties.connect().substring(slash);
        String hosts = properties.connect().substring(0, slash);
        long deadlineNs = clock.monotonicNs() + TimeUnit.MILLISECONDS.toNanos(properties.connectionTimeoutMs());
        CompletableFuture<KeeperState> reached = new CompletableFuture<>();
        ZooKeeper zooKeeper =
                new ZooKeeper(hosts, properties.sessionTimeoutMs(), new Reached(reached), false, settings);
        try {
            if (await(reached) != KeeperState.SyncConnected) {
                throw ZooKeeperUnavailableException.noAnswer(properties);
            }
            for (int end = chroot.indexOf('/', 1); ; end = chroot.indexOf('/', end + 1)) {
                String path = end < 0 ? chroot : chroot.substring(0, end);
                make(zooKeeper, path, acls, deadlineNs);
                if (end < 0) {
                    return;
                }
            }
        } finally {
            zooKeeper.close(CLOSE_MS);
        }
    }

    /** Safe to repeat: whoever makes the node, it is there. */
    private void make(ZooKeeper zooKeeper, String path, NodeAcls acls, long deadlineNs)
            throws IOException, InterruptedException {
        while (true) {
            try {
                zooKeeper.create(path, null, acls.of(path), CreateMode.PERSISTENT);
                LOG.info("Made the chroot {} in ZooKeeper", path);
                return;
            } catch (KeeperException.NodeExistsException there) {
                return;
            } catch (KeeperException.ConnectionLossException lost) {
                if (clock.monotonicNs() > deadlineNs) {
                    throw ZooKeeperUnavailableException.noAnswer(properties);
                }
            } catch (KeeperException e) {
                throw new ZooKeeperUnavailableException(
                        "Expected to make the chroot " + path + " of zookeeper.connect, but ZooKeeper says " + e.code(),
                        e);
            }
        }
    }

    /** Waits as long as a start may wait. */
    private <T> T await(CompletableFuture<T> word) throws IOException, InterruptedException {
        try {
            return word.get(properties.connectionTimeoutMs(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ZooKeeperUnavailableException.noAnswer(properties);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Takes a server's first word, good or bad. */
    private record Reached(CompletableFuture<KeeperState> word) implements Watcher {
        @Override
        public void process(WatchedEvent event) {
            KeeperState said = event.getState();
            if (said == KeeperState.SyncConnected || said == KeeperState.Expired || said == KeeperState.AuthFailed) {
                word.complete(said);
            }
        }
    }
}
