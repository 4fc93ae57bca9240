package io.ottla.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ZooKeeperProperties.Store;
import io.ottla.config.ZooKeeperProperties.Tls;
import java.util.List;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {
    @Test
    void shouldSpeakZooKeepersWords() {
        Tls tls = new Tls(
                true,
                null,
                new Store("/k.p12", "secret-k", "PKCS12"),
                new Store("/t.p12", "secret-t", "PKCS12"),
                "TLSv1.3",
                List.of("TLSv1.3", "TLSv1.2"),
                List.of("A", "B"),
                "",
                true,
                true);

        ZKClientConfig config = ClientSettings.of(tls);

        try (ClientX509Util words = new ClientX509Util()) {
            assertThat(config.getProperty(ZKClientConfig.SECURE_CLIENT)).isEqualTo("true");
            assertThat(config.getProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET))
                    .isEqualTo("org.apache.zookeeper.ClientCnxnSocketNetty");
            assertThat(config.getProperty(words.getSslKeystoreLocationProperty()))
                    .isEqualTo("/k.p12");
            assertThat(config.getProperty(words.getSslKeystorePasswdProperty())).isEqualTo("secret-k");
            assertThat(config.getProperty(words.getSslKeystoreTypeProperty())).isEqualTo("PKCS12");
            assertThat(config.getProperty(words.getSslTruststoreLocationProperty()))
                    .isEqualTo("/t.p12");
            assertThat(config.getProperty(words.getSslTruststorePasswdProperty()))
                    .isEqualTo("secret-t");
            assertThat(config.getProperty(words.getSslTruststoreTypeProperty())).isEqualTo("PKCS12");
            assertThat(config.getProperty(words.getSslProtocolProperty())).isEqualTo("TLSv1.3");
            assertThat(config.getProperty(words.getSslEnabledProtocolsProperty()))
                    .isEqualTo("TLSv1.3,TLSv1.2");
            assertThat(config.getProperty(words.getCipherSuitesProperty())).isEqualTo("A,B");
            assertThat(config.getProperty(words.getSslHostnameVerificationEnabledProperty()))
                    .isEqualTo("false");
            assertThat(config.getProperty(words.getSslCrlEnabledProperty())).isEqualTo("true");
            assertThat(config.getProperty(words.getSslOcspEnabledProperty())).isEqualTo("true");
        }
        assertThat(tls.toString()).doesNotContain("secret");
    }

    @Test
    void shouldLeaveZooKeepersDefaultsWithoutTls() {
        ZKClientConfig config = ClientSettings.of(Tls.OFF);

        assertThat(config.getProperty(ZKClientConfig.SECURE_CLIENT)).isNull();
        assertThat(config.getProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET))
                .isNull();
    }

    @Test
    void shouldTakeSystemPropertiesAsZooKeepersOwnClientDoes() {
        // given
        String realm = ZKClientConfig.ZOOKEEPER_SERVER_REALM;
        System.setProperty(realm, "EXAMPLE.ORG");
        try {
            // when
            ZKClientConfig config = ClientSettings.of(Tls.OFF);

            // then
            assertThat(config.getProperty(realm))
                    .isEqualTo(new ZKClientConfig().getProperty(realm))
                    .isEqualTo("EXAMPLE.ORG");
        } finally {
            System.clearProperty(realm);
        }
    }

    @Test
    void shouldRestrictNodesAsKafkaDoes() {
        NodeAcls open = new NodeAcls(false);
        NodeAcls restricted = new NodeAcls(true);

        assertThat(open.of("/config/users/u").toString()).contains("world");
        assertThat(restricted.of("/brokers/topics/t")).hasSize(2);
        assertThat(restricted.of("/config/users/u").toString()).doesNotContain("world");
        assertThat(restricted.of("/config/users-x")).hasSize(2);
        assertThat(restricted.of("/consumers/g")).isEqualTo(open.of("/"));
    }
}
