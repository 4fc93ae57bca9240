package io.ottla.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One run of a cluster in virtual time, from one seed: it starts, is loaded by clients while {@link Moves} come, is healed,
 * has to come to rest, and must have lost nothing. What must never happen is looked for after each step.
 */
final class Simulation {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int START_SECONDS = 120;
    private static final int HEAL_SECONDS = 120;
    /** For readers that fetch little at a time, of as much as was written. */
    private static final int READ_SECONDS = 600;

    private static final int TRACE_LINES = 150;

    /** How a run ended. */
    record Result(long seed, long steps, long hash, long operations, long records, Tally tally) {}

    private final long seed;
    private final Options options;
    private final SplittableRandom random;
    private final Schedule schedule;
    private final SimulatedNetwork network;
    private final History history = new History();
    private final Leaders leaders = new Leaders();
    private final Tally tally = new Tally();
    private final ArrayDeque<String> trace = new ArrayDeque<>();
    private final LogAlarm alarm;
    private final Cluster cluster;
    private final List<SimulatedProducer> producers = new ArrayList<>();
    private final List<SimulatedConsumer> consumers = new ArrayList<>();
    private final List<SimulatedCommitter> committers = new ArrayList<>();
    private final SimulatedTransactions transactions;
    private SimulatedAdmin admin;
    private Moves moves;

    Simulation(long seed, Options options, LogAlarm alarm) {
        this.seed = seed;
        this.options = options;
        this.alarm = alarm;
        this.random = new SplittableRandom(seed);
        this.schedule = new Schedule(random.split());
        this.network = new SimulatedNetwork(schedule, random.split());
        SimulatedProcess.Tempo tempo = new SimulatedProcess.Tempo(
                1_000 << random.nextInt(8), 1_000_000 << random.nextInt(6), random.nextInt(3) * random.nextInt(20));
        Ensemble ensemble = new ModelledEnsemble(schedule, random.split());
        this.cluster = new Cluster(
                new SimulatedBroker.World(schedule, network, ensemble, history, leaders, tempo, options.planted()),
                ensemble);
        cluster.listen(this::trace);
        this.transactions = new SimulatedTransactions(cluster, history, random.split(), this::client, this::trace);
    }

    /** Runs from beginning to end; throws a {@link Violation} that says how to see it again. */
    Result run() {
        try {
            start();
            load();
            heal();
            finish();
            return new Result(seed, schedule.steps(), schedule.hash(), operations(), history.sentRecords(), tally);
        } catch (RuntimeException | Error broken) {
            Violation violation = new Violation("Seed " + seed + ", at " + schedule.nowNs() / 1_000_000 + " ms, after "
                    + schedule.steps() + " steps: " + broken.getMessage() + "\n  " + String.join("\n  ", trace)
                    + (moves == null ? "" : "\n  moves: " + moves)
                    + "\n  requests: " + network.requests()
                    + "\n" + cluster.describe());
            violation.initCause(broken);
            throw violation;
        } finally {
            cluster.brokers().forEach(SimulatedBroker::kill);
        }
    }

    private void trace(String what) {
        String line = schedule.nowNs() / 1_000_000 + " ms: " + what;
        schedule.note(line.hashCode());
        trace.add(line);
        if (trace.size() > TRACE_LINES) {
            trace.poll();
        }
        if (alarm.isVerbose()) {
            System.out.println("== " + line);
        }
    }

    private long operations() {
        return cluster.clients().stream().mapToLong(SimulatedClient::operations).sum();
    }

    private void step() {
        if (!schedule.step()) {
            throw new IllegalStateException("Expected something to happen, but nothing is due");
        }
        alarm.check();
        cluster.look();
    }

    private void runFor(long seconds) {
        long until = schedule.nowNs() + seconds * SECOND_NS;
        while (schedule.nowNs() < until) {
            step();
        }
    }

    private void runUntil(BooleanSupplier condition, int seconds, Supplier<String> otherwise) {
        long until = schedule.nowNs() + seconds * SECOND_NS;
        while (!condition.getAsBoolean()) {
            if (schedule.nowNs() >= until) {
                throw new Violation("After " + seconds + " s " + otherwise.get());
            }
            for (int i = 0; i < 100; i++) {
                step();
            }
        }
    }

    private SimulatedProcess client(String name) {
        return new SimulatedProcess(
                name, schedule, random.split(), SimulatedProcess.Tempo.EVEN, SimulatedBroker.WALL_MS);
    }

    // ---- the phases ------------------------------------------------------------------------------------

