package io.ottla.storage;

import io.ottla.metrics.Counter;
import java.util.function.IntSupplier;

/**
 * How many producers a partition remembers at most ({@code max.producer.ids.per.partition}), for all logs of a broker.
 * Thread-safe.
 *
 * @param most as it is at the moment
 * @param refused counts batches of producers that would have been more; null for nobody who counts
 */
record ProducerLimit(IntSupplier most, Counter refused) {
    static final ProducerLimit NONE = new ProducerLimit(() -> Integer.MAX_VALUE, null);
}
