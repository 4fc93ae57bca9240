package io.ottla.api;

import io.ottla.controller.TopicNames;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.record.CheckedBatches;
import io.ottla.replication.AckWaiter;
import io.ottla.replication.HostedTopic;
import io.ottla.replication.Partition;
import io.ottla.replication.Role;
import io.ottla.replication.TopicMeter;
import io.ottla.security.Authorizer;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.storage.UnverifiedTransaction;
import io.ottla.storage.Verification;
import io.ottla.storage.VerifiedTransaction;
import io.ottla.time.Timer;
import io.ottla.types.Failure;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponseCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One Produce request on its way: appends partition by partition, then waits for those that all in-sync replicas must
 * acknowledge. The request's buffers are not touched after the appends.
 */
final class ProduceTurn {
    private static final short ACKS_NONE = 0;
    private static final short ACKS_ALL = -1;
    private static final short LAST_WITHOUT_STORAGE_ERROR = 3;
    /** KIP-951. */
    private static final short FIRST_WITH_HINTS = 10;
    /** Java's client has it since 2.8, and KIP-360 since 2.5. */
    private static final short FIRST_WITH_NEW_EPOCHS = 9;

    private static final String JAVA_CLIENT = "apache-kafka-java";
    private static final String LIBRDKAFKA = "librdkafka";
    /** The one that may write to internal topics, as in Kafka: operators mend them with tools that call themselves so. */
    private static final String ADMIN_CLIENT = "__admin_client";

    private final ProduceHandler handler;
    private final RequestContext context;
    private final ProduceRequestData request;
    private final boolean transactional;
    private final short acks;
    private final ProduceResponseData response = new ProduceResponseData();

    private Failure firstFailure;
    private UnverifiedAppends unverified;
    private List<Ack> waits;
    private AtomicInteger left;
    private Timer.Timeout timeout;
    private Reply<ProduceResponseData> reply;

    ProduceTurn(ProduceHandler handler, RequestContext context, ProduceRequestData request, boolean transactional) {
        this.handler = handler;
        this.context = context;
        this.request = request;
        this.transactional = transactional;
        this.acks = request.acks();
    }

    /** Appends now. */
    Reply<ProduceResponseData> append() {
        appendAll();
        if (unverified != null) {
            Reply<ProduceResponseData> given = Reply.unordered();
            verify(given);
            return given;
        }
        if (acks == ACKS_NONE) {
            if (firstFailure == null) {
                return Reply.silence();
            }
            Reply<ProduceResponseData> ended = Reply.later();
            ended.end(hangup());
            return ended;
        }
        if (waits == null) {
            return Reply.of(response);
        }
        reply = Reply.later();
        await();
        return reply;
    }

    /** Appends on a worker: ends the first stage of a reply that was given out. */
    void appendInto(Reply<ProduceResponseData> given) {
        appendAll();
        if (unverified != null) {
            verify(given);
        } else {
            finish(given);
        }
    }

    private void finish(Reply<ProduceResponseData> given) {
        if (acks == ACKS_NONE) {
            given.end(firstFailure == null ? new Reply.Outcome.Silence<>() : hangup());
        } else if (waits == null) {
            given.complete(response);
        } else {
            reply = given;
            given.markOrdered();
            await();
        }
    }

    private Reply.Outcome<ProduceResponseData> hangup() {
        return new Reply.Outcome.Hangup<>(firstFailure.error(), "acks=0: " + firstFailure.text());
    }

    private void appendAll() {
        Failure whole = refusalOfAll();
        TopicProduceResponseCollection topics =
                new TopicProduceResponseCollection(request.topicData().size());
        for (TopicProduceData topic : request.topicData()) {
            topics.add(append(topic, whole));
        }
        response.setResponses(topics);
    }

