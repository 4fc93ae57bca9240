package io.ottla.cluster;

import io.ottla.metadata.ImageVersion;
import io.ottla.types.BrokerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Steps that not all brokers act by yet, in the order they were published. A step is in force when each broker that lived
 * then acts by it, or does not live any more, or has taken too long. Not thread-safe.
 */
final class StepsInForce {
    private record Pending(
            ImageVersion version, Set<BrokerId> missing, long deadlineNs, CompletableFuture<Void> inForce) {}

    private final ArrayDeque<Pending> pending = new ArrayDeque<>();

    /** @param inForce completed when the step is in force */
    void add(ImageVersion version, Collection<BrokerId> brokers, long deadlineNs, CompletableFuture<Void> inForce) {
        Pending step = new Pending(version, new HashSet<>(brokers), deadlineNs, inForce);
        if (step.missing().isEmpty()) {
            inForce.complete(null);
        } else {
            pending.add(step);
        }
    }

    /** A broker acts by all steps up to that one. */
    void applied(BrokerId broker, ImageVersion version) {
        for (Pending step : pending) {
            if (step.version().compareTo(version) > 0) {
                break;
            }
            step.missing().remove(broker);
        }
        settle();
    }

    /** Nobody waits for these brokers any more. */
    void excuse(Collection<BrokerId> brokers) {
        if (!brokers.isEmpty()) {
            pending.forEach(step -> step.missing().removeAll(brokers));
            settle();
        }
    }

    /** Nobody waits any longer for steps whose time is over. */
    List<ImageVersion> expire(long nowNs) {
        List<ImageVersion> late = new ArrayList<>();
        while (!pending.isEmpty() && nowNs - pending.peek().deadlineNs() >= 0) {
            Pending step = pending.poll();
            late.add(step.version());
            step.inForce().complete(null);
        }
        return late;
    }

    /** Another controller goes on: nobody waits here any more. */
    void end() {
        pending.forEach(step -> step.inForce().complete(null));
        pending.clear();
    }

    private void settle() {
        pending.removeIf(step -> {
            boolean over = step.missing().isEmpty();
            if (over) {
                step.inForce().complete(null);
            }
            return over;
        });
    }
}
