package io.ottla.coordinator.group;

/**
 * Where a member of a consumer group is between its targets, as it is stored. Immutable.
 *
 * @param epoch that its next heartbeat must name; 0 before it has one, -2 while a static member is away
 * @param previousEpoch that it may still name, where the answer that told it of the present one was lost
 * @param assigned what it reads, or may begin to read
 * @param revoking what it must give up, and has not said that it did
 */
record MemberPlace(
        int epoch, int previousEpoch, MemberState state, OwnedPartitions assigned, OwnedPartitions revoking) {
    /** Of a static member that has left for a while. */
    static final int AWAY = -2;

    static final MemberPlace NEW =
            new MemberPlace(0, 0, MemberState.STABLE, OwnedPartitions.NONE, OwnedPartitions.NONE);

    /** A static member goes away for a while; what it reads stays its own. */
    MemberPlace away() {
        return new MemberPlace(AWAY, previousEpoch, state, assigned, OwnedPartitions.NONE);
    }

    /** As who takes the place of a static member has it: it must be told everything anew. */
    MemberPlace inherited() {
        return new MemberPlace(0, 0, MemberState.STABLE, assigned, OwnedPartitions.NONE);
    }
}
