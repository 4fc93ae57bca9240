package io.ottla.api;

import io.ottla.controller.Controller;
import io.ottla.metrics.Metrics;
import io.ottla.peer.ControllerProposals;
import io.ottla.peer.RenewedSecrets;
import io.ottla.peer.SecretRenewals;
import io.ottla.protocol.LostReplicasRequest;
import io.ottla.protocol.OwnApi;
import io.ottla.protocol.RenewedSecretsRequest;
import io.ottla.protocol.VerdictResponse;
import io.ottla.quota.Quotas;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.NotControllerException;

/** The handlers of what other brokers ask of the controller. Every broker has them: it may become the controller. */
public final class ControllerApis {
    private ControllerApis() {}

    /**
     * Envelope, AlterPartition, LostReplicas, RenewedSecrets.
     *
     * @param deciding the handlers of all that clients have the controller decide
     */
    public static List<ApiHandler<?, ?>> of(
            List<ApiHandler<?, ?>> deciding,
            Controller controller,
            Authorizer authorizer,
            Quotas quotas,
            Clock clock,
            Metrics metrics) {
        RequestDispatcher forwarded = new RequestDispatcher(
                ApiRegistry.of(deciding),
                authorizer,
                quotas,
                (caller, request, version, deadlineNs) -> CompletableFuture.failedFuture(
                        new NotControllerException("A forwarded request is not forwarded once more")),
                () -> true,
                clock,
                metrics);
        return List.of(
                new EnvelopeHandler(deciding, forwarded, controller::image, clock),
                new AlterPartitionHandler(controller),
                lostReplicas(controller),
                renewedSecrets(controller));
    }

    static ApiHandler<LostReplicasRequest, VerdictResponse> lostReplicas(ControllerProposals controller) {
        return new VerdictHandler<>(
                OwnApi.LOST_REPLICAS, request -> controller.replicasLost(LostReplicasMessages.lost(request)));
    }

    static ApiHandler<RenewedSecretsRequest, VerdictResponse> renewedSecrets(SecretRenewals controller) {
        return new VerdictHandler<>(
                OwnApi.RENEWED_SECRETS,
                request -> controller.secretsRenewed(
                        new RenewedSecrets(new BrokerId(request.brokerId()), request.values())));
    }
}
