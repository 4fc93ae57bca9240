package io.ottla.coordinator.group.assign;

import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A group that changes by chance: members come, go and change their minds, topics come and grow. */
final class TestingGroup {
    private static final int MAX_RACKS = 4;

    final RandomGenerator random;
    final Map<String, AssignorInput.Member> members = new TreeMap<>();
    final Map<TopicId, TestingTopic> topics = new TreeMap<>();
    private final boolean equalSubscriptions;
    private final boolean racks;
    private int names;

    TestingGroup(RandomGenerator random, boolean equalSubscriptions, boolean racks) {
        this.random = random;
        this.equalSubscriptions = equalSubscriptions;
        this.racks = racks;
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            topic(random.nextInt(1, 14));
        }
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            join();
        }
    }

    /** @param racks of each partition */
    record TestingTopic(String name, List<Set<String>> racks) implements AssignorInput.Topic {
        @Override
        public int partitions() {
            return racks.size();
        }

        @Override
        public Set<String> racks(int partition) {
            return racks.get(partition);
        }
    }

    TopicId topic(int partitions) {
        TopicId id = new TopicId(7, ++names);
        List<Set<String>> of = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            of.add(partitionRacks());
        }
        topics.put(id, new TestingTopic("topic-" + names, of));
        return id;
    }

    private Set<String> partitionRacks() {
        Set<String> some = new HashSet<>();
        for (int i = racks ? random.nextInt(1, 4) : 0; i > 0; i--) {
            some.add("rack-" + random.nextInt(MAX_RACKS));
        }
        return some;
    }

    private Set<TopicId> subscription() {
        if (equalSubscriptions) {
            return topics.keySet();
        }
        Set<TopicId> some = new HashSet<>();
        topics.keySet().stream().filter(topic -> random.nextInt(3) > 0).forEach(some::add);
        return some;
    }

    void join() {
        String id = "member-" + (1000 + ++names);
        String instance = random.nextInt(3) == 0 ? "instance-" + names : null;
        String rack = racks && random.nextInt(6) > 0 ? "rack-" + random.nextInt(MAX_RACKS) : null;
        members.put(id, new AssignorInput.Member(instance, rack, subscription(), Assignment.NONE));
    }

    String anybody() {
        return List.copyOf(members.keySet()).get(random.nextInt(members.size()));
    }

    void change() {
        switch (random.nextInt(6)) {
            case 0 -> join();
            case 1 -> {
                if (members.size() > 1) {
                    members.remove(anybody());
                }
            }
            case 2 -> {
                topic(random.nextInt(1, 14));
                resubscribeAll();
            }
            case 3 -> grow();
            case 4 -> members.computeIfPresent(anybody(), (id, member) -> resubscribed(member));
            default -> {
                if (topics.size() > 1) {
                    topics.keySet().removeIf(new ArrayList<>(topics.keySet()).getFirst()::equals);
                    resubscribeAll();
                }
            }
        }
    }

    private void grow() {
        TopicId id = new ArrayList<>(topics.keySet()).get(random.nextInt(topics.size()));
        List<Set<String>> grown = new ArrayList<>(topics.get(id).racks());
        grown.add(partitionRacks());
        topics.put(id, new TestingTopic(topics.get(id).name(), grown));
    }

    void resubscribeAll() {
        members.replaceAll((id, member) -> {
            Set<TopicId> rest = new HashSet<>(member.subscribed());
            rest.retainAll(topics.keySet());
            return equalSubscriptions
                    ? resubscribed(member)
                    : new AssignorInput.Member(member.instanceId(), member.rack(), rest, member.current());
        });
    }

    private AssignorInput.Member resubscribed(AssignorInput.Member member) {
        return new AssignorInput.Member(member.instanceId(), member.rack(), subscription(), member.current());
    }

    AssignorInput input() {
        return new AssignorInput(members, new HashMap<>(topics));
    }

    /** Takes a target over. */
    void settle(Map<String, Assignment> target) {
        members.replaceAll((id, member) ->
                new AssignorInput.Member(member.instanceId(), member.rack(), member.subscribed(), target.get(id)));
    }

    /** How many partitions have another owner than before, of those that had one. */
    int moved(Map<String, Assignment> target) {
        int moved = 0;
        for (Map.Entry<String, AssignorInput.Member> entry : members.entrySet()) {
            moved +=
                    entry.getValue().current().minus(target.get(entry.getKey())).size();
        }
        return moved;
    }

    /** How many partitions are read in a rack where they are. */
    int near(Map<String, Assignment> target) {
        int[] near = {0};
        target.forEach((id, assignment) -> assignment
                .topics()
                .forEach((topic, partitions) -> partitions.forEach(number -> {
                    if (topics.get(topic)
                            .racks(number)
                            .contains(String.valueOf(members.get(id).rack()))) {
                        near[0]++;
                    }
                })));
        return near[0];
    }
}
