package io.ottla.simulation;

import io.ottla.peer.PeerClient;
import io.ottla.types.BrokerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Bugs of transactions: in what brokers ask one another, and in what they see of clients' requests. */
final class TransactionBugs implements PeerClient {
    /** What becomes of what one broker asks another. */
    interface Change {
        /** The request, or another one in its place; null where it is not asked at all. */
        ApiMessage ask(ApiMessage request);

        /** What is believed to be the answer. */
        ApiMessage answer(ApiMessage request, ApiMessage answer);
    }

    private final PeerClient real;
    private final Change change;

    TransactionBugs(PeerClient real, Change change) {
        this.real = real;
        this.change = change;
    }

    @Override
    public CompletionStage<ApiMessage> send(Lane lane, ApiMessage request, short version, long timeoutMs) {
        ApiMessage asked = change.ask(request);
        return asked == null
                ? CompletableFuture.completedFuture(change.answer(request, null))
                : real.send(lane, asked, version, timeoutMs).thenApply(answer -> change.answer(request, answer));
    }

    @Override
    public void fetch(
            Lane lane,
            ApiMessage request,
            short version,
            long timeoutMs,
            BiConsumer<? super ApiMessage, ? super Throwable> receiver) {
        real.fetch(lane, request, version, timeoutMs, receiver);
    }

    @Override
    public CompletionStage<Presence> probe(BrokerId broker, long timeoutMs) {
        return real.probe(broker, timeoutMs);
    }

    /** Of several partitions of a broker only the first gets a marker. */
    static final class OneMarker implements Change {
        @Override
        public ApiMessage ask(ApiMessage request) {
            if (!(request instanceof WriteTxnMarkersRequestData markers)) {
                return request;
            }
            WriteTxnMarkersRequestData fewer = markers.duplicate();
            for (WritableTxnMarker marker : fewer.markers()) {
                WritableTxnMarkerTopic first = marker.topics().getFirst();
                first.setPartitionIndexes(List.of(first.partitionIndexes().getFirst()));
                marker.setTopics(List.of(first));
            }
            return fewer;
        }

        @Override
        public ApiMessage answer(ApiMessage request, ApiMessage answer) {
            return request instanceof WriteTxnMarkersRequestData markers ? done(markers) : answer;
        }

        private static WriteTxnMarkersResponseData done(WriteTxnMarkersRequestData request) {
            WriteTxnMarkersResponseData answer = new WriteTxnMarkersResponseData();
            for (WritableTxnMarker marker : request.markers()) {
                WritableTxnMarkerResult result = new WritableTxnMarkerResult().setProducerId(marker.producerId());
                for (WritableTxnMarkerTopic topic : marker.topics()) {
                    WritableTxnMarkerTopicResult told = new WritableTxnMarkerTopicResult().setName(topic.name());
                    topic.partitionIndexes()
                            .forEach(partition -> told.partitions()
                                    .add(new WritableTxnMarkerPartitionResult().setPartitionIndex(partition)));
                    result.topics().add(told);
                }
                answer.markers().add(result);
            }
            return answer;
        }
    }

    /** Markers say that it is aborted. */
    static final class Forgotten implements Change {
        @Override
        public ApiMessage ask(ApiMessage request) {
            if (!(request instanceof WriteTxnMarkersRequestData markers)) {
                return request;
            }
            WriteTxnMarkersRequestData aborting = markers.duplicate();
            aborting.markers().forEach(marker -> marker.setTransactionResult(false));
            return aborting;
        }

        @Override
        public ApiMessage answer(ApiMessage request, ApiMessage answer) {
            return answer;
        }
    }

    /** Whether a partition belongs to a transaction is not asked. */
    static final class Unverified implements Change {
        private static boolean isMeant(ApiMessage request) {
            return request instanceof AddPartitionsToTxnRequestData added
                    && added.transactions().stream().allMatch(AddPartitionsToTxnTransaction::verifyOnly);
        }

        @Override
        public ApiMessage ask(ApiMessage request) {
            return isMeant(request) ? null : request;
        }

        @Override
        public ApiMessage answer(ApiMessage request, ApiMessage answer) {
            if (!isMeant(request)) {
                return answer;
            }
            AddPartitionsToTxnResponseData yes = new AddPartitionsToTxnResponseData();
            for (AddPartitionsToTxnTransaction transaction : ((AddPartitionsToTxnRequestData) request).transactions()) {
                AddPartitionsToTxnResult result =
                        new AddPartitionsToTxnResult().setTransactionalId(transaction.transactionalId());
                transaction.topics().forEach(topic -> {
                    AddPartitionsToTxnTopicResult told = new AddPartitionsToTxnTopicResult().setName(topic.name());
                    topic.partitions()
                            .forEach(partition -> told.resultsByPartition()
                                    .add(new AddPartitionsToTxnPartitionResult().setPartitionIndex(partition)));
                    result.topicResults().add(told);
                });
                yes.resultsByTransaction().add(result);
            }
            return yes;
        }
    }

    /** Header: key, version, correlation id, client id, tags; then three times of four bytes, and the isolation. */
    static byte[] readsAll(byte[] frame) {
        if (frame[0] == 0 && frame[1] == ApiKeys.FETCH.id && frame[3] >= 15) {
            frame[8 + 2 + (frame[8] << 8 | frame[9] & 0xFF) + 1 + 12] = 0;
        }
        return frame;
    }

    /** The last byte but the tags says whether unstable offsets are refused. */
    static byte[] takesUnstable(byte[] frame) {
        if (frame[0] == 0 && frame[1] == ApiKeys.OFFSET_FETCH.id && frame[3] >= 8) {
            frame[frame.length - 2] = 0;
        }
        return frame;
    }
}
