package io.ottla.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
 * What a transactional producer writes to one partition: batches in the order of their sequences, several of them in flight,
 * the same again where a try has failed and may be tried again.
 */
final class TransactionalBatches {
    private static final Set<Errors> RETRIABLE = EnumSet.of(
            Errors.NOT_LEADER_OR_FOLLOWER,
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            Errors.UNKNOWN_TOPIC_ID,
            Errors.NOT_ENOUGH_REPLICAS,
            Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
            Errors.REQUEST_TIMED_OUT,
            Errors.KAFKA_STORAGE_ERROR,
            Errors.LEADER_NOT_AVAILABLE,
            Errors.CONCURRENT_TRANSACTIONS,
            Errors.FENCED_LEADER_EPOCH);

    private static final Set<Errors> OUT_OF_ORDER =
            EnumSet.of(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, Errors.UNKNOWN_PRODUCER_ID);

    private static final int PRODUCE_MS = 3_000;
    private static final int BACKOFF_MS = 40;
    private static final int MOST_IN_FLIGHT = 5;
    /** As {@link SimulatedProducer}'s. */
    private static final int OUT_OF_ORDER_AT_MOST = 200;

    private static final class Batch {
        private final List<Sent> records;
        private final short epoch;
        private final int sequence;
        private int attempts;
        private int outOfOrder;
        private boolean inFlight;

        Batch(List<Sent> records, short epoch, int sequence) {
            this.records = records;
            this.epoch = epoch;
            this.sequence = sequence;
        }
    }

    private final SimulatedTransactor owner;
    private final PartitionHistory partition;
    private final short version;
    private final List<Batch> unacknowledged = new ArrayList<>();
    private int nextSequence;
    private short sequencesOf = -1;
    private long notBeforeMs;

    TransactionalBatches(SimulatedTransactor owner, PartitionHistory partition, short version) {
        this.owner = owner;
        this.partition = partition;
        this.version = version;
    }

    PartitionHistory partition() {
        return partition;
    }

    boolean isEmpty() {
        return unacknowledged.isEmpty();
    }

    /** Sends records in the producer's epoch, which begins its sequences where it is a new one. */
    void add(List<Sent> records, short epoch) {
        if (epoch != sequencesOf) {
            sequencesOf = epoch;
            nextSequence = 0;
        }
        unacknowledged.add(new Batch(records, epoch, nextSequence));
        nextSequence += records.size();
        pump();
    }

    /** Nothing is tried again; returns whether it is unknown what became of anything, so that the epoch must not go on. */
    boolean giveUp() {
        boolean any = !unacknowledged.isEmpty();
        for (Batch batch : unacknowledged) {
            for (Sent record : batch.records) {
                record.fate(record.fate() == Sent.Fate.REFUSED ? Sent.Fate.REFUSED : Sent.Fate.UNKNOWN);
            }
        }
        unacknowledged.clear();
        return any;
    }

    void pump() {
        int inFlight = 0;
        for (Batch batch : List.copyOf(unacknowledged)) {
            if (batch.inFlight) {
                inFlight++;
                continue;
            }
            boolean retriesAlone = batch.attempts > 0;
            if (owner.isOver()
                    || inFlight >= MOST_IN_FLIGHT
                    || retriesAlone && inFlight > 0
                    || owner.nowMs() < notBeforeMs) {
                return;
            }
            SimulatedClient.Leadership leadership =
                    owner.leadership(partition.name().topic(), partition.name().partition());
            if (leadership == null || leadership.leader() < 0) {
                owner.refresh();
                return;
            }
            send(batch, leadership.leader());
            inFlight++;
            if (retriesAlone) {
                return;
            }
        }
    }

    private void send(Batch batch, int leader) {
        if (batch.attempts == 0 && owner.id().isFenced(batch.epoch)) {
            batch.records.forEach(record -> record.fate(Sent.Fate.REFUSED));
        }
        batch.inFlight = true;
        batch.attempts++;
        String topic = partition.name().topic();
        PartitionProduceData data = new PartitionProduceData()
                .setIndex(partition.name().partition())
                .setRecords(MemoryRecords.readableRecords(Batches.inTransaction(
                        owner.producerId(),
                        batch.epoch,
                        batch.sequence,
                        owner.process().clock().wallMs(),
                        batch.records)));
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add((version >= 13
                        ? new TopicProduceData().setTopicId(owner.topic(topic).id())
                        : new TopicProduceData().setName(topic))
                .setPartitionData(List.of(data)));
        ProduceRequestData request = new ProduceRequestData()
                .setTransactionalId(owner.id().toString())
                .setAcks((short) -1)
                .setTimeoutMs(PRODUCE_MS)
                .setTopicData(topics);
        owner.ask(leader, request, version, PRODUCE_MS + 1_000, (answer, why) -> {
            batch.inFlight = false;
            if (unacknowledged.contains(batch)) {
                answered(batch, answer);
                pump();
                owner.moved();
            }
        });
    }

    private void answered(Batch batch, ApiMessage answer) {
        if (!(answer instanceof ProduceResponseData produced)) {
            retry();
            return;
        }
        PartitionProduceResponse response =
                produced.responses().iterator().next().partitionResponses().getFirst();
        Errors error = Errors.forCode(response.errorCode());
        if (error == Errors.NONE || error == Errors.DUPLICATE_SEQUENCE_NUMBER) {
            acknowledge(batch, response.baseOffset());
        } else if (RETRIABLE.contains(error)) {
            retry();
        } else if (OUT_OF_ORDER.contains(error)
                && (unacknowledged.indexOf(batch) > 0 || ++batch.outOfOrder < OUT_OF_ORDER_AT_MOST)) {
            retry();
        } else {
            owner.failed(error, partition + " in epoch " + batch.epoch + " sequence " + batch.sequence);
        }
    }

    private void acknowledge(Batch batch, long baseOffset) {
        unacknowledged.remove(batch);
        for (int i = 0; i < batch.records.size(); i++) {
            Sent record = batch.records.get(i);
            if (record.fate() == Sent.Fate.REFUSED) {
                throw new Violation(owner.name() + " is acknowledged " + record + " in epoch " + batch.epoch
                        + ", though another producer has come before it was sent");
            }
            owner.history().acknowledged(record, baseOffset < 0 ? -1 : baseOffset + i);
        }
    }

    private void retry() {
        notBeforeMs = owner.nowMs() + BACKOFF_MS;
        owner.refresh();
        owner.later(BACKOFF_MS + 1, this::pump);
    }
}