    /** The headers count, not what the request says of itself (CVE-2018-17196). */
    private Failure refusalOfAll() {
        if (!transactional) {
            return null;
        }
        String id = request.transactionalId();
        boolean allowed = id != null
                && handler.authorizer.allows(context.caller(), AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, id);
        return allowed ? null : Failure.of(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    }

    private TopicProduceResponse append(TopicProduceData topic, Failure whole) {
        HostedTopic hosted = handler.hosted(context, topic);
        String name = hosted == null ? nameOf(topic) : hosted.name();
        Failure refusal = whole != null ? whole : refusal(name);
        List<PartitionProduceData> asked = topic.partitionData();
        List<PartitionProduceResponse> answered;
        if (asked.size() == 1) {
            answered = List.of(append(hosted, name, asked.get(0), refusal));
        } else {
            answered = new ArrayList<>(asked.size());
            for (PartitionProduceData data : asked) {
                answered.add(append(hosted, name, data, refusal));
            }
        }
        return new TopicProduceResponse()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitionResponses(answered);
    }

    private String nameOf(TopicProduceData topic) {
        return ProduceHandler.namesById(context)
                ? handler.replicas.image().topicNames().get(TopicId.of(topic.topicId()))
                : topic.name();
    }

    private Failure refusal(String topic) {
        if (topic == null) {
            return Failure.of(Errors.UNKNOWN_TOPIC_ID);
        }
        Authorizer authorizer = handler.authorizer;
        return authorizer.allows(context.caller(), AclOperation.WRITE, ResourceType.TOPIC, topic)
                ? null
                : Failure.of(Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    private PartitionProduceResponse append(
            HostedTopic hosted, String topic, PartitionProduceData data, Failure refusal) {
        PartitionProduceResponse answer = new PartitionProduceResponse()
                .setIndex(data.index())
                .setBaseOffset(-1)
                .setLogAppendTimeMs(-1)
                .setLogStartOffset(-1);
        if (refusal != null) {
            return refused(answer, topic, refusal, List.of());
        }
        Partition partition = hosted == null ? null : hosted.partition(data.index());
        if (partition == null) {
            handler.replicas.meters().all().produceAsked();
            return refused(answer, topic, handler.replicas.absence(topic, data.index()), List.of());
        }
        TopicMeter meter = partition.meter();
        meter.produceAsked();
        ByteBuffer records = ProduceHandler.records(data);
        if (records == null || !records.hasRemaining()) {
            return refused(answer, topic, noBatch(), List.of());
        }
        if (isClosed(topic)) {
            return refused(answer, topic, closed(topic), List.of());
        }
        if (!(partition.role() instanceof Role.Leading leading)) {
            return refused(answer, topic, partition.refusal(-1), List.of());
        }
        BatchChecks.Outcome checked = handler.checks.check(
                records, context.apiVersion(), partition.log().properties(), handler.clock.wallMs());
        return switch (checked) {
            case BatchChecks.Outcome.Passed(CheckedBatches batches)
            when ProduceHandler.isTransactional(records) ->
                appendInTransaction(
                        new UnverifiedAppends.Append(answer, partition, leading, batches),
                        ProduceHandler.producer(records));
            case BatchChecks.Outcome.Passed(CheckedBatches batches) ->
                append(answer, partition, leading, batches, AppendOrigin.CLIENT);
            case BatchChecks.Outcome.Failed(Failure failure, List<BatchChecks.RecordFault> faults) -> {
                count(meter, failure.error(), records.remaining());
                yield refused(answer, topic, failure, faults);
            }
        };
    }

    private PartitionProduceResponse append(UnverifiedAppends.Append append, VerifiedTransaction verified) {
        return append(append.answer(), append.partition(), append.leading(), append.batches(), verified);
    }

    private PartitionProduceResponse append(
            PartitionProduceResponse answer,
            Partition partition,
            Role.Leading leading,
            CheckedBatches batches,
            AppendOrigin origin) {
        AppendResult result = partition.append(leading, batches, origin, acks == ACKS_ALL);
        return appended(answer, partition, leading, result);
    }

    // ---- in transactions ----

    private PartitionProduceResponse appendInTransaction(UnverifiedAppends.Append append, ProducerIdAndEpoch producer) {
        return switch (append.partition()
                .log()
                .transaction(producer.id(), producer.epoch(), UnverifiedAppends.adds(context.apiVersion()))) {
            case VerifiedTransaction verified -> append(append, verified);
            case UnverifiedTransaction transaction -> {
                if (unverified == null) {
                    unverified = new UnverifiedAppends(producer);
                } else if (!unverified.producer().equals(producer)) {
                    yield refused(
                            append.answer(),
                            append.partition().name().topic(),
                            Failure.of(Errors.INVALID_RECORD, "Expected batches of one producer in a transaction"),
                            List.of());
                }
                unverified.add(append, transaction);
                yield append.answer();
            }
        };
    }

    /** Asks the coordinator first; the connection's next request waits until the append is done. */
    private void verify(Reply<ProduceResponseData> given) {
        unverified.verify(
                handler.transactions,
                request.transactionalId(),
                context.apiVersion(),
                outcomes -> handler.appendLater(
                        unverified.appends().getFirst().partition(),
                        () -> {
                            appendVerified(outcomes);
                            finish(given);
                        },
                        () -> {
                            unverified
                                    .appends()
                                    .forEach(append ->
                                            refused(append, UnverifiedAppends.notNow(Errors.REQUEST_TIMED_OUT)));
                            finish(given);
                        }));
    }

    private void appendVerified(List<Verification> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            UnverifiedAppends.Append append = unverified.appends().get(i);
            switch (outcomes.get(i)) {
                case VerifiedTransaction verified -> append(append, verified);
                case Verification.Refused(Failure failure) ->
                    refused(append, UnverifiedAppends.told(failure, context.apiVersion()));
            }
        }
    }

    private void refused(UnverifiedAppends.Append append, Failure failure) {
        if (failure.error() == Errors.NOT_ENOUGH_REPLICAS) {
            append.partition().log().appendsWereRefused();
        }
        count(append.partition().meter(), failure.error(), 0);
        refused(append.answer(), append.partition().name().topic(), failure, List.of());
    }

    /** What coordinators keep for themselves, others must not write: they would believe it at their next start. */
    private boolean isClosed(String topic) {
        return TopicNames.isInternal(topic) && !context.caller().clientId().equals(ADMIN_CLIENT);
    }

    private static Failure closed(String topic) {
        return Failure.of(
                Errors.INVALID_TOPIC_EXCEPTION,
                "Expected a topic of clients, but '" + topic + "' is internal: only brokers write to it");
    }

    private static Failure noBatch() {
        return Failure.of(Errors.INVALID_RECORD, "Expected exactly one record batch, but got none");
    }

    private PartitionProduceResponse appended(
            PartitionProduceResponse answer, Partition partition, Role.Leading leading, AppendResult result) {
        switch (result) {
            case AppendResult.Appended done ->
                placed(answer, partition, leading, done.firstOffset(), done.lastOffset(), done.logAppendTime());
            case AppendResult.Duplicate done ->
                placed(answer, partition, leading, done.firstOffset(), done.lastOffset(), done.logAppendTime());
            case AppendResult.Refused(Failure failure) -> {
                count(partition.meter(), failure.error(), 0);
                refused(answer, partition.name().topic(), told(failure), List.of());
                if (isOfProducer(failure.error())) {
                    answer.setLogStartOffset(partition.log().logStartOffset());
                }
            }
        }
        return answer;
    }

    /**
     * What a producer is told that this leader does not know, while something may come before. Java's begins a new epoch if it
     * is sure that nothing does (KIP-360); older ones begin anew where the log says that their records were deleted.
     * librdkafka gives up for good, and is asked to try again.
     */
    private Failure told(Failure failure) {
        if (failure.error() != Errors.UNKNOWN_PRODUCER_ID) {
            return failure;
        }
        String software = context.software().name();
        if (software.equals(JAVA_CLIENT) && context.apiVersion() >= FIRST_WITH_NEW_EPOCHS) {
            return Failure.of(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, failure.text());
        }
        return software.equals(LIBRDKAFKA) ? Failure.of(Errors.NOT_ENOUGH_REPLICAS, failure.text()) : failure;
    }

    /** A producer needs the log's start to tell records lost from records retired (KIP-360). */
    private static boolean isOfProducer(Errors error) {
        return switch (error) {
            case OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID, INVALID_PRODUCER_EPOCH -> true;
            default -> false;
        };
    }

    private void placed(
            PartitionProduceResponse answer,
            Partition partition,
            Role.Leading leading,
            long firstOffset,
            long lastOffset,
            long logAppendTime) {
        answer.setBaseOffset(firstOffset)
                .setLogAppendTimeMs(logAppendTime)
                .setLogStartOffset(partition.log().logStartOffset());
        if (acks == ACKS_ALL && (partition.highWatermark() <= lastOffset || !leading.equals(partition.role()))) {
            if (waits == null) {
                waits = new ArrayList<>(1);
            }
            waits.add(new Ack(answer, partition, leading, lastOffset + 1));
        }
    }

    /** What is wrong with batches themselves is counted where they are checked. */
    private static void count(TopicMeter meter, Errors error, int bytes) {
        switch (error) {
            case RECORD_LIST_TOO_LARGE, MESSAGE_TOO_LARGE -> meter.rejected(bytes);
            case CORRUPT_MESSAGE, NOT_LEADER_OR_FOLLOWER, UNKNOWN_TOPIC_OR_PARTITION, KAFKA_STORAGE_ERROR -> {}
            default -> meter.produceFailed();
        }
    }

    private PartitionProduceResponse refused(
            PartitionProduceResponse answer, String topic, Failure failure, List<BatchChecks.RecordFault> faults) {
        if (firstFailure == null) {
            firstFailure = failure;
        }
        Errors error = failure.error();
        if (error == Errors.KAFKA_STORAGE_ERROR && context.apiVersion() <= LAST_WITHOUT_STORAGE_ERROR) {
            error = Errors.NOT_LEADER_OR_FOLLOWER;
        }
        answer.setErrorCode(error.code()).setErrorMessage(failure.message());
        if (!faults.isEmpty()) {
            List<BatchIndexAndErrorMessage> shown = new ArrayList<>(faults.size());
            for (BatchChecks.RecordFault fault : faults) {
                shown.add(new BatchIndexAndErrorMessage()
                        .setBatchIndex(fault.index())
                        .setBatchIndexErrorMessage(fault.message()));
            }
            answer.setRecordErrors(shown);
        }
        if (error == Errors.NOT_LEADER_OR_FOLLOWER) {
            hint(answer, topic);
        }
        return answer;
    }

    private void hint(PartitionProduceResponse answer, String topic) {
        if (context.apiVersion() < FIRST_WITH_HINTS) {
            return;
        }
        ClusterImage image = handler.replicas.image();
        PartitionImage state = LeaderHints.state(image, topic, answer.index());
        if (state == null) {
            return;
        }
        answer.currentLeader()
                .setLeaderId(state.leader().value())
                .setLeaderEpoch(state.leaderEpoch().value());
        BrokerImage.Endpoint endpoint = LeaderHints.endpoint(image, state, context.listener());
        if (endpoint != null && response.nodeEndpoints().find(state.leader().value()) == null) {
            response.nodeEndpoints()
                    .add(new NodeEndpoint()
                            .setNodeId(state.leader().value())
                            .setHost(endpoint.host())
                            .setPort(endpoint.port())
                            .setRack(LeaderHints.rack(image, state)));
        }
    }

    // ---- waiting for all in-sync replicas ----

    private void await() {
        left = new AtomicInteger(waits.size() + 1);
        for (Ack wait : waits) {
            wait.partition.await(wait, wait.leading, wait.offset);
        }
        timeout =
                handler.timer.schedule(Math.max(0, request.timeoutMs()), () -> handler.workers.execute(this::timeIsUp));
        oneLess();
    }

    private void timeIsUp() {
        for (Ack wait : waits) {
            wait.partition.abandon(wait);
        }
    }

    private void oneLess() {
        if (left.decrementAndGet() == 0) {
            timeout.cancel();
            reply.complete(response);
        }
    }

    /** Waits for one partition. */
    private final class Ack extends AckWaiter {
        private final PartitionProduceResponse answer;
        private final Partition partition;
        private final Role.Leading leading;
        private final long offset;

        Ack(PartitionProduceResponse answer, Partition partition, Role.Leading leading, long offset) {
            this.answer = answer;
            this.partition = partition;
            this.leading = leading;
            this.offset = offset;
        }

        @Override
        protected void ended(Errors how) {
            if (how != Errors.NONE) {
                answer.setErrorCode(how.code());
            }
            oneLess();
        }
    }
}
