package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Lists the groups that this broker coordinates, and that the caller may see. */
final class ListGroupsHandler implements ApiHandler<ListGroupsRequestData, ListGroupsResponseData> {
    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final ApiSpec<ListGroupsRequestData, ListGroupsResponseData> spec = ApiSpec.of(
            ApiKeys.LIST_GROUPS, (request, error) -> refusing(error), ListGroupsResponseData::setThrottleTimeMs);

    ListGroupsHandler(GroupCoordinator coordinator, GroupAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<ListGroupsRequestData, ListGroupsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<ListGroupsResponseData> handle(RequestContext context, ListGroupsRequestData request) {
        boolean all = access.describesCluster(context);
        Reply<ListGroupsResponseData> reply = Reply.later();
        coordinator.groups().list(request.statesFilter(), request.typesFilter(), answer -> {
            if (!all) {
                answer.groups().removeIf(group -> !access.describes(context, group.groupId()));
            }
            reply.complete(answer);
        });
        return reply;
    }

    private static ListGroupsResponseData refusing(Errors error) {
        return new ListGroupsResponseData().setErrorCode(error.code());
    }
}
