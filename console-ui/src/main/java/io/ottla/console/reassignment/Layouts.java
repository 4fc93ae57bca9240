package io.ottla.console.reassignment;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.BrokerDisks;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterPicture;
import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.clusters.Topic;
import io.ottla.console.moves.Layout;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads who holds what, and how large it is. */
public final class Layouts {
    private static final Logger log = LoggerFactory.getLogger(Layouts.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Layouts() {}

    /** The whole cluster, topics too that the visitor may not see: they weigh on brokers all the same. */
    static Layout read(Visit visit) {
        ClusterPicture cluster = visit.cluster().describe();
        return Layout.of(
                topics(visit, visit.cluster().topicNames()),
                cluster,
                sizes(visit, cluster.brokers().stream().map(Broker::id).toList()));
    }

    /** Those of the topics that are there. */
    public static List<Topic> topics(Visit visit, Collection<String> names) {
        List<Topic> topics = new ArrayList<>();
        if (names.isEmpty()) {
            return topics;
        }
        Map<String, KafkaFuture<TopicDescription>> asked =
                visit.asking().describeTopics(names).topicNameValues();
        for (KafkaFuture<TopicDescription> answer : asked.values()) {
            try {
                topics.add(Topic.of(visit.cluster().await(answer, Wording.of("doing.topics"))));
            } catch (ClusterFailure failure) {
                if (failure.reason() != ClusterFailure.Reason.NOT_FOUND) {
                    throw failure;
                }
            }
        }
        return topics;
    }

    /** The largest replica of each partition; those of brokers that do not tell are not there. */
    static Map<TopicPartition, Long> sizes(Visit visit, Collection<Integer> brokers) {
        Map<TopicPartition, Long> sizes = new HashMap<>();
        for (BrokerDisks broker : visit.cluster().disks(brokers, PATIENCE).values()) {
            broker.failure().ifPresent(why -> log.debug("Sizes of broker {} stay unknown", broker.broker(), why));
            for (LogDirDescription folder : broker.folders().values()) {
                folder.replicaInfos().forEach((at, replica) -> {
                    if (!replica.isFuture()) {
                        sizes.merge(at, replica.size(), Math::max);
                    }
                });
            }
        }
        return sizes;
    }
}
