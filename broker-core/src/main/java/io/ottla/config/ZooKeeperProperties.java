package io.ottla.config;

import java.util.List;

/**
 * How a broker reaches ZooKeeper.
 *
 * @param connect {@code zookeeper.connect}: hosts with ports, and a chroot where the cluster has one; empty for the
 *     embedded ZooKeeper
 * @param sessionTimeoutMs {@code zookeeper.session.timeout.ms}: more than 0; the server may narrow it
 * @param connectionTimeoutMs {@code zookeeper.connection.timeout.ms}: how long a start waits for ZooKeeper, more than 0;
 *     as long as the session timeout where it is not set
 * @param setAcl {@code zookeeper.set.acl}: whether nodes are made so that only this broker's identity may write them
 * @param maxInFlightRequests {@code zookeeper.max.in.flight.requests}: 1 or more; further requests wait
 * @param tls the settings below {@code zookeeper.ssl.}
 * @param embeddedPort {@code zookeeper.embedded.port}: where the embedded ZooKeeper listens on the loopback address; 0
 *     for any free port
 */
public record ZooKeeperProperties(
        String connect,
        int sessionTimeoutMs,
        int connectionTimeoutMs,
        boolean setAcl,
        int maxInFlightRequests,
        Tls tls,
        int embeddedPort) {

    public static final ZooKeeperProperties DEFAULTS =
            new ZooKeeperProperties("", 18_000, 18_000, false, 10, Tls.OFF, 2181);

    /**
     * TLS towards ZooKeeper (KIP-515). Null stands for a setting that was not given: ZooKeeper's own default holds.
     *
     * @param enable {@code zookeeper.ssl.client.enable}
     * @param clientCnxnSocket {@code zookeeper.clientCnxnSocket}: the client's socket class; TLS needs
     *     {@code org.apache.zookeeper.ClientCnxnSocketNetty}, which is taken where TLS is on and none is named
     * @param keystore {@code zookeeper.ssl.keystore.location}, {@code .password}, {@code .type}
     * @param truststore {@code zookeeper.ssl.truststore.location}, {@code .password}, {@code .type}
     * @param protocol {@code zookeeper.ssl.protocol}
     * @param enabledProtocols {@code zookeeper.ssl.enabled.protocols}
     * @param cipherSuites {@code zookeeper.ssl.cipher.suites}
     * @param endpointIdentification {@code zookeeper.ssl.endpoint.identification.algorithm}: {@code HTTPS} compares the
     *     server's certificate with its host name, empty does not
     * @param crlEnable {@code zookeeper.ssl.crl.enable}
     * @param ocspEnable {@code zookeeper.ssl.ocsp.enable}
     */
    public record Tls(
            boolean enable,
            String clientCnxnSocket,
            Store keystore,
            Store truststore,
            String protocol,
            List<String> enabledProtocols,
            List<String> cipherSuites,
            String endpointIdentification,
            boolean crlEnable,
            boolean ocspEnable) {
        public static final Tls OFF =
                new Tls(false, null, Store.NONE, Store.NONE, "TLSv1.2", null, null, "HTTPS", false, false);
    }

    /** A store of keys or of trusted certificates; what was not given is null. */
    public record Store(String location, String password, String type) {
        public static final Store NONE = new Store(null, null, null);

        /** Without the password. */
        @Override
        public String toString() {
            return "Store[location=" + location + ", type=" + type + "]";
        }
    }

    /** Whether the broker brings its own ZooKeeper. */
    public boolean embedded() {
        return connect.isEmpty();
    }

    /** The same, with ZooKeeper at that address: how the embedded one's real port becomes known. */
    public ZooKeeperProperties withConnect(String address) {
        return new ZooKeeperProperties(
                address, sessionTimeoutMs, connectionTimeoutMs, setAcl, maxInFlightRequests, tls, embeddedPort);
    }
}
