package io.ottla.console.reassignment;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.moves.Assignment;
import io.ottla.console.moves.Difference;
import io.ottla.console.words.Wording;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;

/**
 * Plans under review: in memory, few, and not for long. The oldest gives way to a new one when there are too many of one
 * visitor's or too large ones in all.
 *
 * <p>Thread-safe.
 */
public final class PlanStore {
    static final Duration LIFE = Duration.ofHours(2);
    private static final int MAX_OF_ONE = 5;
    /** Partitions of all plans together: some hundred bytes each. */
    private static final int MAX_PARTITIONS = 500_000;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Plan> plans = new LinkedHashMap<>();

    public PlanStore(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Makes a plan of it that this visitor alone gets.
     *
     * @param around its topics as they are, in full
     */
    public Plan keep(
            Visit visit,
            Difference difference,
            Map<TopicPartition, List<String>> folders,
            Set<Integer> live,
            Assignment around) {
        byte[] id = new byte[18];
        random.nextBytes(id);
        Plan plan = new Plan(
                Base64.getUrlEncoder().withoutPadding().encodeToString(id),
                visit.visitor().name(),
                visit.key(),
                clock.instant(),
                difference,
                Map.copyOf(folders),
                Set.copyOf(live),
                around.spread(live),
                around.with(difference.after()).spread(live));
        lock.lock();
        try {
            forgetOld();
            plans.put(plan.id(), plan);
            makeRoom(plan.owner());
        } finally {
            lock.unlock();
        }
        return plan;
    }

    /** @throws ClusterFailure where there is none of his by this id, any more */
    public Plan get(Visit visit, String id) {
        lock.lock();
        try {
            forgetOld();
            Plan plan = plans.get(id);
            if (plan != null
                    && plan.owner().equals(visit.visitor().name())
                    && plan.cluster().equals(visit.key())) {
                return plan;
            }
        } finally {
            lock.unlock();
        }
        throw new ClusterFailure(ClusterFailure.Reason.NOT_FOUND, Wording.of("moves.plan.gone"));
    }

    private void forgetOld() {
        Instant oldest = clock.instant().minus(LIFE);
        plans.values().removeIf(plan -> plan.madeAt().isBefore(oldest));
    }

    private void makeRoom(String owner) {
        long own = plans.values().stream()
                .filter(plan -> plan.owner().equals(owner))
                .count();
        long size = plans.values().stream().mapToLong(PlanStore::size).sum();
        Iterator<Plan> oldestFirst = plans.values().iterator();
        while (plans.size() > 1 && (own > MAX_OF_ONE || size > MAX_PARTITIONS) && oldestFirst.hasNext()) {
            Plan plan = oldestFirst.next();
            boolean his = plan.owner().equals(owner);
            if (his || size > MAX_PARTITIONS) {
                oldestFirst.remove();
                own -= his ? 1 : 0;
                size -= size(plan);
            }
        }
    }

    private static long size(Plan plan) {
        return (long) plan.difference().moves().size() + plan.folders().size();
    }
}
