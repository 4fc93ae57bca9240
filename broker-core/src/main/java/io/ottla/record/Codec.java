package io.ottla.record;

import java.util.Locale;

/**
 * How the records of a batch are compressed: the lowest three bits of a batch's or a legacy message's attributes.
 * Source: Kafka's message format documentation; KIP-110 (zstd).
 */
public enum Codec {
    NONE(0),
    GZIP(1),
    SNAPPY(2),
    LZ4(3),
    ZSTD(4);

    /** The bits of the attributes that name the codec. */
    static final int MASK = 0x07;

    private static final Codec[] BY_ID = values();

    private final int id;

    Codec(int id) {
        this.id = id;
    }

    /** The codec's number in the attributes, 0 … 4. */
    public int id() {
        return id;
    }

    /** The codec that the attributes name, or null for the numbers that name none (5 … 7). */
    public static Codec ofAttributes(int attributes) {
        int id = attributes & MASK;
        return id < BY_ID.length ? BY_ID[id] : null;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
