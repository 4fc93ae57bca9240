package io.ottla.config;

/**
 * How the broker compacts logs. Immutable.
 *
 * @param enable {@code log.cleaner.enable}: whether it does so at all; fixed at start
 * @param threads {@code log.cleaner.threads}: logs that are compacted at once; 0 or more
 * @param ioMaxBytesPerSecond {@code log.cleaner.io.max.bytes.per.second}: read and written by all threads together
 * @param dedupeBufferBytes {@code log.cleaner.dedupe.buffer.size}: memory for maps from key to offset, for all threads
 *     together
 * @param ioBufferBytes {@code log.cleaner.io.buffer.size}: memory for reading and writing, for all threads together
 * @param loadFactor {@code log.cleaner.io.buffer.load.factor}: how full a map may become
 * @param backoffMs {@code log.cleaner.backoff.ms}: how long a thread rests when no log needs it; 0 or more
 */
public record CleanerProperties(
        boolean enable,
        int threads,
        double ioMaxBytesPerSecond,
        long dedupeBufferBytes,
        int ioBufferBytes,
        double loadFactor,
        long backoffMs) {

    /** Kafka 3.9's defaults. */
    public static final CleanerProperties DEFAULTS =
            new CleanerProperties(true, 1, Double.MAX_VALUE, 128L << 20, 512 << 10, 0.9, 15_000);

    /** As a broker is configured. */
    static CleanerProperties of(ConfigValues values) {
        return new CleanerProperties(
                values.bool("log.cleaner.enable"),
                values.integer("log.cleaner.threads"),
                values.decimal("log.cleaner.io.max.bytes.per.second"),
                values.number("log.cleaner.dedupe.buffer.size"),
                values.integer("log.cleaner.io.buffer.size"),
                values.decimal("log.cleaner.io.buffer.load.factor"),
                values.number("log.cleaner.backoff.ms"));
    }
}
