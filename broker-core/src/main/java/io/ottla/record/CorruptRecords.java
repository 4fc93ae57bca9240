package io.ottla.record;

import io.ottla.types.Failure;
import java.io.Serial;
import org.apache.kafka.common.protocol.Errors;

/**
 * Records that were already accepted, in a log or from a leader, can't be read: a broken disk or a bug, and no
 * client's doing; or, as {@link OversizedRecord}, are not read because of their size. Produced records never end here:
 * {@link BatchValidator} answers a value. Without a stack trace.
 */
public sealed class CorruptRecords extends RuntimeException permits OversizedRecord {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    CorruptRecords(Failure failure) {
        super(failure.text(), null, false, false);
        this.failure = failure;
    }

    static CorruptRecords because(String problem) {
        return new CorruptRecords(Failure.of(Errors.CORRUPT_MESSAGE, problem));
    }

    /** The error to answer with. */
    public Failure failure() {
        return failure;
    }
}
