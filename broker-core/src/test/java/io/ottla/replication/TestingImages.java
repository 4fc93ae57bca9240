package io.ottla.replication;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pcollections.TreePVector;

/** Pictures of a small cluster. */
public final class TestingImages {
    public static final BrokerId SELF = new BrokerId(1);
    public static final BrokerId OTHER = new BrokerId(2);

    private TestingImages() {}

    public static List<BrokerId> brokers(int... ids) {
        return Arrays.stream(ids).mapToObj(BrokerId::new).toList();
    }

    public static PartitionImage state(int leader, int leaderEpoch, int partitionEpoch, int[] replicas, int[] inSync) {
        return new PartitionImage(
                brokers(replicas),
                List.of(),
                List.of(),
                new BrokerId(leader),
                new LeaderEpoch(leaderEpoch),
                new PartitionEpoch(partitionEpoch),
                new ControllerEpoch(1),
                brokers(inSync),
                List.of(),
                BrokerId.NONE,
                false);
    }

    /** Led by broker 1, which is all there is. */
    public static PartitionImage alone(int leaderEpoch) {
        return state(1, leaderEpoch, leaderEpoch, new int[] {1}, new int[] {1});
    }

    public static TopicImage topic(String name, TopicId id, PartitionImage... partitions) {
        return new TopicImage(name, id, TreePVector.from(Arrays.asList(partitions)), false);
    }

    public static ImageStep step(ClusterImage before, MetadataChange... changes) {
        ClusterImage after = before;
        List<MetadataChange> all = new ArrayList<>();
        for (MetadataChange change : changes) {
            after = after.with(change);
            all.add(change);
        }
        return new ImageStep(before, after, all);
    }
}
