package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;

/**
 * One cluster, as a person or program that administers it sees it. Every call blocks for a bounded time and throws
 * {@link ClusterFailure} with a sentence for people when the cluster refuses or does not answer.
 *
 * <p>Thread-safe.
 */
public interface Cluster {
    /** Who is in the cluster. Always fresh. */
    ClusterPicture describe();

    /** The whole cluster. May be some seconds old where it is large, see {@link Survey#takenAt}; not older than the last change. */
    Survey survey();

    /**
     * The same for pages, which are not to wait: of a large cluster it may be up to two minutes old, and have less than all
     * where nobody has looked for as long, see {@link Survey#stage}.
     */
    Survey glance();

    /**
     * What brokers tell of their log folders, asked of each once for all who look and kept for some seconds.
     *
     * @param patience how long to wait for those of which nothing is known
     * @return by broker, one of each
     */
    Map<Integer, BrokerDisks> disks(Collection<Integer> brokers, Duration patience);

    /** Of all topics, internal ones too, in their order. Always fresh. */
    List<String> topicNames();

    /** All topics, internal ones too, ordered by name and without sizes. Always fresh. */
    List<TopicSummary> topics();

    /** One topic with all its partitions, in their order. */
    Topic topic(String name);

    /**
     * First and last offsets and sizes.
     *
     * @return by partition; what can't be told, since a partition has no leader or a broker does not answer, is left out
     */
    Map<Integer, Extent> extents(Topic topic, List<Partition> partitions);

    /** The configuration that holds for a topic, ordered by name. */
    List<Setting> settings(String topic);

    /** The same of several, by topic; one that is gone meanwhile is left out. */
    Map<String, List<Setting>> settingsOfTopics(Collection<String> topics);

    /** What is set for all brokers that say nothing of their own (KIP-226), ordered by name. */
    List<Setting> allBrokersSettings();

    /** The configuration that holds for a live broker, ordered by name. */
    List<Setting> brokerSettings(int broker);

    /** The same of several, by broker. */
    Map<Integer, List<Setting>> settingsOfBrokers(Collection<Integer> brokers);

    /**
     * The client for what is not here. Pages and the API get it through a visit, which knows who asks.
     *
     * @throws ClusterFailure when the cluster is not to be reached with what is set
     */
    Admin admin();

    /**
     * Waits for an answer of {@link #admin}.
     *
     * @param doing what was asked, such as "Reading the topics"
     */
    <T> T await(KafkaFuture<T> answer, Wording doing);

    /**
     * Makes another of Kafka's clients, which reaches the cluster as the console does. Whoever makes it closes it.
     *
     * @param own settings of its kind
     * @throws ClusterFailure when the cluster is not to be reached with what is set
     */
    <T> T connect(Map<String, Object> own, Function<Map<String, Object>, T> client);

    /** Its ZooKeeper, for what old consumers keep there; empty where none is known, or no client for it is there. */
    default Optional<ZooKeeperAccess> zooKeeper() {
        return Optional.empty();
    }

    /**
     * A consumer without a group, for as long as somebody looks at records. Whoever borrows it closes it.
     *
     * @throws ClusterFailure when as many are borrowed as may be at once
     */
    BorrowedConsumer consumer(Fetching wanted);

    /** Writes records and waits for all of them. What became of each, in their order. */
    List<Written> write(List<ProducerRecord<byte[], byte[]>> records);

    /** Somebody has just changed something: what is known is not to be shown again. */
    void changed();
}
