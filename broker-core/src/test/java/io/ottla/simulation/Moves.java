package io.ottla.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Draws what happens to a cluster: which moves a run has at all, how often each comes, how long it lasts. Faults that take
 * away what a disk held come to one machine at a time, and to the next when the first has all again: more no replication
 * survives. But bits also turn in two copies of a partition at a time, in different batches: each is whole in the other copy.
 *
 * <p>Bits turn in checksums and in what they cover only. A batch's base offset, length and leader epoch stand outside of it,
 * as Kafka's format has it, so that nobody can tell a wrong one from a right one; the cluster promises nothing there. While a
 * bit is wrong others may die, one at a time: the damaged replica then leads, and what it has is taken from others' copies by
 * who reads.
 */
final class Moves {
    private static final long MS = 1_000_000;
    private static final Set<Move> LEFT_OUT = named("without");
    private static final Set<Move> ALWAYS = named("with");

    private final Cluster cluster;
    private final Schedule schedule;
    private final SplittableRandom random;
    private final Tally tally;
    private final Consumer<String> trace;
    private final Map<Move, Integer> weights = new EnumMap<>(Move.class);
    private final int meanPauseMs;
    private final int meanLengthMs;
    private final Set<SimulatedBroker> tainted = new LinkedHashSet<>();
    private boolean over;

    Moves(Cluster cluster, SplittableRandom random, Tally tally, Consumer<String> trace) {
        this.cluster = cluster;
        this.schedule = cluster.schedule();
        this.random = random;
        this.tally = tally;
        this.trace = trace;
        for (Move move : Move.values()) {
            boolean comes = random.nextInt(3) == 0 && !LEFT_OUT.contains(move);
            int weight = 1 + random.nextInt(8);
            if (comes || ALWAYS.contains(move)) {
                weights.put(move, weight);
            }
        }
        if (weights.isEmpty()) {
            weights.put(Move.CRASH, 1);
        }
        meanPauseMs = 50 << random.nextInt(7);
        meanLengthMs = 50 << random.nextInt(8);
    }

    /**
     * {@code -Dwithout=POWER,PAUSE} leaves these moves out, {@code -Dwith=POWER} has every run make it. What else happens
     * stays as it is.
     */
    private static Set<Move> named(String property) {
        Set<Move> moves = EnumSet.noneOf(Move.class);
        for (String name : System.getProperty(property, "").split(",", 0)) {
            if (!name.isEmpty()) {
                moves.add(Move.valueOf(name));
            }
        }
        return moves;
    }

    void start() {
        next();
    }

    /** No move comes any more. */
    void stop() {
        over = true;
    }

    @Override
    public String toString() {
        return weights + ", a move each " + meanPauseMs + " ms, lasting " + meanLengthMs + " ms";
    }

    private void next() {
        after(random.nextLong(2L * meanPauseMs), () -> {
            move(draw());
            next();
        });
    }

    private Move draw() {
        int total = weights.values().stream().mapToInt(Integer::intValue).sum();
        int at = random.nextInt(total);
        for (Map.Entry<Move, Integer> each : weights.entrySet()) {
            at -= each.getValue();
            if (at < 0) {
                return each.getKey();
            }
        }
        throw new IllegalStateException("Expected weights to add up");
    }

    private void after(long ms, Runnable task) {
        schedule.after(ms * MS, () -> {
            if (!over) {
                task.run();
            }
        });
    }

    /** Also when no more moves come: what a move began ends. */
    private void endsAfter(long ms, Runnable task) {
        schedule.after(ms * MS, task);
    }

    private long length() {
        return 1 + random.nextLong(2L * meanLengthMs);
    }

    private SimulatedBroker any() {
        return any(cluster.brokers());
    }

    private void move(Move move) {
        SimulatedBroker broker = any();
        if (make(move, broker)) {
            tally.add(move);
            trace.accept(move + " " + broker);
        }
    }

