package io.ottla.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values of settings, read: each name of a catalog has one, or null where neither set nor given a default. */
final class ConfigValues {
    private final Map<String, Object> values;

    /** @param values owned by this object from now on */
    ConfigValues(Map<String, Object> values) {
        this.values = values;
    }

    /** The same but for these. */
    ConfigValues with(Map<String, ?> changed) {
        Map<String, Object> copy = new HashMap<>(values);
        copy.putAll(changed);
        return new ConfigValues(copy);
    }

    boolean has(String name) {
        return values.get(name) != null;
    }

    Object get(String name) {
        return values.get(name);
    }

    boolean bool(String name) {
        return (Boolean) present(name);
    }

    int integer(String name) {
        return ((Number) present(name)).intValue();
    }

    long number(String name) {
        return ((Number) present(name)).longValue();
    }

    double decimal(String name) {
        return ((Number) present(name)).doubleValue();
    }

    String text(String name) {
        return (String) present(name);
    }

    /** Null where there is none. */
    String textOrNull(String name) {
        return (String) values.get(name);
    }

    @SuppressWarnings("unchecked")
    List<String> list(String name) {
        return (List<String>) present(name);
    }

    /** Null where there is none. */
    @SuppressWarnings("unchecked")
    List<String> listOrNull(String name) {
        return (List<String>) values.get(name);
    }

    private Object present(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("Expected a value of " + name + ", but there is none");
        }
        return value;
    }

    /** A value as Kafka writes it; null for null. */
    static String write(Object value) {
        if (value instanceof List<?> list) {
            StringBuilder text = new StringBuilder();
            for (Object part : list) {
                if (!text.isEmpty()) {
                    text.append(',');
                }
                text.append(part);
            }
            return text.toString();
        }
        return value == null ? null : value.toString();
    }
}
