package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import io.ottla.config.BrokerConfig;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsNotInForceTest {
    private final SettingsNotInForce settings = new SettingsNotInForce(BrokerConfig::defaults);
    private ClusterImage image = ClusterImage.EMPTY;

    private void set(ConfigResourceName resource, Map<String, String> values) {
        MetadataChange change = new MetadataChange.ConfigSet(resource, new ConfigImage(values));
        ImageStep step = new ImageStep(image, image.with(change), List.of(change));
        image = step.after();
        settings.apply(step).toCompletableFuture().join();
    }

    @Test
    void shouldNameOnceForEachChangeWhatHasNoEffect() {
        try (TestingLines lines = TestingLines.of(SettingsNotInForce.class)) {
            ConfigResourceName topic = ConfigResourceName.topic("t");
            set(topic, Map.of("retention.ms", "bogus", "nonsense", "1", "segment.ms", "5"));
            set(topic, Map.of("retention.ms", "bogus", "nonsense", "1", "segment.ms", "5"));
            set(ConfigResourceName.group("readers\n"), Map.of("consumer.session.timeout.ms", "soon"));
            set(topic, Map.of("retention.ms", "9"));
            set(ConfigResourceName.group("readers\n"), Map.of("consumer.session.timeout.ms", "1"));
            set(ConfigResourceName.brokerDefault(), Map.of("nonsense", "1"));

            assertThat(lines.all()).hasSize(2);
            assertThat(lines.all().getFirst())
                    .startsWith("ERROR These settings of topic t in ZooKeeper are not in force: Unknown topic config"
                            + " name: nonsense")
                    .contains("Invalid value bogus for configuration retention.ms")
                    .doesNotContain("segment.ms");
            assertThat(lines.all().getLast())
                    .startsWith("ERROR These settings of group readers\\n in ZooKeeper are not in force: ")
                    .contains("Invalid value soon for configuration consumer.session.timeout.ms");
        }
    }
}
