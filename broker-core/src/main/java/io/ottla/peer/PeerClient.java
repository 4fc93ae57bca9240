package io.ottla.peer;

import io.ottla.types.BrokerId;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiMessage;

/** Sends requests to other brokers over their inter-broker listener. Thread-safe. */
public interface PeerClient {
    /**
     * Sends one request and completes with its answer, on the connection's event loop.
     *
     * @param version the request's API version
     * @param timeoutMs more than 0; past it the result fails with {@code TimeoutException}
     */
    CompletionStage<ApiMessage> send(BrokerId to, ApiMessage request, short version, long timeoutMs);
}
