package io.ottla.storage;

import io.ottla.record.RecordBatch;
import io.ottla.time.Clock;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets new producers write to a partition as long as it may remember more of them. Asked by leaders alone, for what clients
 * send: what is in the log is learned in any case. Under the log's lock.
 */
final class ProducerAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerAdmission.class);
    /** So often those that are expired are looked for at most: it is a walk over all. */
    private static final long SEARCH_MS = 1_000;

    private static final long LINE_MS = 60_000;

    private final TopicPartition topicPartition;
    private final ProducerLimit limit;
    private final Clock clock;
    private long searchedMs;
    private long lineMs;
    private long refusedSinceLine;

    ProducerAdmission(TopicPartition topicPartition, ProducerLimit limit, Clock clock) {
        this.topicPartition = topicPartition;
        this.limit = limit;
        this.clock = clock;
        this.searchedMs = clock.monotonicMs() - SEARCH_MS;
        this.lineMs = clock.monotonicMs() - LINE_MS;
    }

    /** Why a batch that the states have nothing against must not be written; null where it may. */
    AppendResult check(RecordBatch batch, ProducerStates producers) {
        int most = limit.most().getAsInt();
        if (producers.count() < most || !batch.hasProducerId() || producers.find(batch.producerId()) != null) {
            return null;
        }
        long nowMs = clock.monotonicMs();
        if (nowMs - searchedMs >= SEARCH_MS) {
            searchedMs = nowMs;
            producers.expire(clock.wallMs());
            if (producers.count() < most) {
                return null;
            }
        }
        return refuse(batch.producerId(), producers.count(), most, nowMs);
    }

    /** With an error that no client takes for one of its sequence's, or tries again: its caller is told at once. */
    private AppendResult refuse(long producerId, int known, int most, long nowMs) {
        if (limit.refused() != null) {
            limit.refused().increment();
        }
        refusedSinceLine++;
        if (nowMs - lineMs >= LINE_MS) {
            LOG.warn(
                    "{} knows {} producers, as many as it may (max.producer.ids.per.partition): batches of new ones are"
                            + " refused, {} since the last such line, the last one of producer {}",
                    topicPartition,
                    known,
                    refusedSinceLine,
                    producerId);
            lineMs = nowMs;
            refusedSinceLine = 0;
        }
        return new AppendResult.Refused(Failure.of(
                Errors.POLICY_VIOLATION,
                "Expected at most " + most + " producers in " + topicPartition
                        + " (max.producer.ids.per.partition), but producer " + producerId
                        + " would be one more. Use a producer for more than one batch, or raise that setting, or lower"
                        + " producer.id.expiration.ms"));
    }
}
