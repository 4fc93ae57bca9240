package io.ottla.api;

import io.ottla.controller.Controller;
import io.ottla.controller.PartitionResult;
import io.ottla.controller.WantedMove;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Moves partitions to other brokers, each for itself, or takes moves back (KIP-455, KIP-860). */
final class AlterReassignmentsHandler
        implements ApiHandler<AlterPartitionReassignmentsRequestData, AlterPartitionReassignmentsResponseData> {
    private final ApiSpec<AlterPartitionReassignmentsRequestData, AlterPartitionReassignmentsResponseData> spec =
            ApiSpec.of(
                            ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                            (AlterPartitionReassignmentsRequestData request, Errors error) ->
                                    refusing(request, Failure.of(error)),
                            (AlterPartitionReassignmentsResponseData answer, Integer throttleMs) ->
                                    answer.setThrottleTimeMs(throttleMs))
                    .demanding(AclOperation.ALTER)
                    .answeredByController(AlterPartitionReassignmentsResponseData::throttleTimeMs);
    private final Controller controller;
    private final Timer timer;

    AlterReassignmentsHandler(Controller controller, Timer timer) {
        this.controller = controller;
        this.timer = timer;
    }

    @Override
    public ApiSpec<AlterPartitionReassignmentsRequestData, AlterPartitionReassignmentsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<AlterPartitionReassignmentsResponseData> handle(
            RequestContext context, AlterPartitionReassignmentsRequestData request) {
        boolean mayChangeFactor = request.allowReplicationFactorChange();
        return TimedAnswer.of(
                controller.reassign(moves(request), mayChangeFactor),
                request.timeoutMs(),
                timer,
                results -> answer(results).setAllowReplicationFactorChange(mayChangeFactor),
                () -> refusing(request, controller.lateness()),
                () -> refusing(request, Failure.of(Errors.UNKNOWN_SERVER_ERROR)));
    }

    private static List<WantedMove> moves(AlterPartitionReassignmentsRequestData request) {
        List<WantedMove> moves = new ArrayList<>();
        for (ReassignableTopic topic : request.topics()) {
            for (ReassignablePartition partition : topic.partitions()) {
                List<BrokerId> target = partition.replicas() == null
                        ? null
                        : partition.replicas().stream().map(BrokerId::new).toList();
                moves.add(new WantedMove(new TopicPartition(topic.name(), partition.partitionIndex()), target));
            }
        }
        return moves;
    }

    private static AlterPartitionReassignmentsResponseData answer(List<PartitionResult> results) {
        Map<String, ReassignableTopicResponse> topics = new LinkedHashMap<>();
        for (PartitionResult result : results) {
            Failure failure = result.failure();
            topics.computeIfAbsent(result.partition().topic(), name -> new ReassignableTopicResponse().setName(name))
                    .partitions()
                    .add(new ReassignablePartitionResponse()
                            .setPartitionIndex(result.partition().partition())
                            .setErrorCode((failure == null ? Errors.NONE : failure.error()).code())
                            .setErrorMessage(failure == null ? null : failure.text()));
        }
        return new AlterPartitionReassignmentsResponseData().setResponses(new ArrayList<>(topics.values()));
    }

    private static AlterPartitionReassignmentsResponseData refusing(
            AlterPartitionReassignmentsRequestData request, Failure failure) {
        List<PartitionResult> results = moves(request).stream()
                .map(move -> new PartitionResult(move.partition(), failure))
                .toList();
        return answer(results).setErrorCode(failure.error().code()).setErrorMessage(failure.text());
    }
}
