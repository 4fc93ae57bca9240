package io.ottla.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Names that carry more than a setting: {@code listener.name.NAME.[MECHANISM.]SETTING}, and those of plug-ins. */
final class ListenerNames {
    private static final String PREFIX = "listener.name.";

    /** What one listener alone can have, beside what protects it. Source: Kafka 3.9's documentation and behaviour. */
    private static final Set<String> OF_ONE = Set.of(
            "max.connections",
            "max.connection.creation.rate",
            "num.network.threads",
            "principal.builder.class",
            "connections.max.reauth.ms");

    private ListenerNames() {}

    /** Whether a name is of this kind, known or not. */
    static boolean isOne(String name) {
        return name.startsWith(PREFIX) && name.indexOf('.', PREFIX.length()) > 0;
    }

    /** The setting that a listener's own name is about; null where the name is not of this kind. */
    static String general(String name) {
        if (!isOne(name)) {
            return null;
        }
        String rest = rest(name);
        if (isOfOne(rest)) {
            return rest;
        }
        String afterMechanism = rest.substring(rest.indexOf('.') + 1);
        boolean login = afterMechanism.startsWith("sasl.") || afterMechanism.equals("connections.max.reauth.ms");
        return login && isOfOne(afterMechanism) ? afterMechanism : null;
    }

    /** The setting that such a name is about in vain, since all listeners have it together; null where there is none. */
    static String common(String name) {
        return isOne(name) && ConfigCatalog.broker().get(rest(name)) != null && !isOfOne(rest(name))
                ? rest(name)
                : null;
    }

    /** Whether Kafka lets a listener have this for itself, but here it changes nothing. */
    static boolean isIdle(String name) {
        return "num.network.threads".equals(general(name));
    }

    /** The name most like this one, for the same listener; null where none is like it at all. */
    static String nearest(String name) {
        List<String> candidates = new ArrayList<>();
        for (ConfigDefinition definition : ConfigCatalog.broker().all()) {
            if (isOfOne(definition.name())) {
                candidates.add(definition.name());
            }
        }
        String nearest = NearestName.to(rest(name), candidates);
        return nearest == null ? null : PREFIX + listener(name) + "." + nearest;
    }

    private static boolean isOfOne(String setting) {
        return (OF_ONE.contains(setting) || setting.startsWith("ssl.") || setting.startsWith("sasl."))
                && ConfigCatalog.broker().get(setting) != null;
    }

    private static String rest(String name) {
        return name.substring(name.indexOf('.', PREFIX.length()) + 1);
    }

    /** The listener of such a name, in lower case as written. */
    static String listener(String name) {
        return name.substring(PREFIX.length(), name.indexOf('.', PREFIX.length()));
    }

    /** Whether the name belongs to a plug-in, which knows what it means. */
    static boolean isOfPlugIn(String name) {
        return name.startsWith("rsm.config.") || name.startsWith("rlmm.config.");
    }

    /** The definition that a name's value is read by; null for names that nobody knows. */
    static ConfigDefinition definition(String name) {
        ConfigDefinition definition = ConfigCatalog.broker().get(name);
        if (definition != null) {
            return definition;
        }
        String general = general(name);
        return general == null ? null : ConfigCatalog.broker().get(general);
    }
}
