package io.ottla.console.lag;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.oldconsumers.OldConsumers;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all groups of a cluster and says what changed since the last look. Members are counted less often than offsets
 * are read. Not thread-safe.
 */
public final class Sampling {
    /** A whole sample after this many, so that whoever reads only the last hour knows all groups. */
    static final int WHOLE_EVERY = 360;

    static final int MEMBERS_EVERY = 6;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Sampling.class);

    /** Counts members, in batches. */
    @FunctionalInterface
    public interface MemberCount {
        /** By group; what is not told is left out. */
        Map<GroupKey, Integer> count(Cluster cluster, Admin admin, Collection<ListedGroup> groups);
    }

    private final Cluster cluster;
    private final InstantSource clock;
    private final MemberCount members;
    private final LagLoad load;
    private final LagReader reader;
    private Map<GroupKey, GroupFigures> last = Map.of();
    private int taken;
    /** Where the next look at groups in ZooKeeper begins: one look may not come to all. */
    private String nextOld = "";

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
            List<ListedGroup> groups = new ArrayList<>();
            cluster.await(admin.listGroups().all(), Wording.of("doing.groups"))
                    .forEach(listing -> groups.add(ListedGroup.of(listing)));
            List<ListedGroup> old = old();
            groups.addAll(old);
            Map<GroupKey, GroupLag> read = reader.read(admin, groups);
            nextOld = old.stream()
                    .filter(group -> !read.get(group.key()).known())
                    .findFirst()
                    .map(ListedGroup::id)
                    .orElse("");
            Map<GroupKey, Integer> counts =
                    taken % MEMBERS_EVERY == 0 ? members.count(cluster, admin, groups) : Map.of();
            Map<GroupKey, GroupFigures> now = new TreeMap<>();
            int partitions = 0;
            for (ListedGroup group : groups) {
                GroupFigures figures = figures(group.key(), read.get(group.key()), counts);
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

    /** Groups in ZooKeeper, from where the last look ended on. Where it does not answer they are as they were. */
    private List<ListedGroup> old() {
        Optional<OldConsumers> old = OldConsumers.of(cluster);
        if (old.isEmpty()) {
            return List.of();
        }
        List<String> names;
        try {
            names = new ArrayList<>(old.get().names().groups());
        } catch (ClusterFailure away) {
            log.debug("Groups in ZooKeeper are not sampled this time", away);
            names = new ArrayList<>(last.keySet().stream()
                    .filter(GroupKey::isInZooKeeper)
                    .map(GroupKey::id)
                    .toList());
        }
        int begin = Collections.binarySearch(names, nextOld);
        Collections.rotate(names, begin < 0 ? begin + 1 : -begin);
        return names.stream().map(ListedGroup::inZooKeeper).toList();
    }

    /** What could not be read is as it was. */
    private GroupFigures figures(GroupKey group, GroupLag read, Map<GroupKey, Integer> counts) {
        GroupFigures before = last.getOrDefault(group, new GroupFigures(group, GroupFigures.UNKNOWN, List.of()));
        GroupFigures now = read.known() ? new GroupFigures(group, before.members(), read.topics()) : before;
        return counts.containsKey(group) ? now.withMembers(counts.get(group)) : now;
    }
}
