package io.ottla.console.clusters;

import java.util.List;
import java.util.OptionalInt;

/**
 * Who is in a cluster.
 *
 * @param id the cluster's id
 * @param controller the broker that is the controller, if the cluster names one
 * @param brokers the live brokers, ordered by id
 */
public record ClusterPicture(String id, OptionalInt controller, List<Broker> brokers) {
    /**
     * A live broker.
     *
     * @param rack empty when it has none
     */
    public record Broker(int id, String host, int port, String rack) {
        public String address() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
