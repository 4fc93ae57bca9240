package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.config.BrokerConfig;
import io.ottla.config.StoredSecrets;
import io.ottla.zookeeper.TestingConfigTool;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets among a broker's dynamic settings: encrypted in ZooKeeper, and with a new key after it was changed. */
final class SecretSettingsTest {
    private static final String NAME = "ssl.key.password";
    private static final ConfigResource SELF = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final Pattern STORED = Pattern.compile("\"" + NAME + "\":\"([^\"]+)\"");

    @TempDir
    Path folder;

    private static StoredSecrets secrets(String key) {
        return BrokerConfig.of(Map.of("password.encoder.secret", key)).secrets();
    }

    @Test
    void shouldEncryptAnewWhatOnlyTheOldKeyOpens() throws Exception {
        try (TestingZooKeeper zooKeeper = new TestingZooKeeper();
                TestingConfigTool tool = new TestingConfigTool(zooKeeper)) {
            // given  a secret that was kept by another key
            tool.broker(
                    1, Map.of(NAME, secrets("old").keep("hunter2", new SplittableRandom(1)), "num.io.threads", "3"));

            // when   a broker starts that has a new key, and the old one still
            try (TestingBroker broker = new TestingBroker(
                            zooKeeper.address(),
                            folder.resolve("logs"),
                            Map.of("password.encoder.secret", "new", "password.encoder.old.secret", "old"));
                    Admin admin = broker.admin()) {
                // then   the new one opens it
                Awaitility.await()
                        .until(() -> secrets("new")
                                .open(stored(zooKeeper))
                                .equals(new StoredSecrets.Opened.Secret("hunter2", false)));
                assertThat(zooKeeper.data("/config/brokers/1")).contains("\"num.io.threads\":\"3\"");
                // and    nobody is shown it, or told that it protects anything yet
                ConfigEntry entry = admin.describeConfigs(List.of(SELF))
                        .all()
                        .get()
                        .get(SELF)
                        .get(NAME);
                assertThat(entry.value()).isNull();
                assertThat(entry.isSensitive()).isTrue();
                assertThatThrownBy(() -> admin.incrementalAlterConfigs(Map.of(
                                        SELF,
                                        List.of(new AlterConfigOp(
                                                new ConfigEntry(NAME, "other"), AlterConfigOp.OpType.SET))))
                                .all()
                                .get())
                        .hasMessageContaining("would protect nothing yet");
            }
        }
    }

    @Test
    void shouldEncryptAnewThoughAnotherBrokerIsTheController() throws Exception {
        try (TestingCluster cluster = new TestingCluster(folder, 1, Map.of());
                TestingConfigTool tool = new TestingConfigTool(cluster.zooKeeper())) {
            // given
            tool.broker(2, Map.of(NAME, secrets("old").keep("hunter2", new SplittableRandom(1))));
            // when
            cluster.start(2, Map.of("password.encoder.secret", "new", "password.encoder.old.secret", "old"));
            // then
            Awaitility.await()
                    .until(() -> secrets("new")
                            .open(stored(cluster.zooKeeper(), 2))
                            .equals(new StoredSecrets.Opened.Secret("hunter2", false)));
            assertThat(cluster.zooKeeper().data("/controller")).contains("\"brokerid\":1");
        }
    }

    private static String stored(TestingZooKeeper zooKeeper) throws Exception {
        return stored(zooKeeper, 1);
    }

    private static String stored(TestingZooKeeper zooKeeper, int broker) throws Exception {
        Matcher found = STORED.matcher(zooKeeper.data("/config/brokers/" + broker));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }
}
