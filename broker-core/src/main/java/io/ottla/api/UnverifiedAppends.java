package io.ottla.api;

import io.ottla.coordinator.transaction.TransactionMembership;
import io.ottla.coordinator.transaction.TransactionMembership.Wish;
import io.ottla.record.CheckedBatches;
import io.ottla.replication.Partition;
import io.ottla.replication.Role;
import io.ottla.storage.UnverifiedTransaction;
import io.ottla.storage.Verification;
import io.ottla.types.Failure;
import io.ottla.types.ProducerIdAndEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/**
 * What one Produce request wants to append in a transaction that the partitions have nothing of yet: its coordinator is asked
 * of all of them at once (KIP-890).
 */
final class UnverifiedAppends {
    private static final short FIRST_WITH_ABORTABLE = 11;
    private static final short FIRST_WITH_ADDING = 12;

    private final ProducerIdAndEpoch producer;
    private final List<Append> appends = new ArrayList<>(1);
    private final List<UnverifiedTransaction> unverified = new ArrayList<>(1);

    UnverifiedAppends(ProducerIdAndEpoch producer) {
        this.producer = producer;
    }

    /**
     * One of them.
     *
     * @param answer to be filled
     */
    record Append(PartitionProduceResponse answer, Partition partition, Role.Leading leading, CheckedBatches batches) {}

    /** Whether what a client writes in that version adds partitions to its transaction, which has an epoch of its own. */
    static boolean adds(short apiVersion) {
        return apiVersion >= FIRST_WITH_ADDING;
    }

    ProducerIdAndEpoch producer() {
        return producer;
    }

    void add(Append append, UnverifiedTransaction transaction) {
        appends.add(append);
        unverified.add(transaction);
    }

    List<Append> appends() {
        return appends;
    }

    /** @param to told once, on any thread, in the order of the appends */
    void verify(
            TransactionMembership membership,
            String transactionalId,
            short apiVersion,
            Consumer<List<Verification>> to) {
        Wish wish = adds(apiVersion) ? Wish.ADD : Wish.VERIFY;
        UnverifiedTransaction.verify(unverified, membership.of(transactionalId, producer, wish), to);
    }

    /** What a producer is told of what the coordinator says; what may pass is tried again. */
    static Failure told(Failure coordinators, short apiVersion) {
        return switch (coordinators.error()) {
            case PRODUCER_FENCED -> Failure.of(Errors.INVALID_PRODUCER_EPOCH);
            case TRANSACTION_ABORTABLE ->
                apiVersion < FIRST_WITH_ABORTABLE ? Failure.of(Errors.INVALID_TXN_STATE) : coordinators;
            case CONCURRENT_TRANSACTIONS,
                    NETWORK_EXCEPTION,
                    REQUEST_TIMED_OUT,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR -> notNow(coordinators.error());
            default -> coordinators;
        };
    }

    static Failure notNow(Errors why) {
        return Failure.of(
                Errors.NOT_ENOUGH_REPLICAS,
                "Expected the coordinator to say that the partition belongs to the transaction, but: " + why.message());
    }
}
