package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.state;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ReplicationProperties;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.peer.InSyncResult;
import io.ottla.record.RecordBatchBuilder;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class ReplicationMetricsTest {
    private static final TopicId ID = new TopicId(7, 7);
    private static final int[] BOTH = {1, 2};
    private static final int[] ONE = {1};

    private final Metrics metrics = new Metrics();
    private final TestingTimer time = new TestingTimer();
    private final TestingPeers peers = new TestingPeers();
    private final Replicas replicas = new Replicas(
            SELF,
            new TestingLogStore(new TestingFolder(Path.of("data"))),
            set -> TestingTopics.with(Map.of(
                    "leaderReplicationThrottledReplicas", List.of("*"),
                    "followerReplicationThrottledReplicas", List.of("*"))),
            Runnable::run,
            metrics);

    ReplicationMetricsTest() {
        new Replication(
                replicas,
                ReplicationProperties.DEFAULTS,
                new ReplicationPorts(
                        peers,
                        proposal -> CompletableFuture.completedStage(proposal.changes().stream()
                                .<InSyncResult>map(change -> new InSyncResult.Refused(
                                        change.partition(), Failure.of(Errors.INELIGIBLE_REPLICA)))
                                .toList()),
                        () -> new BrokerEpoch(1),
                        time,
                        time,
                        Runnable::run,
                        metrics));
    }

    private void apply(MetadataChange... changes) {
        replicas.apply(step(replicas.image(), changes)).toCompletableFuture().join();
    }

    @Test
    @Moves({
        "kafka_server_brokertopicmetrics_replicationbytesin_total",
        "kafka_server_fetcherlagmetrics_consumerlag",
        "kafka_server_fetcherstats_bytes_total",
        "kafka_server_fetcherstats_requests_total",
        "kafka_server_followerreplication_byte_rate",
        "kafka_server_replicafetchermanager_maxlag",
        "kafka_server_replicafetchermanager_minfetchrate"
    })
    void shouldCountWhatFollowersFetch(Movement movement) {
        // given
        movement.watch(metrics);
        apply(new MetadataChange.TopicSet(topic("t", ID, state(2, 4, 4, BOTH, BOTH))));
        movement.look();
        // when
        time.advance(1_000);
        ByteBuffer batch = new RecordBatchBuilder()
                .leaderEpoch(4)
                .append(1000, null, ByteBuffer.allocate(9))
                .build();
        peers.last()
                .answer()
                .complete(new FetchResponseData()
                        .setSessionId(9)
                        .setResponses(List.of(new FetchableTopicResponse()
                                .setTopicId(ID.uuid())
                                .setPartitions(List.of(new PartitionData()
                                        .setPartitionIndex(0)
                                        .setHighWatermark(7)
                                        .setRecords(MemoryRecords.readableRecords(batch)))))));
    }

    @Test
    @Moves({
        "kafka_server_brokertopicmetrics_replicationbytesout_total",
        "kafka_server_leaderreplication_byte_rate",
        "kafka_server_replicamanager_failedisrupdates_total"
    })
    void shouldCountWhatLeadersSendAndAreRefused(Movement movement) {
        // given
        movement.watch(metrics);
        apply(
                new MetadataChange.BrokerSet(new BrokerImage(OTHER, new BrokerEpoch(2), List.of(), null, Map.of())),
                new MetadataChange.TopicSet(topic("t", ID, state(1, 4, 4, BOTH, ONE))));
        Partition partition = replicas.partition("t", 0);
        // when
        partition.sent(OTHER, 100);
        partition.followerFetched(OTHER, 2, 4, 0, 0, 0);
    }

    @Test
    @Moves({
        "kafka_server_brokertopicmetrics_reassignmentbytesin_total",
        "kafka_server_brokertopicmetrics_reassignmentbytesout_total"
    })
    void shouldCountWhatAReassignmentMoves(Movement movement) {
        // given  two partitions, of which one comes here and one goes from here
        movement.watch(metrics);
        apply(new MetadataChange.TopicSet(topic(
                "t", ID, moving(state(2, 4, 4, BOTH, new int[] {2}), SELF), moving(state(1, 4, 4, BOTH, ONE), OTHER))));
        // when
        replicas.partition("t", 0).fetched(100);
        replicas.partition("t", 1).sent(OTHER, 30);
        // then   what others fetch is no part of it
        replicas.partition("t", 1).sent(new BrokerId(3), 10);
        assertThat(value("reassignmentbytesin")).isEqualTo(100);
        assertThat(value("reassignmentbytesout")).isEqualTo(30);
        assertThat(value("replicationbytesout")).isEqualTo(40);
        // and    neither is what follows when it is over
        apply(new MetadataChange.PartitionSet("t", 0, state(2, 4, 5, BOTH, BOTH)));
        replicas.partition("t", 0).fetched(7);
        assertThat(value("reassignmentbytesin")).isEqualTo(100);
        assertThat(value("replicationbytesin")).isEqualTo(107);
    }

    private static PartitionImage moving(PartitionImage state, BrokerId adding) {
        return new PartitionImage(
                state.replicas(),
                List.of(adding),
                List.of(),
                state.leader(),
                state.leaderEpoch(),
                state.partitionEpoch(),
                state.controllerEpoch(),
                state.inSync(),
                List.of(),
                BrokerId.NONE,
                false);
    }

    private long value(String name) {
        return metrics.counter("kafka_server_brokertopicmetrics_" + name + "_total", "", Labels.NONE)
                .value();
    }
}
