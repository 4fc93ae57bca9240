package io.ottla.console.settings;

import io.ottla.console.access.Action;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Whose settings they are.
 *
 * @param name of the topic, or id of the broker; empty for all brokers
 */
public record SettingTarget(Kind kind, String name) {
    /** What has settings. */
    public enum Kind {
        TOPIC,
        BROKER,
        /** What holds for all brokers that say nothing of their own (KIP-226). */
        ALL_BROKERS,
        /** Log levels of a broker (KIP-412). */
        LOGGER
    }

    public static SettingTarget topic(String name) {
        return new SettingTarget(Kind.TOPIC, name);
    }

    public static SettingTarget broker(int id) {
        return new SettingTarget(Kind.BROKER, Integer.toString(id));
    }

    public static SettingTarget allBrokers() {
        return new SettingTarget(Kind.ALL_BROKERS, "");
    }

    public static SettingTarget loggers(int broker) {
        return new SettingTarget(Kind.LOGGER, Integer.toString(broker));
    }

    Action action() {
        return switch (kind) {
            case TOPIC -> Action.EDIT_TOPIC;
            case BROKER, ALL_BROKERS -> Action.EDIT_BROKER;
            case LOGGER -> Action.EDIT_LOG_LEVELS;
        };
    }

    /** The one broker that has to answer; empty where any can. */
    OptionalInt broker() {
        return switch (kind) {
            case TOPIC, ALL_BROKERS -> OptionalInt.empty();
            case BROKER, LOGGER -> OptionalInt.of(Integer.parseInt(name));
        };
    }

    ConfigResource resource() {
        return new ConfigResource(
                switch (kind) {
                    case TOPIC -> ConfigResource.Type.TOPIC;
                    case BROKER, ALL_BROKERS -> ConfigResource.Type.BROKER;
                    case LOGGER -> ConfigResource.Type.BROKER_LOGGER;
                },
                name);
    }

    /** Where a value of it is kept, so that taking it away brings back what lies below. */
    ConfigSource ownSource() {
        return switch (kind) {
            case TOPIC -> ConfigSource.DYNAMIC_TOPIC_CONFIG;
            case BROKER -> ConfigSource.DYNAMIC_BROKER_CONFIG;
            case ALL_BROKERS -> ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
            case LOGGER -> ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG;
        };
    }
}
