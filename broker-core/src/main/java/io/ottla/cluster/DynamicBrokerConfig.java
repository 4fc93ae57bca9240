package io.ottla.cluster;

import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigListener;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.types.BrokerId;
import io.ottla.types.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's configuration as it is in force: what it was started with, under what the cluster has set for all
 * brokers and for this one (KIP-226). Follows the cluster's image, and tells listeners of each change in the order in
 * which they were added. A setting that can't be taken is logged and left out; the broker goes on with the value below.
 *
 * <p>{@link #get} may be called from any thread. Listeners are added before the first image is applied.
 */
public final class DynamicBrokerConfig implements ImageListener, Supplier<BrokerConfig> {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicBrokerConfig.class);

    private final ConfigResourceName ofAll = ConfigResourceName.brokerDefault();
    private final ConfigResourceName ofThis;
    private final List<ConfigListener> listeners = new ArrayList<>();
    private ConfigImage wide;
    private ConfigImage own;
    private List<String> refused = List.of();
    private volatile BrokerConfig current;

    /**
     * @param started what the broker was started with
     * @param set what is set in the cluster at the start, by resource
     */
    public DynamicBrokerConfig(BrokerId self, BrokerConfig started, Map<ConfigResourceName, ConfigImage> set) {
        this.ofThis = ConfigResourceName.broker(self.value());
        this.current = started;
        this.wide = set.getOrDefault(ofAll, ConfigImage.EMPTY);
        this.own = set.getOrDefault(ofThis, ConfigImage.EMPTY);
        this.current = take();
    }

    @Override
    public BrokerConfig get() {
        return current;
    }

    /** Adds one more to those who are told. */
    public void listen(ConfigListener listener) {
        listeners.add(listener);
    }

    @Override
    public CompletionStage<Void> apply(ImageStep step) {
        Map<ConfigResourceName, ConfigImage> set = step.after().configs();
        ConfigImage newWide = set.getOrDefault(ofAll, ConfigImage.EMPTY);
        ConfigImage newOwn = set.getOrDefault(ofThis, ConfigImage.EMPTY);
        if (newWide.equals(wide) && newOwn.equals(own)) {
            return CompletableFuture.completedFuture(null);
        }
        wide = newWide;
        own = newOwn;
        BrokerConfig before = current;
        current = take();
        return CompletableFuture.allOf(
                listeners.stream().map(listener -> tell(listener, before)).toArray(CompletableFuture[]::new));
    }

    private BrokerConfig take() {
        BrokerConfig.Changed changed = current.withDynamic(wide.values(), own.values());
        if (!changed.refusals().isEmpty() && !changed.refusals().equals(refused)) {
            LOG.error(
                    "These settings of /config/brokers in ZooKeeper are not in force: {}",
                    Shown.sentence(String.join("; ", changed.refusals())));
        }
        refused = changed.refusals();
        return changed.config();
    }

    /** One that fails hinders none of the others. */
    private CompletableFuture<Void> tell(ConfigListener listener, BrokerConfig before) {
        CompletionStage<Void> stage;
        try {
            stage = listener.changed(before, current);
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        return stage.exceptionally(failure -> {
                    LOG.error("A change of this broker's settings could not be put in force", failure);
                    return null;
                })
                .toCompletableFuture();
    }
}
