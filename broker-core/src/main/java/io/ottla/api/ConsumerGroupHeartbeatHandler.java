package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Lets members of the consumer protocol come, report and leave (KIP-848). */
final class ConsumerGroupHeartbeatHandler
        implements ApiHandler<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> {
    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final ApiSpec<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> spec = ApiSpec.of(
            ApiKeys.CONSUMER_GROUP_HEARTBEAT,
            (request, error) -> refusing(error),
            ConsumerGroupHeartbeatResponseData::setThrottleTimeMs);

    ConsumerGroupHeartbeatHandler(GroupCoordinator coordinator, GroupAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<ConsumerGroupHeartbeatResponseData> handle(
            RequestContext context, ConsumerGroupHeartbeatRequestData request) {
        if (!coordinator.consumers().areServed()) {
            return Reply.of(refusing(Errors.UNSUPPORTED_VERSION));
        }
        if (!access.reads(context, request.groupId())) {
            return Reply.of(refusing(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        if (request.subscribedTopicNames() != null) {
            for (String topic : request.subscribedTopicNames()) {
                if (!access.describesTopic(context, topic)) {
                    return Reply.of(refusing(Errors.TOPIC_AUTHORIZATION_FAILED));
                }
            }
        }
        Reply<ConsumerGroupHeartbeatResponseData> reply = Reply.later();
        coordinator.consumers().heartbeat(access.asker(context), request, reply::complete);
        return reply;
    }

    private static ConsumerGroupHeartbeatResponseData refusing(Errors error) {
        return new ConsumerGroupHeartbeatResponseData().setErrorCode(error.code());
    }
}
