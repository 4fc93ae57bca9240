package io.ottla.coordinator.transaction;

import io.ottla.peer.PeerClient;
import io.ottla.peer.PeerClient.Lane;
import io.ottla.peer.PeerClient.Purpose;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * The markers for one other broker. It gets one request at a time, with all that has come meanwhile. Where an answer is slow,
 * since a partition can't commit, the others need not wait for it: what comes for other partitions goes by another connection.
 * What the broker does not lead any more is not waited for. Belongs to the order of {@link MarkerSender}.
 */
final class MarkerQueue {
    /** Each turn it is looked which answers are missing; one that was missing in the turn before is slow. */
    static final long TURN_MS = 100;

    private static final int PATIENCE_MS = 30_000;
    /** Has the version of transactions (KIP-1228). */
    private static final short VERSION = 2;
    /** Those between are {@link AskedCoordinators}'. */
    private static final int[] LANES = {2, 11, 12, 13};
    /** A request has the markers of as many transactions at most. */
    private static final int MOST = 1_000;

    /** A transaction that has ended. */
    interface Telling {
        TransactionMarker marker();

        /** False once nobody wants it to be told any more. */
        boolean isWanted();

        /** Has some partitions told by whoever leads them now. */
        void go(Collection<TopicPartition> partitions);

        /** What became of one. */
        void answered(TopicPartition partition, Errors how);
    }

    /** Runs something in the order after a while. */
    @FunctionalInterface
    interface Delay {
        void schedule(long delayMs, Runnable step);
    }

    /** What has been sent and is not answered: which partitions are still to be told by it, and whether that takes long. */
    private static final class Request {
        private final Map<Telling, Set<TopicPartition>> left;
        private int looks;

        /** It has been on its way for a whole turn. */
        boolean isSlow() {
            return looks > 1;
        }

        Request(Map<Telling, Set<TopicPartition>> left) {
            this.left = left;
        }
    }

    private final BrokerId broker;
    private final PeerClient peers;
    private final Executor order;
    private final Delay delay;
    private final Predicate<TopicPartition> leads;
    private final Request[] requests = new Request[LANES.length];
    private Map<Telling, Set<TopicPartition>> waiting = new LinkedHashMap<>();
    private boolean isSendDue;
    private boolean isLookDue;

    /**
     * @param order runs one task after the other
     * @param leads false for partitions that another broker leads by now, or that are gone
     */
    MarkerQueue(BrokerId broker, PeerClient peers, Executor order, Delay delay, Predicate<TopicPartition> leads) {
        this.broker = broker;
        this.peers = peers;
        this.order = order;
        this.delay = delay;
        this.leads = leads;
    }

    /** Has the broker told of a transaction's end in these partitions. */
    void add(Telling telling, Collection<TopicPartition> partitions) {
        waiting.computeIfAbsent(telling, _ -> new HashSet<>()).addAll(partitions);
        sendSoon();
    }

    /** Whatever else is in the order comes along. */
    private void sendSoon() {
        if (!isSendDue && !waiting.isEmpty()) {
            isSendDue = true;
            order.execute(this::send);
        }
    }

    private void send() {
        isSendDue = false;
        int lane = freeLane();
        if (lane < 0) {
            return; // the next answer sends
        }
        Map<Telling, Set<TopicPartition>> taken = take();
        if (taken.isEmpty()) {
            return;
        }
        Request request = new Request(taken);
        requests[lane] = request;
        peers.send(new Lane(broker, Purpose.CONTROL, LANES[lane]), request(taken), VERSION, PATIENCE_MS)
                .whenComplete((answer, _) -> order.execute(() -> answered(lane, request, answer)));
        lookLater();
        sendSoon();
    }

    /** -1 where an answer is on its way that may come soon, or too many are slow. */
    private int freeLane() {
        int free = -1;
        for (int i = 0; i < requests.length; i++) {
            if (requests[i] == null) {
                free = free < 0 ? i : free;
            } else if (!requests[i].isSlow()) {
                return -1;
            }
        }
        return free;
    }

