package io.ottla.coordinator.group;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * A number that stands for all that an assignment of topics rests on: their ids, names, partitions and the racks of these
 * (KIP-1101). Kafka 4.3's own, so that a group that either has left is not rebalanced by the other. Pure.
 *
 * <pre>
 * a topic     XXH3 of 0 int8, id int64 int64, name string, partitions int32,
 *             for each partition: its number int32, for each replica's rack, sorted: its length int32, rack string
 * a group     XXH3 of the topics' hashes, in the order of their names; 0 where there are none
 * </pre>
 */
final class TopicHashes {
    private static final byte LAYOUT = 0;

    private TopicHashes() {}

    /** Of those of the topics that exist. */
    static long of(ClusterImage image, Collection<String> topics) {
        HashStream64 group = Hashing.xxh3_64().hashStream();
        boolean some = false;
        for (String name : new TreeSet<>(topics)) {
            TopicImage topic = image.topic(name);
            if (topic != null) {
                group.putLong(of(image, topic));
                some = true;
            }
        }
        return some ? group.getAsLong() : 0;
    }

    private static long of(ClusterImage image, TopicImage topic) {
        HashStream64 hash = Hashing.xxh3_64()
                .hashStream()
                .putByte(LAYOUT)
                .putLong(topic.id().mostSignificantBits())
                .putLong(topic.id().leastSignificantBits())
                .putString(topic.name())
                .putInt(topic.partitions().size());
        int number = 0;
        for (PartitionImage partition : topic.partitions()) {
            hash.putInt(number++);
            for (String rack : racks(image, partition)) {
                hash.putInt(rack.length()).putString(rack);
            }
        }
        return hash.getAsLong();
    }

    /** Where replicas of a partition are, as far as that is known: sorted, a rack for each replica. */
    static List<String> racks(ClusterImage image, PartitionImage partition) {
        List<String> racks = new ArrayList<>();
        for (BrokerId replica : partition.replicas()) {
            BrokerImage broker = image.brokers().get(replica);
            if (broker != null && broker.rack() != null) {
                racks.add(broker.rack());
            }
        }
        racks.sort(null);
        return racks;
    }
}
