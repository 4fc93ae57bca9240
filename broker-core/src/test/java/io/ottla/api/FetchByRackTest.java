package io.ottla.api;

import static io.ottla.api.TestingDataPath.answer;
import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.FetcherProperties;
import io.ottla.config.ReplicationProperties;
import io.ottla.config.ThrottleProperties;
import io.ottla.metadata.MetadataChange;
import io.ottla.replication.Partition;
import io.ottla.replication.PartitionRead;
import io.ottla.replication.ReadLimit;
import io.ottla.replication.Role;
import io.ottla.replication.TestingBatches;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.StoredRecords;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Consumers that read the replica in their rack: broker 2 is in one, broker 1, which is this one, in none. */
class FetchByRackTest {
    private static final int[] BOTH = {1, 2};
    private static final int[] ONE = {1};
    private static final String RACK = "rack";

    private final TestingDataPath path = new TestingDataPath(1);
    private final Partition partition = path.replicas.partition("t", 0);
    private final FetchHandler byRack = path.fetching(new ReplicationProperties(
            10_000, 1 << 20, 10, true, FetcherProperties.DEFAULTS, ThrottleProperties.DEFAULTS));

    private void lead(int epoch, int... inSync) {
        path.apply(new MetadataChange.PartitionSet("t", 0, state(1, epoch, epoch, BOTH, inSync)));
    }

    private void append(int records) {
        partition.append((Role.Leading) partition.role(), TestingBatches.of(records), AppendOrigin.CLIENT, false);
    }

    private static FetchRequestData request(long offset, String rack) {
        return new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setRackId(rack)
                .setTopics(List.of(new FetchTopic()
                        .setTopic("t")
                        .setTopicId(TestingDataPath.ID.uuid())
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(1 << 20)))));
    }

    private PartitionData fetch(FetchHandler handler, int version, long offset, String rack) {
        return first(answer(
                handler.handle(path.context(version), request(offset, rack).setMaxWaitMs(0))));
    }

    private static PartitionData first(FetchResponseData answer) {
        PartitionData data = answer.responses().get(0).partitions().get(0);
        if (data.records() instanceof StoredRecords records) {
            records.discard();
        }
        return data;
    }

    private int preferred(FetchHandler handler, int version, long offset, String rack) {
        return fetch(handler, version, offset, rack).preferredReadReplica();
    }

    @Test
    void shouldSendAConsumerToTheReplicaInItsRack() {
        // given
        lead(6, BOTH);
        append(4);
        partition.followerFetched(OTHER, -1, 6, 4, 0, 0);
        // when
        PartitionData data = fetch(byRack, 12, 2, RACK);
        // then
        assertThat(data.preferredReadReplica()).isEqualTo(2);
        assertThat(data.records().sizeInBytes()).isZero();
        assertThat(data.highWatermark()).isEqualTo(4);
    }

    @Test
    void shouldServeAConsumerThatNoOtherReplicaServesBetter() {
        // given
        lead(6, BOTH);
        append(4);
        partition.followerFetched(OTHER, -1, 6, 3, 0, 0);
        // then
        assertThat(preferred(byRack, 12, 4, RACK)).as("it is not there yet").isEqualTo(-1);
        assertThat(preferred(byRack, 12, 2, "elsewhere")).isEqualTo(-1);
        assertThat(preferred(byRack, 12, 2, "")).isEqualTo(-1);
        assertThat(preferred(byRack, 10, 2, RACK)).isEqualTo(-1);
        assertThat(preferred(path.fetch, 12, 2, RACK)).as("nobody asked for it").isEqualTo(-1);
        // when  it is in sync no more
        lead(7, ONE);
        partition.followerFetched(OTHER, -1, 7, 4, 0, 0);
        // then
        assertThat(preferred(byRack, 12, 2, RACK)).isEqualTo(-1);
    }

    @Test
    void shouldServeWhatIsCommittedWhereItFollows() {
        // given  a replica with four records, of which three are known to be committed
        lead(6, BOTH);
        append(3);
        partition.followerFetched(OTHER, -1, 6, 3, 0, 0);
        append(1);
        path.apply(new MetadataChange.PartitionSet("t", 0, state(2, 7, 7, BOTH, BOTH)));
        // then
        assertThat(fetch(path.fetch, 11, 0, RACK).records().sizeInBytes()).isEqualTo(30);
        assertThat(fetch(path.fetch, 10, 0, RACK).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        // when  nobody leads
        path.apply(new MetadataChange.PartitionSet("t", 0, state(-1, 8, 8, BOTH, BOTH)));
        // then
        assertThat(fetch(path.fetch, 11, 0, RACK).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
    }

    @Test
    void shouldPromiseNothingOfWhatItMayLackWhereItFollows() {
        // given  a replica with two records of epoch 5 and two of epoch 6, of which three are known to be committed
        lead(5, BOTH);
        append(2);
        lead(6, BOTH);
        append(1);
        partition.followerFetched(OTHER, -1, 6, 3, 0, 0);
        append(1);
        path.apply(new MetadataChange.PartitionSet("t", 0, state(2, 8, 8, BOTH, BOTH)));
        // then   a consumer that has read more from the leader is neither out of range nor on another branch
        assertThat(fetch(path.fetch, 11, 9, RACK).errorCode()).isEqualTo(Errors.OFFSET_NOT_AVAILABLE.code());
        assertThat(errorAfter(6, 9)).isEqualTo(Errors.OFFSET_NOT_AVAILABLE);
        assertThat(errorAfter(7, 4)).isEqualTo(Errors.OFFSET_NOT_AVAILABLE);
        assertThat(errorAfter(8, 4)).isEqualTo(Errors.OFFSET_NOT_AVAILABLE);
        // and    one that has read what is not here for certain is
        assertThat(errorAfter(5, 3)).isNull();
        assertThat(fetch(path.fetch, 11, -1, RACK).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
        // when   it leads again
        lead(9, BOTH);
        // then   it knows
        assertThat(errorAfter(7, 4)).isNull();
        assertThat(errorAfter(6, 9)).isNull();
    }

    /** Null where the replica says at which offset it parts from what such a consumer has read. */
    private Errors errorAfter(int lastFetchedEpoch, long offset) {
        PartitionRead read = partition.read(offset, -1, lastFetchedEpoch, ReadLimit.HIGH_WATERMARK, true, 100, true);
        if (read instanceof PartitionRead.Refused refused) {
            return refused.failure().error();
        }
        assertThat(read).isInstanceOf(PartitionRead.Diverged.class);
        return null;
    }

    @Test
    void shouldTellAFollowerAtOnceThatMoreIsCommittedForItsConsumers() {
        // given  a follower's fetch that waits
        lead(6, BOTH);
        append(1);
        FetchRequestData request = request(1, "").setReplicaId(2);
        request.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(6);
        // when  it brings the news itself
        Reply<FetchResponseData> reply = byRack.handle(path.context(12), request);
        path.runLoop();
        // then
        assertThat(first(answer(reply)).highWatermark()).isEqualTo(1);
        // and   without selector it waits
        append(1);
        request.topics().get(0).partitions().get(0).setFetchOffset(2);
        assertThat(path.fetch.handle(path.context(12), request).outcomeNow()).isNull();
    }
}
