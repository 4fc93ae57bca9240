package io.ottla.storage;

import io.ottla.types.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one who finds batches in a log. From any thread, without a lock. */
final class LogReader {
    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    private final LogState log;

    LogReader(LogState log) {
        this.log = log;
    }

    ReadResult read(long from, long upTo, int maxBytes, boolean atLeastOne) {
        ReadPlaces places = log.places;
        LogEnd end = log.end;
        if (places != log.places) {
            places = null; // cut meanwhile: what they say may be of the log as it was before
        }
        if (!log.isUsable()) {
            return refused(log.storageError(), end);
        }
        long start = log.logStart;
        if (from < start || from > end.offset()) {
            return refused(outOfRange(from, start, end), end);
        }
        long limit = Math.min(upTo, end.offset());
        if (from >= limit || maxBytes <= 0 && !atLeastOne) {
            return new ReadResult.Found(List.of(), start, 0, from);
        }
        List<FileSlice> slices = new ArrayList<>(1);
        try {
            LogSegment[] segments = null;
            Stretch found = null;
            while (found == null && !Arrays.equals(segments, log.segments) && from >= log.logStart) {
                segments = log.segments; // where one has gone meanwhile, others are there, or the log starts later
                found = collect(segments, slices, places, from, limit, end, maxBytes, atLeastOne);
            }
            return found == null
                    ? refused(outOfRange(from, log.logStart, end), end)
                    : new ReadResult.Found(slices, start, found.bytes, found.upTo);
        } catch (CorruptSegmentException e) {
            slices.forEach(FileSlice::release);
            LOG.error("{}: {}", log.topicPartition, e.getMessage());
            return refused(Failure.of(Errors.CORRUPT_MESSAGE, e.getMessage()), end);
        } catch (IOException e) {
            slices.forEach(FileSlice::release);
            return refused(log.failed("A read", e), end);
        }
    }

    /** What was collected: so many bytes, none of which lie past an offset. */
    private record Stretch(int bytes, long upTo) {}

    /** Adds slices; null where a segment was deleted meanwhile. */
    private Stretch collect(
            LogSegment[] segments,
            List<FileSlice> slices,
            ReadPlaces places,
            long from,
            long limit,
            LogEnd end,
            int maxBytes,
            boolean atLeastOne)
            throws IOException {
        int first = LogState.floor(segments, from);
        if (segments[first].baseOffset() > from) {
            return null; // else the reader would pass over what was deleted as if nothing had been there
        }
        int bytes = 0;
        for (int i = first; i < segments.length && segments[i].baseOffset() < limit; i++) {
            LogSegment segment = segments[i];
            if (!segment.acquire()) {
                return slices.isEmpty() ? null : new Stretch(bytes, segment.baseOffset());
            }
            boolean kept = false;
            try {
                int stop = stop(segments, i, limit, end);
                long hotFrom = log.tail.hotFromBytes();
                int begin = i == first ? begin(places, segment, from, stop, hotFrom) : 0;
                if (segment.inTail(begin) < hotFrom) {
                    segment.pages().watch();
                }
                SegmentSearch.Cut cut =
                        segment.endOfWholeBatches(begin, stop, maxBytes - bytes, atLeastOne && slices.isEmpty());
                int until = cut.position();
                if (places != null && cut.nextOffset() != SegmentSearch.Cut.UNKNOWN) {
                    places.note(segment, cut.nextOffset(), until);
                }
                if (until > begin) {
                    slices.add(new SegmentSlice(segment, segment.channel(), log.tail, begin, until - begin));
                    kept = true;
                    bytes += until - begin;
                }
                if (until < stop || bytes >= maxBytes && !(atLeastOne && slices.isEmpty())) {
                    return new Stretch(bytes, upTo(segments, i, until, limit));
                }
            } finally {
                if (!kept) {
                    segment.release();
                }
            }
        }
        return new Stretch(bytes, limit);
    }

