package io.ottla.replication;

import io.ottla.storage.PartitionLog;
import io.ottla.types.LeaderEpoch;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a partition that finds out that its log is damaged, or lacks what was committed, and has it cut where that is.
 * Nothing is cut while the cluster counts on this replica: before that it neither leads nor follows. Nor is anything cut that
 * its leader may not have: the leader's copy is looked through first, and where that is damaged too this replica keeps all that
 * it has and follows as it is, so that between them they have everything. Thread-safe.
 */
final class LogMending {
    private static final Logger LOG = LoggerFactory.getLogger(LogMending.class);
    /** For how long nothing is mended after others turned out to be damaged too; doubled each time. */
    private static final long FIRST_REST_NS = TimeUnit.SECONDS.toNanos(10);

    private static final int MOST_DOUBLINGS = 9;

    private final PartitionState here;
    private final Runnable onChange;
    private final Partition.Surroundings surroundings;
    /** From where on the log is damaged. -1 where nothing is known. */
    private long damagedFrom = -1;
    /**
     * The last epoch in which this replica may have fetched from behind the damage. What its leader remembers of that must not
     * count any more when the log is cut; so that is done in a later one.
     */
    private LeaderEpoch fetchedIn = LeaderEpoch.NONE;
    /** Whose leader's copy is being looked through. */
    private LeaderEpoch askedIn = LeaderEpoch.NONE;
    /** Whose leader has whole what is damaged here, and all behind it. */
    private LeaderEpoch wholeIn = LeaderEpoch.NONE;
    /** How often in a row its leader's copy was damaged too. */
    private int keptTimes;

    private long restsUntilNs;
    /** Where it is known to be damaged, while nothing is done about that. -1 where nothing is known. */
    private long forborneFrom = -1;
    /** Whether it was cut, and is not in sync yet. */
    private boolean isBeingFetched;

