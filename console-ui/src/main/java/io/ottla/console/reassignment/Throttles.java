package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.moves.PartitionMove;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Bounds how fast replicas are copied (KIP-73), by the settings that {@code kafka-reassign-partitions} sets: a rate for each
 * broker, and for each topic which replicas it holds for.
 */
public final class Throttles {
    static final String LEADER_RATE = "leader.replication.throttled.rate";
    static final String FOLLOWER_RATE = "follower.replication.throttled.rate";
    static final String LEADER_REPLICAS = "leader.replication.throttled.replicas";
    static final String FOLLOWER_REPLICAS = "follower.replication.throttled.replicas";

    /** Topics whose settings are asked for at once. */
    private static final int CHUNK = 500;

    private static final Set<String> REPLICAS = Set.of(LEADER_REPLICAS, FOLLOWER_REPLICAS);

    /** Bytes per second that a broker sends and takes in at most; negative where it has no bound. */
    public record Rate(long leader, long follower) {}

    private Throttles() {}

    /** By live broker; those without a bound of their own are not there. */
    public static NavigableMap<Integer, Rate> rates(Visit visit) {
        NavigableMap<Integer, Rate> rates = new TreeMap<>();
        List<ConfigResource> brokers =
                live(visit).stream().map(Throttles::broker).toList();
        read(visit, brokers).forEach((resource, settings) -> {
            long leader = number(own(settings, LEADER_RATE));
            long follower = number(own(settings, FOLLOWER_RATE));
            if (leader >= 0 || follower >= 0) {
                rates.put(Integer.parseInt(resource.name()), new Rate(leader, follower));
            }
        });
        return rates;
    }

    /** Sets the rate of these brokers. */
    public static void setRates(Visit visit, Collection<Integer> brokers, long bytesPerSecond) {
        requireRate(bytesPerSecond);
        String rate = Long.toString(bytesPerSecond);
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        brokers.forEach(
                broker -> changes.put(broker(broker), List.of(set(LEADER_RATE, rate), set(FOLLOWER_RATE, rate))));
        visit.change(
                Change.of(
                                Action.THROTTLE,
                                new TreeSet<>(brokers)
                                        .stream().map(String::valueOf).toList())
                        .with("bytes-per-second", rate),
                admin -> alter(visit, admin, changes));
    }

