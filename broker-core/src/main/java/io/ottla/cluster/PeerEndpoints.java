package io.ottla.cluster;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.types.BrokerId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where other brokers are reached: by the image, or by what was looked up where that is of a later registration. Thread-safe.
 */
public final class PeerEndpoints implements Function<BrokerId, Endpoint> {
    private final MetadataView view;
    private final Supplier<String> listener;
    private final Map<BrokerId, BrokerImage> learned = new ConcurrentHashMap<>();

    /** @param listener the name of the one that brokers use among themselves */
    public PeerEndpoints(MetadataView view, Supplier<String> listener) {
        this.view = view;
        this.listener = listener;
    }

    /** Null where it is not known. */
    @Override
    public Endpoint apply(BrokerId id) {
        BrokerImage shown = view.image().brokers().get(id);
        BrokerImage registered = learned.get(id);
        BrokerImage later =
                shown == null || registered != null && registered.epoch().compareTo(shown.epoch()) > 0
                        ? registered
                        : shown;
        return later == null ? null : later.endpoint(listener.get());
    }

    /** Takes in how a broker is registered. */
    void learn(BrokerImage broker) {
        learned.merge(broker.id(), broker, (old, now) -> now.epoch().compareTo(old.epoch()) >= 0 ? now : old);
    }
}