    private boolean make(Move move, SimulatedBroker broker) {
        return switch (move) {
            case CRASH -> crash(broker);
            case CRASH_AT_WORK -> crashAtWork(broker);
            case CRASH_ALL -> crashAll();
            case POWER -> losePower(broker);
            case RESTART -> restart(broker);
            case PAUSE -> pause(broker);
            case SLOW -> slow(broker);
            case CLOCK -> jump(broker);
            case PARTITION -> block(broker.machine(), any().machine(), true);
            case ONE_WAY -> block(broker.machine(), any().machine(), false);
            case ISOLATE -> isolate(broker);
            case DELAY -> delay(broker.machine(), any().machine());
            case BREAK -> {
                cluster.network().breakAny();
                yield true;
            }
            case SUSPECT -> suspect(broker);
            case CLIENT -> {
                cluster.anyClient(random).reconnect();
                yield true;
            }
            case ZOOKEEPER_AWAY -> zooKeeperAway(List.of(broker));
            case ZOOKEEPER_AWAY_FROM_ALL -> zooKeeperAway(cluster.brokers());
            case ZOOKEEPER_DOWN -> {
                cluster.ensemble().down(true);
                endsAfter(length(), () -> cluster.ensemble().down(false));
                yield true;
            }
            case ZOOKEEPER_BREAKS ->
                broker.isAlive() && done(() -> cluster.ensemble().breakConnection(broker.machine()));
            case SESSION_LOST ->
                broker.isAlive() && done(() -> cluster.ensemble().endSession(broker.machine()));
            case REQUEST_LOST ->
                broker.isAlive() && done(() -> cluster.ensemble().lose(broker.machine(), ZooKeeperClient.Loss.REQUEST));
            case ANSWER_LOST ->
                broker.isAlive() && done(() -> cluster.ensemble().lose(broker.machine(), ZooKeeperClient.Loss.ANSWER));
            case ZOOKEEPER_SLOW -> {
                cluster.ensemble().slowBy(2 << random.nextInt(9));
                endsAfter(length(), () -> cluster.ensemble().slowBy(1));
                yield true;
            }
            case DISK_FULL -> fill(broker);
            case DISK_FAILS -> taint(broker, broker::failFolder);
            case BIT_FLIP -> random.nextBoolean() ? taint(broker, () -> flip(broker)) : flipTwo(broker);
            case DISK_COLD -> {
                broker.disk().cold(true);
                endsAfter(length(), () -> broker.disk().cold(false));
                yield true;
            }
        };
    }

    /** It ends the broker, when that needs room. */
    private boolean fill(SimulatedBroker broker) {
        if (!mayFail(broker)) {
            return false;
        }
        broker.disk().leaveRoom(random.nextInt(4096));
        endsAfter(length(), broker.disk()::makeRoom);
        return true;
    }

    private static boolean done(Runnable what) {
        what.run();
        return true;
    }

    /** Whether what it has may be missed, or lost, as far as no other machine lacks anything. */
    private boolean mayFail(SimulatedBroker broker) {
        tainted.removeIf(each -> each != broker && cluster.isWhole(each));
        return tainted.isEmpty() || tainted.equals(Set.of(broker));
    }

    /** Whether it may be killed: also where some have wrong bits, itself perhaps, and the rest everything. */
    private boolean mayDie(SimulatedBroker broker) {
        return mayFail(broker)
                || tainted.stream().allMatch(cluster::isWholeButForDamage)
                        && cluster.brokers().stream()
                                .allMatch(each -> each == broker
                                        || tainted.contains(each)
                                        || cluster.isWhole(each) && !each.disk().isShortOfRoom());
    }

    private boolean crash(SimulatedBroker broker) {
        return mayDie(broker) && kill(broker);
    }

    private boolean kill(SimulatedBroker broker) {
        if (!broker.isAlive()) {
            return false;
        }
        broker.kill();
        broker.restartWithin(length());
        return true;
    }

    private boolean crashAtWork(SimulatedBroker broker) {
        if (!broker.isAlive() || !mayDie(broker)) {
            return false;
        }
        SimulatedProcess process = broker.process();
        broker.disk().afterChanges(random.nextInt(64), () -> {
            if (broker.process() == process && broker.isAlive() && mayDie(broker)) {
                broker.kill();
                broker.restartWithin(length());
            }
        });
        return true;
    }

    private boolean crashAll() {
        // where bits are wrong, all of them at once, before anybody lacks anything
        boolean together = !tainted.isEmpty() && cluster.brokers().stream().allMatch(this::mayDie);
        List<SimulatedBroker> killed = new ArrayList<>(cluster.brokers());
        killed.removeIf(broker -> !(together ? kill(broker) : crash(broker)));
        return !killed.isEmpty();
    }

    private boolean losePower(SimulatedBroker broker) {
        return broker.isAlive()
                && taint(broker, () -> {
                    broker.losePower();
                    broker.restartWithin(length());
                });
    }

    /**
     * Does what may cost a machine what it holds, where all others have everything: it is theirs to keep. None of them may
     * die before it has everything again, since nobody can tell what a killed process had on its disk (KIP-966).
     */
    private boolean taint(SimulatedBroker broker, Runnable what) {
        for (SimulatedBroker other : cluster.brokers()) {
            if (other != broker && !cluster.isWhole(other)) {
                return false;
            }
        }
        if (!mayFail(broker)) {
            return false;
        }
        tainted.add(broker);
        cluster.excuseWhatRestsOn(broker);
        what.run();
        return true;
    }

