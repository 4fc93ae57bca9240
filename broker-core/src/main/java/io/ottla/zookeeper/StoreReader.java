package io.ottla.zookeeper;

import static io.ottla.zookeeper.ZooKeeperStore.all;
import static io.ottla.zookeeper.ZooKeeperStore.orEmpty;
import static io.ottla.zookeeper.ZooKeeperStore.value;

import io.ottla.controller.ConfigNote;
import io.ottla.controller.StoreEvent;
import io.ottla.controller.StoredFeatures;
import io.ottla.controller.StoredTopic;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.pcollections.TreePVector;

/** Reads the nodes of a cluster, all at once, and asks to be told of their next change. */
final class StoreReader {
    static final StoreEvent TOPICS = new StoreEvent.TopicsChanged();
    static final StoreEvent DELETIONS = new StoreEvent.DeletionsChanged();

    private static final String BROKERS = "/brokers/ids";
    private static final String CLUSTER_ID = "/cluster/id";

    private final ZooKeeperRequests requests;
    private final Consumer<StoreEvent> listener;
    private final UnreadableNodes unreadableNodes = new UnreadableNodes();

    StoreReader(ZooKeeperRequests requests, Consumer<StoreEvent> listener) {
        this.requests = requests;
        this.listener = listener;
    }

    CompletableFuture<String> clusterId() {
        return requests.getData(CLUSTER_ID)
                .thenApply(answer ->
                        Json.read(value(answer, CLUSTER_ID)).path("id").asString(""));
    }

    /** Names of a node's children, always in the same order; the event is told when one comes or goes. */
    CompletableFuture<Set<String>> names(String path, StoreEvent event) {
        return requests.getChildren(path, telling(event))
                .thenApply(answer -> Collections.unmodifiableSet(new TreeSet<>(orEmpty(answer, path))));
    }

    CompletableFuture<Map<BrokerId, BrokerImage>> brokers() {
        StoreEvent event = new StoreEvent.BrokersChanged();
        return names(BROKERS, event).thenCompose(ids -> {
            List<CompletableFuture<BrokerImage>> each = new ArrayList<>();
            for (String id : ids) {
                String path = BROKERS + "/" + id;
                each.add(requests.getData(path, telling(event))
                        .thenApply(answer -> answer.code() == Code.NONODE ? null : broker(id, answer, path)));
            }
            return all(each).thenApply(images -> {
                Map<BrokerId, BrokerImage> brokers = new TreeMap<>();
                images.stream().filter(Objects::nonNull).forEach(image -> brokers.put(image.id(), image));
                return brokers;
            });
        });
    }

