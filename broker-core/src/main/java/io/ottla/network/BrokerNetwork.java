package io.ottla.network;

import io.ottla.api.RequestDispatcher;
import io.ottla.config.NetworkProperties;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.peer.PeerClient;
import io.ottla.types.BrokerId;
import java.util.function.Function;

/** A broker's way to its clients and to other brokers: the port behind which a simulator has a network of its own. */
public interface BrokerNetwork extends AutoCloseable {
    /**
     * The way to other brokers. Called once; connects to nobody yet.
     *
     * @param self whom they see calling
     * @param endpoints where a broker is reached now; null for one that is not known
     */
    PeerClient peers(BrokerId self, Function<BrokerId, Endpoint> endpoints);

    /** The listeners. Called once; opens nothing yet. */
    BrokerServer server(NetworkProperties properties, RequestDispatcher dispatcher);

    /** Ends what is left, after the server has been closed. */
    @Override
    void close();
}
