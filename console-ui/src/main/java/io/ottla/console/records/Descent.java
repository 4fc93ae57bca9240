package io.ottla.console.records;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A partition on its way down: what was read of its log and not taken yet, below which the next window of offsets follows. A
 * window is read upwards; where it holds more bytes than it may, its lowest records are let go, to be read with the next.
 * For one thread.
 */
final class Descent {
    private final long first;
    private final Deque<ConsumerRecord<byte[], byte[]>> held = new ArrayDeque<>();
    private long heldBytes;
    /** Records that were there after the last window. */
    private int full;

    private long floor;
    private long offsets;
    private Window window;

    /**
     * @param first where the log begins
     * @param below exclusive
     * @param offsets of the first window
     */
    Descent(long first, long below, int offsets) {
        this.first = first;
        this.floor = below;
        this.offsets = offsets;
    }

    boolean isReadToItsStart() {
        return floor <= first;
    }

    /** Nothing more can be said of the order before something of it is read. */
    boolean isWanting() {
        return held.isEmpty() && !isReadToItsStart();
    }

    /** Whether it is worth reading on when others must. */
    boolean isLow() {
        return held.size() <= full / 2 && !isReadToItsStart();
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    int heldRecords() {
        return held.size();
    }

    long heldBytes() {
        return heldBytes;
    }

    ConsumerRecord<byte[], byte[]> last() {
        return held.getLast();
    }

    ConsumerRecord<byte[], byte[]> take() {
        ConsumerRecord<byte[], byte[]> taken = held.removeLast();
        heldBytes -= bytes(taken);
        return taken;
    }

    long reached() {
        return held.isEmpty() ? floor : held.getLast().offset() + 1;
    }

    /**
     * Begins with the next window.
     *
     * @param most offsets of it
     * @param mostBytes of its records; of one that is larger there is that one
     * @return where to read from
     */
    long open(int most, long mostBytes) {
        window = new Window(Math.max(first, floor - Math.min(offsets, most)), mostBytes);
        return window.start;
    }

    /** Takes what was read of the window, in order. */
    void add(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() < floor) {
                window.add(record);
            }
        }
    }

    /**
     * Ends the window if it is read.
     *
     * @param position of the next record that would be read
     */
    boolean close(long position) {
        if (position < floor) {
            return false;
        }
        Iterator<ConsumerRecord<byte[], byte[]>> downwards = window.records.descendingIterator();
        while (downwards.hasNext()) {
            held.addFirst(downwards.next());
        }
        heldBytes += window.bytes;
        full = held.size();
        // One that was cut was too large; of those that weren't the next may be larger.
        offsets = window.cut ? Math.max(1, window.records.size()) : (floor - window.start) * 2;
        floor = window.start;
        window = null;
        return true;
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize()) + (long) Math.max(0, record.serializedValueSize());
    }

    private static final class Window {
        private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
        private final long mostBytes;
        private long start;
        private long bytes;
        private boolean cut;

        Window(long start, long mostBytes) {
            this.start = start;
            this.mostBytes = mostBytes;
        }

        void add(ConsumerRecord<byte[], byte[]> record) {
            records.addLast(record);
            bytes += bytes(record);
            while (bytes > mostBytes && records.size() > 1) {
                ConsumerRecord<byte[], byte[]> lowest = records.removeFirst();
                bytes -= bytes(lowest);
                start = lowest.offset() + 1;
                cut = true;
            }
        }

        private static long bytes(ConsumerRecord<byte[], byte[]> record) {
            return Descent.bytes(record);
        }
    }
}
