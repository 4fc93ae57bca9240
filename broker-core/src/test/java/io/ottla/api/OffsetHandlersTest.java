package io.ottla.api;

import static io.ottla.api.TestingDataPath.answer;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ottla.config.TransactionProperties;
import io.ottla.coordinator.transaction.TransactionCoordinator;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Metrics;
import io.ottla.record.Codec;
import io.ottla.record.RecordBatch;
import io.ottla.record.RecordIterator;
import io.ottla.record.TestingRecords;
import io.ottla.replication.Role;
import io.ottla.replication.TestingBatches;
import io.ottla.replication.TestingPeers;
import io.ottla.replication.TestingTopics;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.ProducerView;
import io.ottla.storage.TimestampOffset;
import io.ottla.types.LeaderEpoch;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class OffsetHandlersTest {
    private final TestingDataPath path = new TestingDataPath(1);

    private void append(int records) {
        var hosted = path.replicas.partition("t", 0);
        hosted.append((Role.Leading) hosted.role(), TestingBatches.of(records), AppendOrigin.CLIENT, false);
    }

    private static ListOffsetsRequestData list(long... timestamps) {
        ListOffsetsTopic topic = new ListOffsetsTopic().setName("t");
        for (int i = 0; i < timestamps.length; i++) {
            topic.partitions()
                    .add(new ListOffsetsPartition().setPartitionIndex(i).setTimestamp(timestamps[i]));
        }
        return new ListOffsetsRequestData().setReplicaId(-1).setTopics(List.of(topic));
    }

    private ListOffsetsPartitionResponse listed(int version, ListOffsetsRequestData request) {
        return answer(path.listOffsets.handle(path.context(version), request))
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    private static Errors error(ListOffsetsPartitionResponse answer) {
        return Errors.forCode(answer.errorCode());
    }

    @Test
    void shouldTellTheLeaderEpochOnlyToVersionsThatHaveIt() {
        // given
        append(1);

        // then: librdkafka 2.0 asks with version 2, and what the version lacks could not even be written
        for (int version = 1; version < 4; version++) {
            assertThat(listed(version, list(-1)).leaderEpoch()).isEqualTo(-1);
        }
        assertThat(listed(4, list(-1)).leaderEpoch()).isNotEqualTo(-1);
    }

    @Test
    void shouldListTheEndAsTheReaderSeesIt() {
        // given  3 committed of 4, the third in an open transaction
        append(3);
        path.log(0).holdAcknowledgement();
        append(1);
        path.log(0).unstable = OptionalLong.of(2);
        // then
        assertThat(listed(8, list(-1)).offset()).isEqualTo(3);
        assertThat(listed(8, list(-1)).leaderEpoch()).isEqualTo(5);
        assertThat(listed(8, list(-1).setIsolationLevel((byte) 1)).offset()).isEqualTo(2);
        assertThat(listed(8, list(-1).setReplicaId(2)).offset()).isEqualTo(4);
    }

    @Test
    void shouldAnswerLookupsWhenTheDiskHas() {
        // given
        CompletableFuture<TimestampOffset> lookup = new CompletableFuture<>();
        path.log(0).lookup = lookup;
        // when
        Reply<ListOffsetsResponseData> reply = path.listOffsets.handle(path.context(7), list(1234));
        // then
        assertThat(reply.isOrdered()).isTrue();
        assertThat(reply.outcomeNow()).isNull();
        // when
        lookup.complete(new TimestampOffset(1300, 7, new LeaderEpoch(5)));
        // then
        ListOffsetsPartitionResponse answer =
                answer(reply).topics().get(0).partitions().get(0);
        assertThat(answer.offset()).isEqualTo(7);
        assertThat(answer.timestamp()).isEqualTo(1300);
        assertThat(answer.leaderEpoch()).isEqualTo(5);
    }

    @Test
    void shouldSayThatNoRecordQualifies() {
        ListOffsetsPartitionResponse answer = listed(7, list(99));
        assertThat(error(answer)).isEqualTo(Errors.NONE);
        assertThat(answer.offset()).isEqualTo(-1);
        assertThat(listed(9, list(-5)).offset()).isEqualTo(-1);
    }

    @Test
    void shouldKnowSpecialsByVersion() {
        assertThat(error(listed(6, list(-3)))).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(error(listed(7, list(-4)))).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(error(listed(8, list(-5)))).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(error(listed(10, list(-6)))).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(error(listed(11, list(-6)))).isEqualTo(Errors.NONE);
        assertThat(error(listed(11, list(-7)))).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    @Test
    void shouldRefuseWhatItCannotAnswer() {
        ListOffsetsRequestData twice = list(-1);
        twice.topics().get(0).partitions().add(new ListOffsetsPartition().setTimestamp(-1));
        assertThat(error(listed(8, twice))).isEqualTo(Errors.INVALID_REQUEST);
        path.log(0).lookup = CompletableFuture.failedStage(new java.io.IOException("disk"));
        assertThat(error(listed(8, list(5)))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        path.forbidden.add("DESCRIBE t");
        assertThat(error(listed(8, list(-1)))).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    @Test
    void shouldSayThatALookupMeetsALargerRecordThanTheTopicAllows() {
        // given  a record of 107 bytes in a compressed batch
        RecordBatch batch = new RecordBatch().wrap(TestingRecords.batch(Codec.GZIP, "0".repeat(100)), 0);
        RecordIterator records = new RecordIterator().within(106).over(batch);
        path.log(0).lookup = CompletableFuture.failedStage(catchThrowable(records::next));
        // then
        assertThat(error(listed(8, list(5)))).isEqualTo(Errors.INVALID_RECORD);
        assertThat(error(listed(8, list(-3)))).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void shouldNotTellAnEndThatItDoesNotKnowYet() {
        // given  a new leader that has not heard from its follower
        append(2);
        path.log(0).holdAcknowledgement();
        append(1);
        path.apply(new MetadataChange.PartitionSet("t", 0, state(1, 6, 6, new int[] {1, 2}, new int[] {1, 2})));
        // then
        assertThat(error(listed(5, list(-1)))).isEqualTo(Errors.OFFSET_NOT_AVAILABLE);
        assertThat(error(listed(4, list(-1)))).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
        assertThat(error(listed(5, list(77)))).isEqualTo(Errors.OFFSET_NOT_AVAILABLE);
    }

    private EpochEndOffset end(int currentLeaderEpoch, int epoch) {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        request.topics()
                .add(new OffsetForLeaderTopic()
                        .setTopic("t")
                        .setPartitions(List.of(new OffsetForLeaderPartition()
                                .setPartition(0)
                                .setCurrentLeaderEpoch(currentLeaderEpoch)
                                .setLeaderEpoch(epoch))));
        return answer(path.epochs.handle(path.context(4), request))
                .topics()
                .iterator()
                .next()
                .partitions()
                .get(0);
    }

    @Test
    void shouldSayWhereEpochsEnd() {
        append(2);
        path.apply(new MetadataChange.PartitionSet("t", 0, state(1, 8, 8, new int[] {1}, new int[] {1})));
        append(1);
        assertThat(end(8, 6).leaderEpoch()).isEqualTo(5);
        assertThat(end(8, 6).endOffset()).isEqualTo(2);
        assertThat(end(8, 8).endOffset()).isEqualTo(3);
        assertThat(end(8, 4).endOffset()).as("where the first epoch begins").isZero();
        assertThat(end(8, 9).endOffset()).isEqualTo(-1);
        assertThat(end(5, 5).errorCode()).isEqualTo(Errors.FENCED_LEADER_EPOCH.code());
        assertThat(end(9, 5).errorCode()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
        path.forbidden.add("CLUSTER_ACTION kafka-cluster");
        assertThat(end(8, 8).errorCode()).isZero();
        path.forbidden.add("DESCRIBE t");
        assertThat(end(8, 8).errorCode()).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }

    private DeleteRecordsPartitionResult delete(String topic, long offset) {
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(0)
                                .setOffset(offset)))));
        Reply<DeleteRecordsResponseData> reply = path.deleteRecords.handle(path.context(2), request);
        assertThat(reply.isOrdered()).isFalse();
        path.runWorkers();
        return answer(reply).topics().find(topic).partitions().find(0);
    }

    @Test
    void shouldDeleteRecords() {
        append(3);
        assertThat(delete("t", 2).lowWatermark()).isEqualTo(2);
        assertThat(delete("t", 4).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
        assertThat(delete("t", -1).lowWatermark()).isEqualTo(3);
        assertThat(delete("x", 0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(delete("__consumer_offsets", 0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        path.log(0).reconfigure(TestingTopics.with(Map.of("delete", false, "compact", true)));
        assertThat(delete("t", 3).errorCode()).isEqualTo(Errors.POLICY_VIOLATION.code());
        path.forbidden.add("DELETE t");
        assertThat(delete("t", 3).errorCode()).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }

    @Test
    void shouldAnswerADeletionOfRecordsWhenItIsWrittenDown() {
        // given
        append(3);
        CompletableFuture<Boolean> kept = new CompletableFuture<>();
        path.log(0).kept = kept;
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName("t")
                        .setPartitions(List.of(new DeleteRecordsPartition().setOffset(2)))));

        // when
        Reply<DeleteRecordsResponseData> reply = path.deleteRecords.handle(path.context(2), request);
        path.runWorkers();

        // then
        assertThat(reply.outcomeNow()).isNull();
        kept.complete(true);
        assertThat(answer(reply).topics().find("t").partitions().find(0).lowWatermark())
                .isEqualTo(2);

        // and    a disk that fails is no deletion
        path.log(0).kept = CompletableFuture.completedFuture(false);
        assertThat(delete("t", 2).errorCode()).isEqualTo(Errors.KAFKA_STORAGE_ERROR.code());
    }

    @Test
    void shouldSayThatFollowersDidNotDeleteInTime() {
        // given  a live follower that does not fetch
        append(3);
        path.apply(new MetadataChange.PartitionSet("t", 0, state(1, 5, 6, new int[] {1, 2}, new int[] {1})));
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTimeoutMs(100)
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName("t")
                        .setPartitions(List.of(
                                new DeleteRecordsPartition().setOffset(2),
                                new DeleteRecordsPartition().setPartitionIndex(9)))));

        // when
        Reply<DeleteRecordsResponseData> reply = path.deleteRecords.handle(path.context(2), request);
        path.runWorkers();
        path.time.advance(99);

        // then
        assertThat(reply.outcomeNow()).isNull();
        path.time.advance(1);
        DeleteRecordsTopicResult answered = answer(reply).topics().find("t");
        assertThat(answered.partitions().find(0).errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
        assertThat(answered.partitions().find(9).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldShowProducers() {
        // given
        path.log(0).producers = List.of(new ProducerView(9, (short) 2, 4, 77, -1, -1));
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics().add(new TopicRequest().setName("t").setPartitionIndexes(List.of(0, 3)));
        // when
        List<PartitionResponse> answers = producers(request);
        // then
        assertThat(answers.get(0).activeProducers().get(0).producerId()).isEqualTo(9);
        assertThat(answers.get(0).activeProducers().get(0).lastSequence()).isEqualTo(4);
        assertThat(answers.get(1).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldShowProducersWhereItFollows() {
        // given  a follower, which is what a tool that looks through one broker asks too
        path.log(0).producers = List.of(new ProducerView(9, (short) 2, 4, 77, -1, 3));
        path.apply(new MetadataChange.PartitionSet("t", 0, state(2, 6, 6, new int[] {1, 2}, new int[] {1, 2})));
        path.runWorkers();
        assertThat(path.replicas.partition("t", 0).role()).isInstanceOf(Role.Following.class);
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics().add(new TopicRequest().setName("t").setPartitionIndexes(List.of(0)));
        // when
        PartitionResponse answered = producers(request).get(0);
        // then
        assertThat(answered.errorCode()).isZero();
        assertThat(answered.activeProducers().get(0).currentTxnStartOffset()).isEqualTo(3);
    }

    private List<PartitionResponse> producers(DescribeProducersRequestData request) {
        Reply<DescribeProducersResponseData> reply = path.producers.handle(path.context(0), request);
        path.runWorkers();
        return answer(reply).topics().get(0).partitions();
    }

    @Test
    void shouldShowFoldersAndWhatLiesInThem() {
        // given
        append(3);
        // when
        Reply<DescribeLogDirsResponseData> reply =
                path.logDirs.handle(path.context(4), new DescribeLogDirsRequestData().setTopics(null));
        path.runWorkers();
        // then
        var result = answer(reply).results().get(0);
        assertThat(result.topics().get(0).name()).isEqualTo("t");
        assertThat(result.topics().get(0).partitions().get(0).partitionSize()).isEqualTo(30);
        // when
        path.folder.online = false;
        Reply<DescribeLogDirsResponseData> offline =
                path.logDirs.handle(path.context(4), new DescribeLogDirsRequestData().setTopics(null));
        path.runWorkers();
        // then
        assertThat(answer(offline).results().get(0).errorCode()).isEqualTo(Errors.KAFKA_STORAGE_ERROR.code());
        path.forbidden.add("DESCRIBE kafka-cluster");
        assertThat(answer(path.logDirs.handle(path.context(4), new DescribeLogDirsRequestData()))
                        .errorCode())
                .isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED.code());
    }

    private InitProducerIdResponseData init(InitProducerIdRequestData request, CompletableFuture<Long> next) {
        TransactionCoordinator coordinator = new TransactionCoordinator(
                TransactionProperties.DEFAULTS,
                new TransactionCoordinator.Ports(
                        path.replicas,
                        Runnable::run,
                        Runnable::run,
                        path.time,
                        path.time,
                        new Metrics(),
                        () -> next,
                        new TestingPeers(),
                        (_, _, _) -> {},
                        Runnable::run));
        return answer(new InitProducerIdHandler(() -> next, coordinator, path.access).handle(path.context(5), request));
    }

    @Test
    void shouldGiveProducersTheirIds() {
        CompletableFuture<Long> id = CompletableFuture.completedFuture(42L);
        InitProducerIdRequestData request = new InitProducerIdRequestData().setTransactionalId(null);
        assertThat(init(request, id).producerId()).isEqualTo(42);
        assertThat(init(request, id).producerEpoch()).isZero();
        assertThat(init(request, CompletableFuture.failedFuture(new IllegalStateException()))
                        .errorCode())
                .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
        assertThat(init(new InitProducerIdRequestData().setTransactionalId("tx"), id)
                        .errorCode())
                .isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT.code());
        assertThat(init(new InitProducerIdRequestData().setTransactionalId("tx").setTransactionTimeoutMs(1), id)
                        .errorCode())
                .isEqualTo(Errors.NOT_COORDINATOR.code());
        assertThat(init(new InitProducerIdRequestData().setTransactionalId(""), id)
                        .errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        path.forbidden.add("IDEMPOTENT_WRITE kafka-cluster");
        assertThat(init(request, id).errorCode()).isZero();
        path.forbidden.add("WRITE any");
        assertThat(init(request, id).errorCode()).isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED.code());
    }
}
