package io.ottla.config;

import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;

/**
 * Groups' configuration over the broker's defaults, within the bounds that the broker sets (KIP-848, KIP-932): where it
 * has {@code group.consumer.session.timeout.ms}, that is the default of {@code consumer.session.timeout.ms}, and
 * {@code group.consumer.min.session.timeout.ms} and {@code group.consumer.max.session.timeout.ms} are its bounds.
 * Immutable; a change of the broker's settings is a new one.
 */
public final class GroupConfigs {
    private static final List<String> KINDS = List.of("consumer.", "share.", "streams.");
    private static final String SESSION = "session.timeout.ms";
    private static final String HEARTBEAT = "heartbeat.interval.ms";

    private final ConfigValues broker;

    GroupConfigs(ConfigValues broker) {
        this.broker = broker;
    }

    /**
     * A consumer group's whole configuration.
     *
     * @param overrides what is set on the group, as it is stored; what can't be read is left out, and what lies out of
     *     bounds counts as the bound, which may be another than when it was set
     */
    public ConsumerGroupProperties consumer(Map<String, String> overrides) {
        ConfigValues values = values(overrides);
        return new ConsumerGroupProperties(
                values.integer("consumer." + SESSION),
                values.integer("consumer." + HEARTBEAT),
                values.integer("consumer.assignment.interval.ms"));
    }

    /**
     * Why a group can't have these settings.
     *
     * @param overrides all that would be set on it; a null value can't be read
     * @param asked names of those that are new: what is wrong with one that was there before is no reason, for bounds
     *     may have been others then
     * @return INVALID_CONFIG with a sentence that names all that is wrong; null where nothing is
     */
    public Failure refusal(Map<String, String> overrides, Set<String> asked) {
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, String> override : new TreeMap<>(overrides).entrySet()) {
            String problem = asked.contains(override.getKey()) ? problem(override.getKey(), override.getValue()) : null;
            if (problem != null) {
                problems.add(problem);
            }
        }
        ConfigValues values = values(overrides);
        for (String kind : KINDS) {
            int session = values.integer(kind + SESSION);
            int heartbeat = values.integer(kind + HEARTBEAT);
            if (session <= heartbeat) {
                problems.add("Expected " + kind + SESSION + " above " + kind + HEARTBEAT + ", but they are " + session
                        + " and " + heartbeat);
            }
        }
        return problems.isEmpty() ? null : Failure.of(Errors.INVALID_CONFIG, String.join("; ", problems));
    }

    /**
     * What is set on a group and not in force, for it is unknown or can't be read.
     *
     * @param overrides what is set on the group, as it is stored
     * @return a sentence for each
     */
    public List<String> refusals(Map<String, String> overrides) {
        List<String> refusals = new ArrayList<>();
        new TreeMap<>(overrides).forEach((name, value) -> {
            ConfigDefinition definition = ConfigCatalog.group().get(name);
            boolean isInForce = definition != null && value != null && definition.read(value) instanceof Reading.Value;
            String problem = isInForce ? null : problem(name, value);
            if (problem != null) {
                refusals.add(problem);
            }
        });
        return refusals;
    }

    private String problem(String name, String value) {
        ConfigDefinition definition = ConfigCatalog.group().get(name);
        if (definition == null) {
            String nearest = ConfigCatalog.group().nearest(name);
            return "Unknown group config name: " + name + (nearest == null ? "" : "; did you mean " + nearest + "?");
        }
        if (value == null) {
            return "Expected a value of " + name + ", but it is null";
        }
        return switch (definition.read(value)) {
            case Reading.Refused refused ->
                "Invalid value " + value + " for configuration " + name + ": " + refused.why();
            case Reading.Value read -> outOfBounds(definition, read.value());
        };
    }

    /** Null where the value lies within its bounds. */
    private String outOfBounds(ConfigDefinition definition, Object value) {
        String least = bound(definition, "min.");
        if (least != null && ((Number) value).longValue() < broker.number(least)) {
            return "Expected " + definition.name() + " not below " + least + ", which is " + broker.number(least)
                    + ", but it is " + value;
        }
        String most = bound(definition, "max.");
        if (most != null && ((Number) value).longValue() > broker.number(most)) {
            return "Expected " + definition.name() + " not above " + most + ", which is " + broker.number(most)
                    + ", but it is " + value;
        }
        return null;
    }

    /** The broker's setting that bounds a group's; null where there is none. */
    private String bound(ConfigDefinition definition, String which) {
        String name = definition.brokerName();
        if (name == null) {
            return null;
        }
        int afterKind = name.indexOf('.', name.indexOf('.') + 1) + 1;
        String bound = name.substring(0, afterKind) + which + name.substring(afterKind);
        return broker.has(bound) ? bound : null;
    }

    /** Every group setting's value: the group's, else the broker's, else the default. */
    private ConfigValues values(Map<String, String> overrides) {
        Map<String, Object> values = new HashMap<>();
        for (ConfigDefinition definition : ConfigCatalog.group().all()) {
            String own = overrides.get(definition.name());
            Object value = own != null && definition.read(own) instanceof Reading.Value read
                    ? within(definition, read.value())
                    : brokerDefault(definition);
            values.put(definition.name(), value);
        }
        return new ConfigValues(values);
    }

    private Object within(ConfigDefinition definition, Object value) {
        if (!(value instanceof Integer number)) {
            return value;
        }
        String least = bound(definition, "min.");
        String most = bound(definition, "max.");
        int atLeast = least == null ? number : Math.max(number, broker.integer(least));
        return most == null ? atLeast : Math.min(atLeast, broker.integer(most));
    }

    private Object brokerDefault(ConfigDefinition definition) {
        Object value = definition.brokerName() == null ? null : broker.get(definition.brokerName());
        return value == null ? definition.defaultValue() : value;
    }
}
