package io.ottla.console.clusters;

import java.util.List;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;

/**
 * One configuration value of a topic or broker.
 *
 * @param value never of a sensitive one: then it is empty
 * @param source where the value comes from
 * @param defaultValue what holds without any setting, empty where the cluster does not tell
 * @param changed whether somebody set it for this topic, or this broker's is not the default
 * @param readOnly whether only the broker's file and a restart change it
 * @param type as Kafka names it, such as {@code INT}; empty where the cluster does not tell
 * @param documentation what the cluster says of it, empty where it says nothing
 * @param synonyms all places that say something, the one that holds first
 */
public record Setting(
        String name,
        String value,
        ConfigSource source,
        String defaultValue,
        boolean changed,
        boolean sensitive,
        boolean readOnly,
        String type,
        String documentation,
        List<Synonym> synonyms) {
    /**
     * A place that says something of it.
     *
     * @param value never of a sensitive one: then it is empty
     */
    public record Synonym(String name, String value, ConfigSource source) {}
}
