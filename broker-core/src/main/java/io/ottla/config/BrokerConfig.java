package io.ottla.config;

import io.ottla.config.NetworkProperties.Connections;
import io.ottla.config.NetworkProperties.Limits;
import io.ottla.config.ZooKeeperProperties.Store;
import io.ottla.config.ZooKeeperProperties.Tls;
import io.ottla.types.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;

/**
 * A broker's configuration: what was given at the start, what has been set for it and for all brokers while they run,
 * and Kafka 3.9's defaults below, except that listeners bind to 127.0.0.1 and logs lie in {@code data/logs}. Immutable:
 * a change is a new one. The rooms get their parts of it as records.
 */
public final class BrokerConfig {
    /** Stands for a secret wherever a value is shown. */
    public static final String HIDDEN = "[hidden]";

    private final Map<String, SourcedValue> given;
    private final Map<String, String> clusterWide;
    private final Map<String, String> ownBroker;
    private final ConfigValues values;
    private final Listening started;
    private final Listening listening;

    /** How reading a configuration ended. */
    public sealed interface Outcome {
        /** Sentences for the log: old, unknown and idle names. */
        List<String> warnings();

        /** It can be used. */
        record Accepted(BrokerConfig config, List<String> warnings) implements Outcome {}

        /**
         * It can't; nothing was done yet.
         *
         * @param printable what would hold all the same, as {@link BrokerConfig#printable()}
         */
        record Refused(ConfigProblems problems, List<String> warnings, List<String> printable) implements Outcome {}
    }

    /**
     * A configuration with what was set while running.
     *
     * @param refusals settings that were left out, and why: for the log
     */
    public record Changed(BrokerConfig config, List<String> refusals) {}

    BrokerConfig(
            Map<String, SourcedValue> given,
            Map<String, String> clusterWide,
            Map<String, String> ownBroker,
            ConfigValues values,
            Listening started,
            Listening listening) {
        this.given = new TreeMap<>(given);
        this.clusterWide = Map.copyOf(clusterWide);
        this.ownBroker = Map.copyOf(ownBroker);
        this.values = values;
        this.started = started;
        this.listening = listening;
    }

    /** Reads what {@link ConfigSources} gathered. */
    public static Outcome read(Map<String, SourcedValue> given) {
        return new BrokerConfigReader().read(given);
    }

    /** Reads a plain map, all of one origin. */
    public static Outcome read(Map<String, String> given, String origin) {
        Map<String, SourcedValue> sourced = new HashMap<>();
        given.forEach((name, value) -> sourced.put(name, new SourcedValue(value, origin)));
        return read(sourced);
    }

    /** With nothing set. */
    public static BrokerConfig defaults() {
        return of(Map.of());
    }

    /** The configuration of a plain map that is known to be right; throws with all problems where it is not. */
    public static BrokerConfig of(Map<String, String> given) {
        return switch (read(given, "the program")) {
            case Outcome.Accepted accepted -> accepted.config();
            case Outcome.Refused refused ->
                throw new IllegalArgumentException(refused.problems().text());
        };
    }

    /**
     * The same with other dynamic settings (KIP-226): all of them, in place of those there were. What can't be taken is
     * left out and named, so that one bad value in the store stops nobody.
     *
     * @param clusterWide set for all brokers
     * @param ownBroker set for this one; goes first
     */
    public Changed withDynamic(Map<String, String> clusterWide, Map<String, String> ownBroker) {
        return DynamicSettings.apply(this, clusterWide, ownBroker);
    }

    /**
     * Why settings can't be made while the broker runs.
     *
     * @param settings all that would be set, secrets in the clear or as they are stored; what is in force there now and
     *     not among them is taken away
     * @param asked names of those that are new: what is wrong with one that was there before is no reason
     * @param forOne whether they are for this broker alone, rather than for all
     * @return INVALID_REQUEST with a sentence, as Kafka has it; null where they can
     */
    public Failure dynamicRefusal(Map<String, String> settings, Set<String> asked, boolean forOne) {
        String why = DynamicSettings.refusal(this, settings, asked, forOne);
        return why == null ? null : Failure.of(Errors.INVALID_REQUEST, why);
    }

    /** The same of settings of another broker, of which nothing else is known here. */
    public static Failure dynamicRefusalElsewhere(Map<String, String> settings, Set<String> asked) {
        String why = DynamicSettings.refusalElsewhere(settings, asked);
        return why == null ? null : Failure.of(Errors.INVALID_REQUEST, why);
    }

