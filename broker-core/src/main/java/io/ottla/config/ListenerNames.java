package io.ottla.config;

/** Names that carry more than a setting: {@code listener.name.NAME.[MECHANISM.]SETTING}, and those of plug-ins. */
final class ListenerNames {
    private static final String PREFIX = "listener.name.";

    private ListenerNames() {}

    /** The setting that a listener's own name is about; null where the name is not of this kind. */
    static String general(String name) {
        if (!name.startsWith(PREFIX)) {
            return null;
        }
        int dot = name.indexOf('.', PREFIX.length());
        if (dot < 0) {
            return null;
        }
        String rest = name.substring(dot + 1);
        if (ConfigCatalog.broker().get(rest) != null) {
            return rest;
        }
        int mechanism = rest.indexOf('.');
        String afterMechanism = mechanism < 0 ? "" : rest.substring(mechanism + 1);
        return ConfigCatalog.broker().get(afterMechanism) == null ? null : afterMechanism;
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
