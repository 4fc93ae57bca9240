package io.ottla.config;

import io.ottla.config.TopicProperties.CompressionType;
import io.ottla.config.TopicProperties.TimestampType;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;

/**
 * Topics' configuration over the broker's defaults. Immutable; a change of the broker's defaults is a new one, from
 * which every topic's {@link TopicProperties} are made again.
 */
public final class TopicConfigs {
    private static final String BEFORE = "message.timestamp.before.max.ms";
    private static final String AFTER = "message.timestamp.after.max.ms";
    private static final String DIFFERENCE = "message.timestamp.difference.max.ms";

    private final ConfigValues broker;
    private final boolean remoteStorage;

    TopicConfigs(ConfigValues broker) {
        this.broker = broker;
        this.remoteStorage = broker.bool("remote.log.storage.system.enable");
    }

    /**
     * A topic's whole configuration.
     *
     * @param overrides what is set on the topic, as it is stored; what is unknown or can't be read is left out, for an
     *     old store may hold anything
     */
    public TopicProperties properties(Map<String, String> overrides) {
        ConfigValues values = values(overrides);
        List<String> policy = values.list("cleanup.policy");
        CompressionType compression = compression(values.text("compression.type"));
        return new TopicProperties(
                values.integer("segment.bytes"),
                values.number("segment.ms"),
                values.number("segment.jitter.ms"),
                values.integer("segment.index.bytes"),
                values.integer("index.interval.bytes"),
                values.number("retention.bytes"),
                values.number("retention.ms"),
                values.number("flush.messages"),
                values.number("flush.ms"),
                values.number("file.delete.delay.ms"),
                values.integer("max.message.bytes"),
                values.integer("max.decompressed.message.bytes"),
                values.text("message.timestamp.type").equals("LogAppendTime")
                        ? TimestampType.LOG_APPEND_TIME
                        : TimestampType.CREATE_TIME,
                timestampLimit(values, BEFORE),
                timestampLimit(values, AFTER),
                compression,
                level(values, compression),
                values.integer("min.insync.replicas"),
                values.bool("unclean.leader.election.enable"),
                values.bool("preallocate"),
                policy.contains("delete"),
                policy.contains("compact"),
                values.decimal("min.cleanable.dirty.ratio"),
                values.number("min.compaction.lag.ms"),
                values.number("max.compaction.lag.ms"),
                values.number("delete.retention.ms"),
                values.list("leader.replication.throttled.replicas"),
                values.list("follower.replication.throttled.replicas"));
    }

    /**
     * Why a topic can't have these settings.
     *
     * @param overrides all that would be set on it; a null value can't be read
     * @param asked names of those that are new: what is wrong with one that was there before is no reason, for an old
     *     store may hold anything
     * @return INVALID_CONFIG with a sentence that names all that is wrong; null where nothing is
     */
    public Failure refusal(Map<String, String> overrides, Set<String> asked) {
        List<String> problems = new ArrayList<>();
        Map<String, String> good = new HashMap<>();
        for (Map.Entry<String, String> override : new TreeMap<>(overrides).entrySet()) {
            String problem = problem(override.getKey(), override.getValue());
            if (problem == null) {
                good.put(override.getKey(), override.getValue());
            } else if (asked.contains(override.getKey())) {
                problems.add(problem);
            }
        }
        relations(good, values(good), problems);
        return problems.isEmpty() ? null : Failure.of(Errors.INVALID_CONFIG, String.join("; ", problems));
    }

    /**
     * What is set on a topic and not in force, for it is unknown or can't be read.
     *
     * @param overrides what is set on the topic, as it is stored
     * @return a sentence for each
     */
    public List<String> refusals(Map<String, String> overrides) {
        List<String> refusals = new ArrayList<>();
        new TreeMap<>(overrides).forEach((name, value) -> {
            String problem = problem(name, value);
            if (problem != null) {
                refusals.add(problem);
            }
        });
        return refusals;
    }

