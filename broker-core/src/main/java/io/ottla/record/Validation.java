package io.ottla.record;

import io.ottla.types.Failure;
import java.util.List;

/** What {@link BatchValidator} says of produced records. */
public sealed interface Validation {
    /** They may be appended. */
    record Accepted(CheckedBatches batches) implements Validation {}

    /**
     * They may not.
     *
     * @param failure the partition's error
     * @param recordErrors which records are to blame, where it is records (KIP-467); at most
     *     {@link BatchValidator#MAX_RECORD_ERRORS}
     */
    record Rejected(Failure failure, List<RecordError> recordErrors) implements Validation {}

    /**
     * A record that is to blame.
     *
     * @param batchIndex the record's number in its batch, from 0
     */
    record RecordError(int batchIndex, String message) {}
}
