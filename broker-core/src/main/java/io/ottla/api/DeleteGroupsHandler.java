package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Deletes groups in which nobody is, with their offsets (KIP-229). */
final class DeleteGroupsHandler implements ApiHandler<DeleteGroupsRequestData, DeleteGroupsResponseData> {
    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final ApiSpec<DeleteGroupsRequestData, DeleteGroupsResponseData> spec = ApiSpec.of(
            ApiKeys.DELETE_GROUPS, DeleteGroupsHandler::refusing, DeleteGroupsResponseData::setThrottleTimeMs);

    DeleteGroupsHandler(GroupCoordinator coordinator, GroupAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<DeleteGroupsRequestData, DeleteGroupsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<DeleteGroupsResponseData> handle(RequestContext context, DeleteGroupsRequestData request) {
        DeleteGroupsResponseData answer = new DeleteGroupsResponseData();
        List<String> allowed = new ArrayList<>();
        for (String group : new LinkedHashSet<>(request.groupsNames())) {
            if (access.deletes(context, group)) {
                allowed.add(group);
            } else {
                answer.results().add(failed(group, Errors.GROUP_AUTHORIZATION_FAILED));
            }
        }
        Reply<DeleteGroupsResponseData> reply = Reply.later();
        coordinator.groups().delete(allowed, results -> {
            results.forEach(answer.results()::add);
            reply.complete(answer);
        });
        return reply;
    }

    private static DeletableGroupResult failed(String group, Errors error) {
        return new DeletableGroupResult().setGroupId(group).setErrorCode(error.code());
    }

    private static DeleteGroupsResponseData refusing(DeleteGroupsRequestData request, Errors error) {
        DeleteGroupsResponseData answer = new DeleteGroupsResponseData();
        new LinkedHashSet<>(request.groupsNames())
                .forEach(group -> answer.results().add(failed(group, error)));
        return answer;
    }
}
