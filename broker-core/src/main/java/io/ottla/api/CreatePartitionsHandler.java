package io.ottla.api;

import io.ottla.controller.Controller;
import io.ottla.controller.MorePartitions;
import io.ottla.controller.NamedResult;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.quota.Quotas;
import io.ottla.security.Authorizer;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** Gives topics more partitions (KIP-195). What is answered as created can be used. */
final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequestData, CreatePartitionsResponseData> {
    private final ApiSpec<CreatePartitionsRequestData, CreatePartitionsResponseData> spec = ApiSpec.of(
                    ApiKeys.CREATE_PARTITIONS,
                    CreatePartitionsHandler::refusing,
                    (CreatePartitionsResponseData answer, Integer throttleMs) -> answer.setThrottleTimeMs(throttleMs))
            .answeredByController(CreatePartitionsResponseData::throttleTimeMs);
    private final Controller controller;
    private final Supplier<ClusterImage> image;
    private final Authorizer authorizer;
    private final Quotas quotas;
    private final Timer timer;

    CreatePartitionsHandler(
            Controller controller, Supplier<ClusterImage> image, Authorizer authorizer, Quotas quotas, Timer timer) {
        this.controller = controller;
        this.image = image;
        this.authorizer = authorizer;
        this.quotas = quotas;
        this.timer = timer;
    }

    @Override
    public ApiSpec<CreatePartitionsRequestData, CreatePartitionsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<CreatePartitionsResponseData> handle(RequestContext context, CreatePartitionsRequestData request) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        request.topics().forEach(topic -> {
            if (!seen.add(topic.name())) {
                twice.add(topic.name());
            }
        });
        List<NamedResult> settled = new ArrayList<>();
        twice.forEach(name ->
                settled.add(new NamedResult(name, Failure.of(Errors.INVALID_REQUEST, "Duplicate topic name."))));
        List<MorePartitions> wanted = new ArrayList<>();
        int partitions = 0;
        ClusterImage now = image.get();
        for (CreatePartitionsTopic topic : request.topics()) {
            if (twice.contains(topic.name())) {
                continue;
            }
            if (!authorizer.allows(context.caller(), AclOperation.ALTER, ResourceType.TOPIC, topic.name())) {
                settled.add(new NamedResult(topic.name(), Failure.of(Errors.TOPIC_AUTHORIZATION_FAILED)));
                continue;
            }
            wanted.add(wanted(topic));
            TopicImage present = now.topic(topic.name());
            partitions += present == null
                    ? 0
                    : Math.max(0, topic.count() - present.partitions().size());
        }
        int throttleMs = request.validateOnly() ? 0 : quotas.chargeMutations(context.caller(), partitions);
        if (wanted.isEmpty()) {
            return Reply.of(answer(settled, List.of())).throttled(throttleMs);
        }
        return TimedAnswer.of(
                        controller.createPartitions(wanted, request.validateOnly()),
                        request.timeoutMs(),
                        timer,
                        results -> answer(settled, results),
                        () -> answer(settled, failing(wanted, controller.lateness())),
                        () -> answer(settled, failing(wanted, Failure.of(Errors.UNKNOWN_SERVER_ERROR))))
                .throttled(throttleMs);
    }

    private static MorePartitions wanted(CreatePartitionsTopic topic) {
        List<List<BrokerId>> assignments = topic.assignments() == null
                ? null
                : topic.assignments().stream()
                        .map(assignment -> assignment.brokerIds().stream()
                                .map(BrokerId::new)
                                .toList())
                        .toList();
        return new MorePartitions(topic.name(), topic.count(), assignments);
    }

    private static List<NamedResult> failing(List<MorePartitions> wanted, Failure failure) {
        return wanted.stream()
                .map(topic -> new NamedResult(topic.topic(), failure))
                .toList();
    }

    private static CreatePartitionsResponseData answer(List<NamedResult> settled, List<NamedResult> results) {
        CreatePartitionsResponseData answer = new CreatePartitionsResponseData();
        settled.forEach(result -> answer.results().add(result(result)));
        results.forEach(result -> answer.results().add(result(result)));
        return answer;
    }

    private static CreatePartitionsTopicResult result(NamedResult result) {
        CreatePartitionsTopicResult topic = new CreatePartitionsTopicResult().setName(result.name());
        return result.failure() == null
                ? topic
                : topic.setErrorCode(result.failure().error().code())
                        .setErrorMessage(result.failure().text());
    }

    private static CreatePartitionsResponseData refusing(CreatePartitionsRequestData request, Errors error) {
        List<NamedResult> results = new ArrayList<>();
        request.topics().forEach(topic -> results.add(new NamedResult(topic.name(), Failure.of(error))));
        return answer(results, List.of());
    }
}
