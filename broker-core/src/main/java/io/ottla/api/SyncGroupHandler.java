package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Gives a member of a classic group its assignment, as the leader says. */
final class SyncGroupHandler implements ApiHandler<SyncGroupRequestData, SyncGroupResponseData> {
    /** From this version on a member says which protocol it believes in (KIP-559). */
    private static final short FIRST_WITH_PROTOCOL = 5;

    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final ApiSpec<SyncGroupRequestData, SyncGroupResponseData> spec = ApiSpec.of(
            ApiKeys.SYNC_GROUP, (request, error) -> refusing(error), SyncGroupResponseData::setThrottleTimeMs);

    SyncGroupHandler(GroupCoordinator coordinator, GroupAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<SyncGroupRequestData, SyncGroupResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<SyncGroupResponseData> handle(RequestContext context, SyncGroupRequestData request) {
        if (context.apiVersion() >= FIRST_WITH_PROTOCOL
                && (request.protocolType() == null || request.protocolName() == null)) {
            return Reply.of(refusing(Errors.INCONSISTENT_GROUP_PROTOCOL));
        }
        if (!access.reads(context, request.groupId())) {
            return Reply.of(refusing(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        Reply<SyncGroupResponseData> reply = Reply.later();
        coordinator.sync(request, reply::complete);
        return reply;
    }

    private static SyncGroupResponseData refusing(Errors error) {
        return new SyncGroupResponseData().setErrorCode(error.code());
    }
}
