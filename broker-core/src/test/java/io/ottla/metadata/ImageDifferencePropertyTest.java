package io.ottla.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.pcollections.TreePVector;

class ImageDifferencePropertyTest {
    @Property(tries = 500)
    void shouldLeadFromAnyImageToAnyOther(@ForAll long seed) {
        Random random = new Random(seed);
        ClusterImage before = image(random);
        ClusterImage after = random.nextBoolean() ? image(random) : changed(before, random);
        List<MetadataChange> changes = ImageDifference.between(before, after);
        ClusterImage reached = before.with(after.version(), changes);
        assertThat(reached).isEqualTo(after);
        assertThat(ImageDifference.between(reached, after)).isEmpty();
    }

    private static ClusterImage image(Random random) {
        ClusterImage image = ClusterImage.EMPTY;
        for (int i = random.nextInt(20); i > 0; i--) {
            image = changed(image, random);
        }
        return image.at(new ImageVersion(new ControllerEpoch(random.nextInt(3)), random.nextInt(9)));
    }

    private static ClusterImage changed(ClusterImage image, Random random) {
        String name = "t" + random.nextInt(4);
        TopicImage topic = image.topic(name);
        return image.with(
                switch (random.nextInt(8)) {
                    case 0 ->
                        new MetadataChange.BrokerSet(new BrokerImage(
                                new BrokerId(random.nextInt(3)),
                                new BrokerEpoch(random.nextInt(3)),
                                List.of(),
                                null,
                                Map.of()));
                    case 1 -> new MetadataChange.BrokerGone(new BrokerId(random.nextInt(3)));
                    case 2 -> new MetadataChange.ControllerSet(new BrokerId(random.nextInt(3)));
                    case 3 ->
                        new MetadataChange.ConfigSet(
                                ConfigResourceName.topic(name),
                                random.nextBoolean()
                                        ? ConfigImage.EMPTY
                                        : new ConfigImage(Map.of("a", "" + random.nextInt(2))));
                    case 4 ->
                        new MetadataChange.FeaturesSet(
                                new FeaturesImage(Map.of("f", (short) random.nextInt(2)), random.nextInt(2)));
                    case 5 ->
                        topic == null
                                ? new MetadataChange.TopicSet(topic(name, random))
                                : new MetadataChange.TopicGone(topic);
                    case 6 -> new MetadataChange.TopicSet(topic(name, random));
                    default ->
                        topic == null
                                ? new MetadataChange.TopicSet(topic(name, random))
                                : new MetadataChange.PartitionSet(
                                        name, random.nextInt(topic.partitions().size()), partition(random));
                });
    }

    private static TopicImage topic(String name, Random random) {
        List<PartitionImage> partitions = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            partitions.add(partition(random));
        }
        // Ids are unique to a topic of a name; 0 is an old tool's topic without one.
        long id = random.nextInt(3);
        TopicId topicId = id == 0 ? TopicId.ZERO : new TopicId(name.hashCode(), id);
        return new TopicImage(name, topicId, TreePVector.from(partitions), random.nextBoolean());
    }

    private static PartitionImage partition(Random random) {
        return new PartitionImage(
                List.of(new BrokerId(1)),
                List.of(),
                List.of(),
                new BrokerId(random.nextInt(2)),
                new LeaderEpoch(random.nextInt(2)),
                new PartitionEpoch(random.nextInt(2)),
                new ControllerEpoch(1),
                List.of(new BrokerId(1)),
                List.of(),
                BrokerId.NONE,
                false);
    }
}
