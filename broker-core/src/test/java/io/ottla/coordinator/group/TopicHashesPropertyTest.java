package io.ottla.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.replication.TestingImages;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataDelta;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataImage;
import org.apache.kafka.coordinator.group.Utils;

/** Hashes of topics are those that Kafka's coordinator computes. */
final class TopicHashesPropertyTest {
    @Property(tries = 200)
    void shouldHashAsKafkaDoes(@ForAll long seed) {
        // given  topics over brokers, some of which are in racks
        Random random = new Random(seed);
        ClusterImage image = ClusterImage.EMPTY;
        for (int broker = 1; broker <= 3; broker++) {
            image = image.with(new MetadataChange.BrokerSet(new BrokerImage(
                    new BrokerId(broker),
                    new BrokerEpoch(1),
                    List.of(),
                    random.nextBoolean() ? "rack" + random.nextInt(2) : null,
                    Map.of())));
        }
        List<String> names = new ArrayList<>(List.of("missing"));
        for (int topic = 0; topic < random.nextInt(4); topic++) {
            PartitionImage[] partitions = new PartitionImage[1 + random.nextInt(3)];
            for (int i = 0; i < partitions.length; i++) {
                int leader = 1 + random.nextInt(3);
                partitions[i] =
                        TestingImages.state(leader, 1, 1, new int[] {leader, leader % 3 + 1}, new int[] {leader});
            }
            TopicImage made =
                    TestingImages.topic("t" + random.nextInt(), new TopicId(random.nextLong(), 1), partitions);
            image = image.with(new MetadataChange.TopicSet(made));
            names.add(made.name());
        }

        // when, then
        assertThat(TopicHashes.of(image, names)).isEqualTo(kafkas(image));
    }

    private static long kafkas(ClusterImage image) {
        CoordinatorMetadataImage seen = new Seen(image);
        Map<String, Long> hashes = new HashMap<>();
        image.topics().keySet().forEach(name -> hashes.put(name, Utils.computeTopicHash(name, seen)));
        return Utils.computeGroupHash(hashes);
    }

    /** Our image, as Kafka's coordinator sees its own. */
    private record Seen(ClusterImage image) implements CoordinatorMetadataImage {
        @Override
        public Set<Uuid> topicIds() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<String> topicNames() {
            return image.topics().keySet();
        }

        @Override
        public Optional<TopicMetadata> topicMetadata(String name) {
            return Optional.ofNullable(image.topic(name)).map(topic -> new SeenTopic(image, topic));
        }

        @Override
        public Optional<TopicMetadata> topicMetadata(Uuid id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CoordinatorMetadataDelta emptyDelta() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long version() {
            return 1;
        }

        @Override
        public boolean isEmpty() {
            return false;
        }
    }

    private record SeenTopic(ClusterImage image, TopicImage topic) implements CoordinatorMetadataImage.TopicMetadata {
        @Override
        public String name() {
            return topic.name();
        }

        @Override
        public Uuid id() {
            return topic.id().uuid();
        }

        @Override
        public int partitionCount() {
            return topic.partitions().size();
        }

        @Override
        public List<String> partitionRacks(int partition) {
            List<String> racks = new ArrayList<>();
            for (BrokerId replica : topic.partition(partition).replicas()) {
                String rack = image.brokers().get(replica).rack();
                if (rack != null) {
                    racks.add(rack);
                }
            }
            return racks;
        }
    }
}
