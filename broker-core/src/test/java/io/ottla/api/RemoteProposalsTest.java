package io.ottla.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.peer.ControllerProposals;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncProposals;
import io.ottla.peer.InSyncResult;
import io.ottla.peer.LostReplicas;
import io.ottla.peer.PeerClient;
import io.ottla.peer.RenewedSecrets;
import io.ottla.peer.SecretRenewals;
import io.ottla.protocol.LostReplicasRequest;
import io.ottla.protocol.RenewedSecretsRequest;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Caller;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.Principal;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

/** Proposals to a controller on another broker, with all that is between. */
class RemoteProposalsTest implements PeerClient, InSyncProposals, ControllerProposals, SecretRenewals {
    private static final BrokerId HERE = new BrokerId(1);
    private static final BrokerId THERE = new BrokerId(2);
    private static final TopicId T = new TopicId(5, 6);
    private static final TopicId U = new TopicId(7, 8);

    private final List<InSyncProposal> proposals = new ArrayList<>();
    private final List<LostReplicas> losses = new ArrayList<>();
    private final List<RenewedSecrets> renewals = new ArrayList<>();
    private List<InSyncResult> results = List.of();
    private Optional<Failure> lossFailure = Optional.empty();
    private int sent;
    private BrokerId controller = THERE;

    private final RemoteProposals<RemoteProposalsTest> remote =
            new RemoteProposals<>(HERE, () -> controller, this, this);

    @Override
    public CompletionStage<List<InSyncResult>> propose(InSyncProposal proposal) {
        proposals.add(proposal);
        return CompletableFuture.completedFuture(results);
    }

    @Override
    public CompletionStage<Optional<Failure>> replicasLost(LostReplicas lost) {
        losses.add(lost);
        return CompletableFuture.completedFuture(lossFailure);
    }

    @Override
    public CompletionStage<Optional<Failure>> secretsRenewed(RenewedSecrets renewed) {
        renewals.add(renewed);
        return CompletableFuture.completedFuture(lossFailure);
    }

    @Override
    public CompletionStage<Presence> probe(BrokerId broker, long timeoutMs) {
        return CompletableFuture.completedFuture(Presence.LISTENING);
    }

    @Override
    public CompletionStage<ApiMessage> send(Lane lane, ApiMessage request, short version, long timeoutMs) {
        assertThat(lane).isEqualTo(new Lane(THERE, Purpose.CONTROL));
        sent++;
        return CompletableFuture.completedFuture(
                switch (request) {
                    case LostReplicasRequest lost -> handled(ControllerApis.lostReplicas(this), lost, version);
                    case RenewedSecretsRequest renewed ->
                        handled(ControllerApis.renewedSecrets(this), renewed, version);
                    default ->
                        handled(
                                new AlterPartitionHandler(this),
                                new AlterPartitionRequestData(
                                        MessageUtil.toByteBufferAccessor(request, version), version),
                                version);
                });
    }

    private static <Q extends ApiMessage, A extends ApiMessage> A handled(
            ApiHandler<Q, A> handler, Q request, short version) {
        Reply<A> reply = handler.handle(
                new RequestContext(
                        new Caller(Principal.ANONYMOUS, InetAddress.getLoopbackAddress(), ""),
                        version,
                        "INTERNAL",
                        SecurityProtocol.PLAINTEXT,
                        true,
                        ClientSoftware.UNKNOWN,
                        0,
                        Runnable::run,
                        PeerWatch.NONE),
                request);
        return ((Reply.Outcome.Answer<A>) reply.outcomeNow()).message();
    }

    private static InSyncProposal.Change change(TopicId topic, String name, int partition, boolean recovering) {
        return new InSyncProposal.Change(
                topic,
                new TopicPartition(name, partition),
                new LeaderEpoch(3),
                new PartitionEpoch(9),
                List.of(
                        new InSyncProposal.Member(HERE, new BrokerEpoch(100)),
                        new InSyncProposal.Member(THERE, BrokerEpoch.NONE)),
                recovering);
    }

    private static InSyncResult committed(String topic, int partition) {
        return new InSyncResult.Committed(
                new TopicPartition(topic, partition),
                HERE,
                new LeaderEpoch(3),
                List.of(HERE, THERE),
                true,
                new PartitionEpoch(10));
    }

