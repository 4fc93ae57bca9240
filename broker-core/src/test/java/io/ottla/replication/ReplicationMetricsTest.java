package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.state;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;

import io.ottla.config.ReplicationProperties;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.peer.InSyncResult;
import io.ottla.record.RecordBatchBuilder;
import io.ottla.types.BrokerEpoch;
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
        "kafka_server_replicafetchermanager_maxlag"
    })
    void shouldCountWhatFollowersFetch(Movement movement) {
        // given
        movement.watch(metrics);
        apply(new MetadataChange.TopicSet(topic("t", ID, state(2, 4, 4, BOTH, BOTH))));
        movement.look();
        // when
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
        partition.sent(100);
        partition.followerFetched(OTHER, 2, 4, 0, 0, 0);
    }
}
