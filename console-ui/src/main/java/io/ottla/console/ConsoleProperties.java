package io.ottla.console;

import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.lag.LagSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the console, all under {@code console.}.
 *
 * @param name {@code console.name}: what the cluster of this process is called
 * @param readOnly {@code console.read-only}: whether nothing in it may be changed from here
 * @param clusters {@code console.clusters.KEY.*}: other clusters to manage
 * @param data {@code console.data}: folder for what the console keeps; unset: beside the broker's logs
 * @param lag {@code console.lag.*}: how the lag of groups is collected
 * @param timeout {@code console.timeout}: after which an unanswered call to a cluster fails; at least a second
 * @param leaderElection {@code console.leader-election.*}: when leaders are elected by themselves
 */
@ConfigurationProperties("console")
public record ConsoleProperties(
        @DefaultValue("Ottla") String name,
        @DefaultValue("false") boolean readOnly,
        Map<String, Managed> clusters,
        Path data,
        @DefaultValue Lag lag,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue LeaderElection leaderElection) {
    /** The key of the cluster of this process. */
    static final String BESIDE = "ottla";

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /**
     * Another cluster.
     *
     * @param name for people; its key where it has none
     * @param bootstrap {@code host:port,…}
     * @param zookeeper {@code host:port,…/chroot}, in the place of {@code bootstrap}
     * @param readOnly whether nothing in it may be changed from here
     * @param enabled whether it is spoken to at all
     * @param client settings of Kafka's clients, such as {@code security.protocol}
     */
    public record Managed(
            String name,
            String bootstrap,
            String zookeeper,
            @DefaultValue("false") boolean readOnly,
            @DefaultValue("true") boolean enabled,
            Map<String, String> client) {
        /** Whether none of this says how a cluster is reached, or what it is called. */
        boolean saysNothing() {
            return name == null && bootstrap == null && zookeeper == null && (client == null || client.isEmpty());
        }
    }

    /**
     * How the lag of groups is collected.
     *
     * @param refresh {@code console.lag.refresh}: between two samples; 0 for never
     * @param retain {@code console.lag.retain}: how long samples are kept
     */
    public record Lag(
            @DefaultValue("10s") Duration refresh,
            @DefaultValue("1d") Duration retain) {
        public Lag {
            // Refuses what can't hold.
            var _ = new LagSettings(refresh, retain);
        }

        LagSettings settings() {
            return new LagSettings(refresh, retain);
        }
    }

    /** @param schedule when preferred leaders are elected: a cron expression or a span; empty: never */
    public record LeaderElection(@DefaultValue("") String schedule) {}

    public ConsoleProperties {
        clusters = clusters == null ? Map.of() : new LinkedHashMap<>(clusters);
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "console.timeout: Expected one second to five minutes, but got " + timeout.toMillis() + " ms.");
        }
    }

    /**
     * All clusters that the configuration names, the one of this process first.
     *
     * @param beside whether there is a broker in this process
     * @throws IllegalArgumentException naming the setting that can't hold
     */
    public List<ClusterDefinition> definitions(boolean beside) {
        List<ClusterDefinition> all = new ArrayList<>();
        if (beside) {
            all.add(new ClusterDefinition(BESIDE, name, Origin.BESIDE, "", "", Map.of(), readOnly, true));
        }
        clusters.forEach((key, given) -> {
            if (beside && key.equals(BESIDE) && given.saysNothing()) {
                return; // Only what lies beside its brokers is said of it, which others read.
            }
            try {
                if (beside && key.equals(BESIDE)) {
                    throw new IllegalArgumentException(
                            "Expected another key, since this is the cluster's of this process.");
                }
                all.add(new ClusterDefinition(
                        key,
                        given.name() == null ? key : given.name(),
                        Origin.CONFIGURED,
                        given.bootstrap() == null ? "" : given.bootstrap(),
                        given.zookeeper() == null ? "" : given.zookeeper(),
                        given.client() == null ? Map.of() : given.client(),
                        given.readOnly(),
                        given.enabled()));
            } catch (IllegalArgumentException unusable) {
                throw new IllegalArgumentException("console.clusters." + key + ": " + unusable.getMessage(), unusable);
            }
        });
        return all;
    }
}
