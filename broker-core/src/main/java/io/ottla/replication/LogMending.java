package io.ottla.replication;

import io.ottla.storage.PartitionLog;
import io.ottla.types.LeaderEpoch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a partition that finds out that its log is damaged, or lacks what was committed, and has it cut where that is.
 * Nothing is cut that nobody else has, nor while the cluster counts on this replica: before that it neither leads nor
 * follows. Thread-safe.
 */
final class LogMending {
    private static final Logger LOG = LoggerFactory.getLogger(LogMending.class);

    private final PartitionState here;
    private final Runnable onFound;
    /** From where on the log is damaged, at most. -1 where nothing is known. */
    private long damagedFrom = -1;
    /**
     * The last epoch in which this replica may have fetched from behind the damage. What its leader remembers of that must not
     * count any more when the log is cut; so that is done in a later one.
     */
    private LeaderEpoch fetchedIn = LeaderEpoch.NONE;

    /** @param onFound told, without the lock, when the log turns out to be damaged */
    LogMending(PartitionState here, Runnable onFound) {
        this.here = here;
        this.onFound = onFound;
    }

    /** Whether the log is damaged, so that it neither leads nor follows before that is mended. Under the lock. */
    boolean isNeeded() {
        return damagedFrom >= 0;
    }

    /**
     * Whether the log is damaged, and the controller is to be told: the cluster takes it for one that has all that was
     * acknowledged, or may do so again by what its leader has seen. Under the lock.
     *
     * @param isKnown whether the cluster knows this replica as offline
     */
    boolean isToBeTold(boolean isKnown) {
        return isNeeded() && (isStillRemembered() || !isKnown && isCountedOn());
    }

    private boolean isStillRemembered() {
        return here.wanted.leaderEpoch().compareTo(fetchedIn) <= 0;
    }

    /** Takes note of whether a log that has been opened ends below what was committed. Under the lock. */
    void opened(PartitionLog log) {
        if (log.lacksCommitted()) {
            LOG.error(
                    "{} ends at offset {}, below what was committed: it is fetched again from those that are in sync,"
                            + " if there are others",
                    here.name,
                    log.logEndOffset());
            damagedFrom = log.logEndOffset();
        }
    }

    /**
     * A reader suspects damage. Where others have what is lost, it is looked whether that is so.
     *
     * @param offset from which it read
     */
    void suspect(long offset) {
        here.lock.lock();
        try {
            if (here.examined || isNeeded() || !here.isUsable() || here.cutting != null || !isPossible()) {
                return;
            }
            here.examined = true;
        } finally {
            here.lock.unlock();
        }
        begin(() -> here.log.isDamaged(offset))
                .whenComplete((damaged, failure) -> examined(offset, failure == null && damaged));
    }

    /** Whether the log is looked through, mended, or can't be used, so that whoever reads it had better wait. */
    boolean isSuspected() {
        here.lock.lock();
        try {
            return here.examined || isNeeded() || here.cutting != null || !here.isUsable();
        } finally {
            here.lock.unlock();
        }
    }

    private void examined(long offset, boolean damaged) {
        here.lock.lock();
        try {
            here.examined = false;
            if (!damaged || !here.isUsable() || !isPossible()) {
                return;
            }
            LOG.error(
                    "{} is damaged in a segment that holds offset {}: it is fetched again from those that are in sync",
                    here.name,
                    offset);
            damagedFrom = offset;
            fetchedIn = here.wanted.leaderEpoch();
        } finally {
            here.lock.unlock();
        }
        onFound.run();
    }

    /**
     * Begins to cut a damaged log where the cluster counts on it no more, and another leads in a later epoch; null else. Under the lock. Where
     * it is the only one that has anything it counts as whole from now on.
     */
    CompletionStage<Void> beginCut() {
        if (!isNeeded()) {
            return null;
        }
        if (!isPossible()) {
            damagedFrom = -1;
            return null;
        }
        if (isCountedOn() || isStillRemembered() || here.wanted.leader().isNone()) {
            return null;
        }
        long from = damagedFrom;
        damagedFrom = -1;
        here.cutBegins();
        return begin(() -> here.log.cutDamage(from));
    }

    /** Whether others are in sync, so that nothing is lost where this replica is cut. */
    private boolean isPossible() {
        return here.wanted != null && here.wanted.inSync().stream().anyMatch(member -> !member.equals(here.self));
    }

    private boolean isCountedOn() {
        return here.wanted.leader().equals(here.self)
                || here.wanted.inSync().contains(here.self)
                || here.wanted.eligible().contains(here.self);
    }

    /** What the folder's pool is asked for, which may have too much to do. */
    private static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedStage(full);
        }
    }
}
