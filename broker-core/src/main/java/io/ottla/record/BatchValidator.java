package io.ottla.record;

import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import io.ottla.types.Failure;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Judges produced records before any lock is taken: framing, checksum, header, every record's structure, times, keys,
 * sizes, codec; compresses them anew where the topic has a codec of its own. Works in place and allocates nothing per
 * record. Whatever a client sends ends in a {@link Validation}, never in an exception. Source: Kafka's behaviour for
 * Produce v3 and later; KIP-32, KIP-98, KIP-110, KIP-467, KIP-937.
 *
 * <p>Thread-safe: what a check needs in memory belongs to its thread.
 */
public final class BatchValidator {
    /** Compressed records larger than this are not opened on an event loop, bytes (DESIGN §4.3). */
    public static final int MAX_COMPRESSED_ON_LOOP = 64 << 10;

    /** Nor those that could become more than this, bytes. */
    public static final int MAX_DECOMPRESSED_ON_LOOP = 16 << 20;

    /** Record errors that an answer carries at most. */
    public static final int MAX_RECORD_ERRORS = 100;

    private static final short FIRST_VERSION_WITH_ZSTD = 7;

    private final Clock clock;
    private final ValidationMeter meter;
    private final ThreadLocal<BatchCheck> checks;

    public BatchValidator(Clock clock, Metrics metrics) {
        this(clock, metrics, Decompression.DEFAULT_MAX_BYTES);
    }

    /** @param maxDecompressedBytes what a batch may become; larger ones are too large */
    public BatchValidator(Clock clock, Metrics metrics, int maxDecompressedBytes) {
        this.clock = clock;
        meter = new ValidationMeter(metrics);
        checks = ThreadLocal.withInitial(() -> new BatchCheck(maxDecompressedBytes));
    }

    /**
     * Whether {@link #check} of these records is work for a pool and not for an event loop: they are to be compressed
     * anew, or are compressed and large. Looks at the header alone.
     *
     * @param records null counts as none
     */
    public boolean mustLeaveLoop(ByteBuffer records, BatchRules rules) {
        if (records == null || records.remaining() < RecordBatch.HEADER_SIZE) {
            return false;
        }
        int start = records.position();
        Codec codec = Codec.ofAttributes(records.getShort(start + RecordBatch.ATTRIBUTES_AT));
        if (codec == null) {
            return false;
        }
        return rules.recompresses(codec)
                || codec != Codec.NONE
                        && (records.remaining() > MAX_COMPRESSED_ON_LOOP
                                || DecompressedBound.of(
                                                codec, records, start + RecordBatch.HEADER_SIZE, records.limit())
                                        > MAX_DECOMPRESSED_ON_LOOP);
    }

    /**
     * Judges the records of one partition of a produce request. May correct the largest timestamp in place.
     *
     * @param records position to limit, writable, stays where it is; null counts as none
     * @param produceVersion version of the request, 3 or later
     */
    public Validation check(ByteBuffer records, short produceVersion, BatchRules rules) {
        if (records == null || !records.hasRemaining()) {
            return rejected(Errors.INVALID_RECORD, "Expected one record batch for the partition, but there is none");
        }
        BatchCheck check = checks.get();
        RecordBatch batch = check.batch();
        Validation refusal = framing(check.cursor().over(records), records);
        if (refusal == null) {
            batch.wrap(records, records.position());
            refusal = header(batch, produceVersion, rules);
        }
        return refusal != null ? refusal : check.records(records, rules, clock, meter);
    }

    private Validation framing(RecordBatches cursor, ByteBuffer records) {
        RecordBatches.Step step = cursor.next();
        if (step != RecordBatches.Step.BATCH) {
            if (records.remaining() >= RecordBatches.PREFIX_SIZE
                    && records.get(records.position() + RecordBatch.MAGIC_AT) != RecordBatch.MAGIC) {
                meter.invalidMagic.increment();
            }
            return rejected(
                    Errors.CORRUPT_MESSAGE,
                    "Expected a whole record batch, but the " + records.remaining() + " bytes of the partition "
                            + (step == RecordBatches.Step.PARTIAL ? "end before it does" : "do not begin with one"));
        }
        if (cursor.isLegacy()) {
            meter.invalidMagic.increment();
            return rejected(
                    Errors.INVALID_RECORD, "Expected records of message format v2, but they have v" + cursor.magic());
        }
        if (cursor.position() != records.limit()) {
            return rejected(
                    Errors.INVALID_RECORD,
                    "Expected exactly one record batch for the partition, but " + (records.limit() - cursor.position())
                            + " bytes follow the first");
        }
        return null;
    }

