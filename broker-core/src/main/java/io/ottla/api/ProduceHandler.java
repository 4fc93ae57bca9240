package io.ottla.api;

import io.ottla.coordinator.transaction.TransactionMembership;
import io.ottla.quota.Quotas;
import io.ottla.replication.HostedTopic;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.storage.LogFolder;
import io.ottla.storage.PartitionLog;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponseCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Appends records. Runs to the append on the connection's loop, unless a folder is slow just now or records must be
 * (de)compressed at length: then on a worker, and the connection's next request waits until the append is done.
 */
final class ProduceHandler implements ApiHandler<ProduceRequestData, ProduceResponseData> {
    private static final int MAGIC_AT = 16;
    private static final int ATTRIBUTES_AT = 21;
    private static final int HEADER_SIZE = 61;
    private static final int TRANSACTIONAL_BIT = 0x10;
    private static final int PRODUCER_ID_AT = 43;
    private static final int PRODUCER_EPOCH_AT = 51;

    final Replicas replicas;
    final TransactionMembership transactions;
    final Authorizer authorizer;
    final BatchChecks checks;
    final Clock clock;
    final Timer timer;
    final Executor workers;
    private final Quotas quotas;
    private final ApiSpec<ProduceRequestData, ProduceResponseData> spec = ApiSpec.of(
                    ApiKeys.PRODUCE, ProduceHandler::refusing, ProduceResponseData::setThrottleTimeMs)
            .expandingBy(2);

    /** @param workers for what must leave the loop, and for what a timer starts */
    ProduceHandler(
            Replicas replicas,
            TransactionMembership transactions,
            Authorizer authorizer,
            Quotas quotas,
            BatchChecks checks,
            Clock clock,
            Timer timer,
            Executor workers) {
        this.replicas = replicas;
        this.transactions = transactions;
        this.authorizer = authorizer;
        this.quotas = quotas;
        this.checks = checks;
        this.clock = clock;
        this.timer = timer;
        this.workers = workers;
    }

    @Override
    public ApiSpec<ProduceRequestData, ProduceResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<ProduceResponseData> handle(RequestContext context, ProduceRequestData request) {
        short acks = request.acks();
        if (acks < -1 || acks > 1) {
            return Reply.of(refusing(request, Errors.INVALID_REQUIRED_ACKS));
        }
        long bytes = 0;
        Executor elsewhere = null;
        boolean transactional = false;
        for (TopicProduceData topic : request.topicData()) {
            HostedTopic hosted = hosted(context, topic);
            for (PartitionProduceData data : topic.partitionData()) {
                ByteBuffer records = records(data);
                bytes += records == null ? 0 : records.remaining();
                if (elsewhere == null && hosted != null) {
                    elsewhere = elsewhere(hosted.partition(data.index()), records);
                }
                transactional |= isTransactional(records);
            }
        }
        int throttleMs = quotas.chargeProduce(context.caller(), bytes);
        ProduceTurn turn = new ProduceTurn(this, context, request, transactional);
        if (elsewhere != null) {
            Reply<ProduceResponseData> reply =
                    Reply.<ProduceResponseData>unordered().throttled(throttleMs);
            elsewhere.execute(() -> turn.appendInto(reply));
            return reply;
        }
        return turn.append().throttled(throttleMs);
    }

    /**
     * Has a partition appended to by another thread.
     *
     * @param busy run here where there is none to be had
     */
    void appendLater(Partition partition, Runnable append, Runnable busy) {
        LogFolder folder = partition.log().folder();
        try {
            (folder.isCalm() ? workers : folder.appendExecutor()).execute(append);
        } catch (RejectedExecutionException full) {
            busy.run();
        }
    }

    /** Null where this broker holds no partition of it. */
    HostedTopic hosted(RequestContext context, TopicProduceData topic) {
        return namesById(context) ? replicas.topic(TopicId.of(topic.topicId())) : replicas.topic(topic.name());
    }

    static boolean namesById(RequestContext context) {
        return context.apiVersion() >= 13;
    }

    /** Null where there are none. */
    static ByteBuffer records(PartitionProduceData data) {
        BaseRecords records = data.records();
        return records instanceof MemoryRecords inMemory ? inMemory.buffer() : null;
    }

    /** Whether the first batch, the only one there may be, says that it belongs to a transaction. Trusts no length. */
    static boolean isTransactional(ByteBuffer records) {
        return hasHeader(records) && (records.getShort(records.position() + ATTRIBUTES_AT) & TRANSACTIONAL_BIT) != 0;
    }

    /** Whose batch it is, that says so by a header. */
    static ProducerIdAndEpoch producer(ByteBuffer records) {
        int start = records.position();
        return new ProducerIdAndEpoch(
                records.getLong(start + PRODUCER_ID_AT), records.getShort(start + PRODUCER_EPOCH_AT));
    }

    private static boolean hasHeader(ByteBuffer records) {
        return records != null && records.remaining() >= HEADER_SIZE && records.get(records.position() + MAGIC_AT) == 2;
    }

    /** Where the append must go; null where the loop may do it. */
    private Executor elsewhere(Partition partition, ByteBuffer records) {
        PartitionLog log = partition == null ? null : partition.log();
        if (log == null) {
            return null;
        }
        if (!log.folder().isCalm()) {
            return log.folder().appendExecutor();
        }
        return checks.mustLeaveLoop(records, log.properties()) ? workers : null;
    }

    /** The same error for every partition of a request. */
    static ProduceResponseData refusing(ProduceRequestData request, Errors error) {
        TopicProduceResponseCollection topics =
                new TopicProduceResponseCollection(request.topicData().size());
        for (TopicProduceData topic : request.topicData()) {
            List<PartitionProduceResponse> partitions =
                    new ArrayList<>(topic.partitionData().size());
            for (PartitionProduceData data : topic.partitionData()) {
                partitions.add(new PartitionProduceResponse()
                        .setIndex(data.index())
                        .setErrorCode(error.code())
                        .setBaseOffset(-1));
            }
            topics.add(new TopicProduceResponse()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitionResponses(partitions));
        }
        return new ProduceResponseData().setResponses(topics);
    }
}
