package org.apache.kafka.clients.admin;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** Answers of the Admin client about brokers and topics, which only its own package can make. */
public final class ClusterAnswers {
    private ClusterAnswers() {}

    public static DescribeClusterResult cluster(
            KafkaFuture<Collection<Node>> brokers, KafkaFuture<Node> controller, KafkaFuture<String> id) {
        return new DescribeClusterResult(brokers, controller, id, KafkaFuture.completedFuture(Set.of()));
    }

    public static ListTopicsResult listed(KafkaFuture<Map<String, TopicListing>> topics) {
        return new ListTopicsResult(topics);
    }

    public static DescribeTopicsResult described(Map<String, KafkaFuture<TopicDescription>> topics) {
        return new DescribeTopicsResult(null, topics);
    }

    public static DescribeLogDirsResult disks(Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> brokers) {
        return new DescribeLogDirsResult(brokers);
    }

    public static DescribeConfigsResult configs(Map<ConfigResource, KafkaFuture<Config>> configs) {
        return new DescribeConfigsResult(configs);
    }
}
