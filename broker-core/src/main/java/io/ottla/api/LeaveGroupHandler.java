package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import java.util.List;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Lets members of a classic group leave; one in old versions, several since KIP-345. */
final class LeaveGroupHandler implements ApiHandler<LeaveGroupRequestData, LeaveGroupResponseData> {
    private static final short FIRST_WITH_MANY = 3;

    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final ApiSpec<LeaveGroupRequestData, LeaveGroupResponseData> spec = ApiSpec.of(
            ApiKeys.LEAVE_GROUP, (request, error) -> refusing(error), LeaveGroupResponseData::setThrottleTimeMs);

    LeaveGroupHandler(GroupCoordinator coordinator, GroupAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<LeaveGroupRequestData, LeaveGroupResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<LeaveGroupResponseData> handle(RequestContext context, LeaveGroupRequestData request) {
        if (!access.reads(context, request.groupId())) {
            return Reply.of(refusing(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        boolean one = context.apiVersion() < FIRST_WITH_MANY;
        List<MemberIdentity> members =
                one ? List.of(new MemberIdentity().setMemberId(request.memberId())) : request.members();
        Reply<LeaveGroupResponseData> reply = Reply.later();
        coordinator.leave(request.groupId(), members, answer -> reply.complete(one ? ofOne(answer) : answer));
        return reply;
    }

    private static LeaveGroupResponseData ofOne(LeaveGroupResponseData answer) {
        boolean whole =
                answer.errorCode() != Errors.NONE.code() || answer.members().isEmpty();
        return new LeaveGroupResponseData()
                .setErrorCode(
                        whole ? answer.errorCode() : answer.members().get(0).errorCode());
    }

    private static LeaveGroupResponseData refusing(Errors error) {
        return new LeaveGroupResponseData().setErrorCode(error.code());
    }
}
