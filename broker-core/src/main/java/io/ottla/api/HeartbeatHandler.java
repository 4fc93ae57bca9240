package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Hears of a member of a classic group, and tells it whether to join again. */
final class HeartbeatHandler implements ApiHandler<HeartbeatRequestData, HeartbeatResponseData> {
    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final ApiSpec<HeartbeatRequestData, HeartbeatResponseData> spec = ApiSpec.of(
            ApiKeys.HEARTBEAT, (request, error) -> refusing(error), HeartbeatResponseData::setThrottleTimeMs);

    HeartbeatHandler(GroupCoordinator coordinator, GroupAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<HeartbeatRequestData, HeartbeatResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<HeartbeatResponseData> handle(RequestContext context, HeartbeatRequestData request) {
        if (!access.reads(context, request.groupId())) {
            return Reply.of(refusing(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        Reply<HeartbeatResponseData> reply = Reply.later();
        coordinator.heartbeat(request, reply::complete);
        return reply;
    }

    private static HeartbeatResponseData refusing(Errors error) {
        return new HeartbeatResponseData().setErrorCode(error.code());
    }
}
