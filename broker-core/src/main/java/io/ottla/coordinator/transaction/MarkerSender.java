package io.ottla.coordinator.transaction;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.peer.PeerClient;
import io.ottla.peer.PeerClient.Lane;
import io.ottla.peer.PeerClient.Purpose;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends markers to the leaders of partitions. To each broker goes one request at a time, with all that has come meanwhile; to
 * this one none. What a leader refuses because it is none any more, or can't commit, is sent again to whoever leads then.
 * Source: KIP-98. Its state belongs to the order that it is given.
 */
final class MarkerSender implements Markers {
    private static final Logger LOG = LoggerFactory.getLogger(MarkerSender.class);

    private static final long AGAIN_MS = 50;
    private static final int ATTEMPTS_PER_LINE = 600;
    private static final int PATIENCE_MS = 30_000;
    /** Has the version of transactions (KIP-1228). */
    private static final short VERSION = 2;
    /** The first lane is for what must not wait behind markers that can't be committed. */
    private static final int LANE = 2;
    /** A request has the markers of as many transactions at most. */
    private static final int MOST = 1_000;

    /**
     * What it works with.
     *
     * @param log of the partitions that this broker leads
     * @param order runs one task after the other
     */
    record Ports(
            BrokerId self,
            Supplier<ClusterImage> image,
            PeerClient peers,
            MarkerLog log,
            Timer timer,
            Executor order) {}

    private final Ports ports;
    private final Map<BrokerId, Destination> destinations = new HashMap<>();

    MarkerSender(Ports ports) {
        this.ports = ports;
    }

    @Override
    public void write(EndedTransaction ended, BooleanSupplier wanted, Runnable done) {
        later(() -> new Telling(ended, wanted, done).go(ended.partitions()));
    }

    /** Where there is no room for it, it is tried again. */
    private void later(Runnable step) {
        try {
            ports.order().execute(step);
        } catch (RejectedExecutionException full) {
            ports.timer().schedule(AGAIN_MS, () -> later(step));
        }
    }

    // ---- in turn ----

    /** One transaction. */
    private final class Telling {
        private final TransactionMarker marker;
        private final BooleanSupplier wanted;
        private final Runnable done;
        private final Set<TopicPartition> left;
        private int attempts;

        Telling(EndedTransaction ended, BooleanSupplier wanted, Runnable done) {
            this.marker = ended.marker();
            this.wanted = wanted;
            this.done = done;
            this.left = new TreeSet<>(ended.partitions());
        }

        /** Sends the marker to the leaders of some partitions. */
        void go(Collection<TopicPartition> partitions) {
            if (!wanted.getAsBoolean()) {
                return;
            }
            ClusterImage image = ports.image().get();
            Map<BrokerId, List<TopicPartition>> byLeader = new HashMap<>();
            List<TopicPartition> gone = new ArrayList<>();
            for (TopicPartition partition : partitions) {
                PartitionImage state = state(image, partition);
                if (state == null) {
                    gone.add(partition);
                } else {
                    byLeader.computeIfAbsent(state.leader(), _ -> new ArrayList<>())
                            .add(partition);
                }
            }
            byLeader.forEach(this::send);
            told(gone);
        }

        private void send(BrokerId leader, List<TopicPartition> partitions) {
            if (leader.isNone()) {
                again(partitions, Errors.LEADER_NOT_AVAILABLE);
            } else if (leader.equals(ports.self())) {
                for (TopicPartition partition : partitions) {
                    ports.log().append(partition, marker, how -> later(() -> answered(partition, how)));
                }
            } else {
                destinations.computeIfAbsent(leader, Destination::new).add(new Part(this, partitions));
            }
        }

        void again(Collection<TopicPartition> partitions, Errors why) {
            List<TopicPartition> same = List.copyOf(partitions);
            if (++attempts % ATTEMPTS_PER_LINE == 0) {
                LOG.warn(
                        "{} can't be told yet how the transaction of producer {} in epoch {} ended ({}): readers of committed"
                                + " records wait there; it is tried again each {} ms",
                        same,
                        marker.producer().id(),
                        marker.producer().epoch(),
                        why,
                        AGAIN_MS);
            }
            ports.timer().schedule(AGAIN_MS, () -> later(() -> go(same)));
        }

