package io.ottla.record;

import io.ottla.time.Clock;
import io.ottla.types.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** One thread's tools to check the records of batches whose headers are in order already, and the check itself. */
final class BatchCheck {
    private static final int WINDOW_BYTES = 16 << 10;

    /** What records that are compressed anew may become in between, in multiples of the largest batch. */
    private static final int MAX_RECOMPRESSION_RATIO = 32;

    /** A batch that passed. */
    private record OneBatch(ByteBuffer buffer, int recordCount, long maxTimestamp) implements CheckedBatches {}

    private final RecordBatches cursor = new RecordBatches();
    private final RecordBatch batch = new RecordBatch();
    private final RecordScanner scanner = new RecordScanner();
    private final Decompression decompression;
    private byte[] window;

    /** What the batch may become at most, bytes, once decompressed. */
    private int maxBytes;

    private List<Validation.RecordError> errors;
    private boolean badTime;
    private long maxTimestamp;

    BatchCheck(int maxDecompressedBytes) {
        decompression = new Decompression(maxDecompressedBytes);
    }

    RecordBatches cursor() {
        return cursor;
    }

    RecordBatch batch() {
        return batch;
    }

    /** Checks the records of the batch that {@link #batch} looks at, and makes what will be written. */
    Validation records(ByteBuffer buffer, BatchRules rules, Clock clock, ValidationMeter meter) {
        errors = null;
        badTime = false;
        maxTimestamp = RecordBatch.NO_TIMESTAMP;
        Codec codec = batch.codec();
        boolean recompresses = rules.recompresses(codec);
        maxBytes = recompresses ? mostInMemory(rules) : decompression.maxBytes();
        ByteBuffer plain = null;
        Validation refusal;
        if (recompresses) {
            // a record that is too large must be seen before there is room for it
            refusal = rules.boundsRecords(codec) ? scanCompressed(codec, rules, clock, meter) : null;
            if (refusal == null && errors == null) {
                try {
                    plain = plain(codec);
                } catch (CorruptRecords e) {
                    return new Validation.Rejected(e.failure(), List.of());
                }
                scanner.over(plain, plain.position(), plain.limit(), batch.recordCount());
                refusal = scan(rules, clock, meter);
            }
        } else if (codec == Codec.NONE) {
            scanner.over(buffer, batch.start() + RecordBatch.HEADER_SIZE, batch.end(), batch.recordCount());
            refusal = scan(rules, clock, meter);
        } else {
            refusal = scanCompressed(codec, rules, clock, meter);
        }
        if (refusal == null && errors != null) {
            refusal = blamed();
        }
        return refusal != null ? refusal : accepted(buffer, plain, rules);
    }

    private Validation accepted(ByteBuffer buffer, ByteBuffer plain, BatchRules rules) {
        if (batch.maxTimestamp() != maxTimestamp) {
            batch.stampMaxTimestamp(maxTimestamp);
        }
        ByteBuffer written = buffer;
        int count = batch.recordCount();
        if (plain != null) {
            written = RecordBatchBuilder.recompressed(batch, plain, rules.codec(), rules.compressionLevel());
            if (written.remaining() > rules.maxMessageBytes()) {
                return BatchValidator.tooLarge(written.remaining(), rules);
            }
        }
        return new Validation.Accepted(new OneBatch(written, count, maxTimestamp));
    }

    /** Far less than is let through where records are only looked at. */
    private int mostInMemory(BatchRules rules) {
        long most = rules.codec() == Codec.NONE
                ? rules.maxMessageBytes()
                : (long) MAX_RECOMPRESSION_RATIO * rules.maxMessageBytes();
        return (int) Math.min(most, decompression.maxBytes());
    }

    /** All records in memory. */
    private ByteBuffer plain(Codec codec) {
        int from = batch.start() + RecordBatch.HEADER_SIZE;
        ByteBuffer records = batch.buffer().slice(from, batch.end() - from);
        return codec == Codec.NONE ? records : decompression.all(codec, records, RecordBatch.MAGIC, maxBytes);
    }