    /** What can be told, but for partitions that have not answered yet. */
    private Map<Telling, Set<TopicPartition>> take() {
        Set<TopicPartition> slow = new HashSet<>();
        for (Request request : requests) {
            if (request != null) {
                request.left.values().forEach(slow::addAll);
            }
        }
        Map<Telling, Set<TopicPartition>> taken = new LinkedHashMap<>();
        Map<Telling, Set<TopicPartition>> kept = new LinkedHashMap<>();
        waiting.forEach((telling, partitions) -> {
            if (!telling.isWanted()) {
                return;
            }
            for (TopicPartition partition : partitions) {
                boolean stays = slow.contains(partition) || taken.size() == MOST && !taken.containsKey(telling);
                (stays ? kept : taken)
                        .computeIfAbsent(telling, _ -> new HashSet<>())
                        .add(partition);
            }
        });
        waiting = kept;
        return taken;
    }

    private void lookLater() {
        if (!isLookDue) {
            isLookDue = true;
            delay.schedule(TURN_MS, this::look);
        }
    }

    /** Whether answers are slow, and are still to be waited for. */
    private void look() {
        isLookDue = false;
        Map<Telling, Set<TopicPartition>> elsewhere = new LinkedHashMap<>();
        boolean any = false;
        for (Request request : requests) {
            if (request != null) {
                any = true;
                request.looks++;
                moveTo(elsewhere, request.left);
            }
        }
        moveTo(elsewhere, waiting);
        elsewhere.forEach(Telling::go);
        if (any) {
            lookLater();
        }
        sendSoon();
    }

    private void moveTo(Map<Telling, Set<TopicPartition>> elsewhere, Map<Telling, Set<TopicPartition>> from) {
        from.forEach((telling, partitions) -> partitions.removeIf(partition -> {
            boolean moves = !leads.test(partition);
            if (moves) {
                elsewhere.computeIfAbsent(telling, _ -> new HashSet<>()).add(partition);
            }
            return moves;
        }));
        from.values().removeIf(Set::isEmpty);
    }

    private void answered(int lane, Request request, ApiMessage answer) {
        requests[lane] = null;
        Map<Long, Map<TopicPartition, Errors>> byProducer = new HashMap<>();
        if (answer instanceof WriteTxnMarkersResponseData given) {
            for (WritableTxnMarkerResult result : given.markers()) {
                Map<TopicPartition, Errors> told =
                        byProducer.computeIfAbsent(result.producerId(), _ -> new HashMap<>());
                for (WritableTxnMarkerTopicResult topic : result.topics()) {
                    for (WritableTxnMarkerPartitionResult each : topic.partitions()) {
                        told.put(
                                new TopicPartition(topic.name(), each.partitionIndex()),
                                Errors.forCode(each.errorCode()));
                    }
                }
            }
        }
        request.left.forEach((telling, partitions) -> {
            Map<TopicPartition, Errors> told =
                    byProducer.getOrDefault(telling.marker().producer().id(), Map.of());
            for (TopicPartition partition : partitions) {
                telling.answered(partition, told.getOrDefault(partition, Errors.NETWORK_EXCEPTION));
            }
        });
        sendSoon();
    }

    private static WriteTxnMarkersRequestData request(Map<Telling, Set<TopicPartition>> all) {
        WriteTxnMarkersRequestData request = new WriteTxnMarkersRequestData();
        all.forEach((telling, partitions) -> {
            TransactionMarker marker = telling.marker();
            Map<String, WritableTxnMarkerTopic> topics = new HashMap<>();
            for (TopicPartition partition : partitions) {
                topics.computeIfAbsent(partition.topic(), name -> new WritableTxnMarkerTopic().setName(name))
                        .partitionIndexes()
                        .add(partition.partition());
            }
            request.markers()
                    .add(new WritableTxnMarker()
                            .setProducerId(marker.producer().id())
                            .setProducerEpoch(marker.producer().epoch())
                            .setTransactionResult(marker.commits())
                            .setCoordinatorEpoch(marker.coordinatorEpoch())
                            .setTransactionVersion((byte) marker.version())
                            .setTopics(new ArrayList<>(topics.values())));
        });
        return request;
    }
}
