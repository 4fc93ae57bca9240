package io.ottla.coordinator.group;

import io.ottla.coordinator.UndoLog;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * A group to whose members the coordinator assigns partitions (KIP-848). All that it is, is in its {@link
 * ConsumerGroupState}, which only records change. Belongs to the shard's executor.
 */
final class ConsumerGroup implements Group {
    static final String TYPE = "consumer";

    private final String id;
    private final GroupCensus census;
    private ConsumerGroupState state = ConsumerGroupState.NEW;
    /** Whether the topics it reads may have changed since its epoch. */
    private boolean isStale = true;

    ConsumerGroup(String id, GroupCensus census) {
        this.id = id;
        this.census = census;
    }

    ConsumerGroupState state() {
        return state;
    }

    void apply(ConsumerGroupRecord record, UndoLog undo) {
        ConsumerGroupState before = state;
        become(before.with(record));
        if (undo.isKept()) {
            undo.add(() -> become(before));
        }
    }

    private void become(ConsumerGroupState next) {
        census.moved(state.state(), next.state());
        state = next;
    }

    boolean isStale() {
        return isStale;
    }

    /** Topics may have come, grown or gone: its next heartbeat looks. */
    void markStale(boolean stale) {
        isStale = stale;
    }

    // ---- as a group of any kind ----

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String stateName() {
        return state.state().shown();
    }

    @Override
    public String protocolType() {
        return ClassicGroup.CONSUMER;
    }

    @Override
    public boolean isEmpty() {
        return state.size() == 0;
    }

    @Override
    public int members() {
        return state.size();
    }

    /** For those who commit within a transaction, or by the classic protocol; others by {@link ConsumerCommits}. */
    @Override
    public Errors commitRefusal(String memberId, String instanceId, int claimed, boolean transactional) {
        if (claimed < 0 && (isEmpty() || transactional && memberId.isEmpty() && instanceId == null)) {
            return Errors.NONE;
        }
        ConsumerMember member = state.member(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        if (member.place().epoch() == claimed) {
            return Errors.NONE;
        }
        return transactional || member.isClassic() ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH;
    }

    @Override
    public Errors fetchRefusal(String memberId, int epoch) {
        if (memberId == null && epoch < 0) {
            return Errors.NONE;
        }
        ConsumerMember member = memberId == null ? null : state.member(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return member.place().epoch() == epoch ? Errors.NONE : Errors.STALE_MEMBER_EPOCH;
    }

    @Override
    public Errors offsetDeleteRefusal() {
        return Errors.NONE;
    }

    @Override
    public Errors deleteRefusal() {
        return isEmpty() ? Errors.NONE : Errors.NON_EMPTY_GROUP;
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return state.isSubscribedTo(topic);
    }

    @Override
    public long retentionBeginsMs(CommittedOffset offset) {
        return offset.commitTimestampMs();
    }

    @Override
    public List<GroupRecord> tombstones() {
        List<GroupRecord> records = new ArrayList<>();
        for (ConsumerMember member : state.members()) {
            records.add(new ConsumerGroupRecord.PlaceGone(id, member.id()));
        }
        for (String member : state.targeted()) {
            records.add(new ConsumerGroupRecord.TargetGone(id, member));
        }
        records.add(new ConsumerGroupRecord.TargetEpochGone(id));
        for (ConsumerMember member : state.members()) {
            records.add(new ConsumerGroupRecord.MemberGone(id, member.id()));
        }
        for (String regex : state.regexes().keySet()) {
            records.add(new ConsumerGroupRecord.RegexGone(id, regex));
        }
        if (state.hasOldTopics()) {
            records.add(new ConsumerGroupRecord.OldTopicsGone(id));
        }
        records.add(new ConsumerGroupRecord.EpochGone(id));
        return records;
    }

    @Override
    public void abandon() {
        // Nobody waits in its state.
    }
}
