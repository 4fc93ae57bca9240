package io.ottla.coordinator.group;

import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;

/** What is wrong with a heartbeat of the consumer protocol by itself, whatever the group is (KIP-848, KIP-1082). Pure. */
final class HeartbeatRules {
    /** From this version on a client draws its member id itself. */
    private static final short FIRST_WITH_OWN_ID = 1;

    /** A subscription must fit into a record, with some room: characters of all names together. */
    private static final int MAX_SUBSCRIPTION_CHARS = 256 << 10;

    private HeartbeatRules() {}

    /** Null where nothing is. */
    static Refusal refusal(ConsumerGroupHeartbeatRequestData request, short version, List<String> assignors) {
        Refusal refusal = identity(request, version);
        if (refusal == null && request.memberEpoch() == 0) {
            refusal = joining(request);
        }
        if (refusal == null) {
            refusal = subscription(request);
        }
        if (refusal == null && request.serverAssignor() != null && !assignors.contains(request.serverAssignor())) {
            refusal = new Refusal(
                    Errors.UNSUPPORTED_ASSIGNOR,
                    "Expected one of " + assignors + " as the assignor, but it is " + request.serverAssignor());
        }
        return refusal;
    }

    private static Refusal identity(ConsumerGroupHeartbeatRequestData request, short version) {
        if (!GroupCoordinator.isValid(request.groupId())) {
            return Refusal.invalid("Expected a group id of 1 to 32767 bytes");
        }
        boolean mayComeWithoutId = version < FIRST_WITH_OWN_ID && request.memberEpoch() == 0;
        if (request.memberId().isEmpty() && !mayComeWithoutId) {
            return Refusal.invalid("Expected a member id, but it is empty");
        }
        if (isEmpty(request.instanceId()) || isEmpty(request.rackId())) {
            return Refusal.invalid("Expected an instance id and a rack to be left out or not to be empty");
        }
        if (!GroupCoordinator.fits(request.memberId())
                || !GroupCoordinator.fits(request.instanceId())
                || !GroupCoordinator.fits(request.rackId())) {
            return Refusal.invalid("Expected ids and a rack of at most 32767 bytes");
        }
        if (request.memberEpoch() < MemberPlace.AWAY) {
            return Refusal.invalid("Expected a member epoch of -2 or more, but it is " + request.memberEpoch());
        }
        return request.memberEpoch() == MemberPlace.AWAY && request.instanceId() == null
                ? Refusal.invalid("Expected the instance id of a member that leaves for a while")
                : null;
    }

    private static boolean isEmpty(String text) {
        return text != null && text.isEmpty();
    }

    private static Refusal joining(ConsumerGroupHeartbeatRequestData request) {
        if (request.rebalanceTimeoutMs() < 0) {
            return Refusal.invalid("Expected a rebalance timeout of somebody who joins");
        }
        if (request.topicPartitions() == null || !request.topicPartitions().isEmpty()) {
            return Refusal.invalid("Expected somebody who joins to say that it has no partitions");
        }
        return request.subscribedTopicNames() == null && request.subscribedTopicRegex() == null
                ? Refusal.invalid("Expected a subscription of somebody who joins")
                : null;
    }

    private static Refusal subscription(ConsumerGroupHeartbeatRequestData request) {
        if (request.subscribedTopicNames() == null) {
            return null;
        }
        long chars = 0;
        for (String topic : request.subscribedTopicNames()) {
            chars += topic.length() + 2L;
        }
        return chars > MAX_SUBSCRIPTION_CHARS
                ? Refusal.invalid("Expected at most " + MAX_SUBSCRIPTION_CHARS
                        + " characters of topics in a subscription, but there are " + chars)
                : null;
    }
}
