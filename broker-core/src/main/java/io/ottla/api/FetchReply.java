package io.ottla.api;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.replication.FetchSession;
import io.ottla.replication.FetchTurn;
import io.ottla.replication.FetchedPartition;
import io.ottla.replication.HostedTopic;
import io.ottla.replication.Partition;
import io.ottla.replication.PartitionRead;
import io.ottla.replication.Replicas;
import io.ottla.storage.StoredRecords;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.resource.ResourceType;

/** One fetch, and the answer it becomes. */
final class FetchReply extends FetchTurn {
    private static final short FIRST_WITH_STORAGE_ERROR = 6;
    private static final short FIRST_WITH_HINTS = 16;
    private static final Failure UNKNOWN_ID = Failure.of(Errors.UNKNOWN_TOPIC_ID);
    private static final Failure NOT_ALLOWED = Failure.of(Errors.TOPIC_AUTHORIZATION_FAILED);

    private final FetchHandler handler;
    private final RequestContext context;
    private final FetchSession session;
    private final int replica;
    private final BrokerId follower;
    private final long followerEpoch;
    private final String rack;
    private final Reply<FetchResponseData> reply = Reply.later();
    private final FetchResponseData response = new FetchResponseData();

    /** @param rack a consumer's, where it is to be sent to a replica in it; null else */
    FetchReply(
            FetchHandler handler,
            RequestContext context,
            FetchSession session,
            boolean whole,
            Terms terms,
            AtomicInteger waiting,
            int replica,
            long followerEpoch,
            String rack) {
        super(session, whole, terms, context.loop(), handler.readers, waiting);
        this.handler = handler;
        this.context = context;
        this.session = session;
        this.replica = replica;
        this.follower = replica < 0 ? BrokerId.NONE : new BrokerId(replica);
        this.followerEpoch = followerEpoch;
        this.rack = rack;
    }

    /** The answer, made or to come. After the start: one that is made already needs nobody to hurry it. */
    Reply<FetchResponseData> reply() {
        return reply.outcomeNow() == null ? reply.hurriedBy(this::hurry) : reply;
    }

    @Override
    protected Lookup find(FetchedPartition fetched) {
        Replicas replicas = handler.replicas;
        HostedTopic hosted =
                session.isByTopicId() ? replicas.topic(fetched.topicId()) : replicas.topic(fetched.topic());
        String topic = hosted == null ? nameOf(fetched) : hosted.name();
        if (topic == null) {
            return new Lookup(null, UNKNOWN_ID);
        }
        if (replica < 0 && !handler.authorizer.allows(context.caller(), AclOperation.READ, ResourceType.TOPIC, topic)) {
            return new Lookup(null, NOT_ALLOWED);
        }
        Partition partition = hosted == null ? null : hosted.partition(fetched.number());
        if (partition == null) {
            replicas.meters().all().fetchAsked();
            return new Lookup(null, replicas.absence(topic, fetched.number()));
        }
        partition.meter().fetchAsked();
        return new Lookup(partition, null);
    }

    private String nameOf(FetchedPartition fetched) {
        return session.isByTopicId() ? handler.replicas.image().topicNames().get(fetched.topicId()) : fetched.topic();
    }

    @Override
    protected Failure served(FetchedPartition fetched) {
        if (replica < 0) {
            return null;
        }
        return fetched.partition()
                .followerFetched(
                        follower,
                        followerEpoch,
                        fetched.currentLeaderEpoch(),
                        fetched.fetchOffset(),
                        fetched.logStartOffset(),
                        handler.clock.monotonicNs());
    }

    @Override
    protected BrokerId elsewhere(FetchedPartition fetched) {
        return rack == null || fetched.partition().refusal(fetched.currentLeaderEpoch()) != null
                ? null
                : fetched.partition().nearest(rack, fetched.fetchOffset(), this::reachableRack);
    }

    /** Null where the consumer can't reach that broker by the listener that it came by. */
    private String reachableRack(BrokerId broker) {
        BrokerImage known = handler.replicas.image().brokers().get(broker);
        return known == null || known.endpoint(context.listener()) == null ? null : known.rack();
    }

    @Override
    protected boolean isCatchingUp(FetchedPartition fetched) {
        return replica >= 0
                && fetched.partition() != null
                && fetched.partition().isOutOfSync(follower);
    }

    @Override
    protected boolean isHeldBack(FetchedPartition fetched) {
        return fetched.partition().isHeldBack(follower);
    }