    private Validation scanCompressed(Codec codec, BatchRules rules, Clock clock, ValidationMeter meter) {
        if (window == null) {
            window = new byte[WINDOW_BYTES];
        }
        int from = batch.start() + RecordBatch.HEADER_SIZE;
        ByteBuffer compressed = batch.buffer().slice(from, batch.end() - from);
        try (InputStream stream = decompression.open(codec, compressed, RecordBatch.MAGIC)) {
            scanner.over(stream, window, maxBytes, batch.recordCount()).within(rules.maxRecordBytes());
            return scan(rules, clock, meter);
        } catch (IOException | RuntimeException e) {
            return BatchValidator.rejected(
                    Errors.CORRUPT_MESSAGE,
                    "Expected " + codec + " records, but they can't be opened: " + Decompression.reason(e));
        }
    }

    /** Walks all records; null where their structure is in order. What single records did wrong is noted. */
    private Validation scan(BatchRules rules, Clock clock, ValidationMeter meter) {
        boolean checkTime = !rules.isLogAppendTime()
                && (rules.timestampBeforeMaxMs() != Long.MAX_VALUE || rules.timestampAfterMaxMs() != Long.MAX_VALUE);
        long now = checkTime ? clock.wallMs() : 0;
        long baseTimestamp = batch.baseTimestamp();
        int index = 0;
        while (true) {
            RecordScanner.Step step = scanner.next();
            if (step != RecordScanner.Step.RECORD) {
                return step == RecordScanner.Step.END ? null : broken(step);
            }
            if (scanner.offsetDelta() != index) {
                meter.invalidOffsetOrSequence.increment();
                return BatchValidator.rejected(
                        Errors.INVALID_RECORD,
                        "Expected record " + index + " of the batch to have offset " + index + ", but it has "
                                + scanner.offsetDelta());
            }
            long timestamp = baseTimestamp == RecordBatch.NO_TIMESTAMP && scanner.timestampDelta() == 0
                    ? RecordBatch.NO_TIMESTAMP
                    : baseTimestamp + scanner.timestampDelta();
            maxTimestamp = Math.max(maxTimestamp, timestamp);
            if (rules.isCompacted() && scanner.keyLength() < 0) {
                meter.keyless.increment();
                blame(index, "Compacted topic cannot accept message without key");
            } else if (checkTime && timestamp != RecordBatch.NO_TIMESTAMP && !isInRange(timestamp, now, rules)) {
                badTime = true;
                blameTime(index, timestamp, now, rules);
            }
            index++;
        }
    }

    private static boolean isInRange(long timestamp, long now, BatchRules rules) {
        long age = now - timestamp;
        return age <= rules.timestampBeforeMaxMs() && -age <= rules.timestampAfterMaxMs();
    }

    private void blameTime(int index, long timestamp, long now, BatchRules rules) {
        blame(
                index,
                "Expected a timestamp at most " + rules.timestampBeforeMaxMs() + " ms before and "
                        + rules.timestampAfterMaxMs() + " ms after the broker's time " + now + ", but it is "
                        + timestamp);
    }

    private void blame(int index, String message) {
        if (errors == null) {
            errors = new ArrayList<>();
        }
        if (errors.size() < BatchValidator.MAX_RECORD_ERRORS) {
            errors.add(new Validation.RecordError(index, message));
        }
    }

    private Validation blamed() {
        Failure failure = Failure.of(
                badTime ? Errors.INVALID_TIMESTAMP : Errors.INVALID_RECORD,
                "One or more records have been rejected, the first of them number "
                        + errors.get(0).batchIndex() + ": " + errors.get(0).message());
        return new Validation.Rejected(failure, errors);
    }

    private Validation broken(RecordScanner.Step step) {
        if (step == RecordScanner.Step.TOO_LARGE) {
            return new Validation.Rejected(Decompression.tooLarge(maxBytes), List.of());
        }
        return BatchValidator.rejected(
                scanner.isUnreadable() ? Errors.CORRUPT_MESSAGE : Errors.INVALID_RECORD, scanner.problem());
    }
}
