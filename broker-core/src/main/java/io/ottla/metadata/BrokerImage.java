package io.ottla.metadata;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * A live broker, as it registered itself.
 *
 * @param endpoints by listener, in the order of {@code advertised.listeners}
 * @param rack null where it has none
 * @param features the versions it supports
 * @param incarnation drawn by its process at start, and the same in each registration of that process; null where it says
 *     none, as Kafka's own brokers do
 */
public record BrokerImage(
        BrokerId id,
        BrokerEpoch epoch,
        List<Endpoint> endpoints,
        String rack,
        Map<String, VersionRange> features,
        Uuid incarnation) {

    /** One that names no incarnation. */
    public BrokerImage(
            BrokerId id, BrokerEpoch epoch, List<Endpoint> endpoints, String rack, Map<String, VersionRange> features) {
        this(id, epoch, endpoints, rack, features, null);
    }

    /** Where a broker is reached, for clients of one listener. */
    public record Endpoint(String listener, SecurityProtocol protocol, String host, int port) {}

    /** Levels of a feature, both ends included. */
    public record VersionRange(short min, short max) {}

    /** Whether this is a registration of the same process, which has lost nothing between the two. */
    public boolean isSameLife(BrokerImage other) {
        return epoch.equals(other.epoch) || incarnation != null && incarnation.equals(other.incarnation);
    }

    /** Null where the broker has no such listener. */
    public Endpoint endpoint(String listener) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.listener().equals(listener)) {
                return endpoint;
            }
        }
        return null;
    }
}
