package io.ottla.console.brokers;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Kind;
import io.ottla.console.words.Wording;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.InvalidRequestException;

/** What is done to brokers, for pages and the API alike. */
public final class BrokerChanges {
    private BrokerChanges() {}

    /**
     * Forgets a broker that has gone for good (KIP-500): its registration where the cluster keeps one beyond the broker's life,
     * as one with Raft does, and what was set for it alone. Where there is nothing left to forget, it is done.
     *
     * @throws ClusterFailure while it is up or holds replicas: the cluster refuses too, but not every make of it
     */
    public static void unregister(Visit visit, int broker) {
        String id = Integer.toString(broker);
        visit.require(Action.UNREGISTER_BROKER);
        if (visit.cluster().describe().brokers().stream().anyMatch(each -> each.id() == broker)) {
            throw new ClusterFailure(Kind.IN_USE, Wording.of("brokers.unregister.up", id));
        }
        int replicas = visit.survey().load(broker).replicas();
        if (replicas > 0) {
            throw new ClusterFailure(Kind.IN_USE, Wording.of("brokers.unregister.holds", id, replicas));
        }
        visit.change(Change.of(Action.UNREGISTER_BROKER, id), admin -> unregister(visit, admin, broker));
    }

    private static Void unregister(Visit visit, Admin admin, int broker) {
        try {
            return visit.cluster().await(admin.unregisterBroker(broker).all(), Wording.of("doing.unregister"));
        } catch (ClusterFailure failure) {
            return switch (failure.getCause()) {
                // It is neither up nor holds anything, and was not kept in mind: so it is as forgotten as it can be.
                case BrokerIdNotRegisteredException nothingLeft -> null;
                // It was down when we looked, but has come back, or the cluster has not noticed yet.
                case InvalidRequestException used -> throw new ClusterFailure(Kind.IN_USE, failure.wording(), used);
                case null, default -> throw failure;
            };
        }
    }
}
