package io.ottla.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * A producer by Kafka's rules: several batches of a partition in flight, retried in order, with sequence numbers where it is
 * idempotent. What is not acknowledged in time it gives up, under a new epoch of its id, so that it can't come back.
 */
final class SimulatedProducer extends SimulatedClient {
    /**
     * How it sends.
     *
     * @param acks -1, 0 or 1
     * @param inFlight batches of a partition
     * @param pauseMs between two batches, about
     */
    record Mode(int acks, boolean idempotent, int inFlight, int batchRecords, int pauseMs) {
        Promise promise() {
            if (acks != -1) {
                return Promise.NONE;
            }
            return idempotent ? Promise.IDEMPOTENT : Promise.AT_LEAST_ONCE;
        }
    }

    private static final Set<Errors> RETRIABLE = EnumSet.of(
            Errors.NOT_LEADER_OR_FOLLOWER,
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            Errors.UNKNOWN_TOPIC_ID,
            Errors.NOT_ENOUGH_REPLICAS,
            Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
            Errors.REQUEST_TIMED_OUT,
            Errors.KAFKA_STORAGE_ERROR,
            Errors.LEADER_NOT_AVAILABLE,
            Errors.FENCED_LEADER_EPOCH);

    private static final Set<Errors> OUT_OF_ORDER =
            EnumSet.of(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, Errors.UNKNOWN_PRODUCER_ID);

    private static final short INIT_VERSION = 4;
    private static final int PRODUCE_MS = 3_000;
    private static final int BACKOFF_MS = 40;
    private static final long DELIVERY_MS = 30_000;
    private static final int MOST_WAITING = 8;
    /** Who was deposed and does not know it has not all that was acknowledged; but others are soon known to lead. */
    private static final int OUT_OF_ORDER_AT_MOST = 200;

    private static final class Batch {
        private final List<Sent> records;
        private final long createdMs;
        private short epoch;
        private int sequence = -1;
        private int attempts;
        private int outOfOrder;
        private boolean inFlight;
        private boolean over;
        private Object lastError = "";

        Batch(List<Sent> records, long createdMs) {
            this.records = records;
            this.createdMs = createdMs;
        }
    }

    private static final class Lane {
        private final PartitionHistory partition;
        private final List<Batch> unacknowledged = new ArrayList<>();
        private int nextSequence;
        /** The highest that was acknowledged, of the present epoch. */
        private int acknowledgedSequence = -1;

        private long notBeforeMs;

        Lane(PartitionHistory partition) {
            this.partition = partition;
        }
    }

    private final History history;
    private final Mode mode;
    private final int number;
    private final short version;
    private final List<Lane> lanes = new ArrayList<>();
    private long producerId = -1;
    private short epoch;
    private boolean asking;
    private boolean stopped;
    private long acknowledgedBatches;

    SimulatedProducer(
            SimulatedNetwork network,
            SimulatedProcess process,
            List<Address> bootstrap,
            History history,
            Mode mode,
            int number,
            List<PartitionHistory> partitions) {
        super(network, process, bootstrap);
        this.history = history;
        this.mode = mode;
        this.number = number;
        this.version = (short) (random().nextBoolean() ? 13 : 9 + random().nextInt(4));
        partitions.forEach(partition -> lanes.add(new Lane(partition)));
    }

    @Override
    void start() {
        refresh();
        tick();
    }

    /** Sends nothing new. */
    void stop() {
        stopped = true;
    }

    void goOn() {
        stopped = false;
    }

    /** Whether nothing is under way. */
    boolean isIdle() {
        return lanes.stream().allMatch(lane -> lane.unacknowledged.isEmpty());
    }

