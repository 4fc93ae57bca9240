package io.ottla.controller;

import io.ottla.config.ControllerProperties;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import java.util.Set;

/** By which rule the leaders of a topic's partitions are chosen, from the topic's configuration and the cluster's. Pure. */
final class ElectionRules {
    /** The feature that eligible replicas are kept with (KIP-966). */
    static final String ELIGIBLE_REPLICAS = "eligible.leader.replicas.version";

    private static final String UNCLEAN = "unclean.leader.election.enable";
    static final String MIN_IN_SYNC = "min.insync.replicas";

    /** Settings that elections go by. */
    static final Set<String> SETTINGS = Set.of(UNCLEAN, MIN_IN_SYNC);

    private final ControllerProperties properties;

    ElectionRules(ControllerProperties properties) {
        this.properties = properties;
    }

    LeaderElection.Rule of(String topic, ClusterImage image) {
        String unclean = value(topic, UNCLEAN, image);
        return new LeaderElection.Rule(
                unclean == null
                        ? properties.uncleanLeaderElectionEnable()
                        : unclean.trim().equalsIgnoreCase("true"),
                number(value(topic, MIN_IN_SYNC, image), properties.minInSyncReplicas()),
                keepsEligible(image));
    }

    static boolean keepsEligible(ClusterImage image) {
        return image.features().levels().getOrDefault(ELIGIBLE_REPLICAS, (short) 0) >= 1;
    }

    /** Null where neither the topic nor the cluster says it. */
    private static String value(String topic, String setting, ClusterImage image) {
        ConfigImage own = image.configs().get(ConfigResourceName.topic(topic));
        String value = own == null ? null : own.values().get(setting);
        if (value == null) {
            ConfigImage brokers = image.configs().get(ConfigResourceName.brokerDefault());
            value = brokers == null ? null : brokers.values().get(setting);
        }
        return value;
    }

    /** What somebody wrote into the store by hand may be no number. */
    private static int number(String text, int otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
