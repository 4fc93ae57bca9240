package io.ottla.simulation;

import io.ottla.broker.Broker;
import io.ottla.broker.BrokerStartException;
import io.ottla.config.BrokerConfig;
import io.ottla.config.TestingLoggers;
import io.ottla.metrics.Metrics;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.replication.Role;
import io.ottla.types.BrokerId;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A machine of the simulated cluster and the broker on it: a process at a time, which is started again whenever it has
 * ended. The broker is the production wiring over ports of the simulation.
 */
final class SimulatedBroker {
    /** What brokers share. */
    record World(
            Schedule schedule,
            SimulatedNetwork network,
            Ensemble sessions,
            History history,
            Leaders leaders,
            SimulatedProcess.Tempo tempo,
            Tampering.Planted planted) {}

    static final int PORT = 9092;
    static final long WALL_MS = 1_800_000_000_000L;
    private static final long MS = 1_000_000;

    private final int id;
    private final World world;
    private final Map<String, String> settings;
    private final SplittableRandom random;
    private final SimulatedDisk disk;
    private SimulatedProcess process;
    private Broker broker;
    private ReplicaWatch watch;
    private boolean serving;
    private boolean stopping;
    private boolean off;
    private boolean hasFailedFolder;
    private boolean hasTurnedBits;
    private int starts;
    private int powerLosses;
    private int failedStarts;
    private long wallJumpMs;

    SimulatedBroker(int id, World world, Map<String, String> settings, SplittableRandom random) {
        this.id = id;
        this.world = world;
        this.random = random;
        this.disk = new SimulatedDisk(random.split());
        this.settings = new TreeMap<>(settings);
        this.settings.put("broker.id", Integer.toString(id));
        this.settings.put("listeners", "PLAINTEXT://" + machine() + ":" + PORT);
        this.settings.put("log.dirs", folder().toString());
        this.settings.put("zookeeper.connect", "zookeeper:2181");
    }

    int id() {
        return id;
    }

    String machine() {
        return "broker-" + id;
    }

    Address address() {
        return new Address(machine(), PORT);
    }

    Path folder() {
        return Path.of("/", machine());
    }

    SimulatedDisk disk() {
        return disk;
    }

    /** The present process; null before the first start. */
    SimulatedProcess process() {
        return process;
    }

    boolean isAlive() {
        return process != null && !process.isDead();
    }

    /** Whether its start has come to its end. */
    boolean isServing() {
        return isAlive() && serving;
    }

    boolean isStopping() {
        return stopping;
    }

    int starts() {
        return starts;
    }

    /** Starts that came to nothing. */
    int failedStarts() {
        return failedStarts;
    }

    void jump(long byMs) {
        wallJumpMs += byMs;
        if (isAlive()) {
            process.jump(byMs);
        }
    }

    /** Starts a process, unless there is one. */
    void start() {
        if (isAlive()) {
            return;
        }
        if (off) {
            off = false;
            world.network().powerOn(machine());
        }
        starts++;
        serving = false;
        stopping = false;
        process =
                new SimulatedProcess(machine(), world.schedule(), random.split(), world.tempo(), WALL_MS + wallJumpMs);
        SimulatedProcess mine = process;
        SimulatedPorts ports = new SimulatedPorts(
                mine,
                machine(),
                disk.mount(mine),
                world.network(),
                world.sessions(),
                world.planted().in(id, mine));
        Broker made = new Broker(
                BrokerConfig.of(settings), null, new TestingLoggers(), new Metrics(), mine.clock(), () -> ports);
        broker = made;
        ReplicaWatch watched =
                new ReplicaWatch(machine() + "/" + powerLosses, world.history(), world.leaders(), () -> hasTurnedBits);
        watch = watched;
        mine.afterEach(() -> {
            Replicas replicas = made.replicas();
            if (replicas != null) {
                watched.look(replicas);
            }
        });
        made.failure().thenAccept(why -> world.schedule().after(100 * MS, () -> exit(mine)));
        mine.run(() -> run(made, mine));
    }

