package io.ottla.chaos;

import io.ottla.chaos.checker.Judgement;
import io.ottla.chaos.cluster.Cluster;
import io.ottla.chaos.cluster.FakeClock;
import io.ottla.chaos.cluster.Launcher;
import io.ottla.chaos.fault.FaultKind;
import io.ottla.chaos.fault.Nemesis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One cluster, and round after round on it. */
final class Run {
    private final Launcher launcher;
    private final Path folder;
    private final List<FaultKind> kinds;
    private final long seed;
    private final Round.Tempo tempo;
    private final Consumer<String> told;
    private final AtomicReference<Round> current = new AtomicReference<>();
    /** What went wrong while there was no round to note it. */
    private final Queue<String> betweenRounds = new ConcurrentLinkedQueue<>();

    private long beganNs;
    private long endedNs;

    Run(Launcher launcher, Path folder, List<FaultKind> kinds, long seed, Round.Tempo tempo, Consumer<String> told) {
        this.launcher = launcher;
        this.folder = folder;
        this.kinds = kinds;
        this.seed = seed;
        this.tempo = tempo;
        this.told = told;
    }

    /**
     * Rounds until the time is over or one of them has findings.
     *
     * @param forgetClean whether the histories of rounds without findings are deleted
     */
    Report run(Duration time, boolean forgetClean) throws IOException, InterruptedException {
        told.accept("seed " + seed + ", faults " + kinds + ", in " + folder);
        Report report = new Report();
        Nemesis nemesis = new Nemesis(kinds, seed);
        Random seeds = new Random(seed);
        Optional<Path> faketime = kinds.contains(FaultKind.CLOCK) ? FakeClock.library() : Optional.empty();
        try (Cluster cluster = new Cluster(folder, launcher, faketime, this::complain)) {
            Thread atTheEnd = new Thread(() -> leave(cluster));
            Runtime.getRuntime().addShutdownHook(atTheEnd);
            cluster.start();
            beganNs = System.nanoTime();
            for (int number = 1; report.isClean() && System.nanoTime() - beganNs < time.toNanos(); number++) {
                Path file = folder.resolve("history-" + number + ".jsonl");
                Round round = new Round(
                        "r" + number + "-",
                        seeds.nextLong(),
                        transactionVersion(number),
                        cluster,
                        nemesis,
                        tempo,
                        file,
                        told);
                current.set(round);
                for (String what = betweenRounds.poll(); what != null; what = betweenRounds.poll()) {
                    round.complain(what);
                }
                Judgement judgement = round.run();
                current.set(null);
                report.add(judgement);
                told.accept("round " + number + ": " + judgement.counts().acknowledged() + " acknowledged, "
                        + judgement.counts().reads() + " reads, findings: " + judgement.byAnomaly());
                if (judgement.isClean()) {
                    round.tidy();
                    if (forgetClean) {
                        Files.delete(file);
                    }
                }
            }
            Runtime.getRuntime().removeShutdownHook(atTheEnd);
            Nemesis.leave(cluster);
        } finally {
            endedNs = System.nanoTime();
        }
        return report;
    }

    /** 2, which is what clients work by of themselves, and 0 by turns. */
    private int transactionVersion(int round) {
        return (seed + round) % 2 == 0 ? 2 : 0;
    }

    private void complain(String what) {
        Round round = current.get();
        if (round == null) {
            betweenRounds.add(what);
        } else {
            round.complain(what);
        }
    }

    /** Where the run is broken off. */
    private void leave(Cluster cluster) {
        try {
            cluster.close();
            Nemesis.leave(cluster);
        } catch (IOException e) {
            told.accept("! " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    double hours() {
        return (endedNs - beganNs) / (double) TimeUnit.HOURS.toNanos(1);
    }

    static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