    @Test
    void shouldBringProposalsThereAndResultsBackInTheirOrder() {
        // given
        InSyncProposal proposal = new InSyncProposal(
                HERE,
                new BrokerEpoch(100),
                List.of(change(T, "t", 0, false), change(U, "u", 4, true), change(T, "t", 1, false)));
        // the order in which the request names them: by topic
        results = List.of(
                committed("t", 0),
                new InSyncResult.Refused(new TopicPartition("t", 1), Failure.of(Errors.INELIGIBLE_REPLICA)),
                committed("u", 4));
        // when
        List<InSyncResult> answer =
                remote.propose(proposal).toCompletableFuture().getNow(null);
        // then
        InSyncProposal there = proposals.getFirst();
        assertThat(there.leader()).isEqualTo(HERE);
        assertThat(there.epoch()).isEqualTo(new BrokerEpoch(100));
        assertThat(there.changes())
                .containsExactly(change(T, "", 0, false), change(T, "", 1, false), change(U, "", 4, true));
        assertThat(answer)
                .containsExactly(
                        committed("t", 0),
                        committed("u", 4),
                        new InSyncResult.Refused(new TopicPartition("t", 1), Failure.of(Errors.INELIGIBLE_REPLICA)));
    }

    @Test
    void shouldTellWhatIsRefusedAsAWhole() {
        InSyncProposal proposal = new InSyncProposal(
                HERE, new BrokerEpoch(100), List.of(change(T, "t", 0, false), change(T, "t", 1, false)));
        results = List.of(
                new InSyncResult.Refused(new TopicPartition("", 0), Failure.of(Errors.NOT_CONTROLLER)),
                new InSyncResult.Refused(new TopicPartition("", 1), Failure.of(Errors.NOT_CONTROLLER)));
        assertThat(remote.propose(proposal).toCompletableFuture().getNow(null))
                .extracting(result -> ((InSyncResult.Refused) result).failure().error())
                .containsExactly(Errors.NOT_CONTROLLER, Errors.NOT_CONTROLLER);
    }

    @Test
    void shouldBringLostReplicasThere() {
        LostReplicas lost = new LostReplicas(
                HERE,
                new BrokerEpoch(100),
                List.of(new LostReplicas.Replica(
                        T, new TopicPartition("t", 3), new LeaderEpoch(7), LostReplicas.Loss.OFFLINE)));
        assertThat(remote.replicasLost(lost).toCompletableFuture().getNow(null)).isEmpty();
        assertThat(losses).containsExactly(lost);
        lossFailure = Optional.of(Failure.of(Errors.STALE_BROKER_EPOCH, "so old"));
        assertThat(remote.replicasLost(lost).toCompletableFuture().getNow(null)).isEqualTo(lossFailure);
    }

    @Test
    void shouldBringRenewedSecretsThere() {
        RenewedSecrets renewed = new RenewedSecrets(HERE, Map.of("ssl.key.password", "encrypted"));
        assertThat(remote.secretsRenewed(renewed).toCompletableFuture().getNow(null))
                .isEmpty();
        assertThat(renewals).containsExactly(renewed);
        lossFailure = Optional.of(Failure.of(Errors.NOT_CONTROLLER, "not here"));
        assertThat(remote.secretsRenewed(renewed).toCompletableFuture().getNow(null))
                .isEqualTo(lossFailure);
        assertThat(sent).isEqualTo(2);
    }

    @Test
    void shouldAskHereWhereThisBrokerIsTheController() {
        controller = HERE;
        results = List.of(committed("t", 0));
        InSyncProposal proposal = new InSyncProposal(HERE, new BrokerEpoch(100), List.of(change(T, "t", 0, false)));
        assertThat(remote.propose(proposal).toCompletableFuture().getNow(null)).isEqualTo(results);
        LostReplicas lost = new LostReplicas(HERE, new BrokerEpoch(100), List.of());
        assertThat(remote.replicasLost(lost).toCompletableFuture().getNow(null)).isEmpty();
        assertThat(sent).isZero();
        controller = BrokerId.NONE;
        assertThat(remote.propose(proposal).toCompletableFuture().exceptionNow())
                .isInstanceOf(NotControllerException.class);
    }
}
