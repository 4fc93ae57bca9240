package io.ottla.console.reassignment;

import io.ottla.console.access.AuditTrail;
import io.ottla.console.access.Forbidden;
import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.reassignment.FollowedPlans.Followed;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows plans to their end: starts the next step when one has arrived, and takes the throttle away after the last. One
 * console does, that beside the controller; the next one goes on where it ends, by what {@link FollowedPlans} keep.
 *
 * <p>A step is noted as about to begin before it is asked for, and as begun afterwards. Where that note is missing, as when a
 * process was killed in between, the step is asked for again after a while, which does no harm where it was.
 *
 * <p>Owner thread: of each cluster's plan one of its own; {@link #look} is called again and again by one.
 */
final class PlanDriver {
    private static final Logger log = LoggerFactory.getLogger(PlanDriver.class);

    /** How long another console may take to ask for a step that it noted. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A step that is noted but not known to have begun. */
    private record Pending(int version, Instant since, boolean own) {}

    private final FollowedPlans plans;
    private final Clusters clusters;
    private final BooleanSupplier drives;
    private final AuditTrail trail;
    private final InstantSource clock;
    private final PerCluster aside;
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();

    /** @param drives whether it is this console that follows plans now */
    PlanDriver(
            FollowedPlans plans,
            Clusters clusters,
            BooleanSupplier drives,
            AuditTrail trail,
            InstantSource clock,
            PerCluster aside) {
        this.plans = plans;
        this.clusters = clusters;
        this.drives = drives;
        this.trail = trail;
        this.clock = clock;
        this.aside = aside;
    }

    /** Does what is due at each cluster. */
    void look() {
        if (!drives.getAsBoolean()) {
            pending.clear();
            return;
        }
        List<String> keys = plans.clusters();
        for (ManagedCluster cluster : clusters.enabled()) {
            if (keys.contains(cluster.key())) {
                aside.run(cluster.key(), () -> look(cluster));
            }
        }
        plans.sweep();
    }

    private void look(ManagedCluster cluster) {
        try {
            lookAt(cluster);
        } catch (ClusterFailure storeAway) {
            log.debug("The plan of {} is looked at again later", cluster.key(), storeAway);
        }
    }

    private void lookAt(ManagedCluster cluster) {
        Optional<Followed> found = plans.ask(cluster.key());
        if (found.isEmpty() || found.get().plan().problem() != null) {
            pending.remove(cluster.key());
            return;
        }
        Followed followed = found.get();
        try {
            if (!cluster.id().equals(followed.plan().cluster())) {
                throw new ClusterFailure(
                        ClusterFailure.Kind.OUTDATED,
                        Wording.of("moves.plan.other-cluster", followed.plan().cluster(), cluster.id()));
            }
            advance(visit(followed, cluster), followed);
        } catch (ClusterFailure failure) {
            if (failure.reason() == ClusterFailure.Reason.NO_ANSWER) {
                log.info("The moves of {} are looked at again later: {}", cluster.key(), failure.getMessage());
            } else {
                fail(cluster, followed, failure.wording());
            }
        } catch (Forbidden readOnly) {
            fail(cluster, followed, readOnly.wording());
        } catch (RuntimeException unexpected) {
            log.error("The moves of {} failed", cluster.key(), unexpected);
            fail(cluster, followed, Wording.quoted(unexpected.toString()));
        }
    }

    private void fail(ManagedCluster cluster, Followed followed, Wording why) {
        log.warn("The moves of {} go on no more: {}", cluster.key(), why);
        plans.fail(cluster.key(), followed, why);
    }

    /** Whoever began it was allowed to do all of it then. */
    private Visit visit(Followed followed, ManagedCluster cluster) {
        Visitor by = new Visitor(followed.plan().by(), List.of(Grant.everywhere(Role.OPERATOR)));
        return new Visit(by, "console", cluster, trail, clock);
    }

    private void advance(Visit visit, Followed followed) {
        if (!followed.plan().begun()) {
            if (isOverdue(visit.key(), followed)) {
                Executions.begin(plans, visit, followed);
            }
            return;
        }
        pending.remove(visit.key());
        Set<TopicPartition> running = new HashSet<>(MoveWatch.list(visit).keySet());
        boolean arrived = followed.current().moves().stream().noneMatch(move -> running.contains(move.partition()));
        if (!arrived) {
            return;
        }
        if (followed.plan().goesOn()) {
            Optional<Followed> next = plans.update(
                    visit.key(),
                    followed,
                    followed.plan().withStep(followed.plan().step() + 1));
            if (next.isPresent()) {
                pending.put(visit.key(), new Pending(next.get().version(), clock.instant(), true));
                Executions.begin(plans, visit, next.get());
            }
            return;
        }
        if (!followed.plan().clears()) {
            plans.end(visit.key(), followed);
        } else if (running.isEmpty()) { // Others may run under the same bound.
            clear(visit, followed);
        }
    }

    /** Of brokers that are down the throttle goes when they are back. */
    private void clear(Visit visit, Followed followed) {
        KeptPlan plan = followed.plan();
        Set<Integer> live = Throttles.live(visit);
        List<Integer> left =
                plan.bounded().stream().filter(each -> !live.contains(each)).toList();
        if (!plan.clearing() && !left.isEmpty() && left.size() == plan.bounded().size()) {
            return;
        }
        // Noted first, so that nobody begins a plan whose throttle would go with it.
        Optional<Followed> now =
                plan.clearing() ? Optional.of(followed) : plans.update(visit.key(), followed, plan.withClearing());
        if (now.isEmpty()) {
            return;
        }
        Throttles.clear(visit, followed.content().throttled());
        if (left.isEmpty()) {
            plans.end(visit.key(), now.get());
        } else {
            log.info("The throttle of brokers {} goes when they are up: they are not", left);
            var _ = plans.update(visit.key(), now.get(), now.get().plan().withCleared(left));
        }
    }

    /** Whether nobody else can be about to ask for it. */
    private boolean isOverdue(String cluster, Followed followed) {
        Pending known = pending.get(cluster);
        if (known == null || known.version() != followed.version()) {
            known = new Pending(followed.version(), clock.instant(), false);
            pending.put(cluster, known);
        }
        return known.own() || !clock.instant().isBefore(known.since().plus(PATIENCE));
    }
}
