package io.ottla.console.clusters;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * How records are wanted. A consumer asks for more ahead of what it was asked for; that waits at a log's end, which is right for
 * who follows it and keeps everybody else, and it brings what nobody wants, so it is to be little.
 *
 * @param committedOnly whether records of transactions that are open or aborted are left out
 * @param follows whether what is not there yet is waited for
 * @param partitions that are read together
 */
public record Fetching(boolean committedOnly, boolean follows, int partitions) {
    private static final int AT_ONCE = 4 << 20;
    private static final int LEAST_OF_A_PARTITION = 64 << 10;
    private static final int MOST_OF_A_PARTITION = 1 << 20;
    private static final int RECORDS_OF_A_POLL = 500;
    /** All that was fetched of all partitions, so that they go on together. */
    private static final int RECORDS_OF_A_POLL_WITHIN = 20_000;

    private static final int FOLLOWING_WAITS_MS = 250;
    /** Not none: a broker whose leader is just elected would be asked without a pause. */
    private static final int WITHIN_WAITS_MS = 10;

    /** Of records that lie there already. */
    public static Fetching within(int partitions, boolean committedOnly) {
        return new Fetching(committedOnly, false, partitions);
    }

    /** Of records as they come. */
    public static Fetching following(int partitions, boolean committedOnly) {
        return new Fetching(committedOnly, true, partitions);
    }

    Map<String, Object> settings() {
        return Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                committedOnly ? "read_committed" : "read_uncommitted",
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                AT_ONCE,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                Math.clamp(AT_ONCE / Math.max(1, partitions), LEAST_OF_A_PARTITION, MOST_OF_A_PARTITION),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                follows ? RECORDS_OF_A_POLL : RECORDS_OF_A_POLL_WITHIN,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                follows ? FOLLOWING_WAITS_MS : WITHIN_WAITS_MS);
    }
}
