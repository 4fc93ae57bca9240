package io.ottla.cluster;

import io.ottla.config.BrokerConfig;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.types.Shown;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which settings of topics and groups have no effect since they are unknown or can't be read: Ottla itself refuses
 * such, but other tools write what they like into ZooKeeper. One line for each topic or group, when it is loaded and
 * whenever its settings change.
 */
public final class SettingsNotInForce implements ImageListener {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsNotInForce.class);

    private final Supplier<BrokerConfig> config;

    /** @param config this broker's */
    public SettingsNotInForce(Supplier<BrokerConfig> config) {
        this.config = config;
    }

    @Override
    public CompletionStage<Void> apply(ImageStep step) {
        Set<ConfigResourceName> changed = new LinkedHashSet<>();
        for (MetadataChange change : step.changes()) {
            if (change instanceof MetadataChange.ConfigSet set) {
                changed.add(set.resource());
            }
        }
        for (ConfigResourceName resource : changed) {
            ConfigImage now = step.after().config(resource);
            if (!now.equals(step.before().config(resource))) {
                look(resource, now);
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    private void look(ConfigResourceName resource, ConfigImage set) {
        switch (resource.type()) {
            case TOPIC -> tell("topic", resource, config.get().topics().refusals(set.values()));
            case GROUP -> tell("group", resource, config.get().groupConfigs().refusals(set.values()));
            default -> {
                // Brokers' own settings are DynamicBrokerConfig's.
            }
        }
    }

    private static void tell(String kind, ConfigResourceName resource, List<String> refusals) {
        if (!refusals.isEmpty()) {
            LOG.error(
                    "These settings of {} {} in ZooKeeper are not in force: {}",
                    kind,
                    Shown.of(resource.name()),
                    Shown.sentence(String.join("; ", refusals)));
        }
    }
}
