package io.ottla.api;

import static io.ottla.api.TestingDataPath.answer;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.FetcherProperties;
import io.ottla.config.ReplicationProperties;
import io.ottla.config.ThrottleProperties;
import io.ottla.metadata.MetadataChange;
import io.ottla.replication.Partition;
import io.ottla.replication.Replication;
import io.ottla.replication.ReplicationPorts;
import io.ottla.replication.Role;
import io.ottla.replication.TestingBatches;
import io.ottla.replication.TestingTopics;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.StoredRecords;
import io.ottla.types.BrokerEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.junit.jupiter.api.Test;

/** A follower that has much to catch up with, and partitions in which it is in sync. Batches have ten bytes. */
class FetchCatchUpTest {
    private static final int[] BOTH = {1, 2};
    private static final int[] ONE = {1};
    private static final int CATCHING_UP = 0;
    private static final int IN_SYNC = 1;

    private final TestingDataPath path = new TestingDataPath(2);

    FetchCatchUpTest() {
        path.apply(new MetadataChange.PartitionSet("t", CATCHING_UP, state(1, 6, 6, BOTH, ONE)));
        path.apply(new MetadataChange.PartitionSet("t", IN_SYNC, state(1, 6, 6, BOTH, BOTH)));
        for (int i = 0; i < 50; i++) {
            append(CATCHING_UP);
            append(IN_SYNC);
        }
    }

    private Partition partition(int number) {
        return path.replicas.partition("t", number);
    }

    private void append(int number) {
        Partition partition = partition(number);
        partition.append((Role.Leading) partition.role(), TestingBatches.of(1), AppendOrigin.CLIENT, false);
    }

    /** Bytes of both partitions. */
    private List<Integer> fetch(int maxBytes) {
        List<FetchPartition> partitions = new ArrayList<>();
        for (int number = 0; number < 2; number++) {
            partitions.add(new FetchPartition()
                    .setPartition(number)
                    .setCurrentLeaderEpoch(6)
                    .setFetchOffset(0)
                    .setPartitionMaxBytes(1 << 20));
        }
        FetchRequestData request = new FetchRequestData()
                .setReplicaId(2)
                .setMaxWaitMs(0)
                .setMaxBytes(maxBytes)
                .setTopics(List.of(new FetchTopic().setTopic("t").setPartitions(partitions)));
        return answer(path.fetch.handle(path.context(12), request)).responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(data -> {
                    if (data.records() instanceof StoredRecords records) {
                        records.discard();
                    }
                    return data.records().sizeInBytes();
                })
                .toList();
    }

    @Test
    void shouldLeaveHalfOfAnAnswerToWhatIsInSync() {
        assertThat(fetch(400)).containsExactly(200, 200);
    }

    @Test
    void shouldSendNothingOfAThrottledReplicaThatIsNotInSyncOnceItIsTooMuch() {
        // given
        new Replication(
                path.replicas,
                new ReplicationProperties(
                        10_000, 1 << 20, 10, false, FetcherProperties.DEFAULTS, new ThrottleProperties(100, 1, 10, 1)),
                new ReplicationPorts(
                        null,
                        _ -> CompletableFuture.failedFuture(new UnsupportedOperationException()),
                        () -> new BrokerEpoch(1),
                        path.time,
                        path.time,
                        Runnable::run,
                        path.metrics));
        path.topics = TestingTopics.with(Map.of("leaderReplicationThrottledReplicas", List.of("*")));
        path.reconfigure();
        // when
        assertThat(fetch(400)).containsExactly(200, 200);
        // then
        assertThat(fetch(400)).containsExactly(0, 400);
        // when
        path.time.advance(5_000);
        // then
        assertThat(fetch(400)).containsExactly(0, 400);
        path.time.advance(60_000);
        assertThat(fetch(400)).containsExactly(200, 200);
    }
}