    @Override
    protected void prepare(List<FetchedPartition> news, int bytes) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        FetchableTopicResponse last = null;
        FetchedPartition before = null;
        for (FetchedPartition fetched : news) {
            if (before == null || !isSameTopic(before, fetched)) {
                last = new FetchableTopicResponse().setPartitions(new ArrayList<>());
                if (session.isByTopicId()) {
                    last.setTopicId(fetched.topicId().uuid());
                } else {
                    last.setTopic(fetched.topic());
                }
                topics.add(last);
            }
            last.partitions().add(shown(fetched));
            before = fetched;
        }
        response.setSessionId(session.id()).setResponses(topics);
        if (replica < 0) {
            reply.throttled(handler.quotas.chargeFetch(context.caller(), bytes));
        }
    }

    private boolean isSameTopic(FetchedPartition one, FetchedPartition other) {
        return session.isByTopicId()
                ? one.topicId().equals(other.topicId())
                : Objects.equals(one.topic(), other.topic());
    }

    private PartitionData shown(FetchedPartition fetched) {
        return switch (fetched.result()) {
            case PartitionRead.Found found -> {
                if (found.bytes() > 0 && replica < 0) {
                    fetched.partition().meter().fetched(found.bytes());
                } else if (found.bytes() > 0) {
                    fetched.partition().sent(follower, found.bytes());
                }
                yield new PartitionData()
                        .setPartitionIndex(fetched.number())
                        .setHighWatermark(found.highWatermark())
                        .setLastStableOffset(found.lastStableOffset())
                        .setLogStartOffset(found.logStartOffset())
                        .setAbortedTransactions(aborted(found))
                        .setRecords(
                                found.bytes() == 0
                                        ? MemoryRecords.EMPTY
                                        : new StoredRecords(found.slices(), found.bytes()));
            }
            case PartitionRead.Diverged diverged ->
                new PartitionData()
                        .setPartitionIndex(fetched.number())
                        .setHighWatermark(diverged.highWatermark())
                        .setLastStableOffset(diverged.lastStableOffset())
                        .setLogStartOffset(diverged.logStartOffset())
                        .setDivergingEpoch(new EpochEndOffset()
                                .setEpoch(diverged.at().epoch().value())
                                .setEndOffset(diverged.at().endOffset()))
                        .setAbortedTransactions(null)
                        .setRecords(MemoryRecords.EMPTY);
            case PartitionRead.Elsewhere elsewhere ->
                new PartitionData()
                        .setPartitionIndex(fetched.number())
                        .setHighWatermark(elsewhere.highWatermark())
                        .setLastStableOffset(elsewhere.lastStableOffset())
                        .setLogStartOffset(elsewhere.logStartOffset())
                        .setPreferredReadReplica(elsewhere.replica().value())
                        .setAbortedTransactions(null)
                        .setRecords(MemoryRecords.EMPTY);
            case PartitionRead.Refused(Failure failure) -> refused(fetched, failure.error());
        };
    }

    private static List<AbortedTransaction> aborted(PartitionRead.Found found) {
        if (found.aborted() == null) {
            return null;
        }
        List<AbortedTransaction> shown = new ArrayList<>(found.aborted().size());
        for (io.ottla.storage.AbortedTransaction one : found.aborted()) {
            shown.add(new AbortedTransaction().setProducerId(one.producerId()).setFirstOffset(one.firstOffset()));
        }
        return shown;
    }

    private PartitionData refused(FetchedPartition fetched, Errors error) {
        Errors known = error == Errors.KAFKA_STORAGE_ERROR && context.apiVersion() < FIRST_WITH_STORAGE_ERROR
                ? Errors.NOT_LEADER_OR_FOLLOWER
                : error;
        PartitionData data = FetchHandler.refused(fetched.number(), known);
        if (fetched.partition() != null) {
            // As Kafka has it: an empty list says that nobody looked for them.
            data.setAbortedTransactions(null);
        }
        if (known == Errors.OFFSET_OUT_OF_RANGE && replica >= 0) {
            // A follower goes on from here.
            data.setLogStartOffset(fetched.partition().log().logStartOffset());
        }
        switch (known) {
            case NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH -> hint(data, fetched);
            case UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID,
                    UNKNOWN_LEADER_EPOCH,
                    KAFKA_STORAGE_ERROR,
                    OFFSET_NOT_AVAILABLE,
                    OFFSET_OUT_OF_RANGE -> {}
            default -> {
                if (fetched.partition() == null) {
                    handler.replicas.meters().all().fetchFailed();
                } else {
                    fetched.partition().meter().fetchFailed();
                }
            }
        }
        return data;
    }

    private void hint(PartitionData data, FetchedPartition fetched) {
        if (context.apiVersion() < FIRST_WITH_HINTS) {
            return;
        }
        ClusterImage image = handler.replicas.image();
        PartitionImage state = LeaderHints.state(image, nameOf(fetched), fetched.number());
        if (state == null) {
            return;
        }
        data.setCurrentLeader(new LeaderIdAndEpoch()
                .setLeaderId(state.leader().value())
                .setLeaderEpoch(state.leaderEpoch().value()));
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

    @Override
    protected void send() {
        if (!reply.complete(response)) {
            releaseRecords();
        }
    }

    private void releaseRecords() {
        for (FetchableTopicResponse topic : response.responses()) {
            for (PartitionData partition : topic.partitions()) {
                if (partition.records() instanceof StoredRecords records) {
                    records.discard();
                }
            }
        }
    }
}
