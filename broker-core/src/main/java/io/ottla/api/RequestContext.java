package io.ottla.api;

import io.ottla.types.Caller;
import java.util.concurrent.Executor;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * What is known of a request besides its body.
 *
 * @param caller who asks, fixed when the request was decoded
 * @param apiVersion the version of the request's API that body and answer are in
 * @param listener the name of the listener it came in on, as in {@code listeners}
 * @param securityProtocol that listener's
 * @param interBroker whether that listener is the one brokers use among themselves
 * @param software what the client said it is (KIP-511); empty where it did not
 * @param receivedNs when its frame was complete, on the monotonic clock
 * @param loop the connection's event loop: a handler that waited for something goes on there, so that whoever woke it
 *     does none of its work. After the connection has closed it may refuse or drop what it is given
 * @param peer tells when whoever asks has gone
 */
public record RequestContext(
        Caller caller,
        short apiVersion,
        String listener,
        SecurityProtocol securityProtocol,
        boolean interBroker,
        ClientSoftware software,
        long receivedNs,
        Executor loop,
        PeerWatch peer) {

    /** The deadline of a request that may take so long, on the monotonic clock. */
    public long deadlineNs(long timeoutMs) {
        return receivedNs + timeoutMs * 1_000_000L;
    }
}
