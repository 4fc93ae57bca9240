package io.ottla.config;

/**
 * How logs are moved between log folders. Immutable.
 *
 * @param threads {@code num.replica.alter.log.dirs.threads}: logs that are moved at once; 1 or more
 * @param bytesPerSecond {@code replica.alter.log.dirs.io.max.bytes.per.second}: by all of them together; 0 or more
 */
public record MoveProperties(int threads, long bytesPerSecond) {
    public static final MoveProperties DEFAULTS = new MoveProperties(1, Long.MAX_VALUE);

    /** As a broker is configured: as many at once as there are folders, unless it says otherwise. */
    static MoveProperties of(int folders, ConfigValues values) {
        boolean isSaid = values.has("num.replica.alter.log.dirs.threads");
        return new MoveProperties(
                Math.max(1, isSaid ? values.integer("num.replica.alter.log.dirs.threads") : folders),
                values.number("replica.alter.log.dirs.io.max.bytes.per.second"));
    }
}
