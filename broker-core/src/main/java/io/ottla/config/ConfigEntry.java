package io.ottla.config;

import java.util.List;

/**
 * One setting as it is in force on something.
 *
 * @param value null where there is none, and always where it is sensitive
 * @param type null where nobody knows the setting
 * @param synonyms everywhere the value could come from, the one in force first
 * @param documentation null where nobody knows the setting
 */
public record ConfigEntry(
        String name,
        String value,
        ConfigSource source,
        boolean readOnly,
        boolean sensitive,
        ConfigType type,
        List<Synonym> synonyms,
        String documentation) {

    /**
     * A place that names a value for a setting.
     *
     * @param value null where it is sensitive
     */
    public record Synonym(String name, String value, ConfigSource source) {}
}
