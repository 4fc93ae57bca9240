package io.ottla.broker;

import io.ottla.cluster.ClusterIdentity;
import io.ottla.config.IdentityProperties;
import io.ottla.types.BrokerId;
import io.ottla.zookeeper.ClusterNodes;
import java.io.IOException;
import java.util.List;

/**
 * How a broker that starts finds its cluster: which one it is by ZooKeeper, and who it is there by its settings and its log
 * folders. Blocks. Used by the thread that starts the broker.
 */
final class ClusterEntry {
    private final ClusterNodes nodes;
    private final List<ClusterIdentity.Folder> named;

    /**
     * @param nodes over a session that is open
     * @param named the log folders that say whose they are
     */
    ClusterEntry(ClusterNodes nodes, List<ClusterIdentity.Folder> named) {
        this.nodes = nodes;
        this.named = named;
    }

    /**
     * The cluster's id, which a first start makes. Refuses folders of another cluster, before it writes anything to
     * ZooKeeper.
     *
     * @param place where ZooKeeper is, for people
     */
    String clusterId(ClusterIdentity.Place place) throws BrokerStartException, IOException, InterruptedException {
        requireTheirCluster(nodes.clusterId(), place);
        return switch (nodes.prepare(Features.NEWEST)) {
            case ClusterNodes.Found.Refused(String why) -> throw new BrokerStartException(why);
            case ClusterNodes.Found.Cluster cluster -> cluster.clusterId();
        };
    }

    private void requireTheirCluster(String found, ClusterIdentity.Place place) throws BrokerStartException {
        if (found != null && found.isEmpty()) {
            return; // What can't be read is refused by who reads all of it.
        }
        List<String> problems = ClusterIdentity.clusterProblems(found, named, place);
        if (!problems.isEmpty()) {
            throw new BrokerStartException(problems, null);
        }
    }

    /** This broker's id, as it is set or as its folders say; a new one where neither says any. */
    BrokerId brokerId(IdentityProperties identity) throws BrokerStartException, IOException, InterruptedException {
        return switch (ClusterIdentity.brokerId(identity, named)) {
            case ClusterIdentity.Identity.Known(BrokerId id) -> id;
            case ClusterIdentity.Identity.ToDraw _ -> new BrokerId(nodes.drawBrokerId(identity.reservedBrokerMaxId()));
            case ClusterIdentity.Identity.Refused(List<String> why) -> throw new BrokerStartException(why, null);
        };
    }
}
