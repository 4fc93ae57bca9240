package io.ottla.chaos;

import io.ottla.chaos.checker.Checker;
import io.ottla.chaos.checker.Judgement;
import io.ottla.chaos.cluster.Cluster;
import io.ottla.chaos.cluster.Conditions;
import io.ottla.chaos.cluster.Replicas;
import io.ottla.chaos.cluster.Transactions;
import io.ottla.chaos.fault.FaultKind;
import io.ottla.chaos.fault.Nemesis;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.HistoryWriter;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.workload.FinalReader;
import io.ottla.chaos.workload.Recorder;
import io.ottla.chaos.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Topics of their own, clients on them, faults one after the other with calm between, and then: everything healed, everything
 * read, and judged.
 */
final class Round {
    /**
     * How long things last.
     *
     * @param active for how long faults come; the last one is finished
     * @param atLeast how many come, however long that takes, where nothing breaks down
     * @param faultMs how long one lasts, in the mean
     * @param calmMs how long there is none then, in the mean
     */
    record Tempo(Duration active, int atLeast, long faultMs, long calmMs, Workload.Size size) {}

    private static final int REPLICAS = 3;
    private static final Duration BACK = Duration.ofMinutes(3);
    private static final Duration READ = Duration.ofMinutes(5);
    private static final Map<String, String> TOPIC =
            Map.of("min.insync.replicas", "2", "retention.ms", "-1", "segment.bytes", "1048576", "segment.ms", "60000");

    private final String prefix;
    private final Cluster cluster;
    private final Nemesis nemesis;
    private final Tempo tempo;
    private final Consumer<String> told;
    private final Recorder recorder;
    private final HistoryWriter history;
    private final Workload workload;
    private final long seed;
    private final int transactionVersion;
    private final CountDownLatch broken = new CountDownLatch(1);
    /** In how many places transactions were seen to be open when all clients were gone. */
    private int mostOpen;

    Round(
            String prefix,
            long seed,
            int transactionVersion,
            Cluster cluster,
            Nemesis nemesis,
            Tempo tempo,
            Path file,
            Consumer<String> told)
            throws IOException {
        this.prefix = prefix;
        this.seed = seed;
        this.transactionVersion = transactionVersion;
        this.cluster = cluster;
        this.nemesis = nemesis;
        this.tempo = tempo;
        this.told = told;
        history = new HistoryWriter(file);
        recorder = new Recorder(history);
        workload = new Workload(prefix, tempo.size(), seed, cluster.bootstrap(), recorder);
    }

    /** Something went wrong by itself. */
    void complain(String what) {
        told.accept("! " + what);
        recorder.add(new Event.Breakdown(recorder.nowUs(), what));
        broken.countDown();
    }

    /** @return whether that time has passed without a breakdown */
    private boolean pass(long ms) throws InterruptedException {
        return !broken.await(ms, TimeUnit.MILLISECONDS);
    }

    Judgement run() throws IOException, InterruptedException {
        try (history) {
            createTopics();
            work();
            workload.start();
            try {
                disturb();
            } finally {
                heal();
                workload.stopProducers();
                workload.stopReaders();
            }
            readEachReplica();
        }
        return Checker.judge(history.events());
    }

    /** Everything, once from each of the brokers that hold it. */
    private void readEachReplica() throws InterruptedException {
        try (Replicas replicas = new Replicas(cluster)) {
            AtomicReference<Map<LogName, Replicas.Place>> places = new AtomicReference<>(Map.of());
            boolean whole = Conditions.await(BACK, () -> {
                places.set(replicas.look(workload.logs()));
                return places.get().values().stream().allMatch(Replicas.Place::isWhole);
            });
            if (!whole) {
                complain("Within " + BACK + " not all replicas came to be in sync: " + places.get());
            }
            for (int turn = 0; turn < REPLICAS; turn++) {
                if (turn > 0 && !places.get().isEmpty()) {
                    Map<LogName, List<Integer>> orders = orders(places.get(), turn);
                    if (!Conditions.await(BACK, () -> replicas.lead(orders))) {
                        complain("Within " + BACK + " not everything was led by the first of " + orders
                                + " with all in sync");
                    }
                }
                findHanging();
                noteGroups();
                readAll();
            }
        }
    }

    /** All clients are gone: what they left open is aborted when its time is over. */
    private void findHanging() throws InterruptedException {
        AtomicReference<List<Transactions.Open>> open = new AtomicReference<>();
        long sinceUs = recorder.nowUs();
        mostOpen = 0;
        try (Transactions transactions = new Transactions(cluster)) {
            Conditions.await(BACK, () -> {
                open.set(transactions.open(workload.logs()));
                mostOpen = Math.max(mostOpen, open.get().size());
                return open.get().isEmpty();
            });
        }
        if (open.get() == null) {
            complain("Within " + BACK + " nobody told which transactions are open");
            return;
        }
        if (mostOpen > 0) {
            told.accept("  transactions left open were seen in " + mostOpen + " places, and in "
                    + open.get().size() + " after " + (recorder.nowUs() - sinceUs) / 1_000 + " ms");
        }
        for (Transactions.Open each : open.get()) {
            told.accept("! hanging: " + each.what());
            recorder.add(new Event.Hanging(recorder.nowUs(), each.log(), each.offset(), each.what()));
        }
    }