    /** What is still under way, for people. */
    String describe() {
        StringBuilder text = new StringBuilder(name() + " (" + mode + ", id " + producerId + ")");
        for (Lane lane : lanes) {
            for (Batch batch : lane.unacknowledged) {
                text.append("\n    ")
                        .append(lane.partition)
                        .append(" sequence ")
                        .append(batch.sequence)
                        .append(" of epoch ")
                        .append(batch.epoch)
                        .append(", attempts ")
                        .append(batch.attempts)
                        .append(batch.inFlight ? ", in flight, " : ", ")
                        .append(batch.lastError)
                        .append(", made at ")
                        .append(batch.createdMs);
            }
        }
        return text.toString();
    }

    long acknowledgedBatches() {
        return acknowledgedBatches;
    }

    private void tick() {
        Lane lane = lanes.get(random().nextInt(lanes.size()));
        if (!stopped && lane.unacknowledged.size() < MOST_WAITING) {
            lane.unacknowledged.add(batch(lane));
        }
        pump(lane);
        later(random().nextInt(2 * mode.pauseMs() + 1), this::tick);
    }

    private Batch batch(Lane lane) {
        List<Sent> records = new ArrayList<>();
        for (int i = 1 + random().nextInt(mode.batchRecords()); i > 0; i--) {
            records.add(history.send(lane.partition, mode.promise(), number));
        }
        return new Batch(records, nowMs());
    }

    @Override
    void refreshed() {
        lanes.forEach(this::pump);
    }

    private void pump(Lane lane) {
        if (mode.idempotent() && producerId < 0) {
            askForId();
            return;
        }
        giveUp(lane);
        int inFlight = 0;
        for (Batch batch : List.copyOf(lane.unacknowledged)) {
            if (batch.inFlight) {
                inFlight++;
                continue;
            }
            boolean retriesAlone = mode.idempotent() && batch.attempts > 0;
            if (inFlight >= mode.inFlight() || retriesAlone && inFlight > 0 || nowMs() < lane.notBeforeMs) {
                return;
            }
            Leadership leadership = leadership(
                    lane.partition.name().topic(), lane.partition.name().partition());
            if (leadership == null || leadership.leader() < 0) {
                refresh();
                return;
            }
            send(lane, batch, leadership.leader());
            inFlight++;
            if (retriesAlone) {
                return;
            }
        }
    }

    private void askForId() {
        if (asking) {
            return;
        }
        asking = true;
        askAny(new InitProducerIdRequestData().setTransactionalId(null), INIT_VERSION, (answer, why) -> {
            asking = false;
            if (answer instanceof InitProducerIdResponseData given && given.errorCode() == Errors.NONE.code()) {
                producerId = given.producerId();
                epoch = given.producerEpoch();
                lanes.forEach(this::pump);
            } else {
                later(BACKOFF_MS, this::refreshed);
            }
        });
    }

    private void send(Lane lane, Batch batch, int leader) {
        if (batch.sequence < 0) {
            batch.epoch = epoch;
            batch.sequence = lane.nextSequence;
            lane.nextSequence += batch.records.size();
        }
        batch.inFlight = true;
        batch.attempts++;
        long id = mode.idempotent() ? producerId : -1;
        String topic = lane.partition.name().topic();
        PartitionProduceData data = new PartitionProduceData()
                .setIndex(lane.partition.name().partition())
                .setRecords(MemoryRecords.readableRecords(Batches.write(
                        id,
                        mode.idempotent() ? batch.epoch : -1,
                        batch.sequence,
                        process().clock().wallMs(),
                        batch.records)));
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add((version >= 13
                        ? new TopicProduceData().setTopicId(topic(topic).id())
                        : new TopicProduceData().setName(topic))
                .setPartitionData(List.of(data)));
        ProduceRequestData request = new ProduceRequestData()
                .setAcks((short) mode.acks())
                .setTimeoutMs(PRODUCE_MS)
                .setTopicData(topics);
        ask(leader, request, version, PRODUCE_MS + 1_000, (answer, why) -> answered(lane, batch, answer, why));
    }

