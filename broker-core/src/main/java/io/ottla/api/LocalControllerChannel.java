package io.ottla.api;

import io.ottla.peer.ControllerChannel;
import io.ottla.time.Clock;
import io.ottla.types.Caller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** The way to the controller where that is this broker: straight to the handlers, as the caller it came from. */
final class LocalControllerChannel implements ControllerChannel {
    private final List<ApiHandler<?, ?>> handlers;
    private final Clock clock;

    /** @param handlers of all that a controller answers */
    LocalControllerChannel(List<ApiHandler<?, ?>> handlers, Clock clock) {
        this.handlers = List.copyOf(handlers);
        this.clock = clock;
    }

    @Override
    public CompletionStage<ApiMessage> forward(Caller caller, ApiMessage request, short version, long deadlineNs) {
        for (ApiHandler<?, ?> handler : handlers) {
            if (handler.spec().api().id() == request.apiKey()) {
                return ask(handler, caller, request, version);
            }
        }
        return CompletableFuture.failedFuture(
                new UnsupportedVersionException("No controller answers requests of key " + request.apiKey()));
    }

    private <Q extends ApiMessage, A extends ApiMessage> CompletionStage<ApiMessage> ask(
            ApiHandler<Q, A> handler, Caller caller, ApiMessage request, short version) {
        CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
        RequestContext context = new RequestContext(
                caller,
                version,
                "",
                SecurityProtocol.PLAINTEXT,
                true,
                ClientSoftware.UNKNOWN,
                clock.monotonicNs(),
                Runnable::run, PeerWatch.NONE);
        @SuppressWarnings("unchecked") // a key has one class of requests
        Q known = (Q) request;
        handler.handle(context, known).onDone(outcome -> {
            if (outcome instanceof Reply.Outcome.Answer<A>(A message)) {
                answer.complete(message);
            } else {
                answer.completeExceptionally(new IllegalStateException(
                        "Expected an answer from " + handler.spec().api() + ", but got " + outcome));
            }
        });
        return answer;
    }
}
