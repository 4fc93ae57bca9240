package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.TopicPartitions;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Describes groups of the consumer protocol (KIP-848). */
final class ConsumerGroupDescribeHandler
        implements ApiHandler<ConsumerGroupDescribeRequestData, ConsumerGroupDescribeResponseData> {
    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final ApiSpec<ConsumerGroupDescribeRequestData, ConsumerGroupDescribeResponseData> spec = ApiSpec.of(
            ApiKeys.CONSUMER_GROUP_DESCRIBE,
            ConsumerGroupDescribeHandler::refusing,
            ConsumerGroupDescribeResponseData::setThrottleTimeMs);

    ConsumerGroupDescribeHandler(GroupCoordinator coordinator, GroupAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<ConsumerGroupDescribeRequestData, ConsumerGroupDescribeResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<ConsumerGroupDescribeResponseData> handle(
            RequestContext context, ConsumerGroupDescribeRequestData request) {
        if (!coordinator.consumers().areServed()) {
            return Reply.of(refusing(request, Errors.UNSUPPORTED_VERSION));
        }
        List<DescribedGroup> refused = new ArrayList<>();
        List<String> allowed = new ArrayList<>();
        for (String group : request.groupIds()) {
            if (access.describes(context, group)) {
                allowed.add(group);
            } else {
                refused.add(failed(group, Errors.GROUP_AUTHORIZATION_FAILED));
            }
        }
        Reply<ConsumerGroupDescribeResponseData> reply = Reply.later();
        coordinator.consumers().describe(allowed, described -> {
            ConsumerGroupDescribeResponseData answer = new ConsumerGroupDescribeResponseData();
            answer.groups().addAll(refused);
            for (DescribedGroup group : described) {
                answer.groups().add(seen(context, group, request.includeAuthorizedOperations()));
            }
            reply.complete(answer);
        });
        return reply;
    }

    /** Who may not know of all topics that a group reads is not told of its members. */
    private DescribedGroup seen(RequestContext context, DescribedGroup group, boolean withOperations) {
        if (group.errorCode() != Errors.NONE.code()) {
            return group;
        }
        boolean seesAll = group.members().stream()
                .flatMap(member -> Stream.concat(
                        member.assignment().topicPartitions().stream(),
                        member.targetAssignment().topicPartitions().stream()))
                .map(TopicPartitions::topicName)
                .distinct()
                .allMatch(topic -> access.describesTopic(context, topic));
        if (!seesAll) {
            return failed(group.groupId(), Errors.TOPIC_AUTHORIZATION_FAILED)
                    .setErrorMessage("The group reads topics that you may not describe");
        }
        if (withOperations) {
            group.setAuthorizedOperations(
                    AuthorizedOperations.onGroup(access.authorizer(), context.caller(), group.groupId()));
        }
        return group;
    }

    private static DescribedGroup failed(String group, Errors error) {
        return new DescribedGroup().setGroupId(group).setErrorCode(error.code());
    }

    private static ConsumerGroupDescribeResponseData refusing(ConsumerGroupDescribeRequestData request, Errors error) {
        ConsumerGroupDescribeResponseData answer = new ConsumerGroupDescribeResponseData();
        request.groupIds().forEach(group -> answer.groups().add(failed(group, error)));
        return answer;
    }
}
