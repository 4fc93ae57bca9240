package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.types.TopicId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * All that is stored of a consumer group (KIP-848): what its records say, one after the other. Immutable, so that a
 * decision can look at what comes of its own records, and that they can be reverted.
 *
 * <p>A group begins in epoch 1 with targets of epoch 1, which are none: who comes has an epoch before there is a target.
 */
final class ConsumerGroupState {
    private static final int FIRST_EPOCH = 1;

    static final ConsumerGroupState NEW = new ConsumerGroupState(
            FIRST_EPOCH,
            0,
            FIRST_EPOCH,
            0,
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            ConsumerIndexes.EMPTY,
            false);

    private final int epoch;
    private final long metadataHash;
    private final int targetEpoch;
    private final long targetTimestampMs;
    private final HashPMap<String, ConsumerMember> members;
    private final HashPMap<String, Assignment> targets;
    private final HashPMap<String, ResolvedRegex> regexes;
    private final ConsumerIndexes indexes;
    private final boolean hasOldTopics;

    private ConsumerGroupState(
            int epoch,
            long metadataHash,
            int targetEpoch,
            long targetTimestampMs,
            HashPMap<String, ConsumerMember> members,
            HashPMap<String, Assignment> targets,
            HashPMap<String, ResolvedRegex> regexes,
            ConsumerIndexes indexes,
            boolean hasOldTopics) {
        this.epoch = epoch;
        this.metadataHash = metadataHash;
        this.targetEpoch = targetEpoch;
        this.targetTimestampMs = targetTimestampMs;
        this.members = members;
        this.targets = targets;
        this.regexes = regexes;
        this.indexes = indexes;
        this.hasOldTopics = hasOldTopics;
    }

    // ---- what records do ----

    /** The state after a record. */
    ConsumerGroupState with(ConsumerGroupRecord record) {
        return switch (record) {
            case ConsumerGroupRecord.EpochSet(String _, int next, long hash) -> withEpoch(next, hash);
            case ConsumerGroupRecord.EpochGone _ -> NEW;
            case ConsumerGroupRecord.OldTopicsSet _ -> withOldTopics(true);
            case ConsumerGroupRecord.OldTopicsGone _ -> withOldTopics(false);
            case ConsumerGroupRecord.MemberSet(String _, String id, MemberSubscription value) ->
                withMember(known(id).with(value));
            case ConsumerGroupRecord.MemberGone(String _, String id) -> withoutMember(id);
            case ConsumerGroupRecord.TargetEpochSet(String _, int next, long timestampMs) ->
                withTargetEpoch(next, timestampMs);
            case ConsumerGroupRecord.TargetEpochGone _ -> withTargetEpoch(FIRST_EPOCH, 0);
            case ConsumerGroupRecord.TargetSet(String _, String id, Assignment value) ->
                withTargets(targets.plus(id, value));
            case ConsumerGroupRecord.TargetGone(String _, String id) -> withTargets(targets.minus(id));
            case ConsumerGroupRecord.PlaceSet(String _, String id, MemberPlace value) ->
                withMember(known(id).at(value));
            case ConsumerGroupRecord.PlaceGone(String _, String id) ->
                members.containsKey(id) ? withMember(known(id).at(MemberPlace.NEW)) : this;
            case ConsumerGroupRecord.RegexSet(String _, String regex, ResolvedRegex value) ->
                withRegexes(regexes.plus(regex, value));
            case ConsumerGroupRecord.RegexGone(String _, String regex) -> withRegexes(regexes.minus(regex));
        };
    }

    private ConsumerMember known(String id) {
        ConsumerMember present = members.get(id);
        return present == null ? new ConsumerMember(id, MemberSubscription.UNKNOWN, MemberPlace.NEW) : present;
    }

    private ConsumerGroupState withEpoch(int next, long hash) {
        return new ConsumerGroupState(
                next, hash, targetEpoch, targetTimestampMs, members, targets, regexes, indexes, hasOldTopics);
    }

    private ConsumerGroupState withTargetEpoch(int next, long timestampMs) {
        return new ConsumerGroupState(
                epoch, metadataHash, next, timestampMs, members, targets, regexes, indexes, hasOldTopics);
    }

    private ConsumerGroupState withOldTopics(boolean has) {
        return new ConsumerGroupState(
                epoch, metadataHash, targetEpoch, targetTimestampMs, members, targets, regexes, indexes, has);
    }

    private ConsumerGroupState withMember(ConsumerMember member) {
        return withMembers(
                members.plus(member.id(), member),
                indexes.without(members.get(member.id())).with(member));
    }

    private ConsumerGroupState withoutMember(String id) {
        ConsumerMember gone = members.get(id);
        return gone == null ? this : withMembers(members.minus(id), indexes.without(gone));
    }

