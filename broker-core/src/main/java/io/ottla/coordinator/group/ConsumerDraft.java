package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.Assignment;
import java.util.ArrayList;
import java.util.List;

/** A consumer group as it is after the records that a decision has come to so far, and these records. */
final class ConsumerDraft {
    private final String group;
    private ConsumerGroupState state;
    private final List<GroupRecord> records;

    /** @param records that make the group what the state says, where it is not so yet; added to */
    ConsumerDraft(String group, ConsumerGroupState state, List<GroupRecord> records) {
        this.group = group;
        this.state = state;
        this.records = records;
    }

    static ConsumerDraft of(ConsumerGroup group) {
        return new ConsumerDraft(group.id(), group.state(), new ArrayList<>());
    }

    String group() {
        return group;
    }

    ConsumerGroupState state() {
        return state;
    }

    List<GroupRecord> records() {
        return records;
    }

    private void store(ConsumerGroupRecord record) {
        state = state.with(record);
        records.add(record);
    }

    /** A member says that of itself. */
    void subscribe(String memberId, MemberSubscription subscription) {
        store(new ConsumerGroupRecord.MemberSet(group, memberId, subscription));
    }

    void place(String memberId, MemberPlace place) {
        store(new ConsumerGroupRecord.PlaceSet(group, memberId, place));
    }

    void target(String memberId, Assignment target) {
        store(new ConsumerGroupRecord.TargetSet(group, memberId, target));
    }

    void targetEpoch(int epoch, long nowMs) {
        store(new ConsumerGroupRecord.TargetEpochSet(group, epoch, nowMs));
    }

    void regex(String regex, ResolvedRegex resolved) {
        store(new ConsumerGroupRecord.RegexSet(group, regex, resolved));
    }

    /** The group's next epoch. */
    void bump(long metadataHash) {
        if (state.hasOldTopics()) {
            store(new ConsumerGroupRecord.OldTopicsGone(group));
        }
        store(new ConsumerGroupRecord.EpochSet(group, state.epoch() + 1, metadataHash));
    }

    /** The group in that epoch. */
    void epoch(int epoch, long metadataHash) {
        store(new ConsumerGroupRecord.EpochSet(group, epoch, metadataHash));
    }

    /** A member is out, and what only it had asked for. */
    void remove(ConsumerMember member) {
        store(new ConsumerGroupRecord.PlaceGone(group, member.id()));
        store(new ConsumerGroupRecord.TargetGone(group, member.id()));
        store(new ConsumerGroupRecord.MemberGone(group, member.id()));
        forgetUnused(member.subscription().regex());
    }

    /** A static member goes on under another id; what it subscribes to stays in use all the while. */
    void replace(ConsumerMember old, String newId) {
        Assignment target = state.target(old.id());
        store(new ConsumerGroupRecord.PlaceGone(group, old.id()));
        store(new ConsumerGroupRecord.TargetGone(group, old.id()));
        store(new ConsumerGroupRecord.MemberGone(group, old.id()));
        subscribe(newId, old.subscription());
        target(newId, target);
        place(newId, old.place().inherited());
    }

    /** Forgets what a regular expression matched, where nobody subscribes by it any more. */
    void forgetUnused(String regex) {
        if (state.regexes().containsKey(regex) && !state.isUsed(regex)) {
            store(new ConsumerGroupRecord.RegexGone(group, regex));
        }
    }
}
