package io.ottla.config;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Where and how the broker listens. Sizes in bytes, times in milliseconds; defaults are those of Kafka 3.9, but
 * listeners bind to the loopback address unless told otherwise.
 *
 * @param listeners {@code listeners}, with {@code listener.security.protocol.map} already looked up; at least one;
 *     names differ; port 0 takes a free one
 * @param advertisedListeners {@code advertised.listeners}; empty where it is not set: what is listened on is advertised
 * @param interBrokerListener {@code inter.broker.listener.name}, one of the listeners' names
 * @param networkThreads {@code num.network.threads}: event loops for all client listeners together, 1 or more
 * @param interBrokerThreads event loops for the inter-broker listener and for connections to other brokers, 1 or more
 * @param socketSendBufferBytes {@code socket.send.buffer.bytes}; -1 leaves it to the system, and so does the default
 *     ({@link #limitsSendBuffer})
 * @param socketReceiveBufferBytes {@code socket.receive.buffer.bytes}; -1 leaves it to the system, and so does the
 *     default ({@link #limitsReceiveBuffer})
 * @param socketListenBacklogSize {@code socket.listen.backlog.size}, 1 or more
 * @param socketRequestMaxBytes {@code socket.request.max.bytes}, 1 or more
 * @param queuedMaxRequestBytes {@code queued.max.request.bytes}: the budget of request bytes in memory for all client
 *     listeners; -1 takes a quarter of the heap's limit
 * @param connectionsMaxIdleMs {@code connections.max.idle.ms}; 0 or less means never
 * @param connections how many connections there may be
 * @param limits bounds that Kafka has no configuration for
 */
public record NetworkProperties(
        List<Listener> listeners,
        List<Listener> advertisedListeners,
        String interBrokerListener,
        int networkThreads,
        int interBrokerThreads,
        int socketSendBufferBytes,
        int socketReceiveBufferBytes,
        int socketListenBacklogSize,
        int socketRequestMaxBytes,
        long queuedMaxRequestBytes,
        long connectionsMaxIdleMs,
        Connections connections,
        Limits limits) {

    /**
     * An address to listen on, or to be reached at.
     *
     * @param name upper case, as in {@code listeners}
     * @param host empty or 0.0.0.0 for every address of this machine
     * @param port 0 … 65535
     */
    public record Listener(String name, SecurityProtocol protocol, String host, int port) {
        @Override
        public String toString() {
            return name + "://" + host + ":" + port;
        }
    }

    /**
     * How many connections there may be, and how fast they may come. A full listener stops accepting; an address that
     * has too many is refused. The inter-broker listener heeds only its own limit.
     *
     * @param max {@code max.connections}
     * @param maxByListener {@code listener.name.NAME.max.connections}, by listener
     * @param maxPerIp {@code max.connections.per.ip}, 0 or more
     * @param maxPerIpOverrides {@code max.connections.per.ip.overrides}, by host or address
     * @param maxCreationRate {@code max.connection.creation.rate}, a second
     * @param maxCreationRateByListener {@code listener.name.NAME.max.connection.creation.rate}
     */
    public record Connections(
            int max,
            Map<String, Integer> maxByListener,
            int maxPerIp,
            Map<String, Integer> maxPerIpOverrides,
            int maxCreationRate,
            Map<String, Integer> maxCreationRateByListener) {
        public static final Connections UNLIMITED =
                new Connections(Integer.MAX_VALUE, Map.of(), Integer.MAX_VALUE, Map.of(), Integer.MAX_VALUE, Map.of());
    }

    /**
     * Bounds of one connection and of what connections share.
     *
     * @param maxInFlightRequests requests of a connection that were begun and not answered; a power of two
     * @param maxInFlightBytes their bytes together; one request is always allowed
     * @param preAuthenticationMaxBytes the largest frame on a listener that authenticates, before it has done so
     * @param writeBufferHighBytes answers of a connection that its peer has not taken: past it nothing is begun
     * @param writeBufferLowBytes below this it goes on
     * @param inlineSliceBytes a range of a log file up to this is copied into the answer, a larger one goes by sendfile
     * @param answerPieceBytes how much of a large answer is handed to the socket at a time
     * @param coldReadThreads threads that bring old log data into the page cache
     * @param coldReadQueue answers that may wait for them
     * @param interBrokerRequestBytes the budget of request bytes of the inter-broker listener
     * @param stalledRequestMs a request that holds memory while others wait for it, and that grows by nothing for so
     *     long, loses its connection
     * @param stopGraceMs how long a stopping server lets requests finish
     */
    public record Limits(
            int maxInFlightRequests,
            int maxInFlightBytes,
            int preAuthenticationMaxBytes,
            int writeBufferHighBytes,
            int writeBufferLowBytes,
            int inlineSliceBytes,
            int answerPieceBytes,
            int coldReadThreads,
            int coldReadQueue,
            long interBrokerRequestBytes,
            long stalledRequestMs,
            long stopGraceMs) {
        public static final Limits DEFAULTS = new Limits(
                64, 32 << 20, 512 << 10, 1 << 20, 256 << 10, 64 << 10, 1 << 20, 4, 4096, 64L << 20, 10_000, 3_000);

        public Limits {
            if (Integer.bitCount(maxInFlightRequests) != 1) {
                throw new IllegalArgumentException(
                        "Expected maxInFlightRequests to be a power of two, but got " + maxInFlightRequests);
            }
            if (writeBufferLowBytes > writeBufferHighBytes) {
                throw new IllegalArgumentException("Expected writeBufferLowBytes not above writeBufferHighBytes "
                        + writeBufferHighBytes + ", but got " + writeBufferLowBytes);
            }
        }
    }

    public static final NetworkProperties DEFAULTS = new NetworkProperties(
            List.of(new Listener("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 9092)),
            List.of(),
            "PLAINTEXT",
            3,
            1,
            100 << 10,
            100 << 10,
            50,
            100 << 20,
            -1,
            600_000,
            Connections.UNLIMITED,
            Limits.DEFAULTS);

    public NetworkProperties {
        listeners = List.copyOf(listeners);
        advertisedListeners = List.copyOf(advertisedListeners);
    }

    /**
     * Whether sockets get a send buffer of that fixed size. Not at the default of 100 KiB: a buffer that the system fits
     * to the reader takes several times as much at once, and a large answer costs half the processor time.
     */
    public boolean limitsSendBuffer() {
        return socketSendBufferBytes > 0 && socketSendBufferBytes != DEFAULTS.socketSendBufferBytes;
    }

    /**
     * Whether sockets get a receive buffer of that fixed size. Not at the default of 100 KiB: a producer whose requests are
     * larger than that then stops sending whenever its loop is appending, and half of the throughput is gone.
     */
    public boolean limitsReceiveBuffer() {
        return socketReceiveBufferBytes > 0 && socketReceiveBufferBytes != DEFAULTS.socketReceiveBufferBytes;
    }

    /** The same, listening elsewhere; the first listener becomes the one among brokers. */
    public NetworkProperties withListeners(Listener... others) {
        return new NetworkProperties(
                List.of(others),
                advertisedListeners,
                others[0].name(),
                networkThreads,
                interBrokerThreads,
                socketSendBufferBytes,
                socketReceiveBufferBytes,
                socketListenBacklogSize,
                socketRequestMaxBytes,
                queuedMaxRequestBytes,
                connectionsMaxIdleMs,
                connections,
                limits);
    }

    /** The same with another listener among brokers. */
    public NetworkProperties withInterBrokerListener(String name) {
        return new NetworkProperties(
                listeners,
                advertisedListeners,
                name,
                networkThreads,
                interBrokerThreads,
                socketSendBufferBytes,
                socketReceiveBufferBytes,
                socketListenBacklogSize,
                socketRequestMaxBytes,
                queuedMaxRequestBytes,
                connectionsMaxIdleMs,
                connections,
                limits);
    }

    /** The same with other bounds. */
    public NetworkProperties withBounds(Connections connections, Limits limits, long idleMs, long requestBytes) {
        return new NetworkProperties(
                listeners,
                advertisedListeners,
                interBrokerListener,
                networkThreads,
                interBrokerThreads,
                socketSendBufferBytes,
                socketReceiveBufferBytes,
                socketListenBacklogSize,
                socketRequestMaxBytes,
                requestBytes,
                idleMs,
                connections,
                limits);
    }
}
