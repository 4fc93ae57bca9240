package io.ottla.console.lag;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;

/**
 * Looks at all groups of a cluster and says what changed since the last look. Members are counted less often than offsets
 * are read. Not thread-safe.
 */
public final class Sampling {
    /** A whole sample after this many, so that whoever reads only the last hour knows all groups. */
    static final int WHOLE_EVERY = 360;

    static final int MEMBERS_EVERY = 6;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Counts members, in batches. */
    @FunctionalInterface
    public interface MemberCount {
        /** By group; what is not told is left out. */
        Map<String, Integer> count(Cluster cluster, Admin admin, Collection<GroupListing> groups);
    }

    private final Cluster cluster;
    private final InstantSource clock;
    private final MemberCount members;
    private final LagLoad load;
    private final LagReader reader;
    private Map<String, GroupFigures> last = Map.of();
    private int taken;

    Sampling(Cluster cluster, InstantSource clock, MemberCount members, LagLoad load) {
        this.cluster = cluster;
        this.clock = clock;
        this.members = members;
        this.load = load;
        this.reader = new LagReader(cluster, clock, load, PATIENCE);
    }

    /** Takes a sample; the first one is whole. */
    Sample take() {
        long begun = System.nanoTime();
        try {
            Admin admin = cluster.admin();
            load.called();
            List<GroupListing> groups =
                    List.copyOf(cluster.await(admin.listGroups().all(), Wording.of("doing.groups")));
            Map<String, GroupLag> read = reader.read(admin, groups);
            Map<String, Integer> counts = taken % MEMBERS_EVERY == 0 ? members.count(cluster, admin, groups) : Map.of();
            Map<String, GroupFigures> now = new TreeMap<>();
            int partitions = 0;
            for (GroupListing group : groups) {
                GroupFigures figures = figures(group.groupId(), read.get(group.groupId()), counts);
                partitions += figures.topics().stream()
                        .mapToInt(TopicFigures::partitions)
                        .sum();
                now.put(figures.group(), figures);
            }
            Sample sample = taken % WHOLE_EVERY == 0
                    ? Sample.whole(clock.millis(), now)
                    : Sample.between(last, now, clock.millis());
            last = now;
            taken++;
            load.sampled(groups.size(), partitions, System.nanoTime() - begun);
            return sample;
        } catch (RuntimeException failed) {
            load.failed(System.nanoTime() - begun);
            throw failed;
        }
    }

    /** What could not be read is as it was. */
    private GroupFigures figures(String group, GroupLag read, Map<String, Integer> counts) {
        GroupFigures before = last.getOrDefault(group, new GroupFigures(group, GroupFigures.UNKNOWN, List.of()));
        GroupFigures now = read.known() ? new GroupFigures(group, before.members(), read.topics()) : before;
        return counts.containsKey(group) ? now.withMembers(counts.get(group)) : now;
    }
}