    private void answered(Lane lane, Batch batch, ApiMessage answer, Throwable why) {
        if (batch.over) {
            return;
        }
        batch.inFlight = false;
        batch.lastError = why == null ? "" : why;
        if (mode.acks() == 0) {
            end(lane, batch, Sent.Fate.UNKNOWN);
        } else if (answer instanceof ProduceResponseData produced) {
            PartitionProduceResponse response =
                    produced.responses().iterator().next().partitionResponses().getFirst();
            answered(lane, batch, Errors.forCode(response.errorCode()), response.baseOffset());
        } else {
            retry(lane);
        }
        pump(lane);
    }

    private void answered(Lane lane, Batch batch, Errors error, long baseOffset) {
        batch.lastError = error;
        if (error == Errors.NONE) {
            acknowledge(lane, batch, baseOffset);
        } else if (error == Errors.DUPLICATE_SEQUENCE_NUMBER) {
            acknowledge(lane, batch, -1);
        } else if (RETRIABLE.contains(error)) {
            retry(lane);
        } else if (OUT_OF_ORDER.contains(error) && mayBeOutOfOrder(lane, batch)) {
            retry(lane);
        } else if (lane.partition.isExcused()) {
            abandon(lane);
        } else {
            throw new Violation(name() + " gets " + error + " for sequence " + batch.sequence + " of epoch "
                    + batch.epoch + " to " + lane.partition + ", though all before it was acknowledged (producer id "
                    + producerId + ")");
        }
    }

    /**
     * Whether that is right, for now or for good: behind others, or where five were acknowledged behind it, which is all that
     * a broker remembers. Then it is tried, as by Kafka's producer, until its time is up.
     */
    private static boolean mayBeOutOfOrder(Lane lane, Batch batch) {
        return lane.unacknowledged.indexOf(batch) > 0
                || batch.sequence < lane.acknowledgedSequence
                || ++batch.outOfOrder < OUT_OF_ORDER_AT_MOST;
    }

    private void acknowledge(Lane lane, Batch batch, long baseOffset) {
        acknowledgedBatches++;
        if (batch.epoch == epoch) {
            lane.acknowledgedSequence = Math.max(lane.acknowledgedSequence, batch.sequence);
        }
        if (mode.acks() == -1) {
            for (int i = 0; i < batch.records.size(); i++) {
                history.acknowledged(batch.records.get(i), baseOffset < 0 ? -1 : baseOffset + i);
            }
            end(lane, batch, Sent.Fate.ACKNOWLEDGED);
        } else {
            end(lane, batch, Sent.Fate.UNKNOWN);
        }
    }

    private static void end(Lane lane, Batch batch, Sent.Fate fate) {
        batch.over = true;
        lane.unacknowledged.remove(batch);
        batch.records.forEach(record -> record.fate(fate));
    }

    private void retry(Lane lane) {
        lane.notBeforeMs = nowMs() + BACKOFF_MS;
        refresh();
        later(BACKOFF_MS + 1, () -> pump(lane));
    }

    /** Gives up what was not acknowledged in its time. */
    private void giveUp(Lane lane) {
        for (Batch batch : lane.unacknowledged) {
            if (nowMs() - batch.createdMs > DELIVERY_MS) {
                abandon(lane);
                return;
            }
        }
    }

    /** Nothing that was sent to the partition is asked for any more; what was never sent waits on. */
    private void abandon(Lane lane) {
        if (mode.idempotent()) {
            epoch++;
            lanes.forEach(SimulatedProducer::forgetSent);
        } else {
            forgetSent(lane);
        }
        for (Batch batch : List.copyOf(lane.unacknowledged)) {
            if (nowMs() - batch.createdMs > DELIVERY_MS) {
                end(lane, batch, Sent.Fate.REFUSED);
            }
        }
    }

    private static void forgetSent(Lane lane) {
        lane.nextSequence = 0;
        lane.acknowledgedSequence = -1;
        for (Batch batch : List.copyOf(lane.unacknowledged)) {
            if (batch.attempts > 0) {
                end(lane, batch, Sent.Fate.UNKNOWN);
            }
        }
    }
}
