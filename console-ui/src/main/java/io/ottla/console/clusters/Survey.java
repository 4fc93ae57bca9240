package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A whole cluster at one glance, small enough to be kept: figures by topic and broker, no single partitions.
 *
 * @param folders ordered by broker and path
 * @param loads by broker, also of brokers that are down but hold replicas
 * @param topics ordered by name
 * @param gaps sentences about what could not be read
 */
public record Survey(
        Instant takenAt,
        ClusterPicture cluster,
        List<LogFolder> folders,
        Map<Integer, BrokerLoad> loads,
        List<TopicSummary> topics,
        List<Wording> gaps) {

    /** The same, of these topics alone. */
    public Survey withTopics(List<TopicSummary> others) {
        return others.size() == topics.size() ? this : new Survey(takenAt, cluster, folders, loads, others, gaps);
    }

    public int partitions() {
        return topics.stream().mapToInt(TopicSummary::partitions).sum();
    }

    public int underReplicated() {
        return topics.stream().mapToInt(TopicSummary::underReplicated).sum();
    }

    public int offline() {
        return topics.stream().mapToInt(TopicSummary::offline).sum();
    }

    /** Of the live brokers. */
    public Set<Integer> brokerIds() {
        return cluster.brokers().stream().map(ClusterPicture.Broker::id).collect(Collectors.toUnmodifiableSet());
    }

    public BrokerLoad load(int broker) {
        return loads.getOrDefault(broker, BrokerLoad.NONE);
    }

    public List<LogFolder> foldersOf(int broker) {
        return folders.stream().filter(folder -> folder.broker() == broker).toList();
    }
}
