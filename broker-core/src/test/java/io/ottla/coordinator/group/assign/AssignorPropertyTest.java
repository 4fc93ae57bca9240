package io.ottla.coordinator.group.assign;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.types.TopicId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every group, however it came to be as it is. */
class AssignorPropertyTest {
    private static final int CHANGES = 12;
    private static final GroupAssignor UNIFORM = new UniformAssignor();
    private static final GroupAssignor RANGE = new RangeAssignor();

    @Provide
    Arbitrary<GroupAssignor> assignors() {
        return Arbitraries.of(UNIFORM, RANGE);
    }

    private static Map<String, Assignment> settle(TestingGroup group, GroupAssignor assignor) {
        Map<String, Assignment> target = assignor.assign(group.input());
        group.settle(target);
        return target;
    }

    @Property(tries = 300)
    void shouldGiveEachPartitionToOneOfItsSubscribers(
            @ForAll("assignors") GroupAssignor assignor,
            @ForAll long seed,
            @ForAll boolean equal,
            @ForAll boolean racks) {
        TestingGroup group = new TestingGroup(new Random(seed), equal, racks);
        for (int i = 0; i < CHANGES; i++) {
            Map<String, Assignment> target = settle(group, assignor);
            assertThat(target).containsOnlyKeys(group.members.keySet());
            group.topics.forEach((id, topic) -> {
                List<Integer> given = new ArrayList<>();
                boolean isRead = false;
                for (Map.Entry<String, AssignorInput.Member> entry : group.members.entrySet()) {
                    List<Integer> its = target.get(entry.getKey()).of(id).asList();
                    given.addAll(its);
                    isRead |= entry.getValue().subscribed().contains(id);
                    assertThat(its.isEmpty() || entry.getValue().subscribed().contains(id))
                            .isTrue();
                }
                assertThat(given).hasSize(isRead ? topic.partitions() : 0).doesNotHaveDuplicates();
                assertThat(given).allMatch(number -> number < topic.partitions());
            });
            group.change();
        }
    }

    @Property(tries = 300)
    void shouldMoveNothingWhereNothingHasChanged(
            @ForAll("assignors") GroupAssignor assignor,
            @ForAll long seed,
            @ForAll boolean equal,
            @ForAll boolean racks) {
        TestingGroup group = new TestingGroup(new Random(seed), equal, racks);
        for (int i = 0; i < CHANGES; i++) {
            Map<String, Assignment> target = settle(group, assignor);
            assertThat(assignor.assign(group.input())).isEqualTo(target);
            group.change();
        }
    }

    /** Maps of other implementations and insertion orders, and whoever is who, must make no difference. */
    @Property(tries = 100)
    void shouldDecideAlikeWhateverTheOrderOfMaps(
            @ForAll("assignors") GroupAssignor assignor,
            @ForAll long seed,
            @ForAll boolean equal,
            @ForAll boolean racks) {
        TestingGroup group = new TestingGroup(new Random(seed), equal, racks);
        settle(group, assignor);
        group.change();
        AssignorInput input = group.input();
        Map<String, AssignorInput.Member> members = new LinkedHashMap<>();
        input.members().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
                .forEach(entry -> {
                    AssignorInput.Member member = entry.getValue();
                    Set<TopicId> subscribed = new HashSet<>(256);
                    subscribed.addAll(member.subscribed());
                    members.put(
                            entry.getKey(),
                            new AssignorInput.Member(member.instanceId(), member.rack(), subscribed, member.current()));
                });
        assertThat(assignor.assign(new AssignorInput(members, new HashMap<>(input.topics()))))
                .isEqualTo(assignor.assign(input));
    }

    @Property(tries = 300)
    void shouldShareEvenlyAmongEqualsAndMoveAsLittleAsThatTakes(@ForAll long seed) {
        TestingGroup group = new TestingGroup(new Random(seed), true, false);
        for (int i = 0; i < CHANGES; i++) {
            Map<String, Assignment> target = UNIFORM.assign(group.input());
            int all = group.topics.values().stream()
                    .mapToInt(TestingGroup.TestingTopic::partitions)
                    .sum();
            int least = all / group.members.size();
            int more = all % group.members.size();
            assertThat(target.values()).allMatch(each -> each.size() == least || each.size() == least + 1);
            assertThat(group.moved(target)).isEqualTo(unavoidable(group, least, more));
            group.settle(target);
            group.change();
        }
    }

    /** What nobody can keep where everybody has so many, and some one more; topics that are gone count as moved. */
    private static int unavoidable(TestingGroup group, int least, int more) {
        int lost = 0;
        int tooMany = 0;
        int above = 0;
        for (AssignorInput.Member member : group.members.values()) {
            int kept = 0;
            for (var entry : member.current().topics().entrySet()) {
                if (group.topics.containsKey(entry.getKey())) {
                    kept += entry.getValue().size();
                } else {
                    lost += entry.getValue().size();
                }
            }
            tooMany += Math.max(0, kept - least);
            above += kept > least ? 1 : 0;
        }
        return lost + tooMany - Math.min(above, more);
    }

