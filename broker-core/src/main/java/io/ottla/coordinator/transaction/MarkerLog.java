package io.ottla.coordinator.transaction;

import io.ottla.types.TopicPartition;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** Where markers of partitions that this broker leads are written. Thread-safe; nothing blocks the caller. */
@FunctionalInterface
public interface MarkerLog {
    /**
     * Writes a marker, and answers when it is committed.
     *
     * @param answer told once, on any thread
     */
    void append(TopicPartition partition, TransactionMarker marker, Consumer<Errors> answer);
}
