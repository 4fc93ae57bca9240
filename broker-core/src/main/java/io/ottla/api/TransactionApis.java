package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.coordinator.transaction.MarkerLog;
import io.ottla.coordinator.transaction.TransactionCoordinator;
import io.ottla.coordinator.transaction.TransactionMembership;
import io.ottla.metadata.ClusterImage;
import io.ottla.peer.ProducerIds;
import io.ottla.security.Authorizer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The handlers of producers' ids and of transactions. */
public final class TransactionApis {
    private TransactionApis() {}

    /**
     * What these handlers work with.
     *
     * @param membership what partitions' leaders ask
     * @param markers where those for partitions that this broker leads go
     * @param ids of producers without transactions
     * @param creation of the topic that keeps groups' offsets
     * @param image as this broker last applied it
     * @param workers for what takes its time
     */
    public record Ports(
            TransactionCoordinator coordinator,
            TransactionMembership membership,
            MarkerLog markers,
            GroupCoordinator groups,
            ProducerIds ids,
            TopicAutoCreation creation,
            Supplier<ClusterImage> image,
            Authorizer authorizer,
            Executor workers) {}

    public static List<ApiHandler<?, ?>> of(Ports ports) {
        TransactionAccess access = new TransactionAccess(ports.authorizer);
        return List.of(
                new InitProducerIdHandler(ports.ids, ports.coordinator, ports.authorizer),
                new AddPartitionsToTxnHandler(ports.coordinator, access, ports.image),
                new AddOffsetsToTxnHandler(ports.coordinator, access, ports.image, ports.creation),
                new TxnOffsetCommitHandler(
                        ports.groups, ports.membership, new GroupAccess(ports.authorizer), ports.image),
                new EndTxnHandler(ports.coordinator, access),
                new WriteTxnMarkersHandler(ports.markers, access, ports.workers),
                new DescribeTransactionsHandler(ports.coordinator, access),
                new ListTransactionsHandler(ports.coordinator, access, ports.workers));
    }
}
