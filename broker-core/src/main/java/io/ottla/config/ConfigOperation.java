package io.ottla.config;

import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/**
 * What somebody wants done to one setting of a resource (KIP-339). Pure.
 *
 * @param value what to set, or the elements of a list to add or take away, separated by commas; null where the setting
 *     is taken away altogether
 */
public record ConfigOperation(String name, Kind kind, String value) {
    /** What is done. Numbers are the protocol's (IncrementalAlterConfigs). */
    public enum Kind {
        SET(0),
        DELETE(1),
        /** Of a list: adds those elements that it does not have. */
        APPEND(2),
        /** Of a list: takes those elements away. */
        SUBTRACT(3);

        private final byte wire;

        Kind(int wire) {
            this.wire = (byte) wire;
        }

        /** Null for a number that stands for nothing. */
        public static Kind of(byte wire) {
            for (Kind kind : values()) {
                if (kind.wire == wire) {
                    return kind;
                }
            }
            return null;
        }

        /** Its number in IncrementalAlterConfigs. */
        public byte wire() {
            return wire;
        }
    }

    /** What becomes of a resource's configuration. */
    public sealed interface Outcome {
        record Altered(Map<String, String> values) implements Outcome {}

        record Refused(Failure failure) implements Outcome {}
    }

    public static ConfigOperation set(String name, String value) {
        return new ConfigOperation(name, Kind.SET, value);
    }

    /**
     * Does these operations in order, all or none.
     *
     * @param before what is set
     * @param definitions of settings by name; null for unknown ones
     */
    public static Outcome apply(
            Map<String, String> before,
            List<ConfigOperation> operations,
            Function<String, ConfigDefinition> definitions) {
        Map<String, String> after = new HashMap<>(before);
        for (ConfigOperation operation : operations) {
            switch (operation.kind) {
                case SET -> after.put(operation.name, operation.value);
                case DELETE -> after.remove(operation.name);
                case APPEND, SUBTRACT -> {
                    ConfigDefinition definition = definitions.apply(operation.name);
                    if (definition == null || definition.type() != ConfigType.LIST) {
                        return new Outcome.Refused(Failure.of(
                                Errors.INVALID_CONFIG,
                                "Can't " + operation.kind + " to " + operation.name + ": it is no list"));
                    }
                    after.put(operation.name, operation.ofList(after.get(operation.name), definition));
                }
            }
        }
        return new Outcome.Altered(after);
    }

    /** A list that is not set begins as Kafka's default, whatever the broker's is: so Kafka has it. */
    private String ofList(String present, ConfigDefinition definition) {
        List<String> elements = elements(present == null ? definition.defaultText() : present);
        List<String> named = elements(value);
        if (kind == Kind.SUBTRACT) {
            elements.removeAll(named);
        } else {
            named.stream().filter(element -> !elements.contains(element)).forEach(elements::add);
        }
        return String.join(",", elements);
    }

    private static List<String> elements(String text) {
        List<String> elements = new ArrayList<>();
        if (text != null) {
            for (String part : text.split(",", -1)) {
                String element = part.strip();
                if (!element.isEmpty() && !elements.contains(element)) {
                    elements.add(element);
                }
            }
        }
        return elements;
    }
}
