package io.ottla.zookeeper;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** Writes configuration into ZooKeeper as Kafka's tools did: the entity's node, and a note that it has changed. */
public final class TestingConfigTool implements AutoCloseable {
    private final ZooKeeper client;

    public TestingConfigTool(TestingZooKeeper server) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        client = new ZooKeeper(server.address(), 10_000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        connected.await();
    }

    /** Sets a topic's whole configuration. */
    public void topic(String name, Map<String, String> config) throws Exception {
        set("topics/" + name, config);
    }

    /** Sets what holds for all brokers. */
    public void allBrokers(Map<String, String> config) throws Exception {
        set("brokers/<default>", config);
    }

    /** Sets what holds for one broker. */
    public void broker(int id, Map<String, String> config) throws Exception {
        set("brokers/" + id, config);
    }

    private void set(String entity, Map<String, String> config) throws Exception {
        byte[] data = Json.write(Map.of("version", 1, "config", new TreeMap<>(config)));
        String path = "/config/" + entity;
        try {
            client.setData(path, data, -1);
        } catch (KeeperException.NoNodeException absent) {
            create("/config", CreateMode.PERSISTENT, null);
            create(path.substring(0, path.lastIndexOf('/')), CreateMode.PERSISTENT, null);
            create("/config/changes", CreateMode.PERSISTENT, null);
            create(path, CreateMode.PERSISTENT, data);
        }
        byte[] note = Json.write(Map.of("version", 2, "entity_path", entity));
        create("/config/changes/config_change_", CreateMode.PERSISTENT_SEQUENTIAL, note);
    }

    private void create(String path, CreateMode mode, byte[] data) throws Exception {
        try {
            client.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
        } catch (KeeperException.NodeExistsException there) {
            // Somebody made it before, which is as good.
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
