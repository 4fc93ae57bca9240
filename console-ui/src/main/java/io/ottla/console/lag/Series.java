package io.ottla.console.lag;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One line of history: committed offset and lag of a group in a topic, from change to change; a value holds until the next.
 * Older points are thinned: of each slot of time the one with the largest lag and the last stay, so that neither a peak nor
 * where it ended is lost.
 *
 * <p>Kept as varlongs (zigzag): seconds, committed and lag, each less that of the point before. Not thread-safe.
 */
final class Series {
    /** Up to this age all points stay. */
    static final long FRESH_S = 10 * 60;

    private static final long HOUR_S = 3600;
    private static final int SLOT_OF_AN_HOUR_S = 30;
    private static final int SLOT_OF_SIX_HOURS_S = 180;
    private static final int SLOT_OF_A_DAY_S = 720;

    /** Points between two thinnings. */
    private static final int TAIL = 64;

    private static final int MAX_POINT = 3 * Varints.MAX_BYTES;

    private byte[] packed = new byte[MAX_POINT];
    private int length;
    private int sinceThinned;
    private long lastAt;
    private long lastCommitted;
    private long lastLag;

    /** Takes a point. */
    @FunctionalInterface
    interface Points {
        void point(long atS, long committed, long lag);
    }

    /** Adds what holds from now on. A point that goes back in time counts as at the last. */
    void add(long atS, long committed, long lag, int coarseness) {
        if (length > 0 && committed == lastCommitted && lag == lastLag) {
            return;
        }
        put(length == 0 ? atS : Math.max(atS, lastAt), committed, lag);
        if (++sinceThinned >= TAIL) {
            thin(lastAt, Long.MIN_VALUE, coarseness);
        }
    }

    private void put(long atS, long committed, long lag) {
        if (packed.length - length < MAX_POINT) {
            packed = Arrays.copyOf(packed, Math.max(packed.length + MAX_POINT, packed.length * 3 / 2));
        }
        ByteBuffer buffer = ByteBuffer.wrap(packed);
        buffer.position(length);
        Varints.writeSigned(atS - lastAt, buffer);
        Varints.writeSigned(committed - lastCommitted, buffer);
        Varints.writeSigned(lag - lastLag, buffer);
        length = buffer.position();
        lastAt = atS;
        lastCommitted = committed;
        lastLag = lag;
    }

    void forEach(Points points) {
        ByteBuffer buffer = ByteBuffer.wrap(packed, 0, length);
        long at = 0;
        long committed = 0;
        long lag = 0;
        while (buffer.hasRemaining()) {
            at += Varints.readSigned(buffer);
            committed += Varints.readSigned(buffer);
            lag += Varints.readSigned(buffer);
            points.point(at, committed, lag);
        }
    }

    /**
     * Leaves out what is too old or too close.
     *
     * @param fromS begin of the history; what held then holds from then on
     * @param coarseness by which slots of time are longer than usual
     */
    void thin(long nowS, long fromS, int coarseness) {
        Thinned thinned = new Thinned(nowS, fromS, coarseness);
        forEach(thinned);
        Series other = thinned.finish();
        packed = Arrays.copyOf(other.packed, other.length + MAX_POINT);
        length = other.length;
        lastAt = other.lastAt;
        sinceThinned = 0;
    }

    int bytes() {
        return packed.length;
    }

    private static final class Thinned implements Points {
        private final Series kept = new Series();
        private final long nowS;
        private final long fromS;
        private final int coarseness;
        private long slot = Long.MIN_VALUE;
        private long[] peak;
        private long[] last;

        Thinned(long nowS, long fromS, int coarseness) {
            this.nowS = nowS;
            this.fromS = fromS;
            this.coarseness = coarseness;
        }

        @Override
        public void point(long atS, long committed, long lag) {
            long[] point = {Math.max(atS, fromS), committed, lag};
            long own = slotOf(point[0]);
            if (last != null && (atS <= fromS || own == slot)) {
                if (atS <= fromS || lag >= peak[2]) {
                    peak = point;
                }
            } else {
                flush();
                peak = point;
            }
            last = point;
            slot = own;
        }

        private long slotOf(long atS) {
            long age = nowS - atS;
            if (age <= FRESH_S && coarseness == 1) {
                return atS;
            }
            int seconds = coarseness
                    * (age <= HOUR_S ? SLOT_OF_AN_HOUR_S : age <= 6 * HOUR_S ? SLOT_OF_SIX_HOURS_S : SLOT_OF_A_DAY_S);
            // Slots of different lengths never have the same number.
            return Math.floorDiv(atS, seconds) * 16_384 + seconds % 16_384;
        }

        private void flush() {
            if (last == null) {
                return;
            }
            if (!Arrays.equals(peak, last)) {
                kept.put(peak[0], peak[1], peak[2]);
            }
            kept.put(last[0], last[1], last[2]);
        }

        Series finish() {
            flush();
            return kept;
        }
    }
}