    private void start() {
        Map<String, String> settings = settings();
        for (int id = 1; id <= options.brokers(); id++) {
            Map<String, String> own = new TreeMap<>(settings);
            own.put("broker.rack", "rack-" + id % 3);
            SimulatedBroker broker = cluster.add(id, own, random.split());
            schedule.after(random.nextLong(SECOND_NS), broker::start);
        }
        runUntil(
                () -> cluster.brokers().stream().allMatch(SimulatedBroker::isServing),
                START_SECONDS,
                () -> "not all brokers serve");
        trace("all brokers serve");
        admin = cluster.add(new SimulatedAdmin(
                network, client("admin"), cluster.addresses(), 50 + random.nextInt(1000), cluster.ensemble()::make));
        int[] made = {0};
        List<Topic> topics = topics();
        for (Topic topic : topics) {
            boolean unclean = topic.name().equals(SimulatedAdmin.UNCLEAN);
            cluster.keep(topic.name(), topic.partitions(), topic.minInSync(), unclean);
            admin.make(topic.name(), topic.partitions(), topic.replicas(), topic.minInSync(), () -> made[0]++);
        }
        runUntil(() -> made[0] == topics.size(), START_SECONDS, () -> "not all topics are made");
        trace("all topics are made");
    }

    private record Topic(String name, int partitions, int replicas, int minInSync) {}

    private List<Topic> topics() {
        int brokers = options.brokers();
        List<Topic> topics = new ArrayList<>();
        topics.add(new Topic("safe", 1 + random.nextInt(3), Math.min(3, brokers), Math.min(2, brokers)));
        if (random.nextBoolean()) {
            topics.add(new Topic("pair", 1 + random.nextInt(2), Math.min(2, brokers), 1));
        }
        if (random.nextInt(3) == 0) {
            topics.add(new Topic("alone", 1, 1, 1));
        }
        if (random.nextInt(3) == 0) {
            topics.add(new Topic(SimulatedAdmin.UNCLEAN, 1 + random.nextInt(2), Math.min(3, brokers), 1));
        }
        if (brokers > 3) {
            topics.add(new Topic("wide", 1, brokers, 3));
        }
        return topics;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        int copies = Math.min(3, options.brokers());
        settings.put("default.replication.factor", Integer.toString(copies));
        settings.put("min.insync.replicas", Integer.toString(Math.min(2, copies)));
        settings.put("offsets.topic.replication.factor", Integer.toString(copies));
        settings.put("offsets.topic.num.partitions", Integer.toString(1 + random.nextInt(3)));
        settings.put("transaction.state.log.replication.factor", Integer.toString(copies));
        settings.put("transaction.state.log.min.isr", Integer.toString(Math.min(2, copies)));
        settings.put("transaction.state.log.num.partitions", Integer.toString(1 + random.nextInt(3)));
        settings.put(
                "transaction.abort.timed.out.transaction.cleanup.interval.ms",
                Integer.toString(250 << random.nextInt(5)));
        settings.put("replica.lag.time.max.ms", Integer.toString(1_000 << random.nextInt(4)));
        settings.put("log.segment.bytes", Integer.toString(1024 << random.nextInt(11)));
        settings.put("zookeeper.session.timeout.ms", Integer.toString(2_000 << random.nextInt(4)));
        settings.put("num.replica.fetchers", Integer.toString(1 + random.nextInt(2)));
        settings.put("auto.leader.rebalance.enable", Boolean.toString(random.nextBoolean()));
        settings.put("leader.imbalance.check.interval.seconds", "5");
        settings.put("log.initial.task.delay.ms", "500");
        settings.put("log.scrub.interval.ms", Integer.toString(1_000 << random.nextInt(7)));
        settings.put("log.flush.offset.checkpoint.interval.ms", Integer.toString(1_000 << random.nextInt(5)));
        settings.put("replica.high.watermark.checkpoint.interval.ms", Integer.toString(500 << random.nextInt(5)));
        if (random.nextBoolean()) {
            settings.put("replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector");
        }
        return settings;
    }