    private static BrokerImage broker(String id, Answer<byte[]> answer, String path) {
        byte[] data = value(answer, path);
        try {
            return BrokerNode.decode(
                    new BrokerId(Integer.parseInt(id)),
                    new BrokerEpoch(answer.stat().getCzxid()),
                    data);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** @param unreadable is told of topics of which a node can't be understood, and why */
    CompletableFuture<Map<String, StoredTopic>> topics(Collection<String> names, Map<String, String> unreadable) {
        List<CompletableFuture<StoredTopic>> each = new ArrayList<>(names.size());
        for (String name : names) {
            each.add(requests.getData(TopicNode.path(name), telling(new StoreEvent.TopicChanged(name)))
                    .thenCompose(answer -> topic(name, answer, unreadable)));
        }
        return all(each).thenApply(topics -> {
            Map<String, StoredTopic> found = new HashMap<>();
            topics.stream()
                    .filter(Objects::nonNull)
                    .forEach(topic -> found.put(topic.topic().name(), topic));
            return found;
        });
    }

    /** Asks to be told of a topic's next change. */
    void follow(String topic) {
        requests.exists(TopicNode.path(topic), telling(new StoreEvent.TopicChanged(topic)))
                .whenComplete((answer, error) -> {});
    }

    private CompletableFuture<StoredTopic> topic(String name, Answer<byte[]> answer, Map<String, String> unreadable) {
        if (answer.code() == Code.NONODE) {
            return CompletableFuture.completedFuture(null);
        }
        byte[] data = value(answer, TopicNode.path(name));
        TopicImage topic = TopicNode.decode(name, data);
        if (topic == null) {
            unreadable.put(
                    name, "Expected the assignment of a topic in " + TopicNode.path(name) + ", but it can't be read");
            return CompletableFuture.completedFuture(null);
        }
        List<CompletableFuture<PartitionImage>> states = new ArrayList<>();
        for (int number = 0; number < topic.partitions().size(); number++) {
            PartitionImage assignment = topic.partition(number);
            String path = PartitionNode.path(new TopicPartition(name, number));
            states.add(requests.getData(path).thenApply(state -> state(name, assignment, state, path, unreadable)));
        }
        return all(states)
                .thenApply(images -> images.stream().anyMatch(Objects::isNull)
                        ? null
                        : new StoredTopic(
                                new TopicImage(name, topic.id(), TreePVector.from(images), false),
                                answer.stat().getVersion()));
    }

    private static PartitionImage state(
            String topic,
            PartitionImage assignment,
            Answer<byte[]> answer,
            String path,
            Map<String, String> unreadable) {
        if (answer.code() == Code.NONODE) {
            return assignment;
        }
        PartitionImage state = PartitionNode.decode(
                assignment, value(answer, path), answer.stat().getVersion());
        if (state == null) {
            unreadable.put(topic, "Expected the state of a partition in " + path + ", but it can't be read");
        }
        return state;
    }

    CompletableFuture<Map<ConfigResourceName, ConfigImage>> allConfigs() {
        return all(ConfigNode.TYPES.stream().map(this::configured).toList())
                .thenApply(each -> each.stream()
                        .flatMap(List::stream)
                        .filter(Objects::nonNull)
                        .toList())
                .thenCompose(this::configs)
                .thenApply(configs -> {
                    Map<ConfigResourceName, ConfigImage> set = new HashMap<>(configs);
                    set.values().removeIf(config -> config.values().isEmpty());
                    return set;
                });
    }

    private CompletableFuture<List<ConfigResourceName>> configured(String type) {
        String path = ConfigNode.ROOT + "/" + type;
        return requests.getChildren(path)
                .thenApply(answer -> orEmpty(answer, path).stream()
                        .map(name -> ConfigNode.resource(type, name))
                        .toList());
    }

    /** Configuration that can't be understood counts as none, and is told of. */
    CompletableFuture<Map<ConfigResourceName, ConfigImage>> configs(Collection<ConfigResourceName> resources) {
        List<ConfigResourceName> order = List.copyOf(resources);
        List<CompletableFuture<ConfigImage>> each = new ArrayList<>(order.size());
        for (ConfigResourceName resource : order) {
            String path = ConfigNode.path(resource);
            each.add(requests.getData(path).thenApply(answer -> config(path, answer)));
        }
        return all(each).thenApply(images -> {
            Map<ConfigResourceName, ConfigImage> configs = new HashMap<>();
            for (int i = 0; i < order.size(); i++) {
                configs.put(order.get(i), images.get(i));
            }
            return configs;
        });
    }

    private ConfigImage config(String path, Answer<byte[]> answer) {
        byte[] data = answer.code() == Code.NONODE ? null : value(answer, path);
        ConfigImage config = data == null || data.length == 0 ? ConfigImage.EMPTY : ConfigNode.decode(data);
        if (config == null) {
            unreadableNodes.config(path, data, answer.stat().getMzxid());
            return ConfigImage.EMPTY;
        }
        unreadableNodes.isGood(path);
        return config;
    }

    CompletableFuture<List<ConfigNote>> notes() {
        return names(ConfigNode.NOTES, new StoreEvent.ConfigsChanged()).thenCompose(names -> {
            unreadableNodes.notes(names);
            List<CompletableFuture<ConfigNote>> each = new ArrayList<>();
            names.stream().sorted(Comparator.naturalOrder()).forEach(name -> {
                String path = ConfigNode.NOTES + "/" + name;
                each.add(requests.getData(path)
                        .thenApply(answer -> answer.code() == Code.NONODE ? null : note(name, answer, path)));
            });
            return all(each)
                    .thenApply(notes -> notes.stream().filter(Objects::nonNull).toList());
        });
    }

    private ConfigNote note(String name, Answer<byte[]> answer, String path) {
        byte[] data = value(answer, path);
        if (!ConfigNode.isNote(data)) {
            unreadableNodes.note(name, data);
        }
        return new ConfigNote(name, ConfigNode.decodeNote(data), answer.stat().getCtime());
    }

    /** Features that can't be understood are told of. */
    CompletableFuture<StoredFeatures> features() {
        return requests.getData(FeatureNode.PATH, telling(new StoreEvent.FeaturesChanged()))
                .thenApply(this::features);
    }

    private StoredFeatures features(Answer<byte[]> answer) {
        if (answer.code() == Code.NONODE) {
            return new StoredFeatures(Map.of(), -1);
        }
        byte[] data = value(answer, FeatureNode.PATH);
        int version = answer.stat().getVersion();
        FeaturesImage features = FeatureNode.decode(data, version);
        if (features == null) {
            unreadableNodes.features(data, answer.stat().getMzxid());
            return new StoredFeatures(null, version);
        }
        unreadableNodes.isGood(FeatureNode.PATH);
        return new StoredFeatures(features.levels(), version);
    }

    private Runnable telling(StoreEvent event) {
        return new StoreWord(listener, event);
    }
}
