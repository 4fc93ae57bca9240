package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * A whole cluster at one glance, small enough to be kept: figures by topic and broker, no single partitions.
 *
 * @param stage how far the look at the cluster has come
 * @param folders ordered by broker and path
 * @param loads by broker, also of brokers that are down but hold replicas
 * @param topics ordered by name
 * @param gaps sentences about what could not be read
 */
public record Survey(
        Stage stage,
        Instant takenAt,
        ClusterPicture cluster,
        List<LogFolder> folders,
        Map<Integer, BrokerLoad> loads,
        List<TopicSummary> topics,
        List<Wording> gaps) {
    private static final int UNKNOWN = -1;

    /** How much of a cluster is known; only of a large one is it ever less than all. */
    public enum Stage {
        /** Its brokers alone. */
        BROKERS,
        /** Its topics too, without sizes and log folders. */
        TOPICS,
        /** All, as it was before somebody changed something a moment ago. */
        OUTDATED,
        /** All. */
        WHOLE;

        /** Its word among the bundles'. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of all that there is. */
    public Survey(
            Instant takenAt,
            ClusterPicture cluster,
            List<LogFolder> folders,
            Map<Integer, BrokerLoad> loads,
            List<TopicSummary> topics,
            List<Wording> gaps) {
        this(Stage.WHOLE, takenAt, cluster, folders, loads, topics, gaps);
    }

    /** The same, of these topics alone. */
    public Survey withTopics(List<TopicSummary> others) {
        return others.size() == topics.size()
                ? this
                : new Survey(stage, takenAt, cluster, folders, loads, others, gaps);
    }

    Survey outdated() {
        return new Survey(Stage.OUTDATED, takenAt, cluster, folders, loads, topics, gaps);
    }

    /** Whether more, or something newer, is on its way. */
    public boolean coming() {
        return stage != Stage.WHOLE;
    }

    /** Whether nothing is known of topics yet. */
    public boolean topicless() {
        return stage == Stage.BROKERS;
    }

    /** Negative where unknown, as with the other figures. */
    public int topicCount() {
        return topicless() ? UNKNOWN : topics.size();
    }

    public int partitions() {
        return sum(TopicSummary::partitions);
    }

    public int underReplicated() {
        return sum(TopicSummary::underReplicated);
    }

    public int offline() {
        return sum(TopicSummary::offline);
    }

    private int sum(ToIntFunction<TopicSummary> figure) {
        return topicless() ? UNKNOWN : topics.stream().mapToInt(figure).sum();
    }

    /** Of the live brokers. */
    public Set<Integer> brokerIds() {
        return cluster.brokers().stream().map(ClusterPicture.Broker::id).collect(Collectors.toUnmodifiableSet());
    }

    public BrokerLoad load(int broker) {
        return loads.getOrDefault(broker, topicless() ? BrokerLoad.UNKNOWN : BrokerLoad.NONE);
    }

    public List<LogFolder> foldersOf(int broker) {
        return folders.stream().filter(folder -> folder.broker() == broker).toList();
    }
}
