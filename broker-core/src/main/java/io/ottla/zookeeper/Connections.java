package io.ottla.zookeeper;

import io.ottla.config.ZooKeeperProperties;
import io.ottla.time.Clock;
import io.ottla.zookeeper.SessionFile.SavedSession;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
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
     * Takes up a session that a killed process left open and closes it, so that its ephemeral nodes go now. No other
     * session can be hit: the server demands the password.
     */
    void closeOldSession(SavedSession old) throws IOException, InterruptedException {
        Reached reached = new Reached();
        ZooKeeper zooKeeper = new ZooKeeper(
                properties.connect(),
                properties.sessionTimeoutMs(),
                reached,
                old.id(),
                old.password(),
                false,
                new StaticHostProvider(new ConnectStringParser(properties.connect()).getServerAddresses()),
                settings);
        try {
            KeeperState state = reached.await(properties.connectionTimeoutMs());
            if (state == null) {
                throw noAnswer();
            }
            if (state == KeeperState.SyncConnected) {
                LOG.info("Closing session {}, which the last process on this folder left open", old);
            }
        } finally {
            zooKeeper.close(CLOSE_MS);
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
        Reached reached = new Reached();
        ZooKeeper zooKeeper = new ZooKeeper(hosts, properties.sessionTimeoutMs(), reached, false, settings);
        try {
            if (reached.await(properties.connectionTimeoutMs()) != KeeperState.SyncConnected) {
                throw noAnswer();
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
                    throw noAnswer();
                }
            } catch (KeeperException e) {
                throw new ZooKeeperUnavailableException(
                        "Expected to make the chroot " + path + " of zookeeper.connect, but ZooKeeper says " + e.code(),
                        e);
            }
        }
    }

    ZooKeeperUnavailableException noAnswer() {
        return new ZooKeeperUnavailableException("Expected an answer from ZooKeeper at " + properties.connect()
                + " (zookeeper.connect) within " + properties.connectionTimeoutMs()
                + " ms (zookeeper.connection.timeout.ms), but there was none; is it running and reachable?");
    }

    /** Waits for the first word of a server. */
    private static final class Reached implements Watcher {
        private final CountDownLatch decided = new CountDownLatch(1);
        private volatile KeeperState state;

        @Override
        public void process(org.apache.zookeeper.WatchedEvent event) {
            KeeperState said = event.getState();
            if (said == KeeperState.SyncConnected || said == KeeperState.Expired || said == KeeperState.AuthFailed) {
                state = said;
                decided.countDown();
            }
        }

        /** Null when nobody answered. */
        KeeperState await(long timeoutMs) throws InterruptedException {
            return decided.await(timeoutMs, TimeUnit.MILLISECONDS) ? state : null;
        }
    }
}
