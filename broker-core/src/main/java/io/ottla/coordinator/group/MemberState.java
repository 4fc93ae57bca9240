package io.ottla.coordinator.group;

/** How far a member of a consumer group has come towards its target (KIP-848). */
enum MemberState {
    /** It has what its epoch gives it. */
    STABLE(0),
    /** It has yet to say that it has given up partitions. */
    UNREVOKED_PARTITIONS(1),
    /** Partitions of its target are not given up by others yet. */
    UNRELEASED_PARTITIONS(2),
    /** Newer software stored something else. */
    UNKNOWN(127);

    private final int code;

    MemberState(int code) {
        this.code = code;
    }

    /** As it is stored. */
    int code() {
        return code;
    }

    static MemberState of(int code) {
        for (MemberState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
