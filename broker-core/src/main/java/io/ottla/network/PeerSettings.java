package io.ottla.network;

import io.netty.util.NetUtil;
import io.ottla.concurrent.BoundedPool;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * What all links of a client share. Thread-safe.
 *
 * @param endpoints where a broker is reached; null for one that is not known
 * @param resolver looks host names up, which may block
 */
record PeerSettings(
        EventLoops loops,
        Function<BrokerId, Endpoint> endpoints,
        String clientId,
        int maxAnswerBytes,
        BoundedPool resolver,
        Clock clock,
        Timer timer) {
    private static final int CONNECT_TIMEOUT_MS = 3_000;
    private static final int MAX_CALLS = 1024;
    private static final int ANSWER_EXPANSION = 64;
    private static final long FIRST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 1_000;

    int connectTimeoutMs() {
        return CONNECT_TIMEOUT_MS;
    }

    /** Bytes of heap that a byte of an answer may become: brokers believe each other more than clients. */
    int answerExpansion() {
        return ANSWER_EXPANSION;
    }

    /** How many calls of a link may be under way. */
    int maxCalls() {
        return MAX_CALLS;
    }

    /** How long to wait after so many failures in a row. */
    long pauseMs(int failures) {
        return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(10, failures - 1));
    }

    /** Finds a broker's address and tells it, or why there is none, on any thread. */
    void resolve(BrokerId peer, BiConsumer<InetSocketAddress, IOException> then) {
        Endpoint endpoint = endpoints.apply(peer);
        if (endpoint == null) {
            then.accept(null, new UnknownHostException("it is not known in the cluster"));
        } else if (endpoint.protocol() != SecurityProtocol.PLAINTEXT) {
            then.accept(
                    null,
                    new IOException("expected a listener of protocol PLAINTEXT among brokers, but "
                            + endpoint.listener() + " has " + endpoint.protocol()));
        } else if (NetUtil.isValidIpV4Address(endpoint.host()) || NetUtil.isValidIpV6Address(endpoint.host())) {
            lookUp(endpoint, then);
        } else if (!resolver.offer(() -> lookUp(endpoint, then))) {
            then.accept(null, new IOException("too many host names are being looked up"));
        }
    }

    private static void lookUp(Endpoint endpoint, BiConsumer<InetSocketAddress, IOException> then) {
        try {
            then.accept(new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port()), null);
        } catch (UnknownHostException unknown) {
            then.accept(null, unknown);
        }
    }
}
