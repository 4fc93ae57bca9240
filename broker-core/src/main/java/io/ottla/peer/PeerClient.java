package io.ottla.peer;

import io.ottla.types.BrokerId;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.kafka.common.protocol.ApiMessage;

/** Sends requests to other brokers over their inter-broker listener. Thread-safe. */
public interface PeerClient {
    /** What a connection is for. */
    enum Purpose {
        /** The metadata poll, which is the heartbeat too: nothing else may hold it up. */
        METADATA,
        /** Proposals, forwarded requests, and whatever is answered soon. */
        CONTROL,
        /** Fetches of a follower. */
        REPLICATION,
        /** Reads of what another replica has, before a damaged one is cut: large answers that nobody waits for. */
        MENDING
    }

    /**
     * One of the connections to a broker: answers come in the order of its requests, so that what waits on one lane holds
     * up nothing on another.
     *
     * @param number tells lanes of one purpose apart; 0 or more
     */
    record Lane(BrokerId broker, Purpose purpose, int number) {
        /** The only lane of that purpose. */
        public Lane(BrokerId broker, Purpose purpose) {
            this(broker, purpose, 0);
        }
    }

    /** What a fresh connection found. */
    enum Presence {
        /** Somebody listens there. */
        LISTENING,
        /** The machine answered, and nobody listens: the process is gone. */
        REFUSED,
        /** No answer in time, or no way there: nothing is known. */
        SILENT
    }

    /**
     * Sends one request and completes with its answer, on the connection's event loop. Fails with {@code
     * DisconnectException} as soon as the connection is refused or breaks, and is never sent twice. All of the answer may be
     * kept.
     *
     * @param version the request's API version
     * @param timeoutMs more than 0; past it the result fails with {@code TimeoutException}
     */
    CompletionStage<ApiMessage> send(Lane lane, ApiMessage request, short version, long timeoutMs);

    /**
     * As {@link #send}, for an answer with records that are only looked at: byte fields and records may lie in memory of the
     * connection, and are valid until the receiver returns.
     *
     * @param receiver of the answer or the failure, once, on the connection's event loop
     */
    default void fetch(
            Lane lane,
            ApiMessage request,
            short version,
            long timeoutMs,
            BiConsumer<? super ApiMessage, ? super Throwable> receiver) {
        send(lane, request, version, timeoutMs).whenComplete(receiver);
    }

    /**
     * Knocks once, by a connection of its own that is closed at once. Never fails.
     *
     * @param timeoutMs more than 0; past it the answer is {@link Presence#SILENT}
     */
    CompletionStage<Presence> probe(BrokerId broker, long timeoutMs);
}
