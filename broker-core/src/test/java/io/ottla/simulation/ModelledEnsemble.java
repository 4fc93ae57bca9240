package io.ottla.simulation;

import io.ottla.config.ZooKeeperProperties;
import io.ottla.zookeeper.SessionClient;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;

/** {@link SimulatedZooKeeper} as a simulation uses it: a client for each process, moves by machine. */
final class ModelledEnsemble implements Ensemble {
    private static final int USUAL_NS = 300_000;

    private final SimulatedZooKeeper zooKeeper;
    private final Map<String, ZooKeeperClient> clients = new TreeMap<>();
    private final IdentityHashMap<SimulatedProcess, ZooKeeperClient> byProcess = new IdentityHashMap<>();
    private final Set<String> away = new HashSet<>();

    ModelledEnsemble(Schedule schedule, SplittableRandom random) {
        int members = 1 + 2 * random.nextInt(2);
        SimulatedZooKeeper.Settings settings = new SimulatedZooKeeper.Settings(
                200 << random.nextInt(3), members, USUAL_NS, members == 1 ? 0 : 1_000_000L << random.nextInt(8));
        Later later = new Later() {
            @Override
            public long nowNs() {
                return schedule.nowNs();
            }

            @Override
            public void after(long delayNs, Runnable task) {
                schedule.after(delayNs, task);
            }
        };
        zooKeeper = new SimulatedZooKeeper(later, random, SimulatedBroker.WALL_MS, settings);
    }

    @Override
    public SessionClient client(SimulatedProcess process, String machine, ZooKeeperProperties properties) {
        ZooKeeperClient client = zooKeeper.client(properties, process.clock(), process.timer(), process.thread());
        clients.put(machine, client);
        byProcess.put(process, client);
        if (away.contains(machine)) {
            client.suspendConnection();
        }
        return client;
    }

    @Override
    public void cutOff(String machine, boolean on) {
        boolean changes = on ? away.add(machine) : away.remove(machine);
        ZooKeeperClient client = clients.get(machine);
        if (changes && client != null) {
            if (on) {
                client.suspendConnection();
            } else {
                client.resumeConnection();
            }
        }
    }

    @Override
    public void breakConnection(String machine) {
        ZooKeeperClient client = clients.get(machine);
        if (client != null) {
            client.cut();
        }
    }

    @Override
    public void endSession(String machine) {
        ZooKeeperClient client = clients.get(machine);
        try {
            if (client != null && client.present() != null) {
                zooKeeper.expire(client.present().session().id());
            }
        } catch (KeeperException none) {
            // It has none that could end.
        }
    }

    @Override
    public void lose(String machine, ZooKeeperClient.Loss what) {
        ZooKeeperClient client = clients.get(machine);
        if (client != null) {
            client.loseNext(what);
        }
    }

    @Override
    public void down(boolean on) {
        if (on) {
            zooKeeper.stop();
        } else if (!zooKeeper.isUp()) {
            zooKeeper.start();
        }
    }

    @Override
    public void slowBy(int times) {
        zooKeeper.slowBy(times);
    }

    @Override
    public void died(SimulatedProcess process) {
        ZooKeeperClient client = byProcess.remove(process);
        if (client != null) {
            client.killed();
        }
    }

    @Override
    public byte[] read(String path) {
        String data = zooKeeper.has(path) ? zooKeeper.data(path) : null;
        return data == null ? null : data.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<String> children(String path) {
        return zooKeeper.has(path) ? zooKeeper.children(path) : List.of();
    }

    @Override
    public void make(String path, String data) {
        if (zooKeeper.isUp() && !zooKeeper.has(path)) {
            zooKeeper.operate(List.of(Op.create(
                    path, data.getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)));
        }
    }

    @Override
    public long changes() {
        return zooKeeper.zxid();
    }
}
