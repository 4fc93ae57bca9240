package io.ottla.replication;

/**
 * A partition as its fetcher follows it: in which role, and what the leader was last told. Guarded by the fetcher.
 */
final class FollowedPartition {
    /** Whether it is to be fetched. */
    enum Mood {
        READY,
        /** Its log is being written or cut elsewhere. */
        BUSY,
        /** Left alone for a while after something went wrong. */
        PAUSING
    }

    final Partition partition;
    /** In which it is followed; another one by now makes an answer late. */
    Role.Following role;

    Mood mood = Mood.READY;
    /** Counts moods, so that what ends an earlier one is told from what ends this one. */
    int moods;

    int failures;
    /** Whether, in this role, it was looked at whether the log has epochs. */
    boolean examined;
    /** Whether it is followed no longer. */
    boolean left;
    /** How much the leader has committed that is not here, as of its last answer; -1 before that. */
    volatile long lag = -1;

    // What the leader knows: by the request of that number.

    boolean inSession;
    long toldIn = -1;
    Role.Following toldRole;
    FollowerPosition told;

    FollowedPartition(Partition partition, Role.Following role) {
        this.partition = partition;
        this.role = role;
    }

    /** Goes on in another role. */
    void begin(Role.Following next) {
        role = next;
        lag = -1;
        examined = false;
        failures = 0;
        if (mood == Mood.PAUSING) {
            become(Mood.READY);
        }
    }

    int become(Mood next) {
        mood = next;
        return ++moods;
    }

    boolean isReady() {
        return mood == Mood.READY && !left;
    }

    /** Whether an answer to the request of that number is about what is wanted now. */
    boolean isAnsweredBy(long number) {
        return isReady() && inSession && toldIn <= number && role.equals(toldRole);
    }
}
