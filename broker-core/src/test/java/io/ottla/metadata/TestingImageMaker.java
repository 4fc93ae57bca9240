package io.ottla.metadata;

import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metadata.BrokerImage.VersionRange;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.pcollections.TreePVector;

/** Makes images and changes by chance, with all that they may hold. */
public final class TestingImageMaker {
    private static final List<SecurityProtocol> PROTOCOLS = List.of(SecurityProtocol.values());

    private final Random random;

    public TestingImageMaker(long seed) {
        random = new Random(seed);
    }

    public ClusterImage image() {
        ClusterImage image = ClusterImage.EMPTY.of(text(22));
        for (int i = random.nextInt(30); i > 0; i--) {
            image = image.with(change(image));
        }
        return image.at(new ImageVersion(new ControllerEpoch(random.nextInt(3)), random.nextInt(9)));
    }

    /** Something that may happen to that image. */
    public MetadataChange change(ClusterImage image) {
        String name = "t" + random.nextInt(5);
        TopicImage topic = image.topic(name);
        return switch (random.nextInt(9)) {
            case 0 -> new MetadataChange.BrokerSet(broker());
            case 1 -> new MetadataChange.BrokerGone(new BrokerId(random.nextInt(4)));
            case 2 -> new MetadataChange.ControllerSet(new BrokerId(random.nextInt(4) - 1));
            case 3 ->
                new MetadataChange.ConfigSet(
                        new ConfigResourceName(
                                random.nextBoolean() ? ConfigResource.Type.TOPIC : ConfigResource.Type.BROKER, name),
                        new ConfigImage(map(random.nextInt(4), true)));
            case 4 ->
                new MetadataChange.FeaturesSet(new FeaturesImage(
                        Map.of("f" + random.nextInt(3), (short) random.nextInt(3)), random.nextLong()));
            case 5 -> new MetadataChange.AccessSet(access());
            case 6 -> topic == null ? new MetadataChange.TopicSet(topic(name)) : new MetadataChange.TopicGone(topic);
            case 7 ->
                topic == null || topic.partitions().isEmpty()
                        ? new MetadataChange.TopicSet(topic(name))
                        : new MetadataChange.PartitionSet(
                                name, random.nextInt(topic.partitions().size()), partition());
            default -> new MetadataChange.TopicSet(topic(name));
        };
    }

    private BrokerImage broker() {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            endpoints.add(new Endpoint(
                    "L" + i, PROTOCOLS.get(random.nextInt(PROTOCOLS.size())), text(20), random.nextInt(65_536)));
        }
        return new BrokerImage(
                new BrokerId(random.nextInt(4)),
                new BrokerEpoch(random.nextLong()),
                endpoints,
                random.nextBoolean() ? null : text(5),
                random.nextBoolean() ? Map.of() : Map.of(text(9), new VersionRange((short) 0, (short) 3)),
                random.nextBoolean() ? null : new Uuid(random.nextLong(), random.nextLong()));
    }

    private TopicImage topic(String name) {
        List<PartitionImage> partitions = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            partitions.add(partition());
        }
        TopicId id = random.nextInt(4) == 0 ? TopicId.ZERO : new TopicId(name.hashCode(), random.nextLong());
        return new TopicImage(name, id, TreePVector.from(partitions), random.nextBoolean());
    }

    private PartitionImage partition() {
        if (random.nextInt(5) == 0) {
            return PartitionImage.unborn(brokers(), brokers(), brokers());
        }
        List<BrokerId> replicas = brokers();
        return new PartitionImage(
                replicas,
                rarely(),
                rarely(),
                new BrokerId(random.nextInt(2_000) - 1),
                new LeaderEpoch(random.nextInt()),
                new PartitionEpoch(random.nextInt(100)),
                new ControllerEpoch(random.nextInt(1000) - 1),
                random.nextBoolean() ? replicas : brokers(),
                rarely(),
                random.nextBoolean() ? BrokerId.NONE : new BrokerId(random.nextInt(9)),
                random.nextBoolean(),
                rarely());
    }

    private List<BrokerId> rarely() {
        return random.nextInt(3) == 0 ? brokers() : List.of();
    }

    private List<BrokerId> brokers() {
        List<BrokerId> brokers = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            brokers.add(new BrokerId(random.nextInt(5)));
        }
        return brokers;
    }

    private AccessImage access() {
        return new AccessImage(
                Set.of(new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, text(8), PatternType.PREFIXED),
                        new AccessControlEntry("User:" + text(4), "*", AclOperation.WRITE, AclPermissionType.DENY))),
                Map.of(text(4), map(2, false)),
                Map.of(map(2, true), Map.of("rate", random.nextDouble())),
                map(random.nextInt(3), false));
    }

    private Map<String, String> map(int size, boolean nulls) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < size; i++) {
            map.put("k" + i, nulls && random.nextInt(4) == 0 ? null : text(random.nextInt(30)));
        }
        return map;
    }

    /** With characters of one to three bytes. */
    private String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("abcxyz0189-éß€".charAt(random.nextInt(14)));
        }
        return text.toString();
    }

    /** So many topics of so many partitions with three replicas each, on that many brokers. */
    public static ClusterImage large(int topics, int partitions, int brokers) {
        ClusterImage image = ClusterImage.EMPTY.of("mJ4y0hDqQ2yDbQ7Qv1s3aw");
        for (int i = 0; i < topics; i++) {
            List<PartitionImage> states = new ArrayList<>();
            for (int p = 0; p < partitions; p++) {
                int first = i * partitions + p;
                List<BrokerId> replicas = List.of(
                        new BrokerId(first % brokers),
                        new BrokerId((first + 1) % brokers),
                        new BrokerId((first + 2) % brokers));
                states.add(new PartitionImage(
                        replicas,
                        List.of(),
                        List.of(),
                        replicas.getFirst(),
                        new LeaderEpoch(3),
                        new PartitionEpoch(17),
                        new ControllerEpoch(4),
                        replicas,
                        List.of(),
                        BrokerId.NONE,
                        false));
            }
            image = image.with(new MetadataChange.TopicSet(
                    new TopicImage("orders.of.region-" + i, new TopicId(7, i + 1), TreePVector.from(states), false)));
        }
        return image.at(new ImageVersion(new ControllerEpoch(4), 1));
    }
}
