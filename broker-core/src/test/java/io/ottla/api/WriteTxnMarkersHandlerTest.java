package io.ottla.api;

import static io.ottla.api.TestingDataPath.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.coordinator.transaction.MarkerLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class WriteTxnMarkersHandlerTest {
    private static final int MANY = 1_000;

    private final TestingDataPath path = new TestingDataPath(1);
    private final List<Long> appended = new ArrayList<>();
    private final Queue<Consumer<Errors>> waiting = new ArrayDeque<>();
    private final MarkerLog log = (_, marker, answer) -> {
        appended.add(marker.producer().id());
        waiting.add(answer);
    };

    private WriteTxnMarkersHandler handler(Executor workers) {
        return new WriteTxnMarkersHandler(log, new TransactionAccess(path.access), workers);
    }

    private Reply<WriteTxnMarkersResponseData> write(WriteTxnMarkersHandler handler, int transactions) {
        return write(handler, 0, transactions);
    }

    private Reply<WriteTxnMarkersResponseData> write(WriteTxnMarkersHandler handler, long from, long to) {
        WriteTxnMarkersRequestData request = new WriteTxnMarkersRequestData();
        LongStream.range(from, to)
                .forEach(id -> request.markers()
                        .add(new WritableTxnMarker()
                                .setProducerId(id)
                                .setTopics(List.of(new WritableTxnMarkerTopic()
                                        .setName("t")
                                        .setPartitionIndexes(List.of(0))))));
        return handler.handle(path.context(1), request);
    }

    private static List<Errors> errors(Reply<WriteTxnMarkersResponseData> reply) {
        return answer(reply).markers().stream()
                .map(marker -> Errors.forCode(
                        marker.topics().getFirst().partitions().getFirst().errorCode()))
                .toList();
    }

    private void commitAll() {
        while (!waiting.isEmpty()) {
            waiting.poll().accept(Errors.NONE);
        }
    }

    @Test
    void shouldAppendFewAtOnce() {
        Reply<WriteTxnMarkersResponseData> reply =
                write(handler(path.workers::add), WriteTxnMarkersHandler.MOST_ON_LOOP);
        assertThat(path.workers).isEmpty();
        assertThat(appended).hasSize(WriteTxnMarkersHandler.MOST_ON_LOOP);
        assertThat(reply.isOrdered()).isTrue();
        assertThat(reply.outcomeNow()).isNull();
        commitAll();
        assertThat(errors(reply)).hasSize(WriteTxnMarkersHandler.MOST_ON_LOOP).containsOnly(Errors.NONE);
    }

    @Test
    void shouldWriteNoneOfNobody() {
        Reply<WriteTxnMarkersResponseData> reply = write(handler(path.workers::add), -2, 1);
        commitAll();
        assertThat(errors(reply)).containsExactly(Errors.INVALID_REQUEST, Errors.INVALID_REQUEST, Errors.NONE);
        assertThat(appended).containsExactly(0L);
    }

    @Test
    void shouldLeaveManyToAWorkerInTheirOrder() {
        // when
        Reply<WriteTxnMarkersResponseData> reply = write(handler(path.workers::add), MANY);
        // then   the loop has appended none, and the connection's next request waits
        assertThat(appended).isEmpty();
        assertThat(reply.isOrdered()).isFalse();
        // when
        path.runWorkers();
        // then
        assertThat(appended)
                .isEqualTo(IntStream.range(0, MANY).asLongStream().boxed().toList());
        assertThat(reply.isOrdered()).isTrue();
        assertThat(reply.outcomeNow()).isNull();
        commitAll();
        assertThat(errors(reply)).hasSize(MANY).containsOnly(Errors.NONE);
    }

    @Test
    void shouldHaveThemToldAgainWhereAllWorkersAreBusy() {
        Reply<WriteTxnMarkersResponseData> reply = write(
                handler(_ -> {
                    throw new RejectedExecutionException("busy");
                }),
                MANY);
        assertThat(errors(reply)).hasSize(MANY).containsOnly(Errors.REQUEST_TIMED_OUT);
        assertThat(appended).isEmpty();
    }
}
