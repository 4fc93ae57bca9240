package io.ottla.storage;

import io.ottla.record.CorruptRecords;
import io.ottla.record.LegacyUpgrade;
import io.ottla.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A segment's batches one after the other, whole and intact, those of old formats as batches of v2. Used by one thread at a
 * time; whoever made it holds the segment.
 */
final class SegmentBatches {
    private final LogSegment segment;
    private final int end;
    private final BatchScanner scanner;
    private final LegacyUpgrade upgrade = new LegacyUpgrade();
    private final RecordBatch upgraded = new RecordBatch();
    private RecordBatch current;
    private boolean isAhead;
    private int startedAt;

    /** @param chunkBytes read at once */
    SegmentBatches(LogSegment segment, int chunkBytes) throws IOException {
        this(segment, 0, chunkBytes);
    }

    /** @param position where a batch begins */
    SegmentBatches(LogSegment segment, int position, int chunkBytes) throws IOException {
        this.segment = segment;
        this.end = segment.bytes();
        this.scanner = new BatchScanner(segment.channel(), position, end, chunkBytes);
    }

    /**
     * Goes to the next batch.
     *
     * @throws CorruptSegmentException where what follows is no intact batch
     * @throws CorruptRecords where an old format's messages can't be read
     */
    boolean next() throws IOException {
        if (!isAhead && !step()) {
            return false;
        }
        startedAt = scanner.position();
        isAhead = false;
        if (!scanner.isLegacy()) {
            current = scanner.batch();
            return true;
        }
        upgrade.add(scanner.legacy());
        while (step()) {
            if (!scanner.isLegacy() || !upgrade.takes(scanner.legacy())) {
                isAhead = true;
                break;
            }
            upgrade.add(scanner.legacy());
        }
        ByteBuffer built = upgrade.build();
        current = upgraded.wrap(built, 0);
        return true;
    }

    private boolean step() throws IOException {
        if (!scanner.next()) {
            if (scanner.position() < end) {
                throw new CorruptSegmentException("Expected a batch at position " + scanner.position() + " of "
                        + segment + ", but what stands there is none");
            }
            return false;
        }
        if (!scanner.isIntact()) {
            throw new CorruptSegmentException("Expected an intact batch at position " + scanner.position() + " of "
                    + segment + ", but its checksum does not fit");
        }
        return true;
    }

    /** Valid until the next step. */
    RecordBatch batch() {
        return current;
    }

    /** Whether it is of an old format in the file. */
    boolean isUpgraded() {
        return current == upgraded;
    }

    /** Whether the segment has no batch after this one. */
    boolean isLast() {
        return !isAhead && scanner.nextPosition() >= end;
    }

    /** Bytes that the batch takes in the segment's file. */
    int bytes() {
        return (isAhead ? scanner.position() : scanner.nextPosition()) - startedAt;
    }
}