        void answered(TopicPartition partition, Errors how) {
            switch (how) {
                case NONE -> told(List.of(partition));
                case INVALID_PRODUCER_EPOCH -> {
                    LOG.info(
                            "{} has the marker of producer {} in epoch {} already, or one of a later epoch",
                            partition,
                            marker.producer().id(),
                            marker.producer().epoch());
                    told(List.of(partition));
                }
                case TRANSACTION_COORDINATOR_FENCED -> {
                    // Who came later has told it: as long as this broker is still the coordinator that is so.
                    LOG.warn(
                            "{} refuses the marker of producer {} in epoch {}, since it knows of a later coordinator",
                            partition,
                            marker.producer().id(),
                            marker.producer().epoch());
                    told(List.of(partition));
                }
                default -> again(List.of(partition), how);
            }
        }

        private void told(Collection<TopicPartition> partitions) {
            boolean had = !left.isEmpty();
            left.removeAll(partitions);
            if (had && left.isEmpty() && wanted.getAsBoolean()) {
                done.run();
            }
        }
    }

    /** Null where there is no such partition any more. */
    private static PartitionImage state(ClusterImage image, TopicPartition partition) {
        TopicImage topic = image.topic(partition.topic());
        return topic == null
                        || topic.deleting()
                        || partition.partition() >= topic.partitions().size()
                ? null
                : topic.partition(partition.partition());
    }

    /** What one broker is to be told of a transaction. */
    private record Part(Telling telling, List<TopicPartition> partitions) {}

    /** A broker that leads partitions. */
    private final class Destination {
        private final Lane lane;
        private List<Part> waiting = new ArrayList<>();
        private boolean isAsked;

        Destination(BrokerId broker) {
            this.lane = new Lane(broker, Purpose.CONTROL, LANE);
        }

        void add(Part part) {
            waiting.add(part);
            if (!isAsked) {
                isAsked = true;
                // Whatever else is in the order comes along.
                later(this::send);
            }
        }

        private void send() {
            List<Part> sent = waiting.size() <= MOST ? waiting : List.copyOf(waiting.subList(0, MOST));
            waiting =
                    waiting.size() <= MOST ? new ArrayList<>() : new ArrayList<>(waiting.subList(MOST, waiting.size()));
            List<Part> wanted = sent.stream()
                    .filter(part -> part.telling().wanted.getAsBoolean())
                    .toList();
            if (wanted.isEmpty()) {
                next();
                return;
            }
            ports.peers()
                    .send(lane, request(wanted), VERSION, PATIENCE_MS)
                    .whenComplete((answer, failure) -> later(() -> answered(wanted, answer)));
        }

        private void next() {
            isAsked = !waiting.isEmpty();
            if (isAsked) {
                later(this::send);
            }
        }

        private void answered(List<Part> sent, ApiMessage answer) {
            Map<Long, WritableTxnMarkerResult> byProducer = new HashMap<>();
            if (answer instanceof WriteTxnMarkersResponseData given) {
                given.markers().forEach(result -> byProducer.put(result.producerId(), result));
            }
            for (Part part : sent) {
                answered(part, byProducer.get(part.telling().marker.producer().id()));
            }
            next();
        }

        private void answered(Part part, WritableTxnMarkerResult result) {
            Map<TopicPartition, Errors> told = new HashMap<>();
            if (result != null) {
                for (WritableTxnMarkerTopicResult topic : result.topics()) {
                    for (WritableTxnMarkerPartitionResult each : topic.partitions()) {
                        told.put(
                                new TopicPartition(topic.name(), each.partitionIndex()),
                                Errors.forCode(each.errorCode()));
                    }
                }
            }
            for (TopicPartition partition : part.partitions()) {
                part.telling().answered(partition, told.getOrDefault(partition, Errors.NETWORK_EXCEPTION));
            }
        }
    }

    private static WriteTxnMarkersRequestData request(List<Part> parts) {
        WriteTxnMarkersRequestData request = new WriteTxnMarkersRequestData();
        for (Part part : parts) {
            TransactionMarker marker = part.telling().marker;
            WritableTxnMarker written = new WritableTxnMarker()
                    .setProducerId(marker.producer().id())
                    .setProducerEpoch(marker.producer().epoch())
                    .setTransactionResult(marker.commits())
                    .setCoordinatorEpoch(marker.coordinatorEpoch())
                    .setTransactionVersion((byte) marker.version());
            Map<String, WritableTxnMarkerTopic> topics = new HashMap<>();
            for (TopicPartition partition : part.partitions()) {
                topics.computeIfAbsent(partition.topic(), name -> new WritableTxnMarkerTopic().setName(name))
                        .partitionIndexes()
                        .add(partition.partition());
            }
            written.topics().addAll(topics.values());
            request.markers().add(written);
        }
        return request;
    }
}
