package io.ottla.console.clusters;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cluster behind Kafka's public Admin client: ours, or any other that speaks Kafka's protocol. */
public final class KafkaCluster implements Cluster, AutoCloseable {
    /** How long a page waits for offsets and sizes, without which it is shown all the same. */
    private static final Duration EXTENTS = Duration.ofSeconds(3);

    private static final int UNTOLD = -1;

    private static final Logger log = LoggerFactory.getLogger(KafkaCluster.class);

    private final AdminConnection connection;
    private final Failures failures;
    private final Sampler surveys;

    /**
     * @param bootstrap asked when the cluster is first spoken to
     * @param clientSettings settings of Kafka's Admin client, such as {@code security.protocol}
     * @param timeout after which an unanswered call fails
     */
    public KafkaCluster(
            Supplier<String> bootstrap, Map<String, String> clientSettings, Duration timeout, InstantSource clock) {
        this.connection = new AdminConnection(bootstrap, clientSettings, timeout);
        this.failures = new Failures(timeout);
        this.surveys = new Sampler(new SurveyTaker(connection, clock)::take, clock, timeout);
    }

    @Override
    public ClusterPicture describe() {
        return failures.await(SurveyTaker.cluster(connection.admin()), "Asking who is in the cluster");
    }

    @Override
    public Survey survey() {
        String doing = "Looking over the cluster";
        try {
            return surveys.get();
        } catch (TimeoutException late) {
            throw failures.noAnswer(doing, late);
        } catch (ExecutionException failed) {
            throw failures.translated(failed, doing);
        } catch (InterruptedException interrupted) {
            throw failures.interrupted(doing, interrupted);
        }
    }

    @Override
    public List<TopicSummary> topics() {
        return failures.await(SurveyTaker.topics(connection.admin()), "Reading the topics").stream()
                .map(Topic::summary)
                .toList();
    }

    @Override
    public Topic topic(String name) {
        return SurveyTaker.topic(failures.await(
                connection
                        .admin()
                        .describeTopics(List.of(name))
                        .topicNameValues()
                        .get(name),
                "Reading the topic"));
    }

    @Override
    public Map<Integer, Extent> extents(Topic topic, List<Partition> partitions) {
        Admin admin = connection.admin();
        List<TopicPartition> led = partitions.stream()
                .filter(partition -> !partition.offline())
                .map(partition -> new TopicPartition(topic.name(), partition.id()))
                .toList();
        ListOffsetsResult first = offsets(admin, led, OffsetSpec.earliest());
        ListOffsetsResult end = offsets(admin, led, OffsetSpec.latest());
        Map<TopicPartition, Long> bytes = sizes(admin, partitions);
        Map<Integer, Extent> extents = new HashMap<>();
        for (Partition partition : partitions) {
            TopicPartition at = new TopicPartition(topic.name(), partition.id());
            extents.put(
                    partition.id(),
                    new Extent(
                            partition.offline() ? UNTOLD : offset(first.partitionResult(at)),
                            partition.offline() ? UNTOLD : offset(end.partitionResult(at)),
                            bytes.getOrDefault(at, (long) UNTOLD)));
        }
        return extents;
    }

    @Override
    public List<Setting> settings(String topic) {
        return settings(new ConfigResource(ConfigResource.Type.TOPIC, topic), "Reading the topic's configuration");
    }

