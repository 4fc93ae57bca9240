package io.ottla.console.brokers;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.words.Wording;

/** What is done to brokers, for pages and the API alike. */
public final class BrokerChanges {
    private BrokerChanges() {}

    /**
     * Forgets a broker that has gone for good (KIP-500).
     *
     * @throws ClusterFailure while it is up or holds replicas: the cluster refuses too, but not every make of it
     */
    public static void unregister(Visit visit, int broker) {
        String id = Integer.toString(broker);
        visit.require(Action.UNREGISTER_BROKER);
        if (visit.cluster().describe().brokers().stream().anyMatch(each -> each.id() == broker)) {
            throw new ClusterFailure(ClusterFailure.Reason.REFUSED, Wording.of("brokers.unregister.up", id));
        }
        int replicas = visit.survey().load(broker).replicas();
        if (replicas > 0) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.REFUSED, Wording.of("brokers.unregister.holds", id, replicas));
        }
        visit.change(
                Change.of(Action.UNREGISTER_BROKER, id),
                admin -> visit.cluster().await(admin.unregisterBroker(broker).all(), Wording.of("doing.unregister")));
    }
}
