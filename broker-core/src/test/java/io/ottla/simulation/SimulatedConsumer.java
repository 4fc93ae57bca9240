package io.ottla.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * A consumer of given partitions, from their beginning: fetches from leaders with the epochs it knows of, and from a replica
 * near by where it is sent there. Everything that it reads is committed, so that whatever tells it that a log was cut is a
 * violation. From time to time it begins anew. Batches whose checksum does not fit it refuses, as clients do.
 */
final class SimulatedConsumer extends SimulatedClient {
    private static final short FETCH_VERSION = 16;
    private static final short EPOCH_VERSION = 4;
    private static final int WAIT_MS = 300;
    private static final int FETCH_BYTES = 1 << 16;
    private static final long NEAR_MS = 3_000;

    /** Asked where what a broker sends is damaged. */
    interface Copies {
        /** Reads others' copies; returns the offset that follows what was read. */
        long read(PartitionHistory partition, long from);
    }

    private static final class Reading {
        private final PartitionHistory partition;
        private long position;
        private int lastEpoch = -1;
        private int knownEpoch = -1;
        private boolean comparing;
        private int near = -1;
        private long nearUntilMs;

        Reading(PartitionHistory partition) {
            this.partition = partition;
        }

        String topic() {
            return partition.name().topic();
        }

        int number() {
            return partition.name().partition();
        }
    }

    private final List<Reading> readings = new ArrayList<>();
    private final Set<Integer> asked = new TreeSet<>();
    private final int pauseMs;
    private final int rewindsInThousand;
    private final String rack;
    private final Copies copies;
    private final boolean committedOnly;
    private long records;

    /**
     * @param rack empty where it has none
     * @param committedOnly whether it passes over what is not committed
     */
    SimulatedConsumer(
            SimulatedNetwork network,
            SimulatedProcess process,
            List<Address> bootstrap,
            List<PartitionHistory> partitions,
            int pauseMs,
            int rewindsInThousand,
            String rack,
            Copies copies,
            boolean committedOnly) {
        super(network, process, bootstrap);
        this.pauseMs = pauseMs;
        this.rewindsInThousand = rewindsInThousand;
        this.rack = rack;
        this.copies = copies;
        this.committedOnly = committedOnly;
        partitions.forEach(partition -> readings.add(new Reading(partition)));
    }

    @Override
    void start() {
        refresh();
    }

    /** Records read, those read again included. */
    long records() {
        return records;
    }

    /** Reads everything once more. */
    void rewind() {
        readings.forEach(SimulatedConsumer::rewind);
    }

    private static void rewind(Reading reading) {
        reading.position = 0;
        reading.lastEpoch = -1;
    }

    /**
     * Whether it has read everything that is known to be committed. Where records may be lost, markers may be lost too, and
     * nobody ends their transactions.
     */
    boolean hasReadAll() {
        return readings.stream()
                .allMatch(reading ->
                        committedOnly && reading.partition.isExcused() || reading.position >= reading.partition.end());
    }

    /** What it has not read, for people. */
    String unread() {
        StringBuilder text = new StringBuilder(name() + (committedOnly ? ", of what is committed:" : ":"));
        for (Reading reading : readings) {
            if (reading.position < reading.partition.end()) {
                text.append(' ')
                        .append(reading.partition)
                        .append(" from offset ")
                        .append(reading.position)
                        .append(" of ")
                        .append(reading.partition.end())
                        .append(reading.comparing ? " (comparing)" : "")
                        .append(reading.near < 0 ? "" : ", at " + reading.near);
            }
        }
        return text.toString();
    }

    @Override
    void refreshed() {
        poll();
    }

