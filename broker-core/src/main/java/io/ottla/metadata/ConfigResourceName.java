package io.ottla.metadata;

import org.apache.kafka.common.config.ConfigResource;

/**
 * What configuration is set on.
 *
 * @param name empty for the cluster-wide default of the type
 */
public record ConfigResourceName(ConfigResource.Type type, String name) {
    public static ConfigResourceName topic(String name) {
        return new ConfigResourceName(ConfigResource.Type.TOPIC, name);
    }

    public static ConfigResourceName broker(int id) {
        return new ConfigResourceName(ConfigResource.Type.BROKER, Integer.toString(id));
    }

    /** A group of any kind. */
    public static ConfigResourceName group(String id) {
        return new ConfigResourceName(ConfigResource.Type.GROUP, id);
    }

    public static ConfigResourceName brokerDefault() {
        return new ConfigResourceName(ConfigResource.Type.BROKER, "");
    }
}
