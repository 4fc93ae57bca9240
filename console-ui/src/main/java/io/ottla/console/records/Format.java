package io.ottla.console.records;

import java.util.Locale;

/** How the bytes of a key or a value are read. */
public enum Format {
    /** Guessed from the topic and the bytes. */
    AUTO,
    TEXT,
    JSON,
    HEX,
    BASE64,
    INT16,
    INT32,
    INT64,
    DOUBLE,
    UUID,
    /** Avro, Protocol Buffers or JSON by a schema whose id stands before the data. */
    REGISTRY,
    /** What group coordinators keep in {@code __consumer_offsets}. */
    OFFSETS,
    /** What transaction coordinators keep in {@code __transaction_state}. */
    TRANSACTIONS;

    /** In addresses and message bundles. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The format that a text names; {@link #AUTO} for none.
     *
     * @throws Unreadable naming the field
     */
    static Format of(String field, String text) {
        if (text == null || text.isBlank()) {
            return AUTO;
        }
        for (Format format : values()) {
            if (format.key().equals(text.strip())) {
                return format;
            }
        }
        throw Unreadable.of(field, text, values());
    }
}
