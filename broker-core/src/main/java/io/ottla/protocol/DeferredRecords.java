package io.ottla.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * Records of an answer that are not in memory: ranges of files. A handler puts them into the message; the
 * {@link FrameEncoder} leaves a gap for them in the frame, and the network fills it by sendfile or from a pool.
 * Whoever gets the frame releases them, sent or not; where no frame could be made, whoever made the message does.
 */
public interface DeferredRecords extends BaseRecords {
    @Override
    int sizeInBytes();

    /**
     * Whether they are so few, and so surely in the page cache, that they are best copied into the frame at once: then
     * many partitions are one write. Never true where {@link #copyTo} could block.
     */
    boolean isInline();

    /**
     * Copies all of them to the buffer's position and on.
     *
     * @throws java.io.UncheckedIOException where the file can't be read
     */
    void copyTo(ByteBuffer target);

    /** Gives the files back. Thread-safe; a second call does nothing. */
    void release();

    /** Not how we send. */
    @Override
    default RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("Expected deferred records to be sent as a part of a frame");
    }
}