    @Override
    public List<Setting> brokerSettings(int broker) {
        return settings(
                new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker)),
                "Reading the broker's configuration");
    }

    private List<Setting> settings(ConfigResource resource, String doing) {
        return failures
                .await(
                        connection
                                .admin()
                                .describeConfigs(List.of(resource), new DescribeConfigsOptions().includeSynonyms(true))
                                .values()
                                .get(resource),
                        doing)
                .entries()
                .stream()
                .map(entry -> setting(entry, resource.type()))
                .sorted(Comparator.comparing(Setting::name))
                .toList();
    }

    @Override
    public CreatedTopic create(NewTopicDraft draft) {
        NewTopic topic = draft.assignments().isEmpty()
                ? new NewTopic(draft.name(), boxed(draft.partitions()), replication(draft.replicationFactor()))
                : new NewTopic(draft.name(), draft.assignments());
        CreateTopicsResult result = connection
                .admin()
                .createTopics(
                        List.of(topic.configs(draft.settings())),
                        new CreateTopicsOptions().validateOnly(draft.validateOnly()));
        failures.await(result.values().get(draft.name()), "Creating the topic");
        if (!draft.validateOnly()) {
            surveys.forget();
        }
        return new CreatedTopic(
                draft.name(), told(result.numPartitions(draft.name())), told(result.replicationFactor(draft.name())));
    }

    @Override
    public void delete(String topic) {
        failures.await(
                connection
                        .admin()
                        .deleteTopics(List.of(topic))
                        .topicNameValues()
                        .get(topic),
                "Deleting the topic");
        surveys.forget();
    }

    @Override
    public void close() {
        connection.close();
    }

    private static ListOffsetsResult offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, spec));
        return admin.listOffsets(asked, new ListOffsetsOptions().timeoutMs((int) EXTENTS.toMillis()));
    }

    private long offset(KafkaFuture<ListOffsetsResult.ListOffsetsResultInfo> answer) {
        try {
            return failures.await(answer, "Reading offsets").offset();
        } catch (ClusterFailure untold) {
            return UNTOLD;
        }
    }

    /** The largest replica of each, from all brokers that hold one and answer. */
    private Map<TopicPartition, Long> sizes(Admin admin, List<Partition> partitions) {
        TreeSet<Integer> holders = new TreeSet<>();
        partitions.forEach(partition -> holders.addAll(partition.inSync()));
        if (holders.isEmpty()) {
            return Map.of();
        }
        Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> told = admin.describeLogDirs(
                        holders, new DescribeLogDirsOptions().timeoutMs((int) EXTENTS.toMillis()))
                .descriptions();
        Map<TopicPartition, Long> bytes = new HashMap<>();
        for (KafkaFuture<Map<String, LogDirDescription>> answer : told.values()) {
            try {
                failures.await(answer, "Reading log folders")
                        .values()
                        .forEach(folder -> folder.replicaInfos()
                                .forEach((at, replica) -> bytes.merge(at, replica.size(), Math::max)));
            } catch (ClusterFailure untold) {
                log.debug("Sizes of a broker stay unknown, and the page says so with a dash", untold);
            }
        }
        return bytes;
    }

    private static Setting setting(ConfigEntry entry, ConfigResource.Type of) {
        String standard = entry.synonyms().stream()
                .filter(synonym -> synonym.source() == ConfigSource.DEFAULT_CONFIG)
                .map(ConfigEntry.ConfigSynonym::value)
                .findFirst()
                .orElse(entry.source() == ConfigSource.DEFAULT_CONFIG ? entry.value() : null);
        boolean sensitive = entry.isSensitive();
        return new Setting(
                entry.name(),
                sensitive || entry.value() == null ? "" : entry.value(),
                words(entry.source()),
                sensitive || standard == null ? "" : standard,
                of == ConfigResource.Type.TOPIC
                        ? entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG
                        : entry.source() != ConfigSource.DEFAULT_CONFIG,
                sensitive);
    }

    private static String words(ConfigSource source) {
        return switch (source) {
            case DYNAMIC_TOPIC_CONFIG -> "this topic";
            case DYNAMIC_BROKER_CONFIG -> "this broker, changed live";
            case DYNAMIC_DEFAULT_BROKER_CONFIG -> "all brokers, changed live";
            case STATIC_BROKER_CONFIG -> "broker's file";
            case DEFAULT_CONFIG -> "default";
            case DYNAMIC_BROKER_LOGGER_CONFIG, DYNAMIC_CLIENT_METRICS_CONFIG, DYNAMIC_GROUP_CONFIG, UNKNOWN ->
                "elsewhere";
        };
    }

    private static Optional<Integer> boxed(OptionalInt count) {
        return count.isPresent() ? Optional.of(count.getAsInt()) : Optional.empty();
    }

    private static Optional<Short> replication(OptionalInt count) {
        if (count.isPresent() && (count.getAsInt() < Short.MIN_VALUE || count.getAsInt() > Short.MAX_VALUE)) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.REFUSED,
                    "Expected a replication factor up to " + Short.MAX_VALUE + ", but got " + count.getAsInt() + ".");
        }
        return count.isPresent() ? Optional.of((short) count.getAsInt()) : Optional.empty();
    }

    private static int told(KafkaFuture<Integer> answer) {
        CompletableFuture<Integer> told = answer.toCompletionStage().toCompletableFuture();
        return told.isDone() && !told.isCompletedExceptionally() ? told.join() : UNTOLD;
    }
}
