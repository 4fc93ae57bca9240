package io.ottla.broker;

import io.ottla.config.BrokerConfig;
import io.ottla.controller.ConfigValidator;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What configuration of each kind of resource is held to, by the settings of the broker that is the controller. */
final class ClusterConfigRules implements ConfigValidator {
    private final BrokerId self;
    private final Supplier<BrokerConfig> settings;

    ClusterConfigRules(BrokerId self, Supplier<BrokerConfig> settings) {
        this.self = self;
        this.settings = settings;
    }

    @Override
    public Failure fault(ConfigResourceName resource, Map<String, String> configs, Set<String> asked) {
        BrokerConfig now = settings.get();
        return switch (resource.type()) {
            case TOPIC -> now.topics().refusal(configs, asked);
            case GROUP -> now.groupConfigs().refusal(configs, asked);
            case BROKER ->
                resource.name().isEmpty() || resource.name().equals(self.toString())
                        ? now.dynamicRefusal(configs, asked, !resource.name().isEmpty())
                        : BrokerConfig.dynamicRefusalElsewhere(configs, asked);
            case CLIENT_METRICS, BROKER_LOGGER, UNKNOWN ->
                throw new IllegalArgumentException(
                        "Expected a topic, a broker or a group to be configured, but it is " + resource);
        };
    }
}
