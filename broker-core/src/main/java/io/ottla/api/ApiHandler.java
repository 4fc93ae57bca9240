package io.ottla.api;

import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One API of the protocol. What is the same for all (cluster permission, quota, metrics, throttle time, forwarding) is
 * done once, in the dispatcher, from the {@link #spec()}.
 *
 * <p>Runs on the connection's event loop and never blocks it; whatever leaves the loop comes back by the
 * {@link Reply}. Buffers inside the request belong to the dispatcher and stay valid until the reply's first stage is
 * over.
 */
public interface ApiHandler<Q extends ApiMessage, A extends ApiMessage> {
    ApiSpec<Q, A> spec();

    /** Never throws for bad input: that is an answer with the protocol's error. */
    Reply<A> handle(RequestContext context, Q request);
}