    static void requireRate(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.REFUSED,
                    Wording.of("moves.throttle.too-small", Long.toString(bytesPerSecond)));
        }
    }

    /** Makes the rates hold for what is moved: on the side of those that have it, and of those that get it. */
    static void setReplicas(Visit visit, Admin admin, Collection<PartitionMove> moves) {
        Map<String, Set<String>> leaders = new TreeMap<>();
        Map<String, Set<String>> followers = new TreeMap<>();
        for (PartitionMove move : moves) {
            TopicPartition at = move.partition();
            move.before()
                    .forEach(broker -> leaders.computeIfAbsent(at.topic(), topic -> new LinkedHashSet<>())
                            .add(at.partition() + ":" + broker));
            move.added()
                    .forEach(broker -> followers
                            .computeIfAbsent(at.topic(), topic -> new LinkedHashSet<>())
                            .add(at.partition() + ":" + broker));
        }
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        followers.forEach((topic, comes) -> changes.put(
                topic(topic),
                List.of(
                        set(LEADER_REPLICAS, String.join(",", leaders.get(topic))),
                        set(FOLLOWER_REPLICAS, String.join(",", comes)))));
        alter(visit, admin, changes);
    }

    /**
     * Takes away all rates of live brokers, and from topics what they hold for.
     *
     * @return topics that had such a setting
     */
    public static List<String> clear(Visit visit, Collection<String> topics) {
        NavigableMap<Integer, Rate> rates = rates(visit);
        if (!rates.isEmpty()) {
            Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
            rates.keySet()
                    .forEach(
                            broker -> changes.put(broker(broker), List.of(delete(LEADER_RATE), delete(FOLLOWER_RATE))));
            visit.change(
                    Change.of(
                                    Action.THROTTLE,
                                    rates.keySet().stream().map(String::valueOf).toList())
                            .with("bytes-per-second", "unlimited"),
                    admin -> alter(visit, admin, changes));
        }
        List<String> throttled = throttledTopics(visit, topics);
        if (!throttled.isEmpty()) {
            Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
            throttled.forEach(
                    topic -> changes.put(topic(topic), List.of(delete(LEADER_REPLICAS), delete(FOLLOWER_REPLICAS))));
            visit.change(
                    Change.of(Action.REASSIGN, throttled).with("throttle", "removed"),
                    admin -> alter(visit, admin, changes));
        }
        return throttled;
    }

    /** Those of the topics of which it is said that replicas are throttled, and that he may move. */
    static List<String> throttledTopics(Visit visit, Collection<String> topics) {
        List<String> asked = topics.stream()
                .filter(topic -> visit.may(Action.REASSIGN, topic))
                .sorted()
                .toList();
        List<String> throttled = new ArrayList<>();
        for (int from = 0; from < asked.size(); from += CHUNK) {
            List<ConfigResource> chunk = asked.subList(from, Math.min(asked.size(), from + CHUNK)).stream()
                    .map(Throttles::topic)
                    .toList();
            read(visit, chunk).forEach((resource, settings) -> {
                if (REPLICAS.stream().anyMatch(name -> !own(settings, name).isEmpty())) {
                    throttled.add(resource.name());
                }
            });
        }
        throttled.sort(null);
        return throttled;
    }

    static Set<Integer> live(Visit visit) {
        Set<Integer> live = new TreeSet<>();
        for (Broker broker : visit.cluster().describe().brokers()) {
            live.add(broker.id());
        }
        return live;
    }

    private static Map<ConfigResource, Config> read(Visit visit, Collection<ConfigResource> resources) {
        Map<ConfigResource, Config> settings = new HashMap<>();
        if (!resources.isEmpty()) {
            Map<ConfigResource, KafkaFuture<Config>> answers =
                    visit.asking().describeConfigs(resources).values();
            for (Map.Entry<ConfigResource, KafkaFuture<Config>> answer : answers.entrySet()) {
                try {
                    settings.put(
                            answer.getKey(), visit.cluster().await(answer.getValue(), Wording.of("doing.throttles")));
                } catch (ClusterFailure failure) {
                    // A topic may have been deleted meanwhile.
                    if (failure.reason() != ClusterFailure.Reason.NOT_FOUND) {
                        throw failure;
                    }
                }
            }
        }
        return settings;
    }

    /** Only what was set for it alone: a default of all brokers is not ours to take away. */
    private static String own(Config settings, String name) {
        ConfigEntry entry = settings.get(name);
        boolean own = entry != null
                && entry.value() != null
                && (entry.source() == ConfigSource.DYNAMIC_BROKER_CONFIG
                        || entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG);
        return own ? entry.value() : "";
    }

    private static long number(String text) {
        try {
            return text.isEmpty() ? -1 : Long.parseLong(text);
        } catch (NumberFormatException noNumber) {
            return -1;
        }
    }

    private static Void alter(Visit visit, Admin admin, Map<ConfigResource, Collection<AlterConfigOp>> changes) {
        if (!changes.isEmpty()) {
            for (KafkaFuture<Void> answer :
                    admin.incrementalAlterConfigs(changes).values().values()) {
                visit.cluster().await(answer, Wording.of("doing.throttle"));
            }
        }
        return null;
    }

    private static ConfigResource broker(int id) {
        return new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id));
    }

    private static ConfigResource topic(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }

    private static AlterConfigOp delete(String name) {
        return new AlterConfigOp(new ConfigEntry(name, null), OpType.DELETE);
    }
}
