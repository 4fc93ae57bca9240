package io.ottla.console.abilities;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.Failures;
import io.ottla.console.clusters.ManagedCluster;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the clusters' abilities. Nobody waits for it: who looks is told what was learnt before, and questions go
 * out beside that when it is old. Until the first answers nothing is known to be there.
 *
 * <p>Thread-safe.
 */
public final class Abilities {
    /** Brokers are replaced by newer ones while the console runs. */
    private static final Duration GOOD_FOR = Duration.ofMinutes(5);

    private static final Duration AGAIN = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Abilities.class);

    /** Of one cluster. */
    private static final class Known {
        final Map<Ability, Boolean> announced = new ConcurrentHashMap<>();
        final AtomicReference<Instant> askedAt = new AtomicReference<>(Instant.MIN);

        /** Whether it is the caller's turn to ask. */
        boolean isToAsk(Instant now) {
            Instant last = askedAt.get();
            Duration rest = announced.size() == Ability.values().length ? GOOD_FOR : AGAIN;
            return (last.equals(Instant.MIN) || !last.plus(rest).isAfter(now)) && askedAt.compareAndSet(last, now);
        }
    }

    private final InstantSource clock;
    private final Map<ManagedCluster, Known> known = Collections.synchronizedMap(new WeakHashMap<>());

    public Abilities(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether the cluster is known to have this. Asks the cluster nothing that the caller would wait for. */
    public boolean has(Visit visit, Ability ability) {
        return known(visit).getOrDefault(ability, false);
    }

    /** Whether the cluster is known not to have this. Asks likewise. */
    public boolean lacks(Visit visit, Ability ability) {
        return !known(visit).getOrDefault(ability, true);
    }

    private Map<Ability, Boolean> known(Visit visit) {
        Known known = this.known.computeIfAbsent(visit.managed(), none -> new Known());
        if (known.isToAsk(clock.instant())) {
            ask(visit, known);
        }
        return known.announced;
    }

    private static void ask(Visit visit, Known known) {
        try {
            Admin admin = visit.asking();
            for (Ability ability : Ability.values()) {
                Question.ask(admin, ability).whenComplete((answer, failure) -> learn(known, ability, failure));
            }
        } catch (RuntimeException unreachable) {
            log.debug("{} can't be asked what it is able to do", visit.key(), unreachable);
        }
    }

    private static void learn(Known known, Ability ability, Throwable failure) {
        switch (failure == null ? null : Failures.cause(failure)) {
            case null -> known.announced.put(ability, true);
            case UnsupportedVersionException missing -> known.announced.put(ability, false);
            case RetriableException passing -> log.debug("Whether there is {} stays unknown", ability, passing);
            // It knows what it was asked: it has no authorizer, or our account may not.
            case ApiException refused -> known.announced.put(ability, true);
            default -> log.debug("Whether there is {} stays unknown", ability, failure);
        }
    }
}