    /** Asks each broker that leads something and has not been asked. */
    private void poll() {
        Map<Integer, List<Reading>> wanted = new TreeMap<>();
        for (Reading reading : readings) {
            Leadership leadership = leadership(reading.topic(), reading.number());
            if (leadership == null || leadership.leader() < 0) {
                refresh();
                continue;
            }
            if (leadership.epoch() > reading.knownEpoch && reading.lastEpoch >= 0 && !reading.comparing) {
                reading.comparing = true;
                compare(reading, leadership);
            }
            if (reading.comparing) {
                continue;
            }
            reading.knownEpoch = Math.max(reading.knownEpoch, leadership.epoch());
            boolean near = reading.near >= 0 && nowMs() < reading.nearUntilMs && knows(reading.near);
            wanted.computeIfAbsent(near ? reading.near : leadership.leader(), broker -> new ArrayList<>())
                    .add(reading);
        }
        wanted.forEach((broker, from) -> {
            if (asked.add(broker)) {
                fetch(broker, from);
            }
        });
    }

    /** KIP-320: whether the new leader's log still has what was read. */
    private void compare(Reading reading, Leadership leadership) {
        OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
        topics.add(new OffsetForLeaderTopic()
                .setTopic(reading.topic())
                .setPartitions(List.of(new OffsetForLeaderPartition()
                        .setPartition(reading.number())
                        .setCurrentLeaderEpoch(leadership.epoch())
                        .setLeaderEpoch(reading.lastEpoch))));
        long position = reading.position;
        int lastEpoch = reading.lastEpoch;
        OffsetForLeaderEpochRequestData request =
                new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(topics);
        ask(leadership.leader(), request, EPOCH_VERSION, ANSWER_MS, (answer, why) -> {
            reading.comparing = false;
            if (answer instanceof OffsetForLeaderEpochResponseData found) {
                EpochEndOffset end =
                        found.topics().iterator().next().partitions().getFirst();
                if (end.errorCode() == Errors.NONE.code()) {
                    reading.knownEpoch = leadership.epoch();
                    requireUncut(reading, end.leaderEpoch(), end.endOffset(), position, lastEpoch);
                }
            }
            refresh();
        });
    }

    private void requireUncut(Reading reading, int epoch, long endOffset, long position, int lastEpoch) {
        if (!reading.partition.isExcused() && (endOffset < position || epoch < lastEpoch)) {
            throw new Violation(
                    name() + " has read " + reading.partition + " up to offset " + position + " and epoch " + lastEpoch
                            + ", but its leader's log parts from that at offset " + endOffset + " of epoch " + epoch);
        }
    }

    private void fetch(int broker, List<Reading> from) {
        Map<Uuid, FetchTopic> topics = new TreeMap<>();
        Map<String, Reading> asking = new TreeMap<>();
        for (Reading reading : from) {
            Uuid id = topic(reading.topic()).id();
            Leadership leadership = leadership(reading.topic(), reading.number());
            topics.computeIfAbsent(id, made -> new FetchTopic().setTopicId(id))
                    .partitions()
                    .add(new FetchPartition()
                            .setPartition(reading.number())
                            .setCurrentLeaderEpoch(leadership.epoch())
                            .setFetchOffset(reading.position)
                            .setLastFetchedEpoch(reading.lastEpoch)
                            .setPartitionMaxBytes(FETCH_BYTES / 4));
            asking.put(id + "/" + reading.number(), reading);
        }
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(WAIT_MS)
                .setMinBytes(1)
                .setMaxBytes(FETCH_BYTES)
                .setSessionEpoch(-1)
                .setRackId(rack)
                .setIsolationLevel((byte) (committedOnly ? 1 : 0))
                .setTopics(List.copyOf(topics.values()));
        IdentityHashMap<Reading, Long> positions = new IdentityHashMap<>();
        from.forEach(reading -> positions.put(reading, reading.position));
        ask(broker, request, FETCH_VERSION, WAIT_MS + ANSWER_MS, (answer, why) -> {
            asked.remove(broker);
            boolean stale = answer == null;
            if (answer instanceof FetchResponseData fetched) {
                stale = fetched.errorCode() != Errors.NONE.code();
                for (FetchableTopicResponse topic : fetched.responses()) {
                    for (PartitionData partition : topic.partitions()) {
                        Reading reading = asking.get(topic.topicId() + "/" + partition.partitionIndex());
                        if (reading.position == positions.get(reading)) {
                            stale |= fetched(reading, partition);
                        }
                    }
                }
            }
            if (stale) {
                from.forEach(reading -> reading.near = -1);
                refresh();
            } else if (random().nextInt(1000) < rewindsInThousand) {
                rewind(from.get(random().nextInt(from.size())));
            }
            later(random().nextInt(2 * pauseMs + 1), this::poll);
        });
    }

