package io.ottla.api;

import io.ottla.coordinator.Gathering;
import io.ottla.coordinator.transaction.MarkerLog;
import io.ottla.coordinator.transaction.TransactionMarker;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Writes how transactions ended into partitions that this broker leads, as transaction coordinators say, and who ends a
 * hanging one (KIP-98, KIP-664). Many are left to a worker, and the connection's next request to when they are appended: so
 * markers keep their order.
 */
final class WriteTxnMarkersHandler implements ApiHandler<WriteTxnMarkersRequestData, WriteTxnMarkersResponseData> {
    /** An event loop appends as many, which takes well below a millisecond. */
    static final int MOST_ON_LOOP = 16;

    private final MarkerLog log;
    private final TransactionAccess access;
    private final Executor workers;
    private final ApiSpec<WriteTxnMarkersRequestData, WriteTxnMarkersResponseData> spec =
            ApiSpec.of(ApiKeys.WRITE_TXN_MARKERS, WriteTxnMarkersHandler::refusing, (_, _) -> {});

    WriteTxnMarkersHandler(MarkerLog log, TransactionAccess access, Executor workers) {
        this.log = log;
        this.access = access;
        this.workers = workers;
    }

    @Override
    public ApiSpec<WriteTxnMarkersRequestData, WriteTxnMarkersResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<WriteTxnMarkersResponseData> handle(RequestContext context, WriteTxnMarkersRequestData request) {
        if (!access.writesMarkers(context)) {
            return Reply.of(refusing(request, Errors.CLUSTER_AUTHORIZATION_FAILED));
        }
        List<Written> all = new ArrayList<>();
        for (WritableTxnMarker marker : request.markers()) {
            for (WritableTxnMarkerTopic topic : marker.topics()) {
                topic.partitionIndexes()
                        .forEach(partition ->
                                all.add(new Written(marker(marker), new TopicPartition(topic.name(), partition))));
            }
        }
        if (all.isEmpty()) {
            return Reply.of(refusing(request, Errors.NONE));
        }
        if (all.size() <= MOST_ON_LOOP) {
            Reply<WriteTxnMarkersResponseData> reply = Reply.later();
            append(request, all, reply);
            return reply;
        }
        Reply<WriteTxnMarkersResponseData> reply = Reply.unordered();
        try {
            workers.execute(() -> {
                append(request, all, reply);
                reply.markOrdered();
            });
        } catch (RejectedExecutionException busy) {
            reply.complete(refusing(request, Errors.REQUEST_TIMED_OUT));
        }
        return reply;
    }

    private void append(
            WriteTxnMarkersRequestData request, List<Written> all, Reply<WriteTxnMarkersResponseData> reply) {
        Gathering<Errors> gathering =
                new Gathering<>(all.size(), errors -> reply.complete(answer(request, errors.iterator()::next)));
        for (int i = 0; i < all.size(); i++) {
            Written written = all.get(i);
            if (written.isOfSomebody()) {
                log.append(written.partition(), written.marker(), gathering.at(i));
            } else {
                gathering.at(i).accept(Errors.INVALID_REQUEST);
            }
        }
    }

    private record Written(TransactionMarker marker, TopicPartition partition) {
        boolean isOfSomebody() {
            return marker.producer().id() >= 0 && marker.producer().epoch() >= 0;
        }
    }

    private static TransactionMarker marker(WritableTxnMarker told) {
        return new TransactionMarker(
                new ProducerIdAndEpoch(told.producerId(), told.producerEpoch()),
                told.transactionResult(),
                told.coordinatorEpoch(),
                told.transactionVersion());
    }

    private static WriteTxnMarkersResponseData refusing(WriteTxnMarkersRequestData request, Errors error) {
        return answer(request, () -> error);
    }

    /** @param next asked for each partition in the request's order */
    private static WriteTxnMarkersResponseData answer(WriteTxnMarkersRequestData request, Supplier<Errors> next) {
        WriteTxnMarkersResponseData answer = new WriteTxnMarkersResponseData();
        for (WritableTxnMarker marker : request.markers()) {
            WritableTxnMarkerResult result = new WritableTxnMarkerResult().setProducerId(marker.producerId());
            for (WritableTxnMarkerTopic topic : marker.topics()) {
                WritableTxnMarkerTopicResult answered = new WritableTxnMarkerTopicResult().setName(topic.name());
                for (int partition : topic.partitionIndexes()) {
                    answered.partitions()
                            .add(new WritableTxnMarkerPartitionResult()
                                    .setPartitionIndex(partition)
                                    .setErrorCode(next.get().code()));
                }
                result.topics().add(answered);
            }
            answer.markers().add(result);
        }
        return answer;
    }
}