    /** The measure of the best there is: no way to hand partitions on from somebody to somebody with two less. */
    @Property(tries = 300)
    void shouldLeaveNoWayToShareMoreEvenly(@ForAll long seed, @ForAll boolean racks) {
        TestingGroup group = new TestingGroup(new Random(seed), false, racks);
        for (int i = 0; i < CHANGES; i++) {
            Map<String, Assignment> target = settle(group, UNIFORM);
            for (String source : group.members.keySet()) {
                for (String reached : reachable(group, target, source)) {
                    assertThat(target.get(reached).size())
                            .isGreaterThanOrEqualTo(target.get(source).size() - 1);
                }
            }
            group.change();
        }
    }

    private static Set<String> reachable(TestingGroup group, Map<String, Assignment> target, String source) {
        Set<String> reached = new HashSet<>(Set.of(source));
        Deque<String> queue = new ArrayDeque<>(reached);
        while (!queue.isEmpty()) {
            for (TopicId topic : target.get(queue.pop()).topics().keySet()) {
                group.members.forEach((id, member) -> {
                    if (member.subscribed().contains(topic) && reached.add(id)) {
                        queue.push(id);
                    }
                });
            }
        }
        return reached;
    }

    @Property(tries = 300)
    void shouldMoveOnlyWhatIsTheirsWhenAMemberLeaves(@ForAll("assignors") GroupAssignor assignor, @ForAll long seed) {
        TestingGroup group = new TestingGroup(new Random(seed), true, false);
        for (int i = 0; i < CHANGES; i++) {
            settle(group, assignor);
            group.change();
        }
        settle(group, assignor);
        if (group.members.size() > 1) {
            group.members.remove(group.anybody());
            assertThat(group.moved(assignor.assign(group.input()))).isZero();
        }
    }

    @Property(tries = 300)
    void shouldSwapNothingThatWouldBringMoreNear(@ForAll long seed, @ForAll boolean equal) {
        TestingGroup group = new TestingGroup(new Random(seed), equal, true);
        for (int i = 0; i < CHANGES; i++) {
            Map<String, Assignment> target = settle(group, UNIFORM);
            int near = group.near(target);
            for (Swap swap : swaps(group, target)) {
                assertThat(group.near(swap.of(target))).isLessThanOrEqualTo(near);
            }
            group.change();
        }
    }

    private record Swap(String one, TopicId topic, int number, String other, TopicId otherTopic, int otherNumber) {
        Map<String, Assignment> of(Map<String, Assignment> target) {
            Assignment its = new Assignment(Map.of(topic, PartitionSet.of(number)));
            Assignment others = new Assignment(Map.of(otherTopic, PartitionSet.of(otherNumber)));
            Map<String, Assignment> swapped = new HashMap<>(target);
            swapped.put(one, target.get(one).minus(its).union(others));
            swapped.put(other, target.get(other).minus(others).union(its));
            return swapped;
        }
    }

    /** One partition of each topic of each is enough to find what is wrong over many tries. */
    private static List<Swap> swaps(TestingGroup group, Map<String, Assignment> target) {
        List<Swap> swaps = new ArrayList<>();
        group.members.forEach((one, member) -> group.members.forEach((other, otherMember) -> {
            for (TopicId topic : target.get(one).topics().keySet()) {
                for (TopicId otherTopic : target.get(other).topics().keySet()) {
                    if (one.compareTo(other) < 0
                            && member.subscribed().contains(otherTopic)
                            && otherMember.subscribed().contains(topic)) {
                        PartitionSet its = target.get(one).of(topic);
                        PartitionSet others = target.get(other).of(otherTopic);
                        swaps.add(new Swap(
                                one,
                                topic,
                                its.get(group.random.nextInt(its.size())),
                                other,
                                otherTopic,
                                others.get(group.random.nextInt(others.size()))));
                    }
                }
            }
        }));
        return swaps;
    }

    @Property(tries = 300)
    void shouldReadTopicsTogetherAndEachTopicEvenly(@ForAll long seed, @ForAll boolean equal, @ForAll boolean racks) {
        TestingGroup group = new TestingGroup(new Random(seed), equal, racks);
        for (int i = 0; i < CHANGES; i++) {
            Map<String, Assignment> target = settle(group, RANGE);
            Map<List<Object>, TopicId> kinds = new HashMap<>();
            group.topics.forEach((id, topic) -> {
                List<String> readers = group.members.entrySet().stream()
                        .filter(entry -> entry.getValue().subscribed().contains(id))
                        .map(Map.Entry::getKey)
                        .toList();
                TopicId like = kinds.putIfAbsent(List.of(readers, topic.partitions()), id);
                for (String reader : readers) {
                    int least = topic.partitions() / readers.size();
                    int most = least + (topic.partitions() % readers.size() == 0 ? 0 : 1);
                    assertThat(target.get(reader).of(id).size()).isBetween(least, most);
                    assertThat(target.get(reader).of(id))
                            .isEqualTo(target.get(reader).of(like == null ? id : like));
                }
            });
            group.change();
        }
    }
}