    /** Takes what came; true where the picture of the cluster is old. */
    private boolean fetched(Reading reading, PartitionData data) {
        Errors error = Errors.forCode(data.errorCode());
        switch (error) {
            case NONE -> {}
            case NOT_LEADER_OR_FOLLOWER,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID,
                    KAFKA_STORAGE_ERROR,
                    CORRUPT_MESSAGE,
                    OFFSET_NOT_AVAILABLE -> {
                return true;
            }
            default -> {
                if (error == Errors.OFFSET_OUT_OF_RANGE && reading.near >= 0) {
                    return true;
                }
                if (!reading.partition.isExcused()) {
                    throw new Violation(
                            name() + " gets " + error + " at offset " + reading.position + " of " + reading.partition);
                }
                rewind(reading);
                return true;
            }
        }
        if (data.divergingEpoch().endOffset() >= 0) {
            if (reading.near >= 0) {
                // A follower that has lost what was not on its disk says so of itself, not of the partition.
                return true;
            }
            requireUncut(
                    reading,
                    data.divergingEpoch().epoch(),
                    data.divergingEpoch().endOffset(),
                    reading.position,
                    reading.lastEpoch);
            rewind(reading);
            return false;
        }
        if (data.preferredReadReplica() >= 0) {
            reading.near = data.preferredReadReplica();
            reading.nearUntilMs = nowMs() + NEAR_MS;
        }
        if (data.records() instanceof MemoryRecords batches) {
            read(reading, batches.buffer(), data);
        }
        return false;
    }

    private void read(Reading reading, ByteBuffer batches, PartitionData data) {
        long highWatermark = data.highWatermark();
        CommittedView view = committedOnly ? new CommittedView(data.abortedTransactions()) : null;
        Batches.Visitor visitor = new Batches.Visitor() {
            @Override
            public void batch(Batches.Batch batch) {
                if (committedOnly) {
                    view.enter(batch);
                }
                if (batch.marker() != ' ' && reading.position == batch.firstOffset()) {
                    reading.position = batch.lastOffset() + 1;
                    reading.lastEpoch = batch.leaderEpoch();
                }
            }

            @Override
            public void record(long offset, long id, int epoch) {
                if (offset < reading.position) {
                    return;
                }
                if (offset != reading.position || offset >= highWatermark) {
                    throw new Violation(name() + " reads offset " + offset + " of " + reading.partition
                            + " at position " + reading.position + " and high watermark " + highWatermark);
                }
                reading.partition.saw(name(), offset, id, epoch);
                if (committedOnly) {
                    readCommitted(reading.partition, offset, id, !view.isAborted());
                }
                reading.position = offset + 1;
                reading.lastEpoch = epoch;
                records++;
            }
        };
        long next = Batches.read(batches, visitor);
        if (next < 0 && batches.remaining() >= Batches.HEADER) {
            // Its checksum does not fit: a client takes nothing of it, and the record is lost only if nobody else has
            // it. What the others have does not say what is committed: there it is waited until the log is mended.
            next = committedOnly && !reading.partition.isExcused()
                    ? reading.position
                    : copies.read(reading.partition, reading.position);
            reading.lastEpoch = -1;
        }
        reading.position = Math.max(reading.position, next);
    }

    private void readCommitted(PartitionHistory partition, long offset, long id, boolean got) {
        SentTransaction transaction = partition.sent(id).transaction();
        if (transaction != null) {
            transaction.read(name(), partition.sent(id), offset, got);
        } else if (!got) {
            throw new Violation(name() + " passes over record " + id + " at offset " + offset + " of " + partition
                    + ", which belongs to no transaction");
        }
    }
}
