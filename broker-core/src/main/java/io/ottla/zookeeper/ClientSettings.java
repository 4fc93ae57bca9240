package io.ottla.zookeeper;

import io.ottla.config.ZooKeeperProperties.Store;
import io.ottla.config.ZooKeeperProperties.Tls;
import java.util.List;
import java.util.Properties;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;

/** Kafka's {@code zookeeper.ssl.*} settings in the words of ZooKeeper's own client (KIP-515). */
final class ClientSettings {
    private static final String NETTY_SOCKET = "org.apache.zookeeper.ClientCnxnSocketNetty";

    private ClientSettings() {}

    /**
     * ZooKeeper's client takes system properties as its settings, which it finds by setting up TLS; that reads all the
     * certificates that Java trusts, at every start. Taking all its properties by their prefix comes to the same.
     */
    private static final class Quick extends ZKClientConfig {
        private static final String OWN = "zookeeper.";
        private static final List<String> OTHERS = List.of(ZKConfig.JUTE_MAXBUFFER, ZKConfig.JGSS_NATIVE);

        /** Called by the constructor of the class above. */
        @Override
        protected void handleBackwardCompatibility() {
            Properties system = System.getProperties();
            for (String name : system.stringPropertyNames()) {
                if (name.startsWith(OWN) || OTHERS.contains(name)) {
                    setProperty(name, system.getProperty(name));
                }
            }
        }
    }

    static ZKClientConfig of(Tls tls) {
        ZKClientConfig config = new Quick();
        String socket = tls.clientCnxnSocket() == null && tls.enable() ? NETTY_SOCKET : tls.clientCnxnSocket();
        put(config, ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, socket);
        if (!tls.enable()) {
            return config;
        }
        put(config, ZKClientConfig.SECURE_CLIENT, "true");
        put(config, "keyStore", tls.keystore());
        put(config, "trustStore", tls.truststore());
        put(config, "zookeeper.ssl.protocol", tls.protocol());
        put(config, "zookeeper.ssl.enabledProtocols", tls.enabledProtocols());
        put(config, "zookeeper.ssl.ciphersuites", tls.cipherSuites());
        put(
                config,
                "zookeeper.ssl.hostnameVerification",
                Boolean.toString("HTTPS".equalsIgnoreCase(tls.endpointIdentification())));
        put(config, "zookeeper.ssl.crl", Boolean.toString(tls.crlEnable()));
        put(config, "zookeeper.ssl.ocsp", Boolean.toString(tls.ocspEnable()));
        return config;
    }

    private static void put(ZKClientConfig config, String which, Store store) {
        put(config, "zookeeper.ssl." + which + ".location", store.location());
        put(config, "zookeeper.ssl." + which + ".password", store.password());
        put(config, "zookeeper.ssl." + which + ".type", store.type());
    }

    private static void put(ZKClientConfig config, String key, List<String> values) {
        put(config, key, values == null ? null : String.join(",", values));
    }

    private static void put(ZKClientConfig config, String key, String value) {
        if (value != null) {
            config.setProperty(key, value);
        }
    }
}