    /** How secrets among settings made while running are kept. */
    public StoredSecrets secrets() {
        return StoredSecrets.of(values);
    }

    /**
     * Secrets that only the old key opens, in the clear.
     *
     * @param stored settings of this broker as they are stored
     */
    public Map<String, String> secretsToRenew(Map<String, String> stored) {
        Map<String, String> renew = new TreeMap<>();
        StoredSecrets secrets = secrets();
        stored.forEach((name, value) -> {
            ConfigDefinition definition = ListenerNames.definition(name);
            if (secrets.canKeep()
                    && definition != null
                    && definition.sensitive()
                    && secrets.open(value) instanceof StoredSecrets.Opened.Secret(String text, boolean outdated)
                    && outdated) {
                renew.put(name, text);
            }
        });
        return renew;
    }

    /** What was given at the start, as it was given: for plug-ins that read settings of their own. */
    public Map<String, String> originals() {
        Map<String, String> originals = new TreeMap<>();
        given.forEach((name, value) -> originals.put(name, value.value()));
        return originals;
    }

    /** The same with the number that the broker drew. */
    public BrokerConfig withBrokerId(int id) {
        Map<String, SourcedValue> named = new TreeMap<>(given);
        SourcedValue drawn = new SourcedValue(Integer.toString(id), "the cluster");
        named.put("broker.id", drawn);
        named.put("node.id", drawn);
        return new BrokerConfig(
                named, clusterWide, ownBroker, values.with(Map.of("broker.id", id, "node.id", id)), started, listening);
    }

    /** Who the broker is. */
    public IdentityProperties identity() {
        return new IdentityProperties(
                values.integer("broker.id"),
                values.bool("broker.id.generation.enable"),
                values.integer("reserved.broker.max.id"));
    }

    /** {@code broker.rack}; null where it has none. */
    public String rack() {
        return values.textOrNull("broker.rack");
    }

    /** How ZooKeeper is reached. */
    public ZooKeeperProperties zooKeeper() {
        int sessionTimeoutMs = values.integer("zookeeper.session.timeout.ms");
        String connect = values.textOrNull("zookeeper.connect");
        return new ZooKeeperProperties(
                connect == null ? "" : connect,
                sessionTimeoutMs,
                values.has("zookeeper.connection.timeout.ms")
                        ? values.integer("zookeeper.connection.timeout.ms")
                        : sessionTimeoutMs,
                values.bool("zookeeper.set.acl"),
                values.integer("zookeeper.max.in.flight.requests"),
                new Tls(
                        values.bool("zookeeper.ssl.client.enable"),
                        values.textOrNull("zookeeper.clientCnxnSocket"),
                        store("zookeeper.ssl.keystore."),
                        store("zookeeper.ssl.truststore."),
                        values.text("zookeeper.ssl.protocol"),
                        values.listOrNull("zookeeper.ssl.enabled.protocols"),
                        values.listOrNull("zookeeper.ssl.cipher.suites"),
                        values.text("zookeeper.ssl.endpoint.identification.algorithm"),
                        values.bool("zookeeper.ssl.crl.enable"),
                        values.bool("zookeeper.ssl.ocsp.enable")),
                values.integer("zookeeper.embedded.port"));
    }

    private Store store(String prefix) {
        return new Store(
                values.textOrNull(prefix + "location"),
                values.textOrNull(prefix + "password"),
                values.textOrNull(prefix + "type"));
    }

    /** Where the embedded ZooKeeper keeps its data. */
    public Path embeddedZooKeeperFolder() {
        String named = values.textOrNull("zookeeper.embedded.dir");
        return named == null || named.isEmpty() ? logDirs().getFirst().resolveSibling("zookeeper") : Path.of(named);
    }

    /** The folders of the logs; at least one. */
    public List<Path> logDirs() {
        return logDirs(values).stream().map(Path::of).toList();
    }

    static List<String> logDirs(ConfigValues values) {
        String folders = values.textOrNull("log.dirs");
        List<String> names = new ArrayList<>();
        for (String folder : (folders == null ? values.text("log.dir") : folders).split(",", -1)) {
            names.add(folder.strip());
        }
        return names;
    }

