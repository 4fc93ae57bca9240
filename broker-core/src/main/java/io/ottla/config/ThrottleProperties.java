package io.ottla.config;

/**
 * How much replication may move of the replicas that a topic says are throttled (KIP-73).
 *
 * @param leaderBytesPerSecond {@code leader.replication.throttled.rate}: what leaders here send to followers; 0 or more
 * @param followerBytesPerSecond {@code follower.replication.throttled.rate}: what followers here fetch; 0 or more
 * @param windows {@code replication.quota.window.num}: a rate is measured over so many windows; 1 or more
 * @param windowSeconds {@code replication.quota.window.size.seconds}: of so many seconds each; 1 or more
 */
public record ThrottleProperties(
        long leaderBytesPerSecond, long followerBytesPerSecond, int windows, int windowSeconds) {
    public static final ThrottleProperties DEFAULTS = new ThrottleProperties(Long.MAX_VALUE, Long.MAX_VALUE, 11, 1);

    /** As a broker is configured. */
    static ThrottleProperties of(ConfigValues values) {
        return new ThrottleProperties(
                values.number("leader.replication.throttled.rate"),
                values.number("follower.replication.throttled.rate"),
                values.integer("replication.quota.window.num"),
                values.integer("replication.quota.window.size.seconds"));
    }
}
