package io.ottla.coordinator.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** A group of any kind, as the requests see it that are the same for all kinds. Belongs to the shard's executor. */
sealed interface Group permits ClassicGroup, ConsumerGroup {
    String id();

    /** As ListGroups shows it: {@code classic}, {@code consumer} … */
    String type();

    /** As ListGroups and DescribeGroups show it: {@code Stable}, {@code Empty} … */
    String stateName();

    /** {@code consumer}, {@code connect} …; empty where nobody has said. */
    String protocolType();

    /** Nobody is in it. */
    boolean isEmpty();

    /** How many are in it. */
    int members();

    /**
     * Whether an offset may be committed by somebody who says to be this member.
     *
     * @param generation or member epoch; -1 from who is no member
     * @param instanceId null for none
     * @return NONE where it may
     */
    Errors commitRefusal(String memberId, String instanceId, int generation, boolean transactional);

    /**
     * Whether offsets may be told to somebody who says to be this member.
     *
     * @param memberId null for who is no member
     * @param epoch of the member; -1 from who is none
     * @return NONE where they may
     */
    default Errors fetchRefusal(String memberId, int epoch) {
        return Errors.NONE;
    }

    /** Whether offsets may be deleted while the group is as it is; NONE where they may. */
    Errors offsetDeleteRefusal();

    /** Whether the group may be deleted; NONE where it may. */
    Errors deleteRefusal();

    /** Whether a member reads that topic, so that its offsets must stay. */
    boolean isSubscribedTo(String topic);

    /**
     * From when on the retention of an offset counts, milliseconds of wall time.
     *
     * @return {@link Long#MAX_VALUE} where the offset does not expire now
     */
    long retentionBeginsMs(CommittedOffset offset);

    /** What makes the group forgotten. */
    List<GroupRecord> tombstones();

    /** The leadership is over: whoever waits is sent to the next coordinator. */
    void abandon();
}
