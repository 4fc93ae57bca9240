package io.ottla.coordinator.transaction;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.peer.PeerClient;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends markers to the leaders of partitions. To other brokers they go through their {@link MarkerQueue}; to this one they need
 * no request. What a leader refuses because it is none any more, or can't commit, is sent again to whoever leads then: in
 * rounds, each with all that was refused, so that a transaction's partitions stay together. Source: KIP-98. Its state belongs
 * to the order that it is given.
 */
final class MarkerSender implements Markers {
    private static final Logger LOG = LoggerFactory.getLogger(MarkerSender.class);

    private static final long AGAIN_MS = 50;
    private static final int ROUNDS_PER_LINE = 600;
    private static final int MOST_NAMED = 5;

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
    private final Map<BrokerId, MarkerQueue> queues = new HashMap<>();
    /** What the next round tells again. */
    private Map<Ended, Set<TopicPartition>> refused = new LinkedHashMap<>();

    private boolean isRoundDue;
    private int roundsSinceLine;

    MarkerSender(Ports ports) {
        this.ports = ports;
    }

    @Override
    public void write(EndedTransaction ended, BooleanSupplier wanted, Runnable done) {
        later(() -> new Ended(ended, wanted, done).go(ended.partitions()));
    }

    /** Where there is no room for it, it is tried again. */
    private void later(Runnable step) {
        try {
            ports.order().execute(step);
        } catch (RejectedExecutionException full) {
            laterStill(AGAIN_MS, step);
        }
    }

    private void laterStill(long delayMs, Runnable step) {
        ports.timer().schedule(delayMs, () -> later(step));
    }

    // ---- in turn ----

    /** One transaction. */
    private final class Ended implements MarkerQueue.Telling {
        private final TransactionMarker marker;
        private final BooleanSupplier wanted;
        private final Runnable done;
        private final Set<TopicPartition> left;
        private int rounds;

        Ended(EndedTransaction ended, BooleanSupplier wanted, Runnable done) {
            this.marker = ended.marker();
            this.wanted = wanted;
            this.done = done;
            this.left = new TreeSet<>(ended.partitions());
        }

        @Override
        public TransactionMarker marker() {
            return marker;
        }

        @Override
        public boolean isWanted() {
            return wanted.getAsBoolean();
        }

        @Override
        public void go(Collection<TopicPartition> partitions) {
            if (!isWanted()) {
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
                again(this, partitions);
            } else if (leader.equals(ports.self())) {
                for (TopicPartition partition : partitions) {
                    ports.log().append(partition, marker, how -> later(() -> answered(partition, how)));
                }
            } else {
                queue(leader).add(this, partitions);
            }
        }

        @Override
        public void answered(TopicPartition partition, Errors how) {
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
                // Also where it knows of a later coordinator: if there is one, nobody wants this any more; if there is
                // none,
                // somebody has written in its name, and what is open there must not be taken for ended.
                default -> again(this, List.of(partition));
            }
        }

        private void told(Collection<TopicPartition> partitions) {
            boolean had = !left.isEmpty();
            left.removeAll(partitions);
            if (had && left.isEmpty() && isWanted()) {
                done.run();
            }
        }
    }

    private MarkerQueue queue(BrokerId leader) {
        return queues.computeIfAbsent(
                leader,
                broker -> new MarkerQueue(
                        broker, ports.peers(), this::later, this::laterStill, partition -> leads(broker, partition)));
    }

    /** Whether nobody else can be told in its place. */
    private boolean leads(BrokerId broker, TopicPartition partition) {
        PartitionImage state = state(ports.image().get(), partition);
        return state != null && (state.leader().equals(broker) || state.leader().isNone());
    }

    private void again(Ended ended, Collection<TopicPartition> partitions) {
        refused.computeIfAbsent(ended, _ -> new TreeSet<>()).addAll(partitions);
        if (!isRoundDue) {
            isRoundDue = true;
            laterStill(AGAIN_MS, this::round);
        }
    }

    private void round() {
        isRoundDue = false;
        Map<Ended, Set<TopicPartition>> all = refused;
        refused = new LinkedHashMap<>();
        all.keySet().forEach(ended -> ended.rounds++);
        sayWhatWaits(all);
        all.forEach(Ended::go);
    }

    /** One line for all of them, each half minute. */
    private void sayWhatWaits(Map<Ended, Set<TopicPartition>> all) {
        if (++roundsSinceLine < ROUNDS_PER_LINE) {
            return;
        }
        int transactions = 0;
        Set<TopicPartition> partitions = new TreeSet<>();
        for (Map.Entry<Ended, Set<TopicPartition>> each : all.entrySet()) {
            if (each.getKey().rounds >= ROUNDS_PER_LINE && each.getKey().isWanted()) {
                transactions++;
                partitions.addAll(each.getValue());
            }
        }
        if (transactions > 0) {
            roundsSinceLine = 0;
            LOG.warn(
                    "Partitions can't be told how transactions ended, and readers of committed records wait there: {}{} (of"
                            + " transactions: {}). It is tried again until they have a leader with enough replicas in sync",
                    partitions.stream().limit(MOST_NAMED).toList(),
                    partitions.size() > MOST_NAMED ? " and " + (partitions.size() - MOST_NAMED) + " more" : "",
                    transactions);
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
}
