package io.ottla.storage;

/** Arithmetic of producers' sequence numbers, which go from the largest int back to 0. */
final class Sequences {
    private Sequences() {}

    /** @param decrement 0 or more */
    static int minus(int sequence, int decrement) {
        return sequence < decrement ? Integer.MAX_VALUE - (decrement - sequence) + 1 : sequence - decrement;
    }

    static boolean follows(int last, int next) {
        return next == last + 1L || next == 0 && last == Integer.MAX_VALUE;
    }
}
