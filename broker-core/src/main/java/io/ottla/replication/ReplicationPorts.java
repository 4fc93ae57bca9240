package io.ottla.replication;

import io.ottla.metrics.Metrics;
import io.ottla.peer.InSyncProposals;
import io.ottla.peer.PeerClient;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerEpoch;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What replication needs of the world.
 *
 * @param peers to fetch from leaders
 * @param proposals where in-sync sets are committed
 * @param brokerEpoch of this broker's registration, as it is now
 * @param workers for what does not come on an event loop; any order
 */
public record ReplicationPorts(
        PeerClient peers,
        InSyncProposals proposals,
        Supplier<BrokerEpoch> brokerEpoch,
        Clock clock,
        Timer timer,
        Executor workers,
        Metrics metrics) {}
