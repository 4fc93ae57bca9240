package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A stretch of a log: a file of batches from a base offset on, with its indexes. Files are opened when first needed.
 * Written under the log's lock; read from any thread that has {@linkplain #acquire acquired} it: the file is closed when
 * the log has let go of it and the last reader too.
 */
final class LogSegment {
    private static final int REBUILD_BYTES = 1024 * 1024;

    private final Disk disk;
    private final Path folder;
    private final Place place;
    private final long baseOffset;
    private final SegmentFile file;
    private final SegmentIndexes indexes;
    private final SegmentSearch search = new SegmentSearch(this);
    private final long startInTail;
    private final long createdMs;
    private final double jitter;
    private final Object checkLock = new Object();

    private volatile int bytes;
    private volatile boolean indexesAreGood;
    private volatile boolean sealed;
    private volatile boolean alone;
    private volatile long firstTimestamp = -1;
    private boolean folderIsSynced;

    /**
     * Where a segment lies, how its indexes are kept, and who closes its files.
     *
     * @param suffix of all its files' names, as long as it is not part of the log
     */
    record Place(Disk disk, Path folder, int indexBytes, int indexIntervalBytes, Executor background, String suffix) {
        Place with(String suffix) {
            return new Place(disk, folder, indexBytes, indexIntervalBytes, background, suffix);
        }

        Path file(long baseOffset, String kind) {
            return SegmentFiles.file(folder, baseOffset, kind + suffix);
        }
    }

    /**
     * When a segment came to be.
     *
     * @param startInTail where its first byte stands in the log's {@link TailWindow}
     * @param createdMs wall clock
     * @param jitter from 0 to 1: how much of the topic's jitter it rolls earlier
     */
    record Life(long startInTail, long createdMs, double jitter) {}

    /**
     * What lies on disk of a segment.
     *
     * @param alone whether its batches have no {@linkplain #isAlone() companion}
     */
    record Files(int bytes, int indexEntries, int timeEntries, boolean alone) {
        private static final Files NEW = new Files(0, 0, 0, true);
    }

    /** @param life when it came to be in this process */
    LogSegment(Place place, long baseOffset, Files files, Life life) {
        this(place, baseOffset, files, life, null);
    }

    private LogSegment(Place place, long baseOffset, Files files, Life life, FileChannel channel) {
        this.disk = place.disk;
        this.folder = place.folder;
        this.place = place;
        this.baseOffset = baseOffset;
        this.bytes = files.bytes;
        this.alone = files.alone;
        this.startInTail = life.startInTail;
        this.createdMs = life.createdMs;
        this.jitter = life.jitter;
        this.indexes = new SegmentIndexes(place, baseOffset, files.indexEntries, files.timeEntries);
        this.file = new SegmentFile(disk, file(SegmentFiles.LOG), channel, place.background, indexes);
    }

    /** A new, empty segment over an open file. */
    static LogSegment begin(Place place, long baseOffset, FileChannel channel, Life life) {
        LogSegment segment = new LogSegment(place, baseOffset, Files.NEW, life, channel);
        segment.indexesAreGood = true;
        segment.transactionIndex().begin();
        return segment;
    }

    /** One that this process has written under other names and {@linkplain #seal sealed}. */
    static LogSegment renamed(Place place, LogSegment written, Life life) throws IOException {
        Files files = new Files(
                written.bytes,
                written.offsetIndex().entries(),
                written.timeIndex().entries(),
                false);
        LogSegment segment = new LogSegment(place, written.baseOffset, files, life);
        segment.indexesAreGood = true;
        segment.sealed = true;
        return segment;
    }

    long baseOffset() {
        return baseOffset;
    }

    /** Bytes of batches. */
    int bytes() {
        return bytes;
    }

    /** Milliseconds since 1970. */
    long createdMs() {
        return createdMs;
    }

    /** From 0 to 1: how much of the topic's jitter this segment rolls earlier. */
    double jitter() {
        return jitter;
    }

    boolean isSealed() {
        return sealed;
    }

    /**
     * Whether there is no index and no snapshot of its base offset beside its batches: it was begun, and the segments
     * before it may not yet be on disk.
     */
    boolean isAlone() {
        return alone;
    }

    /** Gives it its first companion: all segments before it are on disk. On disk with the next {@link #force}. Blocks. */
    void accompany() throws IOException {
        if (alone) {
            offsetIndex().write();
            alone = false;
            folderIsSynced = false;
        }
    }

    TransactionIndex transactionIndex() {
        return indexes.transactions();
    }

