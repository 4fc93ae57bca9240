package io.ottla.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/** The transactional ids of a run, the producers that have them, one after the other, and who reads their offsets. */
final class SimulatedTransactions {
    /** Producers' numbers tell senders apart; those of others begin with 0. */
    private static final int FIRST_NUMBER = 100;

    private static final String TOPIC = "safe";

    private final Cluster cluster;
    private final History history;
    private final SplittableRandom random;
    private final Function<String, SimulatedProcess> processes;
    private final Consumer<String> trace;
    private final List<TransactionalId> ids = new ArrayList<>();
    private final List<SimulatedTransactor> producers = new ArrayList<>();
    private SimulatedOffsetReader reader;
    private boolean stopped;

    SimulatedTransactions(
            Cluster cluster,
            History history,
            SplittableRandom random,
            Function<String, SimulatedProcess> processes,
            Consumer<String> trace) {
        this.cluster = cluster;
        this.history = history;
        this.random = random;
        this.processes = processes;
        this.trace = trace;
    }

    /** Makes them; they do not start yet. */
    void begin() {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            TransactionalId id = new TransactionalId(FIRST_NUMBER + i);
            ids.add(id);
            add(id);
        }
        reader = cluster.add(new SimulatedOffsetReader(
                cluster.network(),
                processes.apply("offset-reader"),
                cluster.addresses(),
                ids,
                TOPIC,
                20 + random.nextInt(200),
                cluster::coordinates));
    }

    private SimulatedTransactor add(TransactionalId id) {
        boolean isNew = random.nextBoolean();
        SimulatedTransactor.Mode mode = new SimulatedTransactor.Mode(
                isNew,
                (short) (isNew ? 12 + random.nextInt(2) : 9 + random.nextInt(3)),
                2_000 << random.nextInt(4),
                2 << random.nextInt(6));
        SimulatedTransactor made = cluster.add(new SimulatedTransactor(
                cluster.network(),
                processes.apply(id + "-" + producers.size()),
                cluster.addresses(),
                history,
                id,
                mode,
                partitions(),
                this::succeed,
                trace));
        producers.add(made);
        return made;
    }

    /** Where nothing acknowledged may be lost, and the one of the offsets first. */
    private List<PartitionHistory> partitions() {
        List<PartitionHistory> all = new ArrayList<>();
        all.add(history.partition(TOPIC, 0));
        for (PartitionHistory partition : history.partitions()) {
            if (partition != all.getFirst() && !partition.isExcused()) {
                all.add(partition);
            }
        }
        return all;
    }

    private void succeed(TransactionalId id) {
        if (!stopped) {
            add(id).start();
        }
    }

    void stop() {
        stopped = true;
        producers.forEach(SimulatedTransactor::stop);
    }

    /** Another producer for each, which begins nothing. */
    void succeedAll() {
        for (TransactionalId id : ids) {
            SimulatedTransactor last = add(id);
            last.stop();
            last.start();
        }
    }

    boolean isIdle() {
        return producers.stream().allMatch(SimulatedTransactor::isIdle);
    }

    /** Transactions of which it was answered that they are committed. */
    long committed() {
        return ids.stream().mapToLong(TransactionalId::committedCount).sum();
    }

    String describe() {
        return producers.stream()
                .filter(producer -> !producer.isOver())
                .map(SimulatedTransactor::describe)
                .toList()
                .toString();
    }

    /** Has all offsets read once more. */
    void look() {
        reader.forget();
    }

    boolean hasLooked() {
        return ids.stream().allMatch(id -> reader.offset(id) != null);
    }

    /** Of which groups there is no offset, for people. */
    String unread() {
        return ids.stream().filter(id -> reader.offset(id) == null).toList() + ": " + reader.lastRefusal();
    }

    /** When all that there is has been read. */
    void requireWhole() {
        ids.forEach(id -> id.requireWhole(reader.offset(id)));
    }

    void count(Tally tally) {
        tally.add("transactions", ids.stream().mapToLong(TransactionalId::begun).sum());
        tally.add("committed transactions", committed());
        tally.add("transactional producers", producers.size());
        tally.add("offset looks", reader.looks());
    }
}
