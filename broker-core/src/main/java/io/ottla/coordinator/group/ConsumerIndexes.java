package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.types.TopicId;
import java.util.BitSet;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.IntTreePMap;

/**
 * What follows from a consumer group's members and is asked often. Immutable.
 *
 * @param instances member ids of static members
 * @param subscribers how many members name a topic
 * @param regexUsers how many members subscribe by a regular expression
 * @param owners who has a partition, or has yet to give it up
 * @param settled how many members are {@link MemberState#STABLE} in an epoch
 * @param classicMembers how many speak the classic protocol
 */
record ConsumerIndexes(
        HashPMap<String, String> instances,
        HashPMap<String, Integer> subscribers,
        HashPMap<String, Integer> regexUsers,
        HashPMap<TopicId, IntTreePMap<String>> owners,
        HashPMap<Integer, Integer> settled,
        int classicMembers) {
    static final ConsumerIndexes EMPTY = new ConsumerIndexes(
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            0);

    ConsumerIndexes with(ConsumerMember member) {
        MemberSubscription subscription = member.subscription();
        return new ConsumerIndexes(
                member.instanceId() == null ? instances : instances.plus(member.instanceId(), member.id()),
                count(subscribers, subscription.topics(), 1),
                subscription.regex().isEmpty() ? regexUsers : counted(regexUsers, subscription.regex(), 1),
                owned(member, true),
                member.place().state() == MemberState.STABLE
                        ? counted(settled, member.place().epoch(), 1)
                        : settled,
                classicMembers + (member.isClassic() ? 1 : 0));
    }

    /** @param member null for nobody */
    ConsumerIndexes without(ConsumerMember member) {
        if (member == null) {
            return this;
        }
        MemberSubscription subscription = member.subscription();
        boolean isItsInstance = member.instanceId() != null && member.id().equals(instances.get(member.instanceId()));
        return new ConsumerIndexes(
                isItsInstance ? instances.minus(member.instanceId()) : instances,
                count(subscribers, subscription.topics(), -1),
                subscription.regex().isEmpty() ? regexUsers : counted(regexUsers, subscription.regex(), -1),
                owned(member, false),
                member.place().state() == MemberState.STABLE
                        ? counted(settled, member.place().epoch(), -1)
                        : settled,
                classicMembers - (member.isClassic() ? 1 : 0));
    }

    private static <K> HashPMap<K, Integer> count(HashPMap<K, Integer> counts, Iterable<K> keys, int change) {
        HashPMap<K, Integer> all = counts;
        for (K key : keys) {
            all = counted(all, key, change);
        }
        return all;
    }

    private static <K> HashPMap<K, Integer> counted(HashPMap<K, Integer> counts, K key, int change) {
        int count = counts.getOrDefault(key, 0) + change;
        return count == 0 ? counts.minus(key) : counts.plus(key, count);
    }

    private HashPMap<TopicId, IntTreePMap<String>> owned(ConsumerMember member, boolean takes) {
        Owners all = new Owners(owners, member.id(), takes);
        member.place().assigned().each(all);
        member.place().revoking().each(all);
        return all.owners;
    }

    /** Notes who has what, or that nobody has. */
    private static final class Owners implements OwnedPartitions.Visitor {
        private HashPMap<TopicId, IntTreePMap<String>> owners;
        private final String memberId;
        private final boolean takes;

        Owners(HashPMap<TopicId, IntTreePMap<String>> owners, String memberId, boolean takes) {
            this.owners = owners;
            this.memberId = memberId;
            this.takes = takes;
        }

        @Override
        public void topic(TopicId topic, PartitionSet partitions, int[] epochs) {
            IntTreePMap<String> of = owners.getOrDefault(topic, IntTreePMap.empty());
            for (int i = 0; i < partitions.size(); i++) {
                int partition = partitions.get(i);
                if (takes) {
                    of = of.plus(partition, memberId);
                } else if (memberId.equals(of.get(partition))) {
                    of = of.minus(partition);
                }
            }
            owners = of.isEmpty() ? owners.minus(topic) : owners.plus(topic, of);
        }
    }

    /** Null for nobody. */
    String owner(TopicId topic, int partition) {
        IntTreePMap<String> of = owners.get(topic);
        return of == null ? null : of.get(partition);
    }

    PartitionSet free(TopicId topic, PartitionSet wanted, String memberId) {
        IntTreePMap<String> of = owners.get(topic);
        if (of == null) {
            return wanted;
        }
        BitSet free = new BitSet();
        wanted.forEach(partition -> {
            String owner = of.get(partition);
            if (owner == null || owner.equals(memberId)) {
                free.set(partition);
            }
        });
        return PartitionSet.of(free);
    }

    int settledAt(int epoch) {
        return settled.getOrDefault(epoch, 0);
    }
}
