package io.ottla.api;

import io.ottla.config.ReplicationProperties;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.quota.Quotas;
import io.ottla.replication.FetchSession;
import io.ottla.replication.FetchSessions;
import io.ottla.replication.FetchTurn;
import io.ottla.replication.ReadLimit;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Reads records. Finds the session (KIP-227), tells it what the request changes, and leaves the rest to a
 * {@link FetchTurn} on the connection's loop.
 */
final class FetchHandler implements ApiHandler<FetchRequestData, FetchResponseData> {
    private static final short FIRST_BY_ID = 13;
    private static final short FIRST_WITH_REPLICA_STATE = 15;
    /** KIP-392: the first that says which rack a consumer is in, and understands where else to read. */
    private static final short FIRST_FROM_ANY_REPLICA = 11;

    private static final byte READ_COMMITTED = 1;

    final Replicas replicas;
    final Authorizer authorizer;
    final Quotas quotas;
    final Clock clock;
    final Executor readers;
    private final FetchSessions sessions;
    private final Timer timer;
    private final int fetchMaxBytes;
    private final boolean readsByRack;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ApiSpec<FetchRequestData, FetchResponseData> spec =
            ApiSpec.of(ApiKeys.FETCH, FetchHandler::refusing, FetchResponseData::setThrottleTimeMs);

    /** @param readers where reads go that touch the disk */
    FetchHandler(
            Replicas replicas,
            FetchSessions sessions,
            Authorizer authorizer,
            Quotas quotas,
            Clock clock,
            Timer timer,
            Executor readers,
            ReplicationProperties properties,
            Metrics metrics) {
        this.replicas = replicas;
        this.sessions = sessions;
        this.authorizer = authorizer;
        this.quotas = quotas;
        this.clock = clock;
        this.timer = timer;
        this.readers = readers;
        this.fetchMaxBytes = properties.fetchMaxBytes();
        this.readsByRack = properties.readsByRack();
        metrics.gauge(
                "kafka_server_delayedoperationpurgatory_purgatorysize",
                "Operations that wait",
                Labels.of("delayedOperation", "Fetch"),
                waiting::get);
    }

    @Override
    public ApiSpec<FetchRequestData, FetchResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<FetchResponseData> handle(RequestContext context, FetchRequestData request) {
        int replica = replica(context, request);
        if (replica >= 0
                && !authorizer.allows(
                        context.caller(), AclOperation.CLUSTER_ACTION, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME)) {
            return Reply.of(refusingEach(request, Errors.TOPIC_AUTHORIZATION_FAILED));
        }
        boolean byId = context.apiVersion() >= FIRST_BY_ID;
        boolean whole = request.sessionEpoch() == FetchSession.INITIAL_EPOCH
                || request.sessionEpoch() == FetchSession.FINAL_EPOCH;
        FetchSession session;
        if (whole) {
            if (request.sessionId() != FetchSession.NONE) {
                sessions.end(request.sessionId());
            }
            session = new FetchSession(byId, replica >= 0);
            follow(session, request);
            if (request.sessionEpoch() == FetchSession.INITIAL_EPOCH && session.size() > 0) {
                sessions.keep(session);
            }
        } else {
            session = sessions.find(request.sessionId());
            Errors error = admit(session, request, byId);
            if (error != Errors.NONE) {
                return Reply.of(new FetchResponseData().setErrorCode(error.code()));
            }
            forget(session, request);
            follow(session, request);
            if (session.size() == 0) {
                sessions.end(session.id());
                return Reply.of(new FetchResponseData());
            }
        }
        FetchTurn.Terms terms = new FetchTurn.Terms(
                limit(replica, request.isolationLevel()),
                request.maxWaitMs(),
                request.minBytes(),
                Math.clamp(request.maxBytes(), 1, fetchMaxBytes),
                replica < 0 && context.apiVersion() >= FIRST_FROM_ANY_REPLICA,
                replica >= 0 && readsByRack);
        String rack = readsByRack && terms.anyReplica() && !request.rackId().isEmpty() ? request.rackId() : null;
        FetchReply turn =
                new FetchReply(this, context, session, whole, terms, waiting, replica, epoch(context, request), rack);
        turn.start(timer);
        return turn.reply();
    }

    private static Errors admit(FetchSession session, FetchRequestData request, boolean byId) {
        if (session == null) {
            return Errors.FETCH_SESSION_ID_NOT_FOUND;
        }
        if (session.isByTopicId() != byId) {
            return Errors.FETCH_SESSION_TOPIC_ID_ERROR;
        }
        return session.admit(request.sessionEpoch());
    }

    private static int replica(RequestContext context, FetchRequestData request) {
        return context.apiVersion() >= FIRST_WITH_REPLICA_STATE
                ? request.replicaState().replicaId()
                : request.replicaId();
    }

    private static long epoch(RequestContext context, FetchRequestData request) {
        return context.apiVersion() >= FIRST_WITH_REPLICA_STATE
                ? request.replicaState().replicaEpoch()
                : BrokerEpoch.NONE.value();
    }

    private static ReadLimit limit(int replica, byte isolationLevel) {
        if (replica >= 0) {
            return ReadLimit.LOG_END;
        }
        return isolationLevel == READ_COMMITTED ? ReadLimit.LAST_STABLE : ReadLimit.HIGH_WATERMARK;
    }

    private static void follow(FetchSession session, FetchRequestData request) {
        for (FetchTopic topic : request.topics()) {
            TopicId id = TopicId.of(topic.topicId());
            for (FetchPartition partition : topic.partitions()) {
                session.follow(
                        topic.topic(),
                        id,
                        partition.partition(),
                        partition.fetchOffset(),
                        partition.partitionMaxBytes(),
                        partition.currentLeaderEpoch(),
                        partition.lastFetchedEpoch(),
                        partition.logStartOffset(),
                        partition.highWatermark());
            }
        }
    }

    private static void forget(FetchSession session, FetchRequestData request) {
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            TopicId id = TopicId.of(topic.topicId());
            for (int partition : topic.partitions()) {
                session.forget(topic.topic(), id, partition);
            }
        }
    }

    /** One error for all: from version 7 on for the request, before that for each partition; both are filled. */
    static FetchResponseData refusing(FetchRequestData request, Errors error) {
        return refusingEach(request, error).setErrorCode(error.code());
    }

    private static FetchResponseData refusingEach(FetchRequestData request, Errors error) {
        List<FetchableTopicResponse> topics = new ArrayList<>(request.topics().size());
        for (FetchTopic topic : request.topics()) {
            List<PartitionData> partitions = new ArrayList<>(topic.partitions().size());
            for (FetchPartition partition : topic.partitions()) {
                partitions.add(refused(partition.partition(), error));
            }
            topics.add(new FetchableTopicResponse()
                    .setTopic(topic.topic())
                    .setTopicId(topic.topicId())
                    .setPartitions(partitions));
        }
        return new FetchResponseData().setResponses(topics);
    }

    static PartitionData refused(int partition, Errors error) {
        return new PartitionData()
                .setPartitionIndex(partition)
                .setErrorCode(error.code())
                .setHighWatermark(-1)
                .setRecords(MemoryRecords.EMPTY);
    }
}
