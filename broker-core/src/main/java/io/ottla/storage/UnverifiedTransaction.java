package io.ottla.storage;

import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** A producer's transaction of which a log has nothing: the coordinator has to be asked before it may write (KIP-890). */
public final class UnverifiedTransaction implements TransactionStanding {
    private static final Failure UNANSWERED = Failure.of(Errors.NETWORK_EXCEPTION);

    private final TopicPartition partition;
    private final VerifiedTransaction wanted;

    /** @param wanted what the coordinator's word makes of it */
    UnverifiedTransaction(TopicPartition partition, VerifiedTransaction wanted) {
        this.partition = partition;
        this.wanted = wanted;
    }

    /** Of a log that ends at an offset and has nothing of the producer, whose transactions share an epoch. */
    public UnverifiedTransaction(TopicPartition partition, long producerId, short producerEpoch, long logEnd) {
        this(partition, new VerifiedTransaction(producerId, producerEpoch, false, logEnd));
    }

    /** Who knows which partitions belong to a producer's transaction. */
    @FunctionalInterface
    public interface Coordinator {
        /**
         * Asks of some partitions, or has them added.
         *
         * @param answer told once, on any thread: for each partition {@link Failure} or null where it belongs
         */
        void ask(List<TopicPartition> partitions, Consumer<Map<TopicPartition, Failure>> answer);
    }

    /**
     * Asks the coordinator of one producer's transaction.
     *
     * @param all of that producer, one or more
     * @param to told once, on any thread, in the same order
     */
    public static void verify(
            List<UnverifiedTransaction> all, Coordinator coordinator, Consumer<List<Verification>> to) {
        coordinator.ask(all.stream().map(each -> each.partition).toList(), answered -> {
            List<Verification> outcomes = new ArrayList<>(all.size());
            for (UnverifiedTransaction each : all) {
                Failure failure = answered.containsKey(each.partition) ? answered.get(each.partition) : UNANSWERED;
                outcomes.add(failure == null ? each.wanted : new Verification.Refused(failure));
            }
            to.accept(outcomes);
        });
    }
}
