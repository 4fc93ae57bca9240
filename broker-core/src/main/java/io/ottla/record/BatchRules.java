package io.ottla.record;

/**
 * What a topic asks of the batches produced to it; taken from the topic's configuration once, when that changes.
 *
 * @param maxMessageBytes largest batch, bytes, as it will be written: {@code max.message.bytes}
 * @param segmentBytes a batch can't be larger than a segment either: {@code segment.bytes}
 * @param isLogAppendTime whether the broker sets the timestamps: {@code message.timestamp.type}
 * @param timestampBeforeMaxMs how much older than the clock a record may be: {@code message.timestamp.before.max.ms}
 * @param timestampAfterMaxMs how much newer: {@code message.timestamp.after.max.ms}
 * @param codec in which records are kept, null for the producer's: {@code compression.type}
 * @param compressionLevel of that codec, where it has levels; 0 where {@code codec} is null or has none
 * @param isCompacted whether every record needs a key: {@code cleanup.policy}
 * @param maxRecordBytes largest record in a compressed batch, bytes, once decompressed:
 *     {@code max.decompressed.message.bytes}
 */
public record BatchRules(
        int maxMessageBytes,
        int segmentBytes,
        boolean isLogAppendTime,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        Codec codec,
        int compressionLevel,
        boolean isCompacted,
        int maxRecordBytes) {

    /** Kafka 3.9's defaults. */
    public static final BatchRules DEFAULTS = new BatchRules(
            1_048_588, 1 << 30, false, Long.MAX_VALUE, Long.MAX_VALUE, null, 0, false, Integer.MAX_VALUE);

    /** Whether records in a producer's codec must be compressed anew. */
    boolean recompresses(Codec producers) {
        return codec != null && codec != producers;
    }

    /** Whether there is a limit for single records in a producer's codec: what is not compressed has none. */
    boolean boundsRecords(Codec producers) {
        return producers != Codec.NONE && maxRecordBytes < Integer.MAX_VALUE;
    }
}
