package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** A cluster behind Kafka's public Admin client: ours, or any other that speaks Kafka's protocol. */
public final class KafkaCluster implements Cluster, AutoCloseable {
    /** How long a page waits for offsets and sizes, without which it is shown all the same. */
    private static final Duration EXTENTS = Duration.ofSeconds(3);

    private static final String SURVEYS = ClientConnection.CLIENT_ID + "-surveys";
    private static final int UNTOLD = -1;

    private final ClientConnection reached;
    private final AdminConnection connection;

    /** For answers that are large: a broker answers one question of a client after the other, and so others don't wait. */
    private final AdminConnection surveying;

    private final RecordConnection records;
    private final Failures failures;
    private final DescribedConfigs described;
    private final Disks disks;
    private final Sampler surveys;
    private final Optional<ZooKeeperAccess> zooKeeper;

    /** One whose ZooKeeper is not known. */
    public KafkaCluster(Supplier<Reach> reach, Duration timeout, InstantSource clock) {
        this(reach, timeout, clock, Optional.empty(), () -> false, Admin::create);
    }

    /**
     * @param reach asked whenever a client is made
     * @param timeout after which an unanswered call fails
     * @param up whether it is known to be up without asking it: then a slow answer is waited for as long as that
     * @param client makes the Admin client of its settings
     */
    public KafkaCluster(
            Supplier<Reach> reach,
            Duration timeout,
            InstantSource clock,
            Optional<ZooKeeperAccess> zooKeeper,
            BooleanSupplier up,
            Function<Map<String, Object>, Admin> client) {
        this.zooKeeper = zooKeeper;
        this.reached = new ClientConnection(reach, timeout);
        this.connection = new AdminConnection(reached, ClientConnection.CLIENT_ID, client);
        this.surveying = new AdminConnection(reached, SURVEYS, client);
        this.failures = new Failures(
                timeout,
                () -> up.getAsBoolean()
                        ? CompletableFuture.completedFuture(true)
                        : SurveyTaker.cluster(surveying.admin()),
                clock);
        this.records = new RecordConnection(reached, failures);
        this.described = new DescribedConfigs(connection::admin, failures, clock);
        this.disks = new Disks(surveying::admin, failures, clock);
        SurveyTaker taker = new SurveyTaker(surveying, disks, clock);
        this.surveys = new Sampler(taker::take, clock, failures.life());
    }

    @Override
    public Optional<ZooKeeperAccess> zooKeeper() {
        return zooKeeper;
    }

    @Override
    public ClusterPicture describe() {
        return failures.await(SurveyTaker.cluster(connection.admin()), Wording.of("doing.cluster"));
    }

    @Override
    public Survey survey() {
        return survey(surveys::whole);
    }

    @Override
    public Survey glance() {
        return survey(surveys::glance);
    }

    /** Where a survey comes from. */
    private interface Surveying {
        Survey get() throws InterruptedException, ExecutionException, TimeoutException;
    }

    private Survey survey(Surveying from) {
        Wording doing = Wording.of("doing.survey");
        try {
            return from.get();
        } catch (SignOfLife.Silent silent) {
            throw Failures.silent(doing, silent);
        } catch (TimeoutException late) {
            throw failures.noAnswer(doing, late);
        } catch (ExecutionException failed) {
            throw SignOfLife.isSilence(failed) && !failures.life().isAlive()
                    ? Failures.silent(doing, failed)
                    : failures.translated(failed, doing);
        } catch (InterruptedException interrupted) {
            throw failures.interrupted(doing, interrupted);
        }
    }

    @Override
    public Map<Integer, BrokerDisks> disks(Collection<Integer> brokers, Duration patience) {
        try {
            return disks.look(brokers, patience);
        } catch (InterruptedException interrupted) {
            throw failures.interrupted(Wording.of("doing.folders"), interrupted);
        }
    }

    @Override
    public List<String> topicNames() {
        return failures.await(SurveyTaker.names(connection.admin()), Wording.of("doing.topics")).stream()
                .sorted()
                .toList();
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
        Set<Integer> holders = new TreeSet<>();
        partitions.forEach(partition -> holders.addAll(partition.inSync()));
        Collection<BrokerDisks> told = disks(holders, Freshness.FIRST_PATIENCE).values();
        Map<Integer, Extent> extents = new HashMap<>();
        for (Partition partition : partitions) {
            TopicPartition at = new TopicPartition(topic.name(), partition.id());
            extents.put(
                    partition.id(),
                    new Extent(
                            partition.offline() ? UNTOLD : offset(first.partitionResult(at)),
                            partition.offline() ? UNTOLD : offset(end.partitionResult(at)),
                            told.stream()
                                    .mapToLong(broker -> broker.bytesOf(at))
                                    .max()
                                    .orElse(UNTOLD)));
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
    public Map<Integer, List<Setting>> settingsOfBrokers(Collection<Integer> brokers) {
        Map<Integer, List<Setting>> settings = new TreeMap<>();
        described
                .ask(brokers.stream()
                        .map(broker -> new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker)))
                        .toList())
                .forEach((resource, answer) -> settings.put(
                        Integer.parseInt(resource.name()),
                        settings(failures.await(answer, Wording.of("doing.broker-settings")), resource.type())));
        return settings;
    }

    @Override
    public List<Setting> allBrokersSettings() {
        return settings(new ConfigResource(ConfigResource.Type.BROKER, ""), Wording.of("doing.broker-settings"));
    }

    @Override
    public Map<String, List<Setting>> settingsOfTopics(Collection<String> topics) {
        Map<ConfigResource, KafkaFuture<Config>> answers = described.ask(topics.stream()
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
        return settings(failures.await(described.ask(List.of(resource)).get(resource), doing), resource.type());
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
    public BorrowedConsumer consumer(Fetching wanted) {
        return records.consumer(wanted);
    }

    @Override
    public List<Written> write(List<ProducerRecord<byte[], byte[]>> written) {
        return records.write(written);
    }

    @Override
    public void changed() {
        surveys.outdate();
        disks.forget();
    }

    @Override
    public void close() {
        records.close();
        connection.close();
        surveying.close();
        disks.forget();
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
