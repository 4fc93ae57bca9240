package io.ottla.simulation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A file of a {@link SimulatedDisk}: what processes see of it, and what of that would survive a power failure. */
final class SimulatedFile implements SimulatedNode {
    private static final byte[] NOTHING = {};

    private byte[] content = NOTHING;
    private int size;
    /** So many of its first bytes are durable, where {@link #durableCopy} is null. */
    private int durableSize;
    /** What is durable, where it is no beginning of the content any more. */
    private byte[] durableCopy;

    /** Where bits were turned, and what that has made of the byte. */
    private final Map<Integer, Byte> flipped = new TreeMap<>();

    private long modifiedMs;
    private boolean locked;

    int size() {
        return size;
    }

    long modifiedMs() {
        return modifiedMs;
    }

    void modified(long atMs) {
        modifiedMs = atMs;
    }

    boolean isLocked() {
        return locked;
    }

    void lock(boolean on) {
        locked = on;
    }

    /** Reads at the position into the buffer; -1 past the end. */
    int read(ByteBuffer into, long position) {
        if (position >= size) {
            return -1;
        }
        int bytes = Math.min(into.remaining(), size - (int) position);
        into.put(content, (int) position, bytes);
        return bytes;
    }

    void write(ByteBuffer from, long position) {
        int at = Math.toIntExact(position);
        int end = Math.addExact(at, from.remaining());
        if (at < durableSize) {
            keepDurable();
        }
        reserve(end);
        if (at > size) {
            Arrays.fill(content, size, at, (byte) 0);
        }
        from.get(content, at, end - at);
        size = Math.max(size, end);
    }

    private void reserve(int bytes) {
        if (bytes > content.length) {
            content = Arrays.copyOf(content, Math.max(bytes, Math.max(256, content.length * 2)));
        }
    }

    void truncate(long to) {
        if (to < size) {
            if (to < durableSize) {
                keepDurable();
            }
            size = (int) to;
        }
    }

    private void keepDurable() {
        if (durableCopy == null) {
            durableCopy = Arrays.copyOf(content, durableSize);
        }
    }

    void force() {
        durableSize = size;
        durableCopy = null;
    }

    /** Turns one bit. */
    void flip(int position, int bit) {
        content[position] ^= (byte) (1 << bit);
        flipped.put(position, content[position]);
    }

    /** Whether a bit that was turned still stands in it. */
    boolean isDamaged() {
        flipped.entrySet().removeIf(each -> each.getKey() >= size || content[each.getKey()] != each.getValue());
        return !flipped.isEmpty();
    }

    /** What processes see of it. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(content, 0, size).asReadOnlyBuffer();
    }

    /** Of all that is not durable a part is left: whole, torn, as zeros, or not at all. */
    @Override
    public void losePower(RandomGenerator random) {
        byte[] durable = durableCopy == null ? Arrays.copyOf(content, durableSize) : durableCopy;
        byte[] now = Arrays.copyOf(content, size);
        byte[] left = survive(now, durable, random);
        content = left;
        size = left.length;
        locked = false;
        force();
    }

    private static byte[] survive(byte[] now, byte[] durable, RandomGenerator random) {
        int common = Math.min(now.length, durable.length);
        int same = Arrays.mismatch(now, 0, common, durable, 0, common);
        same = same < 0 ? common : same;
        if (same == now.length && same == durable.length) {
            return now;
        }
        if (same < durable.length) {
            return random.nextBoolean() ? durable : now;
        }
        int kept = same + random.nextInt(now.length - same + 1);
        byte[] left = Arrays.copyOf(now, random.nextBoolean() ? kept : now.length);
        Arrays.fill(left, kept, left.length, (byte) 0);
        return left;
    }
}
