package io.ottla.api;

import io.ottla.peer.LostReplicas;
import io.ottla.protocol.LostReplicasRequest;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;

/** Turns lost replicas into a request, and back. Pure. */
final class LostReplicasMessages {
    static final short VERSION = 0;

    private LostReplicasMessages() {}

    static LostReplicasRequest request(LostReplicas lost) {
        return new LostReplicasRequest(
                lost.broker().value(),
                lost.epoch().value(),
                lost.replicas().stream()
                        .map(replica -> new LostReplicasRequest.Replica(
                                replica.topicId().uuid(),
                                replica.partition().topic(),
                                replica.partition().partition(),
                                replica.epoch().value(),
                                code(replica.loss())))
                        .toList());
    }

    static LostReplicas lost(LostReplicasRequest request) {
        return new LostReplicas(
                new BrokerId(request.brokerId()),
                new BrokerEpoch(request.brokerEpoch()),
                request.replicas().stream()
                        .map(replica -> new LostReplicas.Replica(
                                TopicId.of(replica.topicId()),
                                new TopicPartition(replica.topic(), replica.partition()),
                                new LeaderEpoch(replica.leaderEpoch()),
                                loss(replica.loss())))
                        .toList());
    }

    private static byte code(LostReplicas.Loss loss) {
        return switch (loss) {
            case OFFLINE -> LostReplicasRequest.OFFLINE;
            case DAMAGED -> LostReplicasRequest.DAMAGED;
            case NONE -> LostReplicasRequest.NONE;
        };
    }

    /** What is not known counts as the worst. */
    private static LostReplicas.Loss loss(byte code) {
        return switch (code) {
            case LostReplicasRequest.DAMAGED -> LostReplicas.Loss.DAMAGED;
            case LostReplicasRequest.NONE -> LostReplicas.Loss.NONE;
            default -> LostReplicas.Loss.OFFLINE;
        };
    }
}