    /** What the broker itself sets for its logs. */
    public LogProperties log() {
        return LogProperties.of(logDirs(), values);
    }

    /** How partitions are served and replicated. */
    public ReplicationProperties replication() {
        return ReplicationProperties.of(values);
    }

    /** How groups are coordinated. */
    public GroupProperties groups() {
        return GroupProperties.of(values);
    }

    /** How transactions are coordinated. */
    public TransactionProperties transactions() {
        return TransactionProperties.of(values);
    }

    /** Where and how the broker listens. */
    public NetworkProperties network() {
        NetworkProperties defaults = NetworkProperties.DEFAULTS;
        return new NetworkProperties(
                listening.listeners(),
                listening.advertised(),
                listening.interBroker(),
                values.integer("num.network.threads"),
                defaults.interBrokerThreads(),
                values.integer("socket.send.buffer.bytes"),
                values.integer("socket.receive.buffer.bytes"),
                values.integer("socket.listen.backlog.size"),
                values.integer("socket.request.max.bytes"),
                values.number("queued.max.request.bytes"),
                values.number("connections.max.idle.ms"),
                new Connections(
                        values.integer("max.connections"),
                        byListener("max.connections"),
                        values.integer("max.connections.per.ip"),
                        HostCounts.read(values.text("max.connections.per.ip.overrides")),
                        values.integer("max.connection.creation.rate"),
                        byListener("max.connection.creation.rate")),
                Limits.DEFAULTS);
    }

    private Map<String, Integer> byListener(String setting) {
        Map<String, Integer> limits = new TreeMap<>();
        for (Map<String, ?> layer : List.of(given, clusterWide, ownBroker)) {
            for (String name : layer.keySet()) {
                if (setting.equals(ListenerNames.general(name)) && values.has(name)) {
                    limits.put(ListenerNames.listener(name).toUpperCase(Locale.ROOT), values.integer(name));
                }
            }
        }
        return limits;
    }

    /** What holds for topics that do not say otherwise. */
    public TopicDefaults topicDefaults() {
        return new TopicDefaults(
                values.integer("num.partitions"),
                (short) values.integer("default.replication.factor"),
                values.bool("auto.create.topics.enable"),
                values.bool("delete.topic.enable"));
    }

    /**
     * How the controller works.
     *
     * @param supportedFeatures the highest level of each feature that this software can work at
     */
    public ControllerProperties controller(Map<String, Short> supportedFeatures) {
        return new ControllerProperties(
                values.bool("unclean.leader.election.enable"),
                values.integer("min.insync.replicas"),
                ControllerProperties.DEFAULTS.configNoteRetentionMs(),
                ControllerProperties.DEFAULTS.maxPartitionsPerRequest(),
                values.bool("auto.leader.rebalance.enable")
                        ? Optional.of(new ControllerProperties.Balancing(
                                TimeUnit.SECONDS.toMillis(number("leader.imbalance.check.interval.seconds")),
                                values.integer("leader.imbalance.per.broker.percentage")))
                        : Optional.empty(),
                Map.copyOf(supportedFeatures));
    }

    /** Topics' configuration over this broker's defaults. */
    public TopicConfigs topics() {
        return new TopicConfigs(values);
    }

    /** Groups' configuration over this broker's defaults. */
    public GroupConfigs groupConfigs() {
        return new GroupConfigs(values);
    }

    /** One whole number, by the name of its setting. */
    public int integer(String name) {
        return values.integer(name);
    }

    /** One whole number, by the name of its setting. */
    public long number(String name) {
        return values.number(name);
    }

    public boolean bool(String name) {
        return values.bool(name);
    }

    /** Null where the setting is not set and has no default. */
    public String textOrNull(String name) {
        return values.textOrNull(name);
    }

    /**
     * The whole configuration as lines of a properties file, secrets hidden: each setting with its value, above it
     * where the value comes from, unless that is the default.
     */
    public List<String> printable() {
        return new PrintedConfig(given, clusterWide, ownBroker, values, Set.of()).lines();
    }

    Map<String, SourcedValue> given() {
        return given;
    }

    Map<String, String> clusterWide() {
        return clusterWide;
    }

    Map<String, String> ownBroker() {
        return ownBroker;
    }

    ConfigValues values() {
        return values;
    }

    /** Where the broker listens by what was given at the start. */
    Listening started() {
        return started;
    }
}
