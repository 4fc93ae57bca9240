package io.ottla.zookeeper;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metadata.BrokerImage.VersionRange;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import tools.jackson.databind.JsonNode;

/**
 * The data of {@code /brokers/ids/<id>}: written as version 5, read from version 1 on.
 *
 * <pre>
 *   version                          5
 *   host, port                       of the first endpoint without TLS and SASL; null and -1 where there is none
 *   endpoints                        ["NAME://host:port"]                       since 2
 *   jmx_port                         -1 where there is none
 *   timestamp                        ms since 1970, as text
 *   rack                             only where there is one                    since 3
 *   listener_security_protocol_map   {"NAME":"SASL_SSL"}                        since 4
 *   features                         {"name":{"min_version":1,"max_version":1}} since 5
 *   incarnation                      22 characters, drawn by the process; ours alone, and Kafka's readers step over it
 * </pre>
 *
 * Level 0 of a feature, at which it is switched off, is not said: readers of Kafka 2.7 to 3.8, tools and brokers, take no
 * registration that names a level below 1.
 *
 * Source: Kafka 3.9's layout in ZooKeeper; KIP-103 and KIP-584.
 */
final class BrokerNode {
    private static final int VERSION = 5;
    private static final String INCARNATION = "incarnation";
    /** The lowest level of a feature that is said; the same as 0. */
    private static final int LOWEST = 1;

    private BrokerNode() {}

    static byte[] encode(BrokerImage broker, int jmxPort, long wallMs) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        Endpoint plain = firstPlaintext(broker.endpoints());
        json.put("host", plain == null ? null : plain.host());
        json.put("port", plain == null ? -1 : plain.port());
        List<String> endpoints = new ArrayList<>();
        Map<String, String> protocols = new LinkedHashMap<>();
        for (Endpoint endpoint : broker.endpoints()) {
            endpoints.add(text(endpoint));
            protocols.put(endpoint.listener(), endpoint.protocol().name);
        }
        json.put("endpoints", endpoints);
        json.put("listener_security_protocol_map", protocols);
        json.put("jmx_port", jmxPort);
        json.put("timestamp", Long.toString(wallMs));
        if (broker.rack() != null) {
            json.put("rack", broker.rack());
        }
        Map<String, Object> features = new TreeMap<>();
        broker.features()
                .forEach((name, range) -> features.put(
                        name, Map.of("min_version", Math.max(LOWEST, range.min()), "max_version", range.max())));
        json.put("features", features);
        if (broker.incarnation() != null) {
            json.put(INCARNATION, broker.incarnation().toString());
        }
        return Json.write(json);
    }

    /** Null where the data is no registration that can be understood. */
    static BrokerImage decode(BrokerId id, BrokerEpoch epoch, byte[] data) {
        JsonNode json = Json.read(data);
        int version = json.path("version").asInt(0);
        if (version < 1) {
            return null;
        }
        List<Endpoint> endpoints = new ArrayList<>();
        if (version == 1) {
            endpoints.add(new Endpoint(
                    SecurityProtocol.PLAINTEXT.name,
                    SecurityProtocol.PLAINTEXT,
                    json.path("host").asString(""),
                    json.path("port").asInt(-1)));
        } else {
            JsonNode protocols = json.path("listener_security_protocol_map");
            for (JsonNode text : json.path("endpoints")) {
                Endpoint endpoint = endpoint(text.asString(""), protocols);
                if (endpoint == null) {
                    return null;
                }
                endpoints.add(endpoint);
            }
        }
        Map<String, VersionRange> features = new TreeMap<>();
        for (Map.Entry<String, JsonNode> feature : json.path("features").properties()) {
            JsonNode range = feature.getValue();
            int min = range.path("min_version").asInt(0);
            features.put(feature.getKey(), new VersionRange((short) (min == LOWEST ? 0 : min), (short)
                    range.path("max_version").asInt(0)));
        }
        JsonNode rack = json.path("rack");
        return new BrokerImage(
                id,
                epoch,
                List.copyOf(endpoints),
                rack.isString() ? rack.asString() : null,
                Map.copyOf(features),
                incarnation(json.path(INCARNATION)));
    }

    /** Null where it says none that can be understood. */
    private static Uuid incarnation(JsonNode said) {
        try {
            return said.isString() ? Uuid.fromString(said.asString()) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Endpoint firstPlaintext(List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.protocol() == SecurityProtocol.PLAINTEXT) {
                return endpoint;
            }
        }
        return null;
    }

    private static String text(Endpoint endpoint) {
        String host = endpoint.host().indexOf(':') < 0 ? endpoint.host() : "[" + endpoint.host() + "]";
        return endpoint.listener() + "://" + host + ":" + endpoint.port();
    }

    /** {@code NAME://host:port}, the host in brackets where it is an IPv6 address; null where it is none. */
    private static Endpoint endpoint(String text, JsonNode protocols) {
        int scheme = text.indexOf("://");
        int colon = text.lastIndexOf(':');
        if (scheme <= 0 || colon < scheme + 3) {
            return null;
        }
        String listener = text.substring(0, scheme);
        String host = text.substring(scheme + 3, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            SecurityProtocol protocol =
                    SecurityProtocol.forName(protocols.path(listener).asString(listener));
            return new Endpoint(listener, protocol, host, Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
