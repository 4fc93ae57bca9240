package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cluster behind Kafka's public Admin client: ours, or any other that speaks Kafka's protocol. */
public final class KafkaCluster implements Cluster, AutoCloseable {
    /** How long a page waits for offsets and sizes, without which it is shown all the same. */
    private static final Duration EXTENTS = Duration.ofSeconds(3);

    private static final int UNTOLD = -1;

    private static final Logger log = LoggerFactory.getLogger(KafkaCluster.class);

    private final ClientConnection reached;
    private final AdminConnection connection;
    private final RecordConnection records;
    private final Failures failures;
    private final Sampler surveys;

    /**
     * @param reach asked whenever a client is made
     * @param timeout after which an unanswered call fails
     */
    public KafkaCluster(Supplier<Reach> reach, Duration timeout, InstantSource clock) {
        this.reached = new ClientConnection(reach, timeout);
        this.connection = new AdminConnection(reached);
        this.failures = new Failures(timeout);
        this.records = new RecordConnection(reached, failures);
        this.surveys = new Sampler(new SurveyTaker(connection, clock)::take, clock, timeout);
    }

    @Override
    public ClusterPicture describe() {
        return failures.await(SurveyTaker.cluster(connection.admin()), Wording.of("doing.cluster"));
    }

    @Override
    public Survey survey() {
        Wording doing = Wording.of("doing.survey");
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
        return failures.await(SurveyTaker.topics(connection.admin()), Wording.of("doing.topics")).stream()
                .map(Topic::summary)
                .toList();
    }

    @Override
    public Topic topic(String name) {
        return Topic.of(failures.await(
                connection
                        .admin()
                        .describeTopics(List.of(name))
                        .topicNameValues()
                        .get(name),
                Wording.of("doing.topic")));
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
        return settings(new ConfigResource(ConfigResource.Type.TOPIC, topic), Wording.of("doing.topic-settings"));
    }

    @Override
    public List<Setting> brokerSettings(int broker) {
        return settings(
                new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker)),
                Wording.of("doing.broker-settings"));
    }

    @Override
    public List<Setting> allBrokersSettings() {
        return settings(new ConfigResource(ConfigResource.Type.BROKER, ""), Wording.of("doing.broker-settings"));
    }

    @Override
    public Map<String, List<Setting>> settingsOfTopics(Collection<String> topics) {
        Map<ConfigResource, KafkaFuture<Config>> answers = describe(topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList());
        Map<String, List<Setting>> settings = new TreeMap<>();
        answers.forEach((resource, answer) -> {
            try {
                settings.put(
                        resource.name(),
                        settings(failures.await(answer, Wording.of("doing.topic-settings")), resource.type()));
            } catch (ClusterFailure gone) {
                if (gone.reason() != ClusterFailure.Reason.NOT_FOUND) {
                    throw gone;
                }
            }
        });
        return settings;
    }

    private List<Setting> settings(ConfigResource resource, Wording doing) {
        return settings(failures.await(describe(List.of(resource)).get(resource), doing), resource.type());
    }

    /** Brokers before 2.6 tell no documentation, and the client refuses to ask them for it (KIP-569). */
    private Map<ConfigResource, KafkaFuture<Config>> describe(Collection<ConfigResource> resources) {
        Map<ConfigResource, KafkaFuture<Config>> told = describe(resources, true);
        return told.values().stream().anyMatch(this::isUnsupported) ? describe(resources, false) : told;
    }

    private Map<ConfigResource, KafkaFuture<Config>> describe(
            Collection<ConfigResource> resources, boolean documentation) {
        return connection
                .admin()
                .describeConfigs(
                        resources,
                        new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(documentation))
                .values();
    }

    private boolean isUnsupported(KafkaFuture<Config> answer) {
        try {
            failures.await(answer, Wording.of("doing.topic-settings"));
            return false;
        } catch (ClusterFailure failure) {
            return failure.getCause() instanceof UnsupportedVersionException;
        }
    }

    private static List<Setting> settings(Config config, ConfigResource.Type of) {
        return config.entries().stream()
                .map(entry -> setting(entry, of))
                .sorted(Comparator.comparing(Setting::name))
                .toList();
    }

    @Override
    public Admin admin() {
        return connection.admin();
    }

    @Override
    public <T> T await(KafkaFuture<T> answer, Wording doing) {
        return failures.await(answer, doing);
    }

    @Override
    public <T> T connect(Map<String, Object> own, Function<Map<String, Object>, T> client) {
        return reached.connect(own, client);
    }

    @Override
    public BorrowedConsumer consumer(boolean committedOnly) {
        return records.consumer(committedOnly);
    }

    @Override
    public List<Written> write(List<ProducerRecord<byte[], byte[]>> written) {
        return records.write(written);
    }

    @Override
    public void changed() {
        surveys.forget();
    }

    @Override
    public void close() {
        records.close();
        connection.close();
    }

    private static ListOffsetsResult offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, spec));
        return admin.listOffsets(asked, new ListOffsetsOptions().timeoutMs((int) EXTENTS.toMillis()));
    }

    private long offset(KafkaFuture<ListOffsetsResult.ListOffsetsResultInfo> answer) {
        try {
            return failures.await(answer, Wording.of("doing.offsets")).offset();
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
                failures.await(answer, Wording.of("doing.folders"))
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
                entry.source(),
                sensitive || standard == null ? "" : standard,
                of == ConfigResource.Type.TOPIC
                        ? entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG
                        : entry.source() != ConfigSource.DEFAULT_CONFIG,
                sensitive,
                entry.isReadOnly(),
                entry.type() == ConfigEntry.ConfigType.UNKNOWN
                        ? ""
                        : entry.type().name(),
                entry.documentation() == null ? "" : entry.documentation(),
                entry.synonyms().stream()
                        .map(synonym -> new Setting.Synonym(
                                synonym.name(),
                                sensitive || synonym.value() == null ? "" : synonym.value(),
                                synonym.source()))
                        .toList());
    }
}
