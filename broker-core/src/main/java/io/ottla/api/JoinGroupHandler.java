package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Lets a member of a classic group join its next generation; answered when that begins. */
final class JoinGroupHandler implements ApiHandler<JoinGroupRequestData, JoinGroupResponseData> {
    /** Before this version an answer must name a protocol. */
    private static final short FIRST_WITHOUT_PROTOCOL = 7;

    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final ApiSpec<JoinGroupRequestData, JoinGroupResponseData> spec =
            ApiSpec.of(ApiKeys.JOIN_GROUP, JoinGroupHandler::refusing, JoinGroupResponseData::setThrottleTimeMs);

    JoinGroupHandler(GroupCoordinator coordinator, GroupAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<JoinGroupRequestData, JoinGroupResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<JoinGroupResponseData> handle(RequestContext context, JoinGroupRequestData request) {
        if (!access.reads(context, request.groupId())) {
            return Reply.of(forVersion(context, refusing(request, Errors.GROUP_AUTHORIZATION_FAILED)));
        }
        Reply<JoinGroupResponseData> reply = Reply.later();
        coordinator.join(access.asker(context), request, answer -> reply.complete(forVersion(context, answer)));
        return reply;
    }

    private static JoinGroupResponseData forVersion(RequestContext context, JoinGroupResponseData answer) {
        return context.apiVersion() < FIRST_WITHOUT_PROTOCOL && answer.protocolName() == null
                ? answer.setProtocolName("")
                : answer;
    }

    /** Which version it is for is not known here: the empty protocol fits all. */
    private static JoinGroupResponseData refusing(JoinGroupRequestData request, Errors error) {
        return new JoinGroupResponseData()
                .setProtocolName("")
                .setMemberId(request.memberId())
                .setErrorCode(error.code());
    }
}