    private void run(Broker made, SimulatedProcess mine) {
        try {
            made.start();
            serving = mine == process;
        } catch (BrokerStartException refused) {
            failedStarts++;
            world.schedule().after(0, () -> exit(mine));
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The process ends and comes again. */
    private void exit(SimulatedProcess which) {
        if (which == process && isAlive()) {
            kill();
            disk.mend();
            hasFailedFolder = false;
            restartWithin(3_000);
        }
    }

    /** Whatever was done to the machine is undone. */
    void heal() {
        disk.makeRoom();
        disk.cold(false);
        disk.mend();
        disk.afterChanges(Integer.MAX_VALUE, () -> {});
        if (!isAlive()) {
            start();
        } else {
            process.slowBy(1);
            if (process.isPaused()) {
                process.resume();
            }
            if (broker.failure().toCompletableFuture().isDone() || hasFailedFolder) {
                hasFailedFolder = false;
                exit(process);
            }
        }
    }

    /** A bit of a log is about to turn. */
    void bitTurns() {
        hasTurnedBits = true;
    }

    /** Its log folder fails until the machine is mended and the broker started again. */
    void failFolder() {
        hasFailedFolder = true;
        disk.fail(folder());
    }

    void restartWithin(long ms) {
        world.schedule().after(random.nextLong(ms * MS) + MS, this::start);
    }

    /** kill -9. */
    void kill() {
        if (isAlive()) {
            process.kill();
            world.network().died(process);
            world.sessions().died(process);
        }
    }

    /** The machine loses its power. */
    void losePower() {
        if (isAlive()) {
            process.kill();
            world.sessions().died(process);
        }
        off = true;
        powerLosses++;
        world.network().powerOff(machine());
        disk.losePower();
    }

    /** An orderly stop; then it is started again. */
    void stop(long restartWithinMs) {
        if (!isServing() || stopping) {
            return;
        }
        stopping = true;
        SimulatedProcess mine = process;
        Broker closing = broker;
        mine.run(() -> {
            closing.close();
            world.schedule().after(0, () -> {
                if (mine == process) {
                    kill();
                    restartWithin(restartWithinMs);
                }
            });
        });
    }

    /** Changes whenever a replica here takes another role, or counts others. */
    long roles() {
        return starts + (watch == null ? 0 : watch.roles());
    }

    /** Null where there is none. */
    private Partition replica(PartitionHistory partition) {
        Replicas replicas = isAlive() ? broker.replicas() : null;
        return replicas == null
                ? null
                : replicas.partition(partition.name().topic(), partition.name().partition());
    }

    /** What it has of a partition; null where that is nothing, or can't be used. */
    ReplicaCopy copy(PartitionHistory partition) {
        Partition here = replica(partition);
        return here == null || here.log() == null ? null : new ReplicaCopy(here.log(), here.highWatermark());
    }

    /** The replication-quorum superset: where this broker leads by the node, it counts everybody whom the node counts. */
    void requireCounted(PartitionHistory partition, Cluster.State state) {
        Partition here = replica(partition);
        if (here != null
                && here.role() instanceof Role.Leading leading
                && leading.epoch().value() == state.leaderEpoch()) {
            for (int id : state.inSync()) {
                if (!leading.inSync().maximal().contains(new BrokerId(id))) {
                    throw new Violation(this + " leads " + partition + " and counts " + leading.inSync()
                            + ", but the node says " + state);
                }
            }
        }
    }

    /**
     * The candidates' completeness: where the node would have this broker lead, it has all that is committed. What a loss of
     * power or a turned bit may have cost the controller may still have to hear.
     */
    void requireComplete(PartitionHistory partition, Cluster.State state) {
        Partition here = replica(partition);
        boolean candidate = state.inSync().contains(id) || state.eligible().contains(id);
        if (!candidate
                || here == null
                || here.log() == null
                || partition.isExcused()
                || powerLosses > 0
                || here.role() instanceof Role.Opening
                || here.role() instanceof Role.Offline
                || here.role() instanceof Role.Gone) {
            return;
        }
        if (here.log().logEndOffset() < partition.end() && !disk.isDamaged()) {
            throw new Violation(this + " may lead " + partition + " (" + state + ") with a log that ends at offset "
                    + here.log().logEndOffset() + ", but everything below offset " + partition.end()
                    + " is committed");
        }
    }

    /** A partition that it leads and where a transaction is open; empty where there is none. */
    String openTransaction() {
        Replicas replicas = isAlive() ? broker.replicas() : null;
        if (replicas == null) {
            return this + " does not serve";
        }
        StringBuilder open = new StringBuilder();
        replicas.each(partition -> {
            PartitionHistory known = world.history()
                    .partition(partition.name().topic(), partition.name().partition());
            if (partition.role() instanceof Role.Leading
                    && (known == null || !known.isExcused())
                    && partition.lastStableOffset() < partition.highWatermark()) {
                open.append(partition.name())
                        .append(" is stable up to offset ")
                        .append(partition.lastStableOffset())
                        .append(" of ")
                        .append(partition.highWatermark())
                        .append(' ')
                        .append(partition.log().activeProducers())
                        .append("; ");
            }
        });
        return open.toString();
    }

    /** What this broker is to each partition, for people. */
    String describe() {
        Replicas replicas = isAlive() ? broker.replicas() : null;
        if (replicas == null) {
            return this + (isAlive() ? " is starting" : " is dead");
        }
        StringBuilder text =
                new StringBuilder(this + " at version " + replicas.image().version() + ", controller "
                        + replicas.image().controller() + ", live "
                        + replicas.image().brokers().keySet());
        replicas.each(partition -> text.append("\n      ")
                .append(partition.name())
                .append(' ')
                .append(
                        partition.role() instanceof Role.Leading leading
                                ? "leads in epoch " + leading.epoch() + " at " + leading.partitionEpoch() + " with "
                                        + leading.inSync()
                                : partition.role())
                .append(", high watermark ")
                .append(partition.highWatermark())
                .append(" of ")
                .append(partition.log() == null ? -1 : partition.log().logEndOffset())
                .append(partition.log() == null ? "" : " " + partition.log().activeProducers()));
        return text.toString();
    }

    @Override
    public String toString() {
        return machine();
    }
}