    /** Turns a bit of a checksum, or of what it covers: what else stands in a batch nobody can tell from what was meant. */
    private void flip(SimulatedBroker broker) {
        List<SimulatedFile> logs = broker.disk().logs();
        if (logs.isEmpty()) {
            return;
        }
        SimulatedFile log = logs.get(random.nextInt(logs.size()));
        List<Batches.Placed> batches = Batches.placed(List.of(log));
        if (!batches.isEmpty()) {
            flip(broker, any(batches));
        }
    }

    /** Turns a bit in two copies of a partition, in different batches, while nobody lacks anything. */
    private boolean flipTwo(SimulatedBroker broker) {
        for (SimulatedBroker each : cluster.brokers()) {
            if (!cluster.isWhole(each) || each.disk().isShortOfRoom()) {
                return false;
            }
        }
        SimulatedBroker other = any();
        Map<String, List<SimulatedFile>> logs = broker.disk().logsByPartition();
        Map<String, List<SimulatedFile>> others = other.disk().logsByPartition();
        List<String> shared = logs.keySet().stream().filter(others::containsKey).toList();
        if (other == broker || shared.isEmpty()) {
            return false;
        }
        String partition = any(shared);
        List<Batches.Placed> batches = withoutLast(Batches.placed(logs.get(partition)));
        if (batches.isEmpty()) {
            return false;
        }
        Batches.Placed one = any(batches);
        List<Batches.Placed> rest = withoutLast(Batches.placed(others.get(partition))).stream()
                .filter(batch -> batch.baseOffset() != one.baseOffset())
                .toList();
        if (rest.isEmpty()) {
            return false;
        }
        Batches.Placed two = any(rest);
        trace.accept("turning bits of " + partition + ": " + broker + "'s at " + one.baseOffset() + ", " + other
                + "'s at " + two.baseOffset());
        tainted.add(broker);
        tainted.add(other);
        flip(broker, one);
        flip(other, two);
        tally.add("flips in two copies", 1);
        return true;
    }

    /** What is wrong at its end a log may lose when it is recovered, and nobody knows how far it went. */
    private static List<Batches.Placed> withoutLast(List<Batches.Placed> batches) {
        long last = batches.stream().mapToLong(Batches.Placed::baseOffset).max().orElse(-1);
        return batches.stream().filter(batch -> batch.baseOffset() != last).toList();
    }

    private void flip(SimulatedBroker broker, Batches.Placed batch) {
        broker.bitTurns();
        batch.file().flip(random.nextInt(batch.coveredFrom(), batch.coveredTo()), random.nextInt(8));
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private boolean restart(SimulatedBroker broker) {
        if (!broker.isServing() || broker.isStopping()) {
            return false;
        }
        broker.stop(length());
        return true;
    }

    private boolean pause(SimulatedBroker broker) {
        if (!broker.isAlive() || broker.process().isPaused()) {
            return false;
        }
        SimulatedProcess process = broker.process();
        process.pause();
        endsAfter(length(), process::resume);
        return true;
    }

    private boolean slow(SimulatedBroker broker) {
        if (!broker.isAlive()) {
            return false;
        }
        SimulatedProcess process = broker.process();
        process.slowBy(1 << random.nextInt(1, 9));
        endsAfter(length(), () -> process.slowBy(1));
        return true;
    }

    private boolean jump(SimulatedBroker broker) {
        broker.jump(random.nextLong(-3_600_000, 3_600_000));
        return true;
    }

    private boolean block(String one, String other, boolean both) {
        if (one.equals(other)) {
            return false;
        }
        SimulatedNetwork network = cluster.network();
        network.block(one, other);
        if (both) {
            network.block(other, one);
        }
        endsAfter(length(), () -> {
            network.unblock(one, other);
            if (both) {
                network.unblock(other, one);
            }
        });
        return true;
    }

    private boolean isolate(SimulatedBroker broker) {
        boolean some = false;
        for (SimulatedBroker other : cluster.brokers()) {
            some |= block(broker.machine(), other.machine(), true);
        }
        return some;
    }

    private boolean delay(String from, String to) {
        cluster.network().delay(from, to, (int) (random.nextInt(1, 400) * MS));
        endsAfter(length(), () -> cluster.network().delay(from, to, 0));
        return !from.equals(to);
    }

    private boolean suspect(SimulatedBroker broker) {
        String machine = broker.machine();
        cluster.network().refuse(machine, true);
        cluster.network().breakLinks(machine);
        endsAfter(Math.min(length(), 1_500), () -> cluster.network().refuse(machine, false));
        return true;
    }

    private boolean zooKeeperAway(List<SimulatedBroker> from) {
        from.forEach(broker -> cluster.ensemble().cutOff(broker.machine(), true));
        endsAfter(length(), () -> from.forEach(broker -> cluster.ensemble().cutOff(broker.machine(), false)));
        return true;
    }
}
