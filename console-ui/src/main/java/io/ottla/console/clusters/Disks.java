package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.KafkaFuture;

/**
 * Asks brokers what is in their log folders. A broker tells of all its replicas or of none, so one answer serves all who
 * look: it is asked by one at a time, and again when its answer is no longer {@linkplain Freshness fresh}. What nobody may
 * see any more is forgotten, since it is large.
 *
 * <p>Thread-safe.
 */
final class Disks {
    private final Supplier<Admin> admin;
    private final Failures failures;
    private final InstantSource clock;
    private final Executor later;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Known> known = new HashMap<>();

    private static final class Known {
        private BrokerDisks last;
        private Duration fresh = Duration.ZERO;
        private CompletableFuture<BrokerDisks> coming;
    }

    /** @param later runs what it is given when what is known may not be shown any more */
    Disks(Supplier<Admin> admin, Failures failures, InstantSource clock, Executor later) {
        this.admin = admin;
        this.failures = failures;
        this.clock = clock;
        this.later = later;
    }

    Disks(Supplier<Admin> admin, Failures failures, InstantSource clock) {
        this(
                admin,
                failures,
                clock,
                CompletableFuture.delayedExecutor(Freshness.STALE.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** What is fresh, or on its way. One that does not tell says so in its answer, and fails nothing. */
    Map<Integer, CompletableFuture<BrokerDisks>> ask(Collection<Integer> brokers) {
        lock.lock();
        try {
            Map<Integer, CompletableFuture<BrokerDisks>> answers = new HashMap<>();
            List<Integer> asked = new ArrayList<>();
            for (int broker : brokers) {
                Known own = known.computeIfAbsent(broker, id -> new Known());
                if (own.coming != null) {
                    answers.put(broker, own.coming);
                } else if (isFresh(own)) {
                    answers.put(broker, CompletableFuture.completedFuture(own.last));
                } else {
                    asked.add(broker);
                }
            }
            begin(asked, answers);
            return answers;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The same, waited for.
     *
     * @param patience how long, where nothing is known that may be shown instead
     * @return by broker; of one that has not told by then, that it did not
     */
    Map<Integer, BrokerDisks> look(Collection<Integer> brokers, Duration patience) throws InterruptedException {
        Map<Integer, BrokerDisks> usable = usable(brokers);
        Map<Integer, CompletableFuture<BrokerDisks>> answers = ask(brokers);
        long begun = System.nanoTime();
        Map<Integer, BrokerDisks> found = new TreeMap<>();
        for (int broker : brokers) {
            BrokerDisks instead = usable.get(broker);
            long wait = (instead == null ? patience : Freshness.PATIENCE).toNanos() - (System.nanoTime() - begun);
            try {
                found.put(broker, answers.get(broker).get(Math.max(0, wait), TimeUnit.NANOSECONDS));
            } catch (TimeoutException late) {
                found.put(
                        broker,
                        instead != null
                                ? instead
                                : silent(broker, failures.noAnswer(Wording.of("doing.folders"), late)));
            } catch (ExecutionException impossible) {
                throw new IllegalStateException("Expected a broker that fails to say so in its answer", impossible);
            }
        }
        return found;
    }

    /** Forgets what is known, since it has just been changed. */
    void forget() {
        lock.lock();
        try {
            known.clear();
        } finally {
            lock.unlock();
        }
    }

    private Map<Integer, BrokerDisks> usable(Collection<Integer> brokers) {
        lock.lock();
        try {
            Map<Integer, BrokerDisks> usable = new HashMap<>();
            for (int broker : brokers) {
                Known own = known.get(broker);
                if (own != null && own.last != null && age(own.last).compareTo(Freshness.STALE) <= 0) {
                    usable.put(broker, own.last);
                }
            }
            return usable;
        } finally {
            lock.unlock();
        }
    }

    private void begin(List<Integer> brokers, Map<Integer, CompletableFuture<BrokerDisks>> answers) {
        if (brokers.isEmpty()) {
            return;
        }
        Instant askedAt = clock.instant();
        Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> told =
                admin.get().describeLogDirs(brokers).descriptions();
        for (int broker : brokers) {
            Known own = known.get(broker);
            CompletableFuture<BrokerDisks> answer = told.get(broker)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .handle((folders, failure) -> failure == null
                            ? new BrokerDisks(broker, askedAt, folders, Optional.empty())
                            : silent(broker, failures.translated(failure, Wording.of("doing.folders"))));
            own.coming = answer;
            answers.put(broker, answer);
            answer.thenAccept(disks -> keep(own, disks));
        }
        later.execute(this::expire);
    }

    private void keep(Known own, BrokerDisks disks) {
        lock.lock();
        try {
            own.coming = null;
            own.last = disks.told() ? disks : null;
            own.fresh = Freshness.after(age(disks));
        } finally {
            lock.unlock();
        }
    }

    private void expire() {
        lock.lock();
        try {
            known.values()
                    .removeIf(own -> own.coming == null
                            && (own.last == null || age(own.last).compareTo(Freshness.STALE) >= 0));
        } finally {
            lock.unlock();
        }
    }

    private boolean isFresh(Known own) {
        return own.last != null && age(own.last).compareTo(own.fresh) <= 0;
    }

    private BrokerDisks silent(int broker, ClusterFailure why) {
        return new BrokerDisks(broker, clock.instant(), Map.of(), Optional.of(why));
    }

    private Duration age(BrokerDisks disks) {
        return Duration.between(disks.askedAt(), clock.instant());
    }
}
