package io.ottla.cluster;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.Collection;

/** Whether this broker is alone in its cluster, as this release needs it: it does not replicate yet. Pure. */
public final class SoleBroker {
    private SoleBroker() {}

    /**
     * A sentence that says why this broker can't take part; null where it can. Of two that start at the same time the one
     * that registered later gives way, and only that one.
     *
     * @param ownEpoch {@link BrokerEpoch#NONE} before this broker has registered: then any other one is in the way
     * @param live who is registered, this broker included or not
     */
    public static String refusal(BrokerId self, BrokerEpoch ownEpoch, Collection<BrokerImage> live) {
        for (BrokerImage other : live) {
            boolean inTheWay =
                    ownEpoch.equals(BrokerEpoch.NONE) || other.epoch().compareTo(ownEpoch) < 0;
            if (!other.id().equals(self) && inTheWay) {
                return "Expected broker " + self
                        + " to be the only one, since this release runs one broker per cluster, but"
                        + " broker " + other.id() + where(other)
                        + " is registered in the same ZooKeeper; stop it, or give"
                        + " this one a chroot of its own in zookeeper.connect";
            }
        }
        return null;
    }

    private static String where(BrokerImage broker) {
        if (broker.endpoints().isEmpty()) {
            return "";
        }
        Endpoint first = broker.endpoints().getFirst();
        return " at " + first.host() + ":" + first.port();
    }
}
