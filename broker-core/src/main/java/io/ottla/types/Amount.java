package io.ottla.types;

/** Things counted in a sentence: {@code 1 segment}, {@code 2 segments}. */
public final class Amount {
    private Amount() {}

    /** @param one what one of them is called; more get an {@code s} */
    public static String of(long count, String one) {
        return count + " " + one + (count == 1 ? "" : "s");
    }
}
