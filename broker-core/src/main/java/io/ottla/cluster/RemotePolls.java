package io.ottla.cluster;

import io.ottla.metadata.ChangeCodec;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageCodec;
import io.ottla.metadata.ImageVersion;
import io.ottla.peer.BrokerDirectory;
import io.ottla.peer.PeerClient;
import io.ottla.peer.PeerClient.Lane;
import io.ottla.peer.PeerClient.Purpose;
import io.ottla.protocol.MalformedFrame;
import io.ottla.protocol.MetadataPollRequest;
import io.ottla.protocol.MetadataPollResponse;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls to a controller in another process, on a connection of their own. Where the image does not know the controller, or
 * it was not to be reached, the directory is asked where it is. Thread-safe.
 */
public final class RemotePolls implements ControllerPolls {
    private static final Logger LOG = LoggerFactory.getLogger(RemotePolls.class);
    private static final short VERSION = 0;

    private final PeerClient peers;
    private final PeerEndpoints endpoints;
    private final BrokerDirectory directory;
    private final long patienceMs;
    private final Executor decoding;
    private final Map<BrokerId, CompletableFuture<Void>> looks = new ConcurrentHashMap<>();

    /**
     * @param leaseMs how long a silent controller counts as alive: an answer is waited for a little longer
     * @param decoding runs what may take milliseconds: one task after the other, best that of the poll
     */
    public RemotePolls(
            PeerClient peers, PeerEndpoints endpoints, BrokerDirectory directory, long leaseMs, Executor decoding) {
        this.peers = peers;
        this.endpoints = endpoints;
        this.directory = directory;
        this.patienceMs = leaseMs + leaseMs / 2;
        this.decoding = decoding;
    }

    @Override
    public CompletionStage<PollAnswer> poll(BrokerId controller, PollQuestion question) {
        CompletionStage<?> ready =
                endpoints.apply(controller) == null ? look(controller) : CompletableFuture.completedFuture(null);
        return ready.thenCompose(nothing ->
                        peers.send(new Lane(controller, Purpose.METADATA), request(question), VERSION, patienceMs))
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        look(controller);
                    }
                })
                .thenApplyAsync(answer -> read(controller, (MetadataPollResponse) answer), decoding);
    }

    /** Done when it is known, or can't be. While one look is under way no other begins. */
    private CompletionStage<Void> look(BrokerId controller) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> others = looks.putIfAbsent(controller, mine);
        if (others != null) {
            return others;
        }
        directory.lookUp(controller).whenComplete((found, failure) -> {
            if (failure != null) {
                LOG.debug("Broker {} could not be looked up: {}", controller, failure.toString());
            } else {
                found.ifPresent(endpoints::learn);
            }
            looks.remove(controller, mine);
            mine.complete(null);
        });
        return mine;
    }

    private static MetadataPollRequest request(PollQuestion question) {
        return new MetadataPollRequest(
                        question.broker().value(),
                        question.epoch().value(),
                        question.incarnation(),
                        question.maxWaitMs())
                .known(
                        question.known().controllerEpoch().value(),
                        question.known().number())
                .applied(
                        question.applied().controllerEpoch().value(),
                        question.applied().number())
                .leaving(question.leaving(), question.closedUnder().value());
    }

    private static PollAnswer read(BrokerId controller, MetadataPollResponse answer) {
        try {
            return read(answer);
        } catch (MalformedFrame e) {
            LOG.warn("What controller {} says of the cluster can't be read: {}", controller, e.getMessage());
            throw e;
        }
    }

    private static PollAnswer read(MetadataPollResponse answer) {
        if (answer.errorCode() != Errors.NONE.code()) {
            return new PollAnswer.Refused(
                    Failure.of(Errors.forCode(answer.errorCode()), String.valueOf(answer.errorMessage())));
        }
        ControllerEpoch epoch = new ControllerEpoch(answer.controllerEpoch());
        ClusterImage whole = answer.whole() == null
                ? null
                : ImageCodec.decode(answer.whole(), new ImageVersion(epoch, answer.wholeNumber()));
        List<PublishedStep> steps = new ArrayList<>();
        for (MetadataPollResponse.Step step : answer.steps()) {
            steps.add(new PublishedStep(new ImageVersion(epoch, step.number()), ChangeCodec.decode(step.changes())));
        }
        return new PollAnswer.News(epoch, whole == null ? null : new PublishedImage(whole), steps, answer.mayLeave());
    }
}
