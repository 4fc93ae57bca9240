package io.ottla.api;

import io.ottla.metadata.ImageVersion;
import io.ottla.peer.ControllerChannel;
import io.ottla.peer.PeerClient;
import io.ottla.protocol.Api;
import io.ottla.protocol.Enveloped;
import io.ottla.protocol.MalformedFrame;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.Caller;
import io.ottla.types.ControllerEpoch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * The way to the controller wherever it is: on this broker straight to the handlers, else in an Envelope with the caller
 * (KIP-590). Where nobody is the controller, or the one that was asked is none any more, it is found anew and asked again
 * until the deadline. An answer is handed out when this broker shows what it says. Thread-safe.
 */
public final class ForwardingControllerChannel implements ControllerChannel {
    /**
     * What it works with.
     *
     * @param controller who is the controller, as far as this broker knows; {@link BrokerId#NONE} where nobody is known
     * @param local the way where it is this broker
     * @param handlers of all that a controller answers
     * @param shown done when this broker shows an image of that place in history, or a later one
     */
    public record Ports(
            Supplier<BrokerId> controller,
            PeerClient peers,
            ControllerChannel local,
            List<ApiHandler<?, ?>> handlers,
            Function<ImageVersion, CompletionStage<Void>> shown,
            Clock clock,
            Timer timer) {
        /** Of a broker that has these handlers itself. */
        public Ports(
                Supplier<BrokerId> controller,
                PeerClient peers,
                List<ApiHandler<?, ?>> handlers,
                Function<ImageVersion, CompletionStage<Void>> shown,
                Clock clock,
                Timer timer) {
            this(controller, peers, new LocalControllerChannel(handlers, clock), handlers, shown, clock, timer);
        }

        public Ports {
            handlers = List.copyOf(handlers);
        }
    }

    private static final short ENVELOPE_VERSION = 0;
    private static final long FIRST_PAUSE_MS = 10;
    private static final long LONGEST_PAUSE_MS = 160;
    /** What it takes longer to show here is answered all the same: no one log hides what the controller said. */
    private static final long SHOW_MS = 5_000;

    private final BrokerId self;
    private final Ports ports;
    private final DeposedAnswers deposed;

    public ForwardingControllerChannel(BrokerId self, Ports ports) {
        this.self = self;
        this.ports = ports;
        this.deposed = new DeposedAnswers(ports.handlers());
    }

    /** One request until it is answered. */
    private record Errand(
            Caller caller,
            ApiMessage request,
            short version,
            long deadlineNs,
            EnvelopeRequestData envelope,
            CompletableFuture<ApiMessage> answer) {}

    @Override
    public CompletionStage<ApiMessage> forward(Caller caller, ApiMessage request, short version, long deadlineNs) {
        Api api = Api.forId(request.apiKey());
        // Made at once: what the request holds of its frame's bytes is gone later.
        EnvelopeRequestData envelope = new EnvelopeRequestData()
                .setRequestData(Enveloped.request(api, version, caller.clientId(), request))
                .setRequestPrincipal(Enveloped.principal(
                        caller.principal().type(), caller.principal().name()))
                .setClientHostAddress(caller.address().getAddress());
        Errand errand = new Errand(caller, request, version, deadlineNs, envelope, new CompletableFuture<>());
        attempt(errand, FIRST_PAUSE_MS);
        return errand.answer();
    }

    private void attempt(Errand errand, long pauseMs) {
        long leftMs = (errand.deadlineNs() - ports.clock().monotonicNs()) / 1_000_000;
        if (leftMs <= 0) {
            errand.answer()
                    .completeExceptionally(
                            new NotControllerException("Expected a controller to ask, but none has answered in time"));
            return;
        }
        BrokerId controller = ports.controller().get();
        if (controller.isNone()) {
            later(errand, pauseMs);
        } else if (controller.equals(self)) {
            ports.local()
                    .forward(errand.caller(), errand.request(), errand.version(), errand.deadlineNs())
                    .whenComplete((answer, failure) -> {
                        if (failure == null && deposed.contain(answer)) {
                            later(errand, pauseMs);
                        } else {
                            finish(errand, answer, failure);
                        }
                    });
        } else {
            ports.peers()
                    .send(
                            new PeerClient.Lane(controller, PeerClient.Purpose.CONTROL),
                            errand.envelope(),
                            ENVELOPE_VERSION,
                            leftMs)
                    .whenComplete((answer, failure) -> answered(errand, answer, failure, pauseMs));
        }
    }

    private void later(Errand errand, long pauseMs) {
        ports.timer().schedule(pauseMs, () -> attempt(errand, Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)));
    }

    private void answered(Errand errand, ApiMessage envelope, Throwable failure, long pauseMs) {
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof DisconnectException) {
                later(errand, pauseMs);
            } else {
                finish(errand, null, cause);
            }
            return;
        }
        EnvelopeResponseData response = (EnvelopeResponseData) envelope;
        Errors error = Errors.forCode(response.errorCode());
        if (error == Errors.NOT_CONTROLLER) {
            later(errand, pauseMs);
        } else if (error != Errors.NONE) {
            finish(errand, null, error.exception("The controller has refused a forwarded request: " + error.message()));
        } else {
            open(errand, response);
        }
    }

    private void open(Errand errand, EnvelopeResponseData response) {
        Enveloped.Answer answer;
        try {
            answer = Enveloped.answer(Api.forId(errand.request().apiKey()), errand.version(), response.responseData());
        } catch (MalformedFrame malformed) {
            finish(errand, null, malformed);
            return;
        }
        if (answer.controllerEpoch() < 0) {
            finish(errand, answer.message(), null);
            return;
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        Timer.Timeout patience = ports.timer().schedule(SHOW_MS, () -> over.complete(null));
        over.thenRun(() -> {
            patience.cancel();
            finish(errand, answer.message(), null);
        });
        ports.shown()
                .apply(new ImageVersion(new ControllerEpoch(answer.controllerEpoch()), answer.number()))
                .whenComplete((nothing, never) -> over.complete(null));
    }

    private static void finish(Errand errand, ApiMessage answer, Throwable failure) {
        if (failure == null) {
            errand.answer().complete(answer);
        } else {
            errand.answer().completeExceptionally(failure);
        }
    }
}
