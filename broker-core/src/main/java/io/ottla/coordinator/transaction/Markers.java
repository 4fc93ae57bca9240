package io.ottla.coordinator.transaction;

import java.util.function.BooleanSupplier;

/** Tells partitions how transactions ended. Thread-safe; nothing blocks the caller. */
@FunctionalInterface
interface Markers {
    /**
     * Has a marker written to each partition of a transaction, and tries again where one can't be told at the moment. A
     * partition that there is no more needs none.
     *
     * @param wanted false once nobody wants it any more, since another broker coordinates; nothing is told then
     * @param done told once, on any thread, when the markers are committed
     */
    void write(EndedTransaction ended, BooleanSupplier wanted, Runnable done);
}