    private ConsumerGroupState withMembers(HashPMap<String, ConsumerMember> next, ConsumerIndexes found) {
        return new ConsumerGroupState(
                epoch, metadataHash, targetEpoch, targetTimestampMs, next, targets, regexes, found, hasOldTopics);
    }

    private ConsumerGroupState withTargets(HashPMap<String, Assignment> next) {
        return new ConsumerGroupState(
                epoch, metadataHash, targetEpoch, targetTimestampMs, members, next, regexes, indexes, hasOldTopics);
    }

    private ConsumerGroupState withRegexes(HashPMap<String, ResolvedRegex> next) {
        return new ConsumerGroupState(
                epoch, metadataHash, targetEpoch, targetTimestampMs, members, targets, next, indexes, hasOldTopics);
    }

    // ---- what is there ----

    int epoch() {
        return epoch;
    }

    long metadataHash() {
        return metadataHash;
    }

    /** The epoch that targets are of. */
    int targetEpoch() {
        return targetEpoch;
    }

    /** When targets were computed, milliseconds of wall time; 0 where that is not known. */
    long targetTimestampMs() {
        return targetTimestampMs;
    }

    boolean needsTargets() {
        return epoch > targetEpoch;
    }

    Collection<ConsumerMember> members() {
        return members.values();
    }

    Set<String> memberIds() {
        return members.keySet();
    }

    int size() {
        return members.size();
    }

    /** Null where there is none. */
    ConsumerMember member(String id) {
        return members.get(id);
    }

    /** Null where nobody has that instance id. */
    ConsumerMember staticMember(String instanceId) {
        String id = indexes.instances().get(instanceId);
        return id == null ? null : members.get(id);
    }

    Assignment target(String memberId) {
        return targets.getOrDefault(memberId, Assignment.NONE);
    }

    /** Those who have a target. */
    Set<String> targeted() {
        return targets.keySet();
    }

    HashPMap<String, ResolvedRegex> regexes() {
        return regexes;
    }

    /** Whether some member subscribes by it. */
    boolean isUsed(String regex) {
        return indexes.regexUsers().containsKey(regex);
    }

    Set<String> usedRegexes() {
        return indexes.regexUsers().keySet();
    }

    /** How many members subscribe by it. */
    int users(String regex) {
        return indexes.regexUsers().getOrDefault(regex, 0);
    }

    boolean hasOldTopics() {
        return hasOldTopics;
    }

    int classicMembers() {
        return indexes.classicMembers();
    }

    boolean isAllClassic() {
        return size() > 0 && classicMembers() == size();
    }

    /** The protocol that all members of the classic protocol know, by the first one's preference; null where there is none. */
    String commonProtocol() {
        List<MemberSubscription.ClassicSide> all = members.values().stream()
                .filter(ConsumerMember::isClassic)
                .map(member -> member.subscription().classic())
                .toList();
        if (all.isEmpty()) {
            return null;
        }
        for (MemberSubscription.Protocol protocol : all.getFirst().protocols()) {
            if (all.stream().allMatch(each -> each.supports(protocol.name()))) {
                return protocol.name();
            }
        }
        return null;
    }

    /** Who has that partition, or has yet to give it up; null for nobody. */
    String owner(TopicId topic, int partition) {
        return indexes.owner(topic, partition);
    }

    /** Those of an assignment that nobody else has. */
    PartitionSet free(TopicId topic, PartitionSet wanted, String memberId) {
        return indexes.free(topic, wanted, memberId);
    }

    ConsumerState state() {
        if (members.isEmpty()) {
            return ConsumerState.EMPTY;
        }
        if (needsTargets()) {
            return ConsumerState.ASSIGNING;
        }
        return indexes.settledAt(targetEpoch) == members.size() ? ConsumerState.STABLE : ConsumerState.RECONCILING;
    }

    // ---- topics ----

    boolean isSubscribedTo(String topic) {
        if (indexes.subscribers().containsKey(topic)) {
            return true;
        }
        for (ResolvedRegex regex : regexes.values()) {
            if (regex.topics().contains(topic)) {
                return true;
            }
        }
        return false;
    }

    /** All topics that somebody subscribes to, by name or by a regular expression, whether they exist or not. */
    Set<String> subscribedTopics() {
        Set<String> all = new HashSet<>(indexes.subscribers().keySet());
        regexes.forEach((regex, resolved) -> {
            if (isUsed(regex)) {
                all.addAll(resolved.topics());
            }
        });
        return all;
    }

    /** Topics that one member subscribes to. */
    Set<String> topicsOf(MemberSubscription subscription) {
        Set<String> all = new HashSet<>(subscription.topics());
        ResolvedRegex resolved = regexes.get(subscription.regex());
        if (resolved != null) {
            all.addAll(resolved.topics());
        }
        return all;
    }
}
