package io.ottla.coordinator.group.assign;

import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An input laid out in arrays, in an order that does not depend on that of maps: members, topics, subscriptions, racks and
 * partitions are numbers from 0.
 *
 * <p>Members are in the order of Kafka: static ones first, by their instance id, so that one that comes back under another
 * member id has its place again. Topics are in the order of their names.
 */
final class Layout {
    /** Nobody, or no rack. */
    static final int NONE = -1;

    private static final Comparator<Map.Entry<String, AssignorInput.Member>> MEMBER_ORDER =
            Comparator.<Map.Entry<String, AssignorInput.Member>, String>comparing(
                            entry -> entry.getValue().instanceId(), Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparing(Map.Entry::getKey);
    private static final Comparator<Map.Entry<TopicId, AssignorInput.Topic>> TOPIC_ORDER =
            Comparator.<Map.Entry<TopicId, AssignorInput.Topic>, String>comparing(
                            entry -> entry.getValue().name())
                    .thenComparing(Map.Entry::getKey);

    private final List<Map.Entry<String, AssignorInput.Member>> members;
    private final List<Map.Entry<TopicId, AssignorInput.Topic>> topics;
    private final Map<TopicId, Integer> topicNumbers = new HashMap<>();
    private final int[] firstPartition;
    private final int[] subscriptionOf;
    private final int[][] membersOf;
    private final BitSet[] topicsOf;
    private final int[][] subscriptionsTo;
    private final int[] rackOf;
    private final Map<String, Integer> rackNumbers = new TreeMap<>();

    Layout(AssignorInput input) {
        members = new ArrayList<>(input.members().entrySet());
        members.sort(MEMBER_ORDER);
        topics = new ArrayList<>(input.topics().entrySet());
        topics.sort(TOPIC_ORDER);
        firstPartition = new int[topics.size() + 1];
        for (int topic = 0; topic < topics.size(); topic++) {
            topicNumbers.put(topics.get(topic).getKey(), topic);
            firstPartition[topic + 1] =
                    firstPartition[topic] + topics.get(topic).getValue().partitions();
        }
        subscriptionOf = new int[members.size()];
        List<Set<TopicId>> subscriptions = numberSubscriptions();
        membersOf = groups(subscriptionOf, subscriptions.size());
        topicsOf = new BitSet[subscriptions.size()];
        subscriptionsTo = subscriptionsTo(subscriptions);
        rackOf = numberRacks();
    }

    private List<Set<TopicId>> numberSubscriptions() {
        Map<Set<TopicId>, Integer> numbers = new HashMap<>();
        List<Set<TopicId>> subscriptions = new ArrayList<>();
        Set<TopicId> before = null;
        for (int member = 0; member < members.size(); member++) {
            Set<TopicId> subscribed = members.get(member).getValue().subscribed();
            // Equal ones are mostly the same object: hashing a large set for each member would take the longest of all.
            if (member > 0 && subscribed.equals(before)) {
                subscriptionOf[member] = subscriptionOf[member - 1];
                continue;
            }
            before = subscribed;
            Integer known = numbers.putIfAbsent(subscribed, subscriptions.size());
            if (known == null) {
                subscriptions.add(subscribed);
            }
            subscriptionOf[member] = known == null ? subscriptions.size() - 1 : known;
        }
        return subscriptions;
    }

    private int[][] subscriptionsTo(List<Set<TopicId>> subscriptions) {
        IntStack[] to = new IntStack[topics.size()];
        Arrays.setAll(to, topic -> new IntStack());
        for (int subscription = 0; subscription < subscriptions.size(); subscription++) {
            topicsOf[subscription] = new BitSet();
            for (TopicId id : subscriptions.get(subscription)) {
                Integer topic = topicNumbers.get(id);
                if (topic != null) {
                    topicsOf[subscription].set(topic);
                    to[topic].push(subscription);
                }
            }
        }
        return Arrays.stream(to).map(IntStack::toArray).toArray(int[][]::new);
    }

    private int[] numberRacks() {
        for (var entry : members) {
            if (entry.getValue().rack() != null) {
                rackNumbers.put(entry.getValue().rack(), 0);
            }
        }
        int next = 0;
        for (Map.Entry<String, Integer> entry : rackNumbers.entrySet()) {
            entry.setValue(next++);
        }
        return members.stream()
                .mapToInt(entry -> entry.getValue().rack() == null
                        ? NONE
                        : rackNumbers.get(entry.getValue().rack()))
                .toArray();
    }

    private static int[][] groups(int[] groupOf, int count) {
        IntStack[] groups = new IntStack[count];
        Arrays.setAll(groups, group -> new IntStack());
        for (int i = 0; i < groupOf.length; i++) {
            groups[groupOf[i]].push(i);
        }
        return Arrays.stream(groups).map(IntStack::toArray).toArray(int[][]::new);
    }

    int members() {
        return members.size();
    }

    int topics() {
        return topics.size();
    }

    /** Of all topics together. */
    int partitions() {
        return firstPartition[topics.size()];
    }

    /** The first partition of a topic; those of a topic are in a row. The topic behind the last one has none. */
    int firstPartition(int topic) {
        return firstPartition[topic];
    }

    int subscriptions() {
        return membersOf.length;
    }

    int subscriptionOf(int member) {
        return subscriptionOf[member];
    }

    /** Ascending. */
    int[] membersOf(int subscription) {
        return membersOf[subscription];
    }

    /** The subscriptions that a topic is in, ascending. */
    int[] subscriptionsTo(int topic) {
        return subscriptionsTo[topic];
    }

    boolean subscribes(int member, int topic) {
        return topicsOf[subscriptionOf[member]].get(topic);
    }

    /** By member: its rack, or {@link #NONE}. */
    int[] rackOf() {
        return rackOf;
    }

    /** Whether it can matter where partitions are. */
    boolean hasRacks() {
        return !rackNumbers.isEmpty();
    }

    int racks() {
        return rackNumbers.size();
    }

    /** In which racks of members replicas of a partition are, ascending. */
    int[] racksOf(int topic, int partition) {
        return topics.get(topic).getValue().racks(partition - firstPartition[topic]).stream()
                .map(rackNumbers::get)
                .filter(number -> number != null)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /** By partition: who has it so far and may keep it, or nobody. */
    int[] holders() {
        int[] holders = new int[partitions()];
        Arrays.fill(holders, NONE);
        for (int member = 0; member < members.size(); member++) {
            Assignment current = members.get(member).getValue().current();
            for (Map.Entry<TopicId, PartitionSet> entry : current.topics().entrySet()) {
                Integer topic = topicNumbers.get(entry.getKey());
                if (topic != null && subscribes(member, topic)) {
                    hold(holders, topic, entry.getValue(), member);
                }
            }
        }
        return holders;
    }

    private void hold(int[] holders, int topic, PartitionSet partitions, int member) {
        int count = firstPartition[topic + 1] - firstPartition[topic];
        partitions.forEach(number -> {
            int partition = firstPartition[topic] + number;
            if (number < count && holders[partition] == NONE) {
                holders[partition] = member;
            }
        });
    }

    /** What comes of it: the answer of an assignor. */
    Map<String, Assignment> assignments(int[] owners) {
        List<Map<TopicId, PartitionSet>> all = new ArrayList<>(members.size());
        IntStack[] numbers = new IntStack[members.size()];
        for (int member = 0; member < numbers.length; member++) {
            all.add(new HashMap<>());
            numbers[member] = new IntStack();
        }
        for (int topic = 0; topic < topics.size(); topic++) {
            IntStack given = new IntStack();
            for (int partition = firstPartition[topic]; partition < firstPartition[topic + 1]; partition++) {
                int owner = owners[partition];
                if (owner != NONE) {
                    if (numbers[owner].isEmpty()) {
                        given.push(owner);
                    }
                    numbers[owner].push(partition - firstPartition[topic]);
                }
            }
            while (!given.isEmpty()) {
                int owner = given.pop();
                all.get(owner).put(topics.get(topic).getKey(), PartitionSet.of(numbers[owner].toArray()));
                numbers[owner].clear();
            }
        }
        Map<String, Assignment> assignments = new HashMap<>();
        for (int member = 0; member < numbers.length; member++) {
            Map<TopicId, PartitionSet> given = all.get(member);
            assignments.put(members.get(member).getKey(), given.isEmpty() ? Assignment.NONE : new Assignment(given));
        }
        return assignments;
    }
}
