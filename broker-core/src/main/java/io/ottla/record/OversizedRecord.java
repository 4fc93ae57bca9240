package io.ottla.record;

import io.ottla.types.Failure;
import java.io.Serial;
import org.apache.kafka.common.protocol.Errors;

/**
 * A record of a compressed batch was accepted once, but is larger than its topic allows by now. Nothing is broken: it can be
 * read again when the limit is raised. Source: Kafka 4.4's {@code max.decompressed.message.bytes}.
 */
public final class OversizedRecord extends CorruptRecords {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int recordBytes;

    /** @param batch where the batch or the set begins, or ends, in its log */
    OversizedRecord(int recordBytes, int maxRecordBytes, long batch) {
        super(Failure.of(
                Errors.INVALID_RECORD, text(recordBytes, maxRecordBytes) + ", in the batch at offset " + batch));
        this.recordBytes = recordBytes;
    }

    static String text(int recordBytes, int maxRecordBytes) {
        return "Expected a record of at most " + maxRecordBytes
                + " bytes once decompressed (max.decompressed.message.bytes), but it has " + recordBytes;
    }

    /** The least limit that would let it be read. */
    public int recordBytes() {
        return recordBytes;
    }
}
