package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Describes classic groups and their members. */
final class DescribeGroupsHandler implements ApiHandler<DescribeGroupsRequestData, DescribeGroupsResponseData> {
    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final ApiSpec<DescribeGroupsRequestData, DescribeGroupsResponseData> spec = ApiSpec.of(
            ApiKeys.DESCRIBE_GROUPS, DescribeGroupsHandler::refusing, DescribeGroupsResponseData::setThrottleTimeMs);

    DescribeGroupsHandler(GroupCoordinator coordinator, GroupAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<DescribeGroupsRequestData, DescribeGroupsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<DescribeGroupsResponseData> handle(RequestContext context, DescribeGroupsRequestData request) {
        List<DescribedGroup> refused = new ArrayList<>();
        List<String> allowed = new ArrayList<>();
        for (String group : request.groups()) {
            if (access.describes(context, group)) {
                allowed.add(group);
            } else {
                refused.add(failed(group, Errors.GROUP_AUTHORIZATION_FAILED));
            }
        }
        Reply<DescribeGroupsResponseData> reply = Reply.later();
        coordinator.groups().describe(allowed, context.apiVersion(), described -> {
            if (request.includeAuthorizedOperations()) {
                for (DescribedGroup group : described) {
                    if (group.errorCode() == Errors.NONE.code()) {
                        group.setAuthorizedOperations(
                                AuthorizedOperations.onGroup(access.authorizer(), context.caller(), group.groupId()));
                    }
                }
            }
            DescribeGroupsResponseData answer = new DescribeGroupsResponseData();
            answer.groups().addAll(refused);
            answer.groups().addAll(described);
            reply.complete(answer);
        });
        return reply;
    }

    private static DescribedGroup failed(String group, Errors error) {
        return new DescribedGroup().setGroupId(group).setErrorCode(error.code());
    }

    private static DescribeGroupsResponseData refusing(DescribeGroupsRequestData request, Errors error) {
        DescribeGroupsResponseData answer = new DescribeGroupsResponseData();
        request.groups().forEach(group -> answer.groups().add(failed(group, error)));
        return answer;
    }
}
