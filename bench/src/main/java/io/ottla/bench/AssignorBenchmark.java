package io.ottla.bench;

import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.AssignorInput;
import io.ottla.coordinator.group.assign.GroupAssignor;
import io.ottla.coordinator.group.assign.RangeAssignor;
import io.ottla.coordinator.group.assign.UniformAssignor;
import io.ottla.types.TopicId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long it takes to share 10,000 partitions out among 1,000 members. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AssignorBenchmark {
    private static final int MEMBERS = 1_000;
    private static final int PARTITIONS = 10_000;
    private static final int RACKS = 3;

    /** {@code equal} subscriptions, equal ones with {@code racks}, or {@code different} ones, each to half of the topics. */
    @Param({"equal", "racks", "different"})
    public String group;

    @Param({"1", "100", "10000"})
    public int topics;

    private AssignorInput fresh;
    private AssignorInput oneLeft;
    private AssignorInput doubled;

    private final GroupAssignor uniform = new UniformAssignor();
    private final GroupAssignor range = new RangeAssignor();

    private record SharedTopic(String name, int partitions, boolean hasRacks) implements AssignorInput.Topic {
        @Override
        public Set<String> racks(int partition) {
            return hasRacks ? Set.of("rack-" + partition % RACKS, "rack-" + (partition + 1) % RACKS) : Set.of();
        }
    }

    @Setup
    public void prepare() {
        Random random = new Random(7);
        boolean racks = group.equals("racks");
        Map<TopicId, AssignorInput.Topic> all = new HashMap<>();
        for (int i = 0; i < topics; i++) {
            all.put(new TopicId(7, i), new SharedTopic("topic-" + i, PARTITIONS / topics, racks));
        }
        Set<TopicId> every = Set.copyOf(all.keySet());
        Map<String, AssignorInput.Member> members = new HashMap<>();
        for (int i = 0; i < 2 * MEMBERS; i++) {
            Set<TopicId> subscribed = every;
            if (group.equals("different") && topics > 1) {
                subscribed = new HashSet<>();
                for (TopicId topic : every) {
                    if (random.nextBoolean()) {
                        subscribed.add(topic);
                    }
                }
            }
            members.put(
                    "member-" + i,
                    new AssignorInput.Member(null, racks ? "rack-" + i % RACKS : null, subscribed, Assignment.NONE));
        }
        doubled = new AssignorInput(members, all);
        members.keySet().removeIf(id -> Integer.parseInt(id.substring("member-".length())) >= MEMBERS);
        fresh = new AssignorInput(members, all);
        Map<String, Assignment> target = uniform.assign(fresh);
        members.replaceAll((id, member) ->
                new AssignorInput.Member(member.instanceId(), member.rack(), member.subscribed(), target.get(id)));
        Map<String, AssignorInput.Member> both = new HashMap<>(doubled.members());
        both.putAll(members);
        doubled = new AssignorInput(both, all);
        members.remove("member-7");
        oneLeft = new AssignorInput(members, all);
    }

    /** Nobody has anything yet. */
    @Benchmark
    public Map<String, Assignment> uniformFresh() {
        return uniform.assign(fresh);
    }

    /** One member has left. */
    @Benchmark
    public Map<String, Assignment> uniformOneLeft() {
        return uniform.assign(oneLeft);
    }

    /** As many have come as there were: half of all moves. */
    @Benchmark
    public Map<String, Assignment> uniformDoubled() {
        return uniform.assign(doubled);
    }

    /** Nobody has anything yet. */
    @Benchmark
    public Map<String, Assignment> rangeFresh() {
        return range.assign(fresh);
    }

    /** One member has left. */
    @Benchmark
    public Map<String, Assignment> rangeOneLeft() {
        return range.assign(oneLeft);
    }
}
