package io.ottla.console.rest;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.Setting;
import io.ottla.console.settings.SettingTarget;
import java.util.List;

/**
 * Whose settings a path names.
 *
 * @param topic null where it is no topic's
 * @param broker null where it is no broker's; all brokers' where it is no topic's either
 */
record ConfigOwner(String topic, Integer broker) {
    static ConfigOwner ofTopic(String name) {
        return new ConfigOwner(name, null);
    }

    static ConfigOwner ofBroker(int id) {
        return new ConfigOwner(null, id);
    }

    static ConfigOwner ofAllBrokers() {
        return new ConfigOwner(null, null);
    }

    String kind() {
        return topic != null ? "KafkaTopicConfig" : broker != null ? "KafkaBrokerConfig" : "KafkaClusterConfig";
    }

    /** Its path below the cluster's. */
    String below() {
        return topic != null
                ? "/topics/" + topic + "/configs"
                : broker != null ? "/brokers/" + broker + "/configs" : "/broker-configs";
    }

    SettingTarget target() {
        return topic != null
                ? SettingTarget.topic(topic)
                : broker != null ? SettingTarget.broker(broker) : SettingTarget.allBrokers();
    }

    List<Setting> read(Visit visit) {
        if (topic != null) {
            visit.require(Action.VIEW_TOPIC, topic);
            return visit.cluster().settings(topic);
        }
        return broker != null ? visit.brokerSettings(broker) : visit.cluster().allBrokersSettings();
    }
}
