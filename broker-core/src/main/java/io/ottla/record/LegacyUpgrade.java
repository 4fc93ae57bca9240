package io.ottla.record;

import java.nio.ByteBuffer;

/**
 * Makes v2 batches of entries of the message formats v0 and v1, as compaction does (Kafka 4 too, since KIP-724): a
 * compressed set becomes a batch in the same codec, and messages that stand alone become one batch together, because a
 * batch each would take more room than they did. Offsets, timestamps and who set them stay; there are no producers and
 * no leader epochs in the old formats.
 *
 * <pre>
 *   while (upgrade.takes(entry)) { upgrade.add(entry); … next entry … }
 *   upgrade.build()
 * </pre>
 *
 * <p>Reusable; not thread-safe.
 */
public final class LegacyUpgrade {
    /** A batch of messages that stood alone ends behind so many bytes. */
    private static final int ENOUGH_BYTES = 16 << 10;

    private final LegacyRecords messages = new LegacyRecords();
    private RecordBatchBuilder builder;
    private long baseOffset;
    private boolean open;
    /** Of the batch where the broker set it, else {@link RecordBatch#NO_TIMESTAMP}. */
    private long appendTime;

    /** Whether nothing was added since the last {@link #build}. */
    public boolean isEmpty() {
        return builder == null;
    }

    /** Whether the entry may be in one batch with those before it. */
    public boolean takes(LegacyEntry entry) {
        return isEmpty()
                || open
                        && !entry.isCompressed()
                        && appendTimeOf(entry) == appendTime
                        && builder.sizeInBytes() < ENOUGH_BYTES
                        && entry.offset() - baseOffset < Integer.MAX_VALUE;
    }

    /**
     * Adds an entry that it {@link #takes}.
     *
     * @throws CorruptRecords where its messages can't be read
     */
    public void add(LegacyEntry entry) {
        messages.over(entry);
        if (builder == null) {
            builder = new RecordBatchBuilder(entry.codec());
            open = !entry.isCompressed();
            baseOffset = messages.firstOffset(entry);
            appendTime = appendTimeOf(entry);
            if (appendTime >= 0) {
                builder.logAppendTime(appendTime);
            }
            messages.over(entry);
        }
        while (messages.next()) {
            builder.append(
                    (int) (messages.offset() - baseOffset),
                    messages.timestamp(),
                    messages.key(),
                    messages.value(),
                    0,
                    null);
        }
    }

    private static long appendTimeOf(LegacyEntry entry) {
        return entry.isLogAppendTime() ? entry.maxTimestamp() : RecordBatch.NO_TIMESTAMP;
    }

    /** The batch of all that was added, position 0 to limit. */
    public ByteBuffer build() {
        ByteBuffer batch = builder.baseOffset(baseOffset).build();
        builder = null;
        return batch;
    }
}
