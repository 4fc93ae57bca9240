package io.ottla.replication;

import io.ottla.types.BrokerId;

/** What a leader knows of another replica, within one leader epoch. Guarded by the partition's lock. */
final class Follower {
    final BrokerId id;
    /** Whether it has fetched in this leader's epoch; before that nothing it holds counts (Kip320.tla, rule 3). */
    boolean acknowledged;
    /** Where its log ends, as its last fetch said. */
    long endOffset = -1;
    /** Where its log starts; -1 until told. */
    long logStartOffset = -1;
    /** When it last fetched from the log's end, monotonic nanoseconds. */
    long caughtUpNs;

    Follower(BrokerId id) {
        this.id = id;
    }
}
