package io.ottla.cluster;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.state;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.replication.Replicas;
import io.ottla.replication.Role;
import io.ottla.replication.TestingBatches;
import io.ottla.replication.TestingFolder;
import io.ottla.replication.TestingLog;
import io.ottla.replication.TestingLogStore;
import io.ottla.storage.AppendOrigin;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExporterMeterTest {
    private static final TopicId ID = new TopicId(1, 1);
    private static final int[] BOTH = {1, 2};
    private static final int[] ONE = {1};

    private final Metrics metrics = new Metrics();
    private final Replicas replicas = new Replicas(
            SELF,
            new TestingLogStore(new TestingFolder(Path.of("data"))),
            set -> TopicProperties.DEFAULTS,
            Runnable::run,
            metrics);

    @BeforeEach
    void begin() {
        ExporterMeter.show("c", replicas, metrics);
        apply(new MetadataChange.ControllerSet(SELF), broker(SELF, "one"));
    }

    private void apply(MetadataChange... changes) {
        replicas.apply(step(replicas.image(), changes)).toCompletableFuture().join();
    }

    private static MetadataChange broker(BrokerId id, String host) {
        return new MetadataChange.BrokerSet(new BrokerImage(
                id,
                new BrokerEpoch(1),
                List.of(new BrokerImage.Endpoint("CLIENT", SecurityProtocol.PLAINTEXT, host, 9092)),
                null,
                Map.of()));
    }

    @Test
    @Moves({
        "kafka_brokers",
        "kafka_broker_info",
        "kafka_topic_partitions",
        "kafka_topic_partition_leader",
        "kafka_topic_partition_leader_is_preferred",
        "kafka_topic_partition_replicas",
        "kafka_topic_partition_in_sync_replica",
        "kafka_topic_partition_under_replicated_partition",
        "kafka_topic_partition_current_offset",
        "kafka_topic_partition_oldest_offset",
        "kafka_partition_latest_offset"
    })
    void shouldFollowBrokersTopicsAndRecords(Movement movement) {
        // given
        apply(new MetadataChange.TopicSet(topic("t", ID, state(1, 0, 0, BOTH, BOTH))));
        movement.watch(metrics);
        // when  a broker comes and a replica falls behind
        apply(broker(OTHER, "two"), new MetadataChange.PartitionSet("t", 0, state(1, 0, 1, BOTH, ONE)));
        movement.look();
        // and   the other is preferred, and records come and go
        apply(new MetadataChange.PartitionSet("t", 0, state(1, 0, 2, new int[] {2, 1, 3}, ONE)));
        var partition = replicas.partition("t", 0);
        // the follower that is not in sync is not waited for
        partition.append((Role.Leading) partition.role(), TestingBatches.of(3), AppendOrigin.CLIENT, false);
        ((TestingLog) partition.log()).retainFrom(2);
        movement.look();
        // and   nobody leads, and the topic grows
        apply(new MetadataChange.PartitionSet("t", 0, state(-1, 1, 3, BOTH, ONE)));
        movement.look();
        apply(new MetadataChange.TopicSet(topic("t", ID, state(1, 2, 4, BOTH, ONE), state(1, 0, 0, BOTH, ONE))));
    }

    @Test
    void shouldSpeakOnlyOfWhatItLeadsWhereAnotherIsTheController() {
        // when
        apply(
                new MetadataChange.ControllerSet(OTHER),
                broker(OTHER, "two"),
                new MetadataChange.TopicSet(topic(
                        "t", ID, state(1, 0, 0, BOTH, BOTH), state(2, 0, 0, BOTH, BOTH), state(-1, 0, 0, BOTH, BOTH))));
        // then
        assertThat(names()).doesNotContain("kafka_brokers", "kafka_broker_info", "kafka_topic_partitions");
        assertThat(partitionsOf("kafka_topic_partition_leader")).containsExactly("0");
        assertThat(partitionsOf("kafka_topic_partition_current_offset")).containsExactly("0");
        // when  it becomes the controller, it also speaks of what has no leader
        apply(new MetadataChange.ControllerSet(SELF));
        assertThat(partitionsOf("kafka_topic_partition_leader")).containsExactly("0", "2");
        assertThat(partitionsOf("kafka_topic_partition_current_offset")).containsExactly("0");
    }

    private List<String> names() {
        return metrics.read().stream().map(Metrics.Family::name).toList();
    }

    private List<String> partitionsOf(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .map(sample -> sample.labels().pairs().get(1))
                .toList();
    }
}