    OffsetIndex offsetIndex() {
        return indexes.offsets();
    }

    TimeIndex timeIndex() {
        return indexes.times();
    }

    /** Its file as the page cache sees it. */
    SegmentPages pages() {
        return file.pages();
    }

    /** Timestamp of the first batch, in milliseconds; -1 where unknown or none. Blocks where it has to look. */
    long firstTimestamp() throws IOException {
        if (firstTimestamp < 0 && bytes > 0) {
            BatchScanner scanner = new BatchScanner(channel(), 0, bytes, BatchScanner.HEADER_BYTES);
            firstTimestamp = scanner.next() ? scanner.maxTimestamp() : -1;
        }
        return firstTimestamp;
    }

    boolean hasFullIndex() {
        return indexes.isFull();
    }

    boolean canHold(long offset) {
        long relative = offset - baseOffset;
        return relative >= 0 && relative <= Integer.MAX_VALUE;
    }

    /** Writes batches at the end; they count only once {@link #note noted}. Writer only. */
    void write(ByteBuffer batches) throws IOException {
        ChannelBytes.write(channel(), batches, bytes);
    }

    /** Takes back a {@link #write} that failed half-way. Writer only. */
    void unwrite() throws IOException {
        channel().truncate(bytes);
    }

    /** Counts a batch that was written at the end: to size, indexes and largest timestamp. Writer only. */
    void note(long lastOffset, int batchBytes, long batchMaxTimestamp) throws IOException {
        int position = bytes;
        index(lastOffset, position, batchBytes, batchMaxTimestamp);
        search.note(lastOffset, position);
        bytes = position + batchBytes;
    }

    private void index(long lastOffset, int position, int batchBytes, long batchMaxTimestamp) throws IOException {
        if (position == 0) {
            firstTimestamp = batchMaxTimestamp;
        }
        indexes.note(lastOffset, position, batchBytes, batchMaxTimestamp);
    }

    /** Position of the first batch whose last offset is at or past the given one; {@code end} where none is. */
    int positionOf(long offset, int end) throws IOException {
        return search.positionOf(offset, end);
    }

    /** As {@link SegmentSearch#positionFrom}. */
    int positionFrom(int from, long offset, int end) throws IOException {
        return search.positionFrom(from, offset, end);
    }

    /** As {@link SegmentSearch#endOfWholeBatches}. */
    SegmentSearch.Cut endOfWholeBatches(int start, int end, int maxBytes, boolean atLeastOne) throws IOException {
        return search.endOfWholeBatches(start, end, maxBytes, atLeastOne);
    }

    /** Whether {@link #endOfWholeBatches} from that position on finds its end without touching the disk. */
    boolean isAtHand(int start, int maxBytes) {
        return file.isOpen() && search.isAtHand(start, maxBytes, indexesAreGood);
    }

    /** Largest timestamp of all batches, or -1. Blocks where it has to look into the time index. */
    long largestTimestamp() throws IOException {
        if (indexes.maxTimestamp() >= 0) {
            return indexes.maxTimestamp();
        }
        checkIndexes();
        return indexes.largestTimestamp();
    }

    /** What retention by time compares: the largest timestamp, or where there is none, when the file was changed. */
    long ageTimestamp() throws IOException {
        long largest = largestTimestamp();
        return largest >= 0 ? largest : file.lastModifiedMs();
    }

    /** Makes missing or short indexes whole, once. Blocks at the first call on a segment that was found on disk. */
    void checkIndexes() throws IOException {
        if (indexesAreGood) {
            return;
        }
        synchronized (checkLock) {
            if (!indexesAreGood) {
                IndexRepair.makeGood(this, file(SegmentFiles.LOG), place.indexIntervalBytes);
                indexesAreGood = true;
            }
        }
    }

    /** Drops what the indexes say; they are built again by {@link #noteFound}. Writer only. */
    void resetIndexes() throws IOException {
        indexes.reset();
    }

    /** Says that the indexes have been built from the batches. */
    void trustIndexes() {
        indexesAreGood = true;
    }

    /** Counts a batch that was found in the file, for the indexes only. Writer only. */
    void noteFound(BatchScanner batch) throws IOException {
        index(batch.lastOffset(), batch.position(), batch.bytes(), batch.maxTimestamp());
    }

    /** A walk over all batches. */
    BatchScanner scan() throws IOException {
        return new BatchScanner(channel(), 0, bytes, REBUILD_BYTES);
    }

