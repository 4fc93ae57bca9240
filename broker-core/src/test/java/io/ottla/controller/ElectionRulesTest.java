package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ControllerProperties;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.MetadataChange;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ElectionRulesTest {
    private static final String UNCLEAN = "unclean.leader.election.enable";

    private final ElectionRules rules =
            new ElectionRules(new ControllerProperties(true, 3, 1000, 1000, Optional.empty(), Map.of()));

    private static ClusterImage set(ClusterImage image, ConfigResourceName resource, Map<String, String> values) {
        return image.with(new MetadataChange.ConfigSet(resource, new ConfigImage(values)));
    }

    @Test
    void shouldGoByTheTopicThenByTheClusterThenByTheBrokersOwnSetting() {
        // nobody says anything but the broker's file
        ClusterImage image = ClusterImage.EMPTY;
        assertThat(rules.of("t", image)).isEqualTo(new LeaderElection.Rule(true, 3, false));
        // the cluster does
        image = set(
                image, ConfigResourceName.brokerDefault(), Map.of(UNCLEAN, "false", ElectionRules.MIN_IN_SYNC, "2"));
        assertThat(rules.of("t", image)).isEqualTo(new LeaderElection.Rule(false, 2, false));
        // the topic does
        image = set(image, ConfigResourceName.topic("t"), Map.of(UNCLEAN, "TRUE ", ElectionRules.MIN_IN_SYNC, "1"));
        assertThat(rules.of("t", image)).isEqualTo(new LeaderElection.Rule(true, 1, false));
        assertThat(rules.of("other", image)).isEqualTo(new LeaderElection.Rule(false, 2, false));
        // what a hand has written may be no number
        image = set(image, ConfigResourceName.topic("t"), Map.of(ElectionRules.MIN_IN_SYNC, "many"));
        assertThat(rules.of("t", image).minInSync()).isEqualTo(3);
    }

    @Test
    void shouldKeepEligibleReplicasFromLevelOneOfTheFeatureOn() {
        ClusterImage image = ClusterImage.EMPTY.with(new MetadataChange.FeaturesSet(
                new FeaturesImage(Map.of(ElectionRules.ELIGIBLE_REPLICAS, (short) 1), 1)));
        assertThat(rules.of("t", image).eligible()).isTrue();
    }
}