    private Validation header(RecordBatch batch, short produceVersion, BatchRules rules) {
        int size = batch.sizeInBytes();
        if (batch.baseOffset() != 0) {
            meter.invalidOffsetOrSequence.increment();
            return rejected(
                    Errors.INVALID_RECORD, "Expected a batch with base offset 0, but it has " + batch.baseOffset());
        }
        if (size > rules.maxMessageBytes()) {
            return tooLarge(size, rules);
        }
        if (size > rules.segmentBytes()) {
            return rejected(
                    Errors.RECORD_LIST_TOO_LARGE,
                    "Expected a batch of at most " + rules.segmentBytes() + " bytes (segment.bytes), but it has "
                            + size);
        }
        if (!batch.isIntact()) {
            meter.invalidCrc.increment();
            return rejected(
                    Errors.CORRUPT_MESSAGE,
                    "Expected checksum " + batch.crc() + ", but the batch has " + batch.computeCrc());
        }
        Codec codec = batch.codec();
        if (codec == null || codec == Codec.ZSTD && produceVersion < FIRST_VERSION_WITH_ZSTD) {
            return rejected(
                    Errors.UNSUPPORTED_COMPRESSION_TYPE,
                    codec == null
                            ? "Expected a known codec, but the batch has number " + (batch.attributes() & Codec.MASK)
                            : "Expected Produce version 7 or later for zstd, but the request has " + produceVersion);
        }
        return attributes(batch);
    }

    private Validation attributes(RecordBatch batch) {
        int lastDelta = batch.lastOffsetDelta();
        int count = batch.recordCount();
        if (count <= 0 || lastDelta != count - 1) {
            meter.invalidOffsetOrSequence.increment();
            return rejected(
                    Errors.INVALID_RECORD,
                    "Expected as many records as offsets, but the batch has " + count + " records and a last offset of "
                            + lastDelta);
        }
        if (batch.isControl()) {
            return rejected(Errors.INVALID_RECORD, "Expected records of a client, but the batch is a control batch");
        }
        if ((batch.attributes() & RecordBatch.DELETE_HORIZON_BIT) != 0) {
            return rejected(
                    Errors.INVALID_RECORD,
                    "Expected timestamps of a client, but the batch has a delete horizon, which only compaction sets");
        }
        if (batch.isLogAppendTime()) {
            return rejected(
                    Errors.INVALID_TIMESTAMP,
                    "Expected timestamps of type CreateTime from a producer, but the batch has LogAppendTime");
        }
        boolean idempotent = batch.hasProducerId();
        boolean numbered = idempotent
                ? batch.baseSequence() >= 0 && batch.producerEpoch() >= 0
                : batch.producerId() == RecordBatch.NO_PRODUCER_ID && !batch.isTransactional();
        if (!numbered) {
            meter.invalidOffsetOrSequence.increment();
            return rejected(
                    Errors.INVALID_RECORD,
                    "Expected producer id, epoch and sequence that belong together, but the batch has producer id "
                            + batch.producerId() + ", epoch " + batch.producerEpoch() + ", sequence "
                            + batch.baseSequence() + (batch.isTransactional() ? " and is transactional" : ""));
        }
        return null;
    }

    static Validation.Rejected tooLarge(int size, BatchRules rules) {
        return rejected(
                Errors.MESSAGE_TOO_LARGE,
                "Expected a batch of at most " + rules.maxMessageBytes() + " bytes (max.message.bytes), but it has "
                        + size);
    }

    static Validation.Rejected rejected(Errors error, String message) {
        return new Validation.Rejected(Failure.of(error, message), List.of());
    }
}
