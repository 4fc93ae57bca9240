package io.ottla.api;

import io.ottla.config.ReplicationProperties;
import io.ottla.coordinator.transaction.TransactionMembership;
import io.ottla.metrics.Metrics;
import io.ottla.quota.Quotas;
import io.ottla.replication.FetchSessions;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.List;
import java.util.concurrent.Executor;

/** The handlers of the data path: what reads and writes partitions. */
public final class DataHandlers {
    private DataHandlers() {}

    /**
     * @param workers for what must leave an event loop; bounded by its builder, like {@code readers}
     * @param readers for reads that touch the disk
     */
    public static List<ApiHandler<?, ?>> of(
            Replicas replicas,
            FetchSessions sessions,
            TransactionMembership transactions,
            BatchChecks checks,
            Authorizer authorizer,
            Quotas quotas,
            Clock clock,
            Timer timer,
            Executor workers,
            Executor readers,
            ReplicationProperties properties,
            Metrics metrics) {
        return List.of(
                new ProduceHandler(replicas, transactions, authorizer, quotas, checks, clock, timer, workers),
                new FetchHandler(replicas, sessions, authorizer, quotas, clock, timer, readers, properties, metrics),
                new ListOffsetsHandler(replicas, authorizer),
                new OffsetForLeaderEpochHandler(replicas, authorizer),
                new DeleteRecordsHandler(replicas, authorizer, timer, workers),
                new DescribeLogDirsHandler(replicas, authorizer, workers),
                new AlterLogDirsHandler(replicas, authorizer, timer),
                new DescribeProducersHandler(replicas, authorizer, workers));
    }
}
