package io.ottla.console.records;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records of several partitions in one order, with a place to go on from after each. For one thread. */
interface RecordSource {
    /**
     * The next record.
     *
     * @param deadline by {@link System#nanoTime}: then there is none yet
     * @return null at the end and at the deadline
     */
    ConsumerRecord<byte[], byte[]> next(long deadline);

    /** Whether there is no further one. */
    boolean isAtEnd();

    /** By partition: between the offset that is kept here and where it began, everything was returned. */
    Map<Integer, Long> reached();
}