    private void load() {
        List<PartitionHistory> partitions = List.copyOf(history.partitions());
        int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            SimulatedProducer.Mode mode = i == 0
                    ? mode(-1, true)
                    : mode(random.nextInt(4) > 0 ? -1 : random.nextInt(2), random.nextInt(3) > 0);
            producers.add(cluster.add(new SimulatedProducer(
                    network, client("producer-" + i), cluster.addresses(), history, mode, i, partitions)));
        }
        for (int i = 0; i < 3; i++) {
            String rack = i == 0 ? "" : "rack-" + random.nextInt(3);
            consumers.add(cluster.add(new SimulatedConsumer(
                    network,
                    client("consumer-" + i),
                    cluster.addresses(),
                    partitions,
                    1 + random.nextInt(100),
                    random.nextInt(10),
                    rack,
                    cluster::readElsewhere,
                    i > 0)));
        }
        transactions.begin();
        committers.add(cluster.add(new SimulatedCommitter(
                network,
                client("committer"),
                cluster.addresses(),
                "safe",
                20 + random.nextInt(200),
                cluster::coordinates)));
        cluster.clients().forEach(SimulatedClient::start);
        moves = new Moves(cluster, random.split(), tally, this::trace);
        if (options.moves()) {
            moves.start();
        }
        runFor(options.seconds());
    }

    private SimulatedProducer.Mode mode(int acks, boolean idempotent) {
        boolean numbered = idempotent && acks == -1;
        return new SimulatedProducer.Mode(
                acks, numbered, 1 + random.nextInt(5), 1 + random.nextInt(10), 2 << random.nextInt(6));
    }

    private void heal() {
        moves.stop();
        network.unblockAll();
        network.delayNone();
        for (SimulatedBroker broker : cluster.brokers()) {
            network.refuse(broker.machine(), false);
            cluster.ensemble().cutOff(broker.machine(), false);
            broker.heal();
        }
        cluster.ensemble().slowBy(1);
        cluster.ensemble().down(false);
        admin.stop();
        trace("healed; requests: " + network.requests());
        runUntil(() -> cluster.ailment().isEmpty(), HEAL_SECONDS, cluster::ailment);
        trace("all is well");
        runUntil(() -> cluster.damage().isEmpty(), HEAL_SECONDS, cluster::damage);
        long before = acknowledged();
        runUntil(() -> acknowledged() > before, HEAL_SECONDS, () -> "nothing has been acknowledged");
        long committedBefore = transactions.committed();
        runUntil(
                () -> transactions.committed() > committedBefore,
                HEAL_SECONDS,
                () -> "no transaction has been committed: " + transactions.describe());
    }

    private long acknowledged() {
        return producers.stream()
                .mapToLong(SimulatedProducer::acknowledgedBatches)
                .sum();
    }

    private void finish() {
        producers.forEach(SimulatedProducer::stop);
        committers.forEach(SimulatedCommitter::stop);
        transactions.stop();
        runUntil(
                () -> producers.stream().allMatch(SimulatedProducer::isIdle),
                HEAL_SECONDS,
                () -> "producers still wait for acknowledgements: "
                        + producers.stream().map(SimulatedProducer::describe).toList());
        runUntil(
                transactions::isIdle,
                HEAL_SECONDS,
                () -> "transactions are still under way: " + transactions.describe());
        if (tally.of(Move.CLOCK) > 0) {
            // Where clocks have jumped nobody's time is over: another producer ends what was left.
            transactions.succeedAll();
            runUntil(transactions::isIdle, HEAL_SECONDS, () -> "producers do not begin: " + transactions.describe());
        }
        runUntil(() -> cluster.openTransactions().isEmpty(), HEAL_SECONDS, cluster::openTransactions);
        LooseLogs loose = new LooseLogs(cluster, history);
        runUntil(() -> loose.unlike().isEmpty(), HEAL_SECONDS, loose::unlike);
        loose.requireAlike();
        consumers.forEach(SimulatedConsumer::rewind);
        runUntil(
                () -> consumers.stream().allMatch(SimulatedConsumer::hasReadAll),
                READ_SECONDS,
                () -> "consumers have not read everything: "
                        + consumers.stream().map(SimulatedConsumer::unread).toList());
        history.requireNothingLost();
        transactions.look();
        runUntil(transactions::hasLooked, HEAL_SECONDS, () -> "offsets have not been read: " + transactions.unread());
        transactions.requireWhole();
        trace("nothing is lost; requests: " + network.requests());
        tally.add("leaderships", leaders.count());
        tally.add("unclean", cluster.uncleanElections());
        tally.add("acknowledged", history.acknowledgedRecords());
        tally.add("sent", history.sentRecords());
        tally.add(
                "read", consumers.stream().mapToLong(SimulatedConsumer::records).sum());
        tally.add(
                "commits",
                committers.stream().mapToLong(SimulatedCommitter::commits).sum());
        transactions.count(tally);
        tally.add("changes", admin.done());
        tally.add(
                "starts",
                cluster.brokers().stream().mapToLong(SimulatedBroker::starts).sum());
    }
}
