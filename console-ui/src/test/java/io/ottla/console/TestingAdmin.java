package io.ottla.console;

import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DeleteRecordsResult;
import org.apache.kafka.clients.admin.DeleteTopicsResult;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;

/** The Admin client of a {@link TestingCluster}: creates and deletes topics. */
final class TestingAdmin {
    /** No setting of a topic may have this in it. */
    static final String REFUSED = "refused";

    private static final class Created extends CreateTopicsResult {
        Created(Map<String, KafkaFuture<TopicMetadataAndConfig>> futures) {
            super(futures);
        }
    }

    private static final class Deleted extends DeleteTopicsResult {
        Deleted(Map<String, KafkaFuture<Void>> byName) {
            super(null, byName);
        }
    }

    private final TestingCluster cluster;

    TestingAdmin(TestingCluster cluster) {
        this.cluster = cluster;
    }

    @SuppressWarnings("unchecked")
    Admin admin() {
        return (Admin) Proxy.newProxyInstance(
                TestingAdmin.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "createTopics" ->
                        create((Collection<NewTopic>) arguments[0], (CreateTopicsOptions) arguments[1]);
                    case "deleteTopics" -> delete((Collection<String>) arguments[0]);
                    case "deleteRecords" -> deleteRecords((Map<TopicPartition, RecordsToDelete>) arguments[0]);
                    case "listOffsets" -> ends((Map<TopicPartition, OffsetSpec>) arguments[0]);
                    case String name
                    when name.contains("Acls")
                            || name.contains("Quotas")
                            || name.contains("Scram")
                            || name.contains("Transaction")
                            || name.contains("Producers") -> cluster.security.answer(name, arguments);
                    default -> cluster.replicas.call(method.getName(), arguments);
                });
    }

    private CreateTopicsResult create(Collection<NewTopic> topics, CreateTopicsOptions options) {
        Map<String, KafkaFuture<CreateTopicsResult.TopicMetadataAndConfig>> answers = new HashMap<>();
        for (NewTopic topic : topics) {
            answers.put(topic.name(), create(topic, options.shouldValidateOnly()));
        }
        return new Created(answers);
    }

    private KafkaFuture<CreateTopicsResult.TopicMetadataAndConfig> create(NewTopic topic, boolean validateOnly) {
        if (cluster.topics.containsKey(topic.name())) {
            return failed(new TopicExistsException("Topic '" + topic.name() + "' already exists."));
        }
        int replicas = topic.replicationFactor() < 0 ? 3 : topic.replicationFactor();
        if (replicas > 3) {
            return failed(new InvalidReplicationFactorException(
                    "Replication factor: " + replicas + " larger than available brokers: 3."));
        }
        for (Map.Entry<String, String> setting : topic.configs().entrySet()) {
            if (setting.getValue().contains(REFUSED)) {
                return failed(new InvalidConfigurationException(
                        "Invalid value " + setting.getValue() + " for configuration " + setting.getKey()));
            }
        }
        int partitions = topic.replicasAssignments() != null
                ? topic.replicasAssignments().size()
                : topic.numPartitions() < 0 ? 1 : topic.numPartitions();
        if (!validateOnly) {
            List<Integer> brokers = IntStream.rangeClosed(1, replicas).boxed().toList();
            cluster.topics.put(
                    topic.name(),
                    new Topic(
                            topic.name(),
                            "",
                            false,
                            IntStream.range(0, partitions)
                                    .mapToObj(id -> new Partition(id, brokers.getFirst(), brokers, brokers))
                                    .toList()));
            cluster.settings.put(topic.name(), Map.copyOf(topic.configs()));
        }
        return KafkaFuture.completedFuture(new CreateTopicsResult.TopicMetadataAndConfig(
                Uuid.ZERO_UUID, partitions, replicas, new Config(List.of())));
    }

    /** Up to the end of the log at most. */
    private DeleteRecordsResult deleteRecords(Map<TopicPartition, RecordsToDelete> asked) {
        Map<TopicPartition, KafkaFuture<DeletedRecords>> answers = new HashMap<>();
        asked.forEach((at, before) -> {
            long end = cluster.records.end(at);
            answers.put(
                    at,
                    before.beforeOffset() > end
                            ? failed(new OffsetOutOfRangeException("The offset lies behind the log's end."))
                            : KafkaFuture.completedFuture(
                                    new DeletedRecords(before.beforeOffset() < 0 ? end : before.beforeOffset())));
        });
        return new DeleteRecordsResult(answers);
    }

    /** No transaction is open in any log. */
    private ListOffsetsResult ends(Map<TopicPartition, OffsetSpec> asked) {
        Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> answers = new HashMap<>();
        asked.keySet()
                .forEach(at -> answers.put(
                        at,
                        KafkaFuture.completedFuture(
                                new ListOffsetsResultInfo(cluster.records.end(at), -1, Optional.empty()))));
        return new ListOffsetsResult(answers);
    }

    private DeleteTopicsResult delete(Collection<String> names) {
        Map<String, KafkaFuture<Void>> answers = new HashMap<>();
        for (String name : names) {
            answers.put(
                    name,
                    cluster.topics.remove(name) == null
                            ? failed(new UnknownTopicOrPartitionException(name))
                            : KafkaFuture.completedFuture(null));
        }
        return new Deleted(answers);
    }

    private static <T> KafkaFuture<T> failed(Exception why) {
        KafkaFutureImpl<T> answer = new KafkaFutureImpl<>();
        answer.completeExceptionally(why);
        return answer;
    }
}
