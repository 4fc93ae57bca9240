package io.ottla.api;

import io.ottla.controller.Controller;
import io.ottla.controller.PartitionResult;
import io.ottla.time.Timer;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Elects leaders on request (KIP-183, KIP-460). Where all partitions are meant, only those are named of which something was to be done. */
final class ElectLeadersHandler implements ApiHandler<ElectLeadersRequestData, ElectLeadersResponseData> {
    private final ApiSpec<ElectLeadersRequestData, ElectLeadersResponseData> spec = ApiSpec.of(
                    ApiKeys.ELECT_LEADERS,
                    (ElectLeadersRequestData request, Errors error) -> refusing(request, Failure.of(error)),
                    (ElectLeadersResponseData answer, Integer throttleMs) -> answer.setThrottleTimeMs(throttleMs))
            .demanding(AclOperation.ALTER)
            .answeredByController(ElectLeadersResponseData::throttleTimeMs);
    private final Controller controller;
    private final Timer timer;

    ElectLeadersHandler(Controller controller, Timer timer) {
        this.controller = controller;
        this.timer = timer;
    }

    @Override
    public ApiSpec<ElectLeadersRequestData, ElectLeadersResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<ElectLeadersResponseData> handle(RequestContext context, ElectLeadersRequestData request) {
        ElectionType type = switch (request.electionType()) {
            case 0 -> ElectionType.PREFERRED;
            case 1 -> ElectionType.UNCLEAN;
            default -> null;
        };
        if (type == null) {
            return Reply.of(refusing(request, Failure.of(Errors.INVALID_REQUEST)));
        }
        return TimedAnswer.of(
                controller.electLeaders(type, partitions(request)),
                request.timeoutMs(),
                timer,
                ElectLeadersHandler::answer,
                () -> refusing(request, controller.lateness()),
                () -> refusing(request, Failure.of(Errors.UNKNOWN_SERVER_ERROR)));
    }

    /** Null for all. */
    private static List<TopicPartition> partitions(ElectLeadersRequestData request) {
        if (request.topicPartitions() == null) {
            return null;
        }
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicPartitions topic : request.topicPartitions()) {
            topic.partitions().forEach(number -> partitions.add(new TopicPartition(topic.topic(), number)));
        }
        return partitions;
    }

    private static ElectLeadersResponseData answer(List<PartitionResult> results) {
        Map<String, ReplicaElectionResult> topics = new LinkedHashMap<>();
        for (PartitionResult result : results) {
            Failure failure = result.failure();
            topics.computeIfAbsent(result.partition().topic(), name -> new ReplicaElectionResult().setTopic(name))
                    .partitionResult()
                    .add(new ElectLeadersResponseData.PartitionResult()
                            .setPartitionId(result.partition().partition())
                            .setErrorCode((failure == null ? Errors.NONE : failure.error()).code())
                            .setErrorMessage(failure == null ? null : failure.text()));
        }
        return new ElectLeadersResponseData().setReplicaElectionResults(new ArrayList<>(topics.values()));
    }

    /** The oldest version has no error but those of partitions. */
    private static ElectLeadersResponseData refusing(ElectLeadersRequestData request, Failure failure) {
        List<TopicPartition> partitions = partitions(request);
        return partitions == null
                ? new ElectLeadersResponseData().setErrorCode(failure.error().code())
                : answer(partitions.stream()
                        .map(name -> new PartitionResult(name, failure))
                        .toList());
    }
}