    private static String problem(String name, String value) {
        ConfigDefinition definition = ConfigCatalog.topic().get(name);
        if (definition == null) {
            String nearest = ConfigCatalog.topic().nearest(name);
            return "Unknown topic config name: " + name + (nearest == null ? "" : "; did you mean " + nearest + "?");
        }
        if (value == null) {
            return "Expected a value of " + name + ", but it is null";
        }
        return definition.read(value) instanceof Reading.Refused refused
                ? "Invalid value " + value + " for configuration " + name + ": " + refused.why()
                : null;
    }

    private void relations(Map<String, String> overrides, ConfigValues values, List<String> problems) {
        long least = values.number("min.compaction.lag.ms");
        long most = values.number("max.compaction.lag.ms");
        if (least > most) {
            problems.add("Expected min.compaction.lag.ms not above max.compaction.lag.ms, but they are " + least
                    + " and " + most);
        }
        if (!remoteStorage) {
            for (String name :
                    List.of("remote.storage.enable", "remote.log.copy.disable", "remote.log.delete.on.disable")) {
                if (overrides.containsKey(name) && values.bool(name)) {
                    problems.add("Expected " + name + " to be false, for remote.log.storage.system.enable is false on "
                            + "this broker, but it is true");
                }
            }
            return;
        }
        if (values.bool("remote.storage.enable")
                && values.list("cleanup.policy").contains("compact")) {
            problems.add("Expected cleanup.policy delete on a topic with remote.storage.enable, but it has compact");
        }
        localWithin(values, "local.retention.ms", "retention.ms", problems);
        localWithin(values, "local.retention.bytes", "retention.bytes", problems);
    }

    /** What stays here can't be kept longer than the whole; -2 follows the whole, -1 is no limit (KIP-405). */
    private static void localWithin(ConfigValues values, String local, String whole, List<String> problems) {
        long here = values.number(local);
        long all = values.number(whole);
        boolean fits = here == -2 || all == -1 || here != -1 && here <= all;
        if (values.bool("remote.storage.enable") && !fits) {
            problems.add("Expected " + local + " not above " + whole + ", but they are " + here + " and " + all);
        }
    }

    /** Every topic setting's value: the topic's, else the broker's, else the default. */
    private ConfigValues values(Map<String, String> overrides) {
        Map<String, Object> values = new HashMap<>();
        for (ConfigDefinition definition : ConfigCatalog.topic().all()) {
            values.put(definition.name(), brokerDefault(definition));
        }
        overrides.forEach((name, text) -> {
            ConfigDefinition definition = ConfigCatalog.topic().get(name);
            if (definition != null && text != null && definition.read(text) instanceof Reading.Value read) {
                values.put(name, read.value());
            }
        });
        return new ConfigValues(values);
    }

    /** What holds for a topic that does not say; null for nothing. */
    Object brokerDefault(ConfigDefinition definition) {
        String name = definition.brokerName();
        if (name == null) {
            return definition.defaultValue();
        }
        if (Synonyms.ofBroker(name).size() > 1) {
            return Synonyms.millis(broker, name);
        }
        Object value = broker.get(name);
        return value == null ? definition.defaultValue() : value;
    }

    /** A topic setting's value as a text; null for none. */
    String text(ConfigDefinition definition, Map<String, String> overrides) {
        String own = overrides.get(definition.name());
        if (own != null && definition.read(own) instanceof Reading.Value read) {
            return ConfigValues.write(read.value());
        }
        return ConfigValues.write(brokerDefault(definition));
    }

    /** The limit itself where it is set to one, else the old name's. */
    private static long timestampLimit(ConfigValues values, String name) {
        long limit = values.number(name);
        return limit == Long.MAX_VALUE ? values.number(DIFFERENCE) : limit;
    }

    private static CompressionType compression(String name) {
        return CompressionType.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static int level(ConfigValues values, CompressionType type) {
        return switch (type) {
            case GZIP -> values.integer("compression.gzip.level");
            case LZ4 -> values.integer("compression.lz4.level");
            case ZSTD -> values.integer("compression.zstd.level");
            case PRODUCER, UNCOMPRESSED, SNAPPY -> 0;
        };
    }
}