    /** @param onChange told, without the lock, when the log turns out to be damaged, and when it may be cut, or is kept as it is */
    LogMending(PartitionState here, Runnable onChange, Partition.Surroundings surroundings) {
        this.here = here;
        this.onChange = onChange;
        this.surroundings = surroundings;
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

    /**
     * Whether the cluster takes a replica for offline that can be used, and nobody leads under whom it could come into sync.
     * Under the lock.
     */
    boolean isToBeTakenBack(boolean isKnown) {
        return isKnown && !isNeeded() && here.wanted.leader().isNone() && here.isUsable() && here.cutting == null;
    }

    private boolean isStillRemembered() {
        return here.wanted.leaderEpoch().compareTo(fetchedIn) <= 0;
    }

    /** Takes note of whether a log that has been opened ends below what was committed, or is damaged. Under the lock. */
    void opened(PartitionLog log) {
        if (log.lacksCommitted()) {
            LOG.error(
                    "{} ends at offset {}, below what was committed: it is fetched again from those that are in sync,"
                            + " if there are others",
                    here.name,
                    log.logEndOffset());
            damagedFrom = log.logEndOffset();
        }
        log.foundDamaged().ifPresent(offset -> {
            damagedFrom = offset;
            log.lookThroughSoon(); // so that it is counted
        });
    }

    /**
     * A reader suspects damage. Where others have what is lost, it is looked whether that is so.
     *
     * @param offset from which it read
     */
    void suspect(long offset) {
        here.lock.lock();
        try {
            if (here.examined || isNeeded() || !here.isUsable() || here.cutting != null || !isPossible() || rests()) {
                return;
            }
            here.examined = true;
        } finally {
            here.lock.unlock();
        }
        begin(() -> here.log.findDamage(offset))
                .whenComplete((damage, failure) -> examined(failure == null ? damage : OptionalLong.empty()));
    }

    /** Others may have come into sync who have what is damaged here. Without the lock. */
    void reconsider() {
        long offset;
        here.lock.lock();
        try {
            offset = forborneFrom;
        } finally {
            here.lock.unlock();
        }
        if (offset >= 0) {
            suspect(offset);
        }
    }

    private boolean rests() {
        return keptTimes > 0 && surroundings.nowNs() - restsUntilNs < 0;
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

    private void examined(OptionalLong damage) {
        if (isToBeMended(damage)) {
            onChange.run();
            here.examined = false; // not before the role has changed: by either a reader sees that he is to come again
        }
    }

    private boolean isToBeMended(OptionalLong damage) {
        here.lock.lock();
        try {
            if (damage.isEmpty()) {
                forborneFrom = -1;
            }
            if (damage.isEmpty() || !here.isUsable() || !isPossible()) {
                here.examined = false;
                return false;
            }
            damagedFrom = damage.getAsLong();
            LOG.error(
                    "{} is damaged from offset {} on: it is fetched again from those that are in sync, once it is seen that"
                            + " they have it",
                    here.name,
                    damagedFrom);
            fetchedIn = here.wanted.leaderEpoch();
            return true;
        } finally {
            here.lock.unlock();
        }
    }

    /** Takes note of a new state of the partition. Under the lock. */
    void stateChanged() {
        if (isBeingFetched && here.wanted.inSync().contains(here.self)) {
            isBeingFetched = false;
            LOG.info("{} is whole and in sync again", here.name);
        }
    }

    /**
     * What has to be looked through before the log may be cut; null where nothing has, or is already. Under the lock. For
     * {@link #asker} to be answered.
     */
    LeadersCopy copyToLookThrough() {
        LeaderEpoch epoch = here.wanted.leaderEpoch();
        if (!isNeeded() || !mayFetchAgain() || isHadElsewhere() || askedIn.equals(epoch)) {
            return null;
        }
        askedIn = epoch;
        return new LeadersCopy(
                here.name,
                here.topicId,
                here.wanted.leader(),
                epoch,
                damagedFrom,
                here.log.logEndOffset(),
                here.highWatermark);
    }

    /** Who waits for what was found of a leader's copy. */
    LeadersCopy.Asker asker(LeadersCopy copy) {
        return new LeadersCopy.Asker() {
            @Override
            public boolean waits() {
                here.lock.lock();
                try {
                    return isWaitingFor(copy);
                } finally {
                    here.lock.unlock();
                }
            }

            @Override
            public void answered(long damagedAt) {
                lookedThrough(copy, damagedAt);
            }
        };
    }

    private boolean isWaitingFor(LeadersCopy copy) {
        return isNeeded()
                && here.isUsable()
                && askedIn.equals(copy.epoch())
                && here.wanted.leaderEpoch().equals(copy.epoch());
    }

    private void lookedThrough(LeadersCopy copy, long damagedAt) {
        here.lock.lock();
        try {
            if (!isWaitingFor(copy)) {
                return;
            }
            askedIn = LeaderEpoch.NONE;
            if (damagedAt < 0) {
                wholeIn = copy.epoch();
            } else {
                keep(copy, damagedAt);
            }
        } finally {
            here.lock.unlock();
        }
        onChange.run();
    }

    private void keep(LeadersCopy copy, long damagedAt) {
        long restNs = FIRST_REST_NS << Math.min(keptTimes, MOST_DOUBLINGS);
        LOG.error(
                "{} is damaged from offset {} on, and so is what broker {} has of it, at offset {}. Nothing is cut: this"
                        + " replica follows with what it has, and looks again in {} s at the earliest. Look after both"
                        + " disks, and keep both copies",
                here.name,
                damagedFrom,
                copy.leader(),
                damagedAt,
                TimeUnit.NANOSECONDS.toSeconds(restNs));
        forborneFrom = damagedFrom;
        damagedFrom = -1;
        restsUntilNs = surroundings.nowNs() + restNs;
        keptTimes++;
    }

    /**
     * Begins to cut a damaged log where the cluster counts on it no more, and another leads in a later epoch who has all that
     * is cut; null else. Under the lock. Where it is the only one that has anything it counts as whole from now on.
     */
    CompletionStage<Void> beginCut() {
        if (!isNeeded()) {
            return null;
        }
        if (!isPossible()) {
            if (damagedFrom < here.log.logEndOffset()) {
                LOG.warn(
                        "{} is damaged from offset {} on, and nobody else is in sync: it goes on with what it has until others"
                                + " are",
                        here.name,
                        damagedFrom);
                forborneFrom = damagedFrom;
            }
            damagedFrom = -1;
            return null;
        }
        if (!mayFetchAgain() || !isHadElsewhere()) {
            return null;
        }
        long from = damagedFrom;
        damagedFrom = -1;
        forborneFrom = -1;
        keptTimes = 0;
        isBeingFetched = true;
        here.cutBegins();
        return begin(() -> here.log.cutDamage(from));
    }

    private boolean mayFetchAgain() {
        return !isCountedOn() && !isStillRemembered() && !here.wanted.leader().isNone();
    }

    /** Whether the leader has what is cut; so it does where nothing is. */
    private boolean isHadElsewhere() {
        return wholeIn.equals(here.wanted.leaderEpoch()) || damagedFrom >= here.log.logEndOffset();
    }

    /** Whether others are in sync, so that they may have what this replica lacks. */
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
