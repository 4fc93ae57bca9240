package io.ottla.broker;

import io.ottla.config.BrokerConfig;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** What a broker says of itself to others. Pure but for this machine's name. */
final class Advertised {
    private Advertised() {}

    /**
     * @param incarnation drawn by this process
     * @param bound what it listens on, with the ports it really got
     */
    static BrokerImage broker(BrokerId self, Uuid incarnation, BrokerConfig config, List<Listener> bound) {
        List<Listener> configured = config.network().advertisedListeners();
        List<Endpoint> endpoints = new ArrayList<>();
        for (Listener listener : configured.isEmpty() ? bound : configured) {
            int port = listener.port() == 0 ? port(bound, listener.name()) : listener.port();
            endpoints.add(new Endpoint(listener.name(), listener.protocol(), host(listener), port));
        }
        return new BrokerImage(self, BrokerEpoch.NONE, endpoints, config.rack(), Features.supported(), incarnation);
    }

    private static int port(List<Listener> bound, String name) {
        for (Listener listener : bound) {
            if (listener.name().equals(name)) {
                return listener.port();
            }
        }
        throw new IllegalArgumentException("Expected advertised.listeners to name listeners, but " + name + " is none");
    }

    /** Who listens on all addresses is advertised by the machine's name, as in Kafka. */
    private static String host(Listener listener) {
        if (!listener.host().isEmpty()) {
            return listener.host();
        }
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }
}