    /** The replicas of each partition with the leader of now first, and then rotated. */
    private static Map<LogName, List<Integer>> orders(Map<LogName, Replicas.Place> places, int turn) {
        Map<LogName, List<Integer>> orders = new TreeMap<>();
        places.forEach((log, place) -> {
            List<Integer> order = new ArrayList<>(place.assigned());
            Collections.rotate(order, -Math.max(order.indexOf(place.leader()), 0) - turn);
            orders.put(log, order);
        });
        return orders;
    }

    private void readAll() {
        recorder.add(new Event.FinalReads(recorder.nowUs()));
        Map<LogName, Long> behind = new FinalReader(seed, cluster.bootstrap(), workload.logs(), recorder, READ).read();
        if (!behind.isEmpty()) {
            complain("Within " + READ + " the last reader did not get to the end; it was at " + behind);
        }
    }

    private void createTopics() throws InterruptedException {
        try (Admin admin = cluster.admin()) {
            for (String name : Workload.topics(prefix, tempo.size())) {
                NewTopic topic = new NewTopic(name, tempo.size().partitions(), (short) REPLICAS).configs(TOPIC);
                if (!Conditions.await(BACK, () -> isCreated(admin, topic))) {
                    complain("Within " + BACK + " topic " + name + " could not be created");
                }
            }
        }
    }

    /** Where they are whose offsets move with transactions. */
    private void noteGroups() throws InterruptedException {
        try (Transactions transactions = new Transactions(cluster)) {
            for (String group : workload.copiers()) {
                boolean noted = Conditions.await(BACK, () -> {
                    recorder.add(new Event.Standing(recorder.nowUs(), group, transactions.standing(group)));
                    return true;
                });
                if (!noted) {
                    complain("Within " + BACK + " nobody told where group " + group + " is");
                }
            }
        }
    }

    /** Has the cluster's software work by the round's version of transactions. */
    private void work() throws InterruptedException {
        try (Transactions transactions = new Transactions(cluster)) {
            if (!Conditions.await(BACK, () -> transactions.work(transactionVersion))) {
                complain("Within " + BACK + " transactions could not be made to be of version " + transactionVersion);
            }
        }
    }

    /** Tries to; an earlier try may have come through without an answer. */
    private static boolean isCreated(Admin admin, NewTopic topic) throws InterruptedException {
        try {
            admin.createTopics(List.of(topic)).all().get();
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof TopicExistsException;
        }
    }

    private void disturb() throws InterruptedException {
        long untilUs = recorder.nowUs() + tempo.active().toMillis() * 1_000;
        awaitAcknowledgements("the beginning");
        for (int struck = 0; recorder.nowUs() < untilUs || struck < tempo.atLeast(); struck++) {
            if (!pass(nemesis.durationMs(tempo.calmMs()))) {
                return;
            }
            FaultKind kind = nemesis.next();
            try {
                strike(kind);
            } catch (IOException | RuntimeException e) {
                complain(kind + ": " + e.getMessage());
                return;
            }
        }
    }

    private void strike(FaultKind kind) throws IOException, InterruptedException {
        long startUs = recorder.nowUs();
        Nemesis.Active active = nemesis.strike(kind, cluster, workload.logs(), startUs);
        String seen;
        try {
            pass(nemesis.durationMs(tempo.faultMs()));
        } finally {
            seen = active.heal().heal();
        }
        Event.Fault fault = new Event.Fault(kind.toString(), active.target(), startUs, recorder.nowUs(), seen);
        recorder.add(fault);
        told.accept("  " + kind + ", " + fault.target() + ", " + (fault.endUs() - startUs) / 1_000 + " ms: " + seen);
    }

    private void heal() throws InterruptedException {
        try {
            cluster.healAll();
        } catch (IOException e) {
            complain("Not everything could be healed: " + e.getMessage());
        }
        awaitAcknowledgements("everything being healed");
    }

    /** Of something sent from now on, in each partition, and of a transaction of each id: behind a log's end that was cut off comes another record. */
    private void awaitAcknowledgements(String since) throws InterruptedException {
        long newest = recorder.newestValue();
        long sinceUs = recorder.nowUs();
        if (!Conditions.await(
                BACK, () -> recorder.silentSince(newest, workload.logs()).isEmpty())) {
            complain("Within " + BACK + " of " + since + " nothing was acknowledged in "
                    + recorder.silentSince(newest, workload.logs()));
        }
        if (!Conditions.await(
                BACK,
                () -> recorder.uncommittedSince(sinceUs, workload.transactionalIds())
                        .isEmpty())) {
            complain("Within " + BACK + " of " + since + " no transaction was committed of "
                    + recorder.uncommittedSince(sinceUs, workload.transactionalIds()));
        }
    }

    /** Deletes its topics. */
    void tidy() throws InterruptedException {
        try (Admin admin = cluster.admin()) {
            admin.deleteTopics(Workload.topics(prefix, tempo.size())).all().get();
        } catch (ExecutionException e) {
            told.accept("  topics " + prefix + "* could not be deleted: " + e.getCause());
        }
    }
}