    /** An offset that is not below what ends at that position, and near to it where the index in memory tells. */
    private static long upTo(LogSegment[] segments, int i, int position, long limit) {
        long behind = segments[i].offsetIndex().offsetInMemoryBehind(position);
        if (behind < 0 && i + 1 < segments.length) {
            behind = segments[i + 1].baseOffset();
        }
        return behind < 0 ? limit : Math.min(behind, limit);
    }

    private static int begin(ReadPlaces places, LogSegment segment, long from, int stop, long hotFrom)
            throws IOException {
        int place = places == null ? ReadPlaces.NOWHERE : places.find(segment, from);
        if (place != ReadPlaces.NOWHERE) {
            return Math.min(place, stop);
        }
        int position = segment.positionOf(from, stop);
        boolean fromMemory = position == 0 || segment.inTail(position) >= hotFrom;
        return fromMemory ? position : segment.positionFrom(position, from, stop);
    }

    /** Where in the segment reading ends because of the limit. */
    private static int stop(LogSegment[] segments, int i, long limit, LogEnd end) throws IOException {
        LogSegment segment = segments[i];
        if (segment == end.segment() && limit == end.offset()) {
            return end.position();
        }
        if (i + 1 < segments.length && segments[i + 1].baseOffset() <= limit) {
            return segment.bytes();
        }
        return segment.positionOf(limit, segment.bytes());
    }

    private ReadResult refused(Failure failure, LogEnd end) {
        return new ReadResult.Refused(failure, log.logStart, end.offset());
    }

    private static Failure outOfRange(long from, long start, LogEnd end) {
        return Failure.of(
                Errors.OFFSET_OUT_OF_RANGE,
                "Expected an offset from " + start + " to " + end.offset() + ", but got " + from);
    }

    boolean isHot(long from, long upTo, int maxBytes, boolean withAborted) {
        return isInTail(from) || isAtHand(from, upTo, maxBytes) && (!withAborted || knowsAborted(from));
    }

    private boolean isInTail(long from) {
        return from >= log.tail.hotFromOffset() && from >= log.active().baseOffset() || from >= log.end.offset();
    }

    /** Whether it is known where the batches are, and that the file's parts to be looked at are in memory. */
    private boolean isAtHand(long from, long upTo, int maxBytes) {
        ReadPlaces places = log.places;
        LogSegment[] segments = log.segments;
        if (places == null || upTo < segments[segments.length - 1].baseOffset()) {
            return false;
        }
        int at = LogState.floor(segments, from);
        int begin = segments[at].baseOffset() == from ? 0 : places.find(segments[at], from);
        int bytes = maxBytes;
        while (begin != ReadPlaces.NOWHERE && isAtHand(segments[at], begin, bytes)) {
            bytes -= segments[at].bytes() - begin;
            at++;
            if (bytes < 0 || at == segments.length) {
                return true;
            }
            begin = 0;
        }
        return false;
    }

    private static boolean isAtHand(LogSegment segment, int begin, int maxBytes) {
        if (!segment.acquire()) {
            return false;
        }
        try {
            return segment.isAtHand(begin, maxBytes);
        } finally {
            segment.release();
        }
    }

    private boolean knowsAborted(long from) {
        LogSegment[] segments = log.segments;
        for (int i = LogState.floor(segments, from); i < segments.length; i++) {
            if (!segments[i].transactionIndex().isInMemory()) {
                return false;
            }
        }
        return true;
    }

    List<AbortedTransaction> abortedTransactions(long from, long upTo) {
        List<AbortedTransaction> found = new ArrayList<>(0);
        LogSegment[] segments = log.segments;
        try {
            for (int i = LogState.floor(segments, from); i < segments.length; i++) {
                List<TransactionIndex.Entry> entries = TransactionRepair.entries(log, segments, i);
                for (int at = TransactionIndex.firstEndingAt(entries, from); at < entries.size(); at++) {
                    TransactionIndex.Entry entry = entries.get(at);
                    if (entry.firstOffset() < upTo) {
                        found.add(new AbortedTransaction(entry.producerId(), entry.firstOffset()));
                    }
                    if (entry.lastStableOffset() >= upTo) {
                        return found;
                    }
                }
            }
        } catch (IOException e) {
            log.failed("Reading aborted transactions", e);
        }
        return found;
    }
}
