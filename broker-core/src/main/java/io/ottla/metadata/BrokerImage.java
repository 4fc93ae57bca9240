package io.ottla.metadata;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * A live broker, as it registered itself.
 *
 * @param endpoints by listener, in the order of {@code advertised.listeners}
 * @param rack null where it has none
 * @param features the versions it supports
 */
public record BrokerImage(
        BrokerId id, BrokerEpoch epoch, List<Endpoint> endpoints, String rack, Map<String, VersionRange> features) {

    /** Where a broker is reached, for clients of one listener. */
    public record Endpoint(String listener, SecurityProtocol protocol, String host, int port) {}

    /** Levels of a feature, both ends included. */
    public record VersionRange(short min, short max) {}

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