    /** A walk over the batches from that position on. */
    BatchScanner scanFrom(int position) throws IOException {
        return new BatchScanner(channel(), position, bytes, SegmentSearch.LOOK_BYTES);
    }

    /** Sets what follows the last batch that was {@linkplain #noteFound found}; cuts the file there. Writer only. */
    void cutAt(int position) throws IOException {
        file.cutAt(position);
        bytes = position;
        search.forget();
    }

    /** Cuts batches whose last offset is at or past the given one; returns the first offset cut. Blocks. Writer only. */
    long truncateTo(long offset) throws IOException {
        unseal();
        int position = search.positionToCut(offset);
        long firstCut = offset;
        if (position < bytes) {
            BatchScanner scanner = scanFrom(position);
            if (scanner.next() && !scanner.isLegacy()) {
                firstCut = Math.min(offset, scanner.baseOffset());
            }
        }
        cutFrom(position, firstCut);
        return firstCut;
    }

    /**
     * As {@link #truncateTo}, where it is known already what is cut.
     *
     * @param firstCut no batch before the position holds that offset or a later one
     */
    void truncateAt(int position, long firstCut) throws IOException {
        unseal();
        cutFrom(position, firstCut);
    }

    private void cutFrom(int position, long firstCut) throws IOException {
        cutAt(position);
        indexes.truncateTo(firstCut);
        firstTimestamp = -1;
        indexes.noteRest(scanFrom(offsetIndex().lastPosition()), position);
    }

    /** Makes the segment one that can be appended to: fresh limits, end of the time index found. Writer only. */
    void open(int indexBytes) throws IOException {
        unseal();
        indexes.open(indexBytes, bytes);
    }

    private void unseal() throws IOException {
        checkIndexes();
        sealed = false;
    }

    /** Puts the last entry into the time index: nothing follows. Writer only; cheap. */
    void finish() throws IOException {
        indexes.finish();
    }

    /** Forces batches. Blocks. */
    void force() throws IOException {
        syncFolderOnce();
        channel().force(true);
    }

    /** Forces batches and indexes, after the last append; indexes leave memory. Blocks. */
    void seal() throws IOException {
        if (sealed) {
            return;
        }
        checkIndexes();
        file.cutAt(bytes); // preallocated
        indexes.seal();
        folderIsSynced = false; // the indexes' files are new
        force();
        sealed = true;
    }

    private void syncFolderOnce() throws IOException {
        if (!folderIsSynced) {
            disk.syncFolder(folder);
            folderIsSynced = true;
        }
    }

    /** Where the byte at this position stands in the log's {@link TailWindow}. */
    long inTail(int position) {
        return startInTail + position;
    }

    /** Holds the segment; false where the log has let go of it and its file may be closed. */
    boolean acquire() {
        return file.acquire();
    }

    /** Gives it back; after the last one the files are closed, in the background: that may free a deleted file. */
    void release() {
        file.release();
    }

    /** The open file. Blocks at the first call on a segment that was found on disk. */
    FileChannel channel() throws IOException {
        return file.channel();
    }

    /**
     * Opens whatever a reader may ever need of the files, or learns it: they are to bear other names, under which nobody
     * would find them. Blocks.
     */
    void openForReaders() throws IOException {
        channel();
        checkIndexes();
        indexes.openForReaders();
        largestTimestamp();
    }

    /** When its batches were written last, in milliseconds since 1970. */
    long lastModifiedMs() throws IOException {
        return file.lastModifiedMs();
    }

    /** Renames all files so that they count as deleted, whatever happens. Blocks. */
    void markDeleted() throws IOException {
        for (String suffix : suffixes()) {
            Path file = file(suffix);
            if (disk.exists(file)) {
                disk.move(file, file.resolveSibling(file.getFileName() + SegmentFiles.DELETED));
            }
        }
    }

    /** Deletes the files that {@link #markDeleted} renamed. Blocks. */
    void deleteMarked() throws IOException {
        for (String suffix : suffixes()) {
            Path file = file(suffix);
            disk.delete(file.resolveSibling(file.getFileName() + SegmentFiles.DELETED));
        }
    }

    /** Of all files that a segment may have. */
    static List<String> suffixes() {
        return List.of(
                SegmentFiles.LOG, SegmentFiles.OFFSET_INDEX, SegmentFiles.TIME_INDEX, SegmentFiles.TRANSACTION_INDEX);
    }

    Path file(String suffix) {
        return place.file(baseOffset, suffix);
    }

    @Override
    public String toString() {
        return "segment " + baseOffset + " (" + bytes + " bytes) of " + folder;
    }
}
