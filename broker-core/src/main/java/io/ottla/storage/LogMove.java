package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.record.RecordBatches;
import io.ottla.time.LogLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one log to another log folder while it is appended to and read (KIP-113). Step by step, so that several moves share
 * a thread and a rate:
 *
 * <ol>
 *   <li>{@code <topic>-<n>.<id>-future} is made in the other folder: from here on a crash does not forget the move.
 *   <li>Batches are copied, checked, into it, from the log's start to its end.
 *   <li>When little is missing, appends are held up for the rest of it, the copy gets the partition's name, and the log goes on
 *       in it.
 *   <li>What lies in the old folder is renamed to {@code -delete}, and deleted later.
 * </ol>
 *
 * After a crash before the third one the copy goes on where it was. After one between the third and the fourth both folders
 * bear the partition's name; the one that holds {@value #MARK} is the log.
 *
 * <p>Used by one thread at a time, but for {@link #cancel} and what is asked.
 */
final class LogMove {
    /** A file in the copy that says where it comes from, until nothing can lie there, or where that came from, any more. */
    static final String MARK = "moved-from";

    /** What is left to be done. */
    sealed interface Progress {
        /** More, not before some time has passed. */
        record GoingOn(long afterMs) implements Progress {}

        /** Nothing: the log lies in the other folder. */
        record Done() implements Progress {}

        /** Nothing: it stays where it is. What was copied may be needed for the next try. */
        record GivenUp(String why) implements Progress {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(LogMove.class);
    private static final Progress AT_ONCE = new Progress.GoingOn(0);
    private static final int STEP_BYTES = 1 << 20;
    /** Appends wait for the copy of no more than this. */
    private static final int REST_BYTES = 128 << 10;
    /** So often it is tried to come so near to the end of a log that is appended to meanwhile. */
    private static final int MOST_TRIES = 100;

    /** What others need of a disk. */
    private static final long ROOM_BYTES = 64 << 20;

    private static final long AGAIN_MS = 10_000;
    private static final int LINES_PER_SECOND = 1;

    private final SegmentedLog log;
    private final FolderLogs from;
    private final FolderLogs to;
    private final LogProperties settings;
    private final StorageEnvironment environment;
    private final RecordBatches batches = new RecordBatches();
    private final LogLines lines;
    private final long beganMs;
    private final Path path;
    private final boolean isFound;
    private final MovableFolder disk;
    private final Path moved;
    private final LogOpener.Known known;

    private LogParts copy;
    private int truncations = -1;
    private long cleanedTo;
    private long copiedBytes;
    private volatile long copiedTo;
    private volatile boolean isCancelled;

    /**
     * @param found what a former process has copied; null for nothing
     * @param clean whether that was closed properly
     */
    LogMove(
            SegmentedLog log,
            FolderLogs from,
            FolderLogs to,
            Path found,
            boolean clean,
            LogProperties settings,
            StorageEnvironment environment) {
        this.log = log;
        this.from = from;
        this.to = to;
        this.settings = settings;
        this.environment = environment;
        this.path = found != null
                ? found
                : to.folder().path().resolve(FolderName.coming(log.topicPartition(), environment.random()));
        this.moved = to.folder().path().resolve(log.topicPartition().toString());
        this.disk = new MovableFolder(to.folder().disk(), path);
        this.known = new LogOpener.Known(clean, 0, 0, 0);
        this.lines = new LogLines(environment.clock(), LINES_PER_SECOND);
        this.beganMs = environment.clock().monotonicMs();
        this.isFound = found != null;
    }

    SegmentedLog log() {
        return log;
    }

    FolderLogs target() {
        return to;
    }

    /** Up to which offset it is copied; any thread. */
    long copiedTo() {
        return copiedTo;
    }

    /** How many bytes are copied; any thread. */
    long bytes() {
        LogParts there = copy;
        long bytes = 0;
        if (there != null) {
            for (LogSegment segment : there.log.segments) {
                bytes += segment.bytes();
            }
        }
        return bytes;
    }

    /** It is not to be moved any more; the next step gives up. Any thread. */
    void cancel() {
        isCancelled = true;
    }

    boolean isCancelled() {
        return isCancelled;
    }

    /** Makes what the copy is to lie in; before any step. Blocks. */
    void makeFolder() throws IOException {
        DiskFolder target = to.folder();
        target.disk().createFolder(path);
        target.disk().syncFolder(target.path());
    }

    /** Goes on a little. Blocks. */
    Progress step(IoThrottle throttle) throws IOException {
        LogState source = log.parts().log;
        if (isCancelled) {
            return new Progress.GivenUp("it was taken back");
        }
        if (!source.isUsable()) {
            return new Progress.GivenUp("it is closed, or " + from.folder() + " is offline");
        }
        if (copy == null) {
            open(source);
        }
        if (!copy.log.isUsable()) {
            return new Progress.GivenUp(to.folder() + " is offline");
        }
        if (source.isCutSince(truncations)) {
            follow(source);
        }
        if (source.logStart > copy.log.end.offset()) {
            copy.truncation.startFullyAt(source.logStart);
        }
        long usable = environment.disk().usableBytes(to.folder().path());
        if (usable < ROOM_BYTES) {
            lines.write(more -> LOG.warn(
                    "The move of {} to {} waits for room: {} bytes are free there{}", log, to.folder(), usable, more));
            return new Progress.GoingOn(AGAIN_MS);
        }
        Copied copied = copy(source, STEP_BYTES);
        throttle.moved(copied.bytes);
        copiedTo = copy.log.end.offset();
        if (copied.damaged) {
            lines.write(more -> LOG.error(
                    "The move of {} to {} waits at offset {}, where the log is damaged{}",
                    log,
                    to.folder(),
                    copiedTo,
                    more));
            log.suspect(copiedTo);
            return new Progress.GoingOn(AGAIN_MS);
        }
        if (copied.bytes > REST_BYTES) {
            return AT_ONCE;
        }
        LogParts left = log.parts();
        if (!takeOver(source, throttle)) {
            return AT_ONCE;
        }
        clear(left);
        return new Progress.Done();
    }

    private void open(LogState source) throws IOException {
        LogOpener opener = new LogOpener(to.folder(), disk, settings, environment.random());
        LogState files = opener.files(log.topicPartition(), path, source.properties, known, RecoveryProgress.NONE);
        files.topicId = source.topicId;
        if (!source.topicId.isZero()) {
            PartitionMetadataFile.write(disk, path, source.topicId);
        }
        SmallFile.replace(
                disk, path.resolve(MARK), ByteBuffer.wrap((from.folder() + "\n").getBytes(StandardCharsets.UTF_8)));
        copy = log.over(files);
        cleanedTo = cleanedTo(source);
        if (isFound && cleanedTo >= 0) {
            // tombstones and markers may be gone meanwhile that end what was copied
            copy.truncation.startFullyAt(source.logStart);
        }
        copiedTo = files.end.offset();
        LOG.info("{} moves to {}, from offset {} on", log, to.folder(), copiedTo);
    }

    /** When nobody compacts it: under the lock of those who put segments in others' place. */
    private static long cleanedTo(LogState source) {
        source.flushLock.lock();
        try {
            return source.cleanedTo;
        } finally {
            source.flushLock.unlock();
        }
    }

    /** Cuts what the log has no more, or not as it was copied: by epochs, as a follower does (KIP-279). */
    private void follow(LogState source) throws IOException {
        source.writeLock.lock();
        try {
            truncations = source.truncations;
        } finally {
            source.writeLock.unlock();
        }
        long end = copy.log.end.offset();
        while (end > copy.log.segments[0].baseOffset()) {
            int latest = copy.log.epochs.latest();
            EpochEnd theirs = source.epochs.endOffsetOf(latest, source.end.offset());
            if (latest < 0 || theirs.endOffset() < 0) {
                copy.truncation.startFullyAt(source.logStart); // nothing tells whether it is the same
                cleanedTo = -1;
                return;
            }
            long common = theirs.endOffset();
            if (theirs.epoch().value() < latest) {
                common = Math.min(
                        common,
                        Math.max(
                                0,
                                copy.log
                                        .epochs
                                        .endOffsetOf(theirs.epoch().value(), end)
                                        .endOffset()));
            }
            if (common >= end) {
                return;
            }
            copy.truncation.truncateTo(common);
            cleanedTo = Math.min(cleanedTo, copy.log.end.offset());
            end = copy.log.end.offset();
        }
    }

    /** What was copied at once, and whether it came upon something else than a batch. */
    private record Copied(int bytes, boolean damaged) {}

    private Copied copy(LogState source, int maxBytes) throws IOException {
        long at = copy.log.end.offset();
        ReadResult read = new LogReader(source).read(at, source.end.offset(), maxBytes, true);
        if (!(read instanceof ReadResult.Found found)) {
            return new Copied(0, source.isUsable() && at >= source.logStart && at <= source.end.offset());
        }
        ByteBuffer bytes = ByteBuffer.allocate(found.bytes());
        if (!read(source, found, bytes)) {
            return new Copied(0, false);
        }
        int good = intact(bytes);
        if (good > 0) {
            beginWithin(bytes, at);
            append(bytes.slice(0, good));
        }
        return new Copied(good, good < found.bytes());
    }

    private static boolean read(LogState source, ReadResult.Found found, ByteBuffer into) {
        try {
            for (FileSlice slice : found.slices()) {
                slice.readInto(into.limit(into.position() + slice.length()));
            }
            into.clear();
            return true;
        } catch (IOException e) {
            source.failed("A read", e);
            return false;
        } finally {
            found.slices().forEach(FileSlice::release);
        }
    }

    /** A log may begin amid a batch, which is copied whole: an empty copy begins where that does. */
    private void beginWithin(ByteBuffer bytes, long at) throws IOException {
        batches.over(bytes).next();
        if (batches.baseOffset() < at
                && copy.log.segments.length == 1
                && copy.log.active().bytes() == 0) {
            copy.truncation.startFullyAt(batches.baseOffset());
        }
    }

    private int intact(ByteBuffer bytes) {
        batches.over(bytes);
        int good = 0;
        while (batches.next() == RecordBatches.Step.BATCH && batches.isIntact()) {
            good = batches.position();
        }
        return good;
    }

    private void append(ByteBuffer bytes) {
        copiedBytes += bytes.remaining();
        if (copy.writer.asFollower(bytes) instanceof AppendResult.Refused(var failure) && copy.log.isUsable()) {
            throw new IllegalStateException(
                    "Expected to append what was copied of " + log + ", but: " + failure.text());
        }
    }

    /** Copies the rest while nobody appends, and has the log go on in the copy; false where too much is left. */
    private boolean takeOver(LogState source, IoThrottle throttle) throws IOException {
        copy.flush.flush();
        copy.log.epochs.write();
        to.add(log); // so that its offsets are written down there
        to.writeHighWatermarks();
        approach(source, throttle);
        source.flushLock.lock();
        copy.log.flushLock.lock();
        source.writeLock.lock();
        boolean done = false;
        try {
            done = !isCancelled
                    && source.isUsable()
                    && copy.log.isUsable()
                    && source.truncations == truncations
                    && copyRest(source);
            if (done) {
                goOn(source);
            }
        } finally {
            source.writeLock.unlock();
            copy.log.flushLock.unlock();
            source.flushLock.unlock();
            if (!done) {
                to.remove(log.topicPartition());
            }
        }
        if (done) {
            from.remove(log.topicPartition());
            log.acknowledgeableMoved();
            if (!to.folder().isOnline()) {
                log.folderFailed(); // it may have come too late to be told
            }
        }
        return done;
    }

    /** Copies what was appended while the disk was waited for, which may be more than appends are held up for. */
    private void approach(LogState source, IoThrottle throttle) throws IOException {
        int bytes = STEP_BYTES;
        for (int tries = 0; bytes > REST_BYTES && tries < MOST_TRIES && !isCancelled; tries++) {
            bytes = copy(source, STEP_BYTES).bytes;
            throttle.moved(bytes);
        }
        copiedTo = copy.log.end.offset();
    }

    private boolean copyRest(LogState source) throws IOException {
        if (source.logStart > copy.log.end.offset()) {
            return false; // it has moved on meanwhile; the next step begins there
        }
        if (source.end.offset() > copy.log.end.offset()) {
            Copied rest = copy(source, REST_BYTES);
            if (rest.bytes == 0 && !rest.damaged && source.isUsable()) {
                copy.writer.skipTo(source.end.offset()); // compaction has left nothing there
            }
        }
        return source.end.offset() == copy.log.end.offset();
    }

    /** Under both locks of both. What the topic's flush policy has let be acknowledged is on the other disk before anybody goes on. */
    private void goOn(LogState source) throws IOException {
        boolean isHeldBack = source.properties.flushMessages() != Long.MAX_VALUE;
        if (isHeldBack) {
            copy.flush.flush();
        }
        copy.log.writeLock.lock();
        try {
            disk.rename(moved);
            copy.log.cleanedTo = cleanedTo;
            log.goOnWith(copy);
        } finally {
            copy.log.writeLock.unlock();
        }
        if (isHeldBack) {
            to.folder().disk().syncFolder(to.folder().path());
        }
    }

    /** It is done: what lies in the old folder goes. */
    private void clear(LogParts left) {
        to.writeHighWatermarks();
        to.writeLogStarts();
        to.writeCleanedOffsets();
        DiskFolder target = to.folder();
        try {
            copy.flush.flush();
            target.disk().syncFolder(target.path());
        } catch (IOException e) {
            target.fail("Moving " + log, e);
            return; // what lies in the old folder may be all there is
        }
        boolean isMarked = left.log.disk.exists(left.log.path.resolve(MARK));
        boolean isCleared = new LogDeletion(from.folder(), environment.random()).clear(left);
        from.writeCleanedOffsets();
        if (isCleared && !isMarked) {
            removeMark(target, moved);
        }
        log.rollSoon();
        LOG.info(
                "{} has come from {}: {} bytes copied in {} ms",
                log,
                from.folder(),
                copiedBytes,
                environment.clock().monotonicMs() - beganMs);
    }

    /** Says that nothing of a log lies in another folder any more. Blocks. */
    static void removeMark(DiskFolder folder, Path path) {
        try {
            folder.disk().delete(path.resolve(MARK));
        } catch (IOException e) {
            folder.fail("Moving " + path, e);
        }
    }

    /** Closes the copy, to go on with it at the next start. Blocks. */
    void rest() throws IOException {
        if (copy != null) {
            copy.close();
        }
    }

    /** Deletes the copy. Blocks. */
    void discard() throws IOException {
        if (copy != null) {
            copy.abandon();
        }
        if (to.folder().disk().exists(path)) {
            LogDeletion.drop(to.folder().disk(), path);
        }
    }
}
