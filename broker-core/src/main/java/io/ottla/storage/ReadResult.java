package io.ottla.storage;

import io.ottla.types.Failure;
import java.util.List;

/** What a read found. */
public sealed interface ReadResult {
    /**
     * Whole batches from the one that holds the wanted offset, in order, each slice of one segment. Empty at the log's
     * end. The receiver releases every slice.
     *
     * @param logStartOffset when read
     * @param bytes of all slices
     * @param upToOffset none of these batches ends past it; not above what was asked for, and near to their end
     */
    record Found(List<FileSlice> slices, long logStartOffset, int bytes, long upToOffset) implements ReadResult {}

    /** The offset is below the log start or past the log end; or the disk failed. */
    record Refused(Failure failure, long logStartOffset, long logEndOffset) implements ReadResult {}
}
