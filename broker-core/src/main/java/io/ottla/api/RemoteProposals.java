package io.ottla.api;

import io.ottla.peer.ControllerProposals;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncProposals;
import io.ottla.peer.InSyncResult;
import io.ottla.peer.LostReplicas;
import io.ottla.peer.PeerClient;
import io.ottla.peer.RenewedSecrets;
import io.ottla.peer.SecretRenewals;
import io.ottla.protocol.OwnApi;
import io.ottla.protocol.RenewedSecretsRequest;
import io.ottla.protocol.VerdictResponse;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * What this broker has the controller decide, wherever that is: here it is asked straight away, elsewhere over the wire.
 * Nothing is asked twice: who gets no answer asks again. Thread-safe.
 *
 * @param <C> the controller of this process
 */
public final class RemoteProposals<C extends InSyncProposals & ControllerProposals & SecretRenewals>
        implements InSyncProposals, ControllerProposals, SecretRenewals {
    /** Twice as long as a silent controller counts as alive. */
    private static final long PATIENCE_MS = 6_000;

    private final BrokerId self;
    private final Supplier<BrokerId> controller;
    private final C local;
    private final PeerClient peers;

    /**
     * @param controller who is the controller, as far as this broker knows; {@link BrokerId#NONE} where nobody is known
     * @param local asked where it is this broker
     */
    public RemoteProposals(BrokerId self, Supplier<BrokerId> controller, C local, PeerClient peers) {
        this.self = self;
        this.controller = controller;
        this.local = local;
        this.peers = peers;
    }

    @Override
    public CompletionStage<List<InSyncResult>> propose(InSyncProposal proposal) {
        BrokerId target = controller.get();
        if (target.equals(self)) {
            return local.propose(proposal);
        }
        return send(target, AlterPartitionMessages.request(proposal), AlterPartitionMessages.VERSION)
                .thenApply(answer -> AlterPartitionMessages.results(proposal, (AlterPartitionResponseData) answer));
    }

    @Override
    public CompletionStage<Optional<Failure>> replicasLost(LostReplicas lost) {
        BrokerId target = controller.get();
        if (target.equals(self)) {
            return local.replicasLost(lost);
        }
        return send(target, LostReplicasMessages.request(lost), LostReplicasMessages.VERSION)
                .thenApply(answer -> failure((VerdictResponse) answer));
    }

    @Override
    public CompletionStage<Optional<Failure>> secretsRenewed(RenewedSecrets renewed) {
        BrokerId target = controller.get();
        if (target.equals(self)) {
            return local.secretsRenewed(renewed);
        }
        RenewedSecretsRequest request =
                new RenewedSecretsRequest(renewed.broker().value(), renewed.values());
        return send(target, request, OwnApi.RENEWED_SECRETS.latestVersion())
                .thenApply(answer -> failure((VerdictResponse) answer));
    }

    private CompletionStage<ApiMessage> send(BrokerId target, ApiMessage request, short version) {
        return target.isNone()
                ? CompletableFuture.failedFuture(new NotControllerException("No controller is known"))
                : peers.send(new PeerClient.Lane(target, PeerClient.Purpose.CONTROL), request, version, PATIENCE_MS);
    }

    private static Optional<Failure> failure(VerdictResponse answer) {
        return answer.errorCode() == Errors.NONE.code()
                ? Optional.empty()
                : Optional.of(Failure.of(Errors.forCode(answer.errorCode()), answer.errorMessage()));
    }
}
