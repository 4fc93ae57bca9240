package io.ottla.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;

/**
 * The last offset of each key, for so many keys and no more, in memory of a fixed size outside of the heap. Keys are known
 * by 128 bits of a hash that nobody outside can foresee: it is seeded, so that no one can make keys that are taken for
 * one another.
 *
 * <pre>
 *   0  hash    2 × int64
 *  16  offset  int64       plus one: 0 is a place that is free
 * </pre>
 *
 * Places are tried one after the other from where the hash points. Used by one thread at a time; closed in the end.
 */
final class KeyOffsets implements AutoCloseable {
    static final int ENTRY_BYTES = 24;
    /** There is none for the key. */
    static final long UNKNOWN = -1;

    private static final int SEED_BYTES = 16;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment places;
    private final long count;
    /** Places that the memory allowed has room for, of which no more are taken than are needed. */
    private final long capacity;

    private final long most;
    private final MessageDigest digest;
    private final byte[] seed = new byte[SEED_BYTES];
    private final byte[] hash;
    private final ByteBuffer hashed;
    private long size;

    /**
     * @param maxBytes of memory; room for one key is there in any case
     * @param loadFactor how full it may become, above 0, 1 at most
     * @param keys that will not be more, so that no more memory is taken than they need
     */
    KeyOffsets(long maxBytes, double loadFactor, long keys, RandomGenerator random) {
        long needed = (long) Math.ceil(Math.max(1, keys) / loadFactor) + 1;
        this.capacity = Math.max(2, maxBytes / ENTRY_BYTES);
        this.count = Math.min(capacity, Math.max(2, needed));
        this.most = Math.max(1, Math.min(count - 1, (long) (count * loadFactor)));
        this.places = arena.allocate(count * ENTRY_BYTES, Long.BYTES);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected SHA-256, which every Java has", e);
        }
        this.hash = new byte[digest.getDigestLength()];
        this.hashed = ByteBuffer.wrap(hash);
        random.nextBytes(seed);
    }

    /** Whether a key that is not known yet has no room. */
    boolean isFull() {
        return size >= most;
    }

    long size() {
        return size;
    }

    /** How much of the memory allowed is in use, 0 to 1. */
    double utilization() {
        return (double) size / capacity;
    }

    /** Notes the offset, which is above all before. */
    void put(ByteBuffer bytes, int keyAt, int keyLength, long offset) {
        long place = find(bytes, keyAt, keyLength);
        if (places.get(LONG, place + 16) == 0) {
            if (isFull()) {
                throw new IllegalStateException("Expected at most " + most + " keys, but one more is to be noted");
            }
            places.set(LONG, place, hashed.getLong(0));
            places.set(LONG, place + 8, hashed.getLong(8));
            size++;
        }
        places.set(LONG, place + 16, offset + 1);
    }

    /** The last offset noted for the key, or {@link #UNKNOWN}. */
    long get(ByteBuffer bytes, int keyAt, int keyLength) {
        return places.get(LONG, find(bytes, keyAt, keyLength) + 16) - 1;
    }

    /** Where the key's entry is, or is to be. */
    private long find(ByteBuffer bytes, int keyAt, int keyLength) {
        digest.update(seed);
        digest.update(bytes.slice(keyAt, keyLength));
        try {
            digest.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("Expected " + hash.length + " bytes to hold a hash", e);
        }
        long high = hashed.getLong(0);
        long low = hashed.getLong(8);
        long at = Long.remainderUnsigned(high, count);
        while (true) {
            long place = at * ENTRY_BYTES;
            if (places.get(LONG, place + 16) == 0
                    || places.get(LONG, place) == high && places.get(LONG, place + 8) == low) {
                return place;
            }
            at = at + 1 == count ? 0 : at + 1;
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
