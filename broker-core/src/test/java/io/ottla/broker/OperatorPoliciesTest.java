package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.config.BrokerConfig;
import io.ottla.controller.Policies;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.policy.AlterConfigPolicy;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes of an operator that refuse the creation of topics and changes of configuration. */
public final class OperatorPoliciesTest {
    @TempDir
    Path folder;

    /** Refuses names that begin as the setting {@code acme.forbidden} says, and more than three partitions. */
    public static final class NoSecretTopics implements CreateTopicPolicy {
        private String forbidden;

        @Override
        public void configure(Map<String, ?> settings) {
            forbidden = (String) settings.get("acme.forbidden");
        }

        @Override
        public void validate(CreateTopicPolicy.RequestMetadata request) {
            if (request.topic().startsWith(forbidden)) {
                throw new PolicyViolationException("No topics that begin with " + forbidden);
            }
            if (request.numPartitions() == null
                    ? request.replicasAssignments().size() > 3
                    : request.numPartitions() > 3 || request.replicationFactor() != 1) {
                throw new PolicyViolationException("Too large: " + request);
            }
        }

        @Override
        public void close() {}
    }

    /** Refuses a {@code retention.ms} of 1, and breaks at one of 2. */
    public static final class NoShortRetention implements AlterConfigPolicy {
        @Override
        public void configure(Map<String, ?> settings) {}

        @Override
        public void validate(AlterConfigPolicy.RequestMetadata request) {
            String retention = request.configs().get("retention.ms");
            if ("1".equals(retention)) {
                throw new PolicyViolationException(
                        "Too short for " + request.resource().name());
            }
            if ("2".equals(retention)) {
                throw new IllegalStateException("broken");
            }
        }

        @Override
        public void close() {}
    }

    private static Policies policies(String... more) throws BrokerStartException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "create.topic.policy.class.name", NoSecretTopics.class.getName(),
                "alter.config.policy.class.name", NoShortRetention.class.getName(),
                "acme.forbidden", "secret"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return OperatorPolicies.of(BrokerConfig.of(settings));
    }

    @Test
    void shouldBeAskedByTheBroker() throws Exception {
        try (TestingZooKeeper zooKeeper = new TestingZooKeeper();
                TestingBroker broker = new TestingBroker(
                        zooKeeper.address(),
                        folder.resolve("logs"),
                        Map.of(
                                "create.topic.policy.class.name", NoSecretTopics.class.getName(),
                                "alter.config.policy.class.name", NoShortRetention.class.getName(),
                                "acme.forbidden", "secret"));
                Admin admin = broker.admin()) {
            admin.createTopics(List.of(new NewTopic("open", 1, (short) 1)))
                    .all()
                    .get();
            assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("secrets", 1, (short) 1)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(PolicyViolationException.class)
                    .hasMessageContaining("No topics that begin with secret");
            ConfigResource open = new ConfigResource(ConfigResource.Type.TOPIC, "open");
            assertThatThrownBy(() -> admin.incrementalAlterConfigs(Map.of(
                                    open,
                                    List.of(new AlterConfigOp(
                                            new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET))))
                            .all()
                            .get())
                    .hasCauseInstanceOf(PolicyViolationException.class)
                    .hasMessageContaining("Too short for open");
            assertThat(admin.describeConfigs(List.of(open))
                            .all()
                            .get()
                            .get(open)
                            .get("retention.ms")
                            .isDefault())
                    .isTrue();
        }
    }

    @Test
    void shouldBeToldOfNumbersOrOfReplicas() throws Exception {
        List<BrokerId> one = List.of(new BrokerId(1));
        Policies policies = policies();

        assertThat(policies.creation("t", 3, (short) 1, null, Map.of())).isNull();
        assertThat(policies.creation("t", 4, (short) 1, null, Map.of()).error()).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(policies.creation("t", null, null, List.of(one, one, one), Map.of()))
                .isNull();
        assertThat(policies.creation("t", null, null, List.of(one, one, one, one), Map.of())
                        .text())
                .contains("3=[1]");
    }

    @Test
    void shouldSeeAllThatWouldBeSetOrOnlyWhatWasAsked() throws Exception {
        Map<String, String> asked = Map.of("segment.ms", "5");
        Map<String, String> whole = Map.of("segment.ms", "5", "retention.ms", "1");
        ConfigResourceName topic = ConfigResourceName.topic("t");

        assertThat(policies().alteration(topic, asked, whole).error()).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(policies("alter.config.policy.kraft.compatibility.enable", "true")
                        .alteration(topic, asked, whole))
                .isNull();
    }

    @Test
    void shouldRefuseWhereAPolicyBreaks() throws Exception {
        Failure failure = policies()
                .alteration(ConfigResourceName.topic("t"), Map.of("retention.ms", "2"), Map.of("retention.ms", "2"));

        assertThat(failure.error()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        assertThat(failure.text()).contains("alter.config.policy.class.name").contains("broken");
    }

    @Test
    void shouldNotStartWithAPolicyThatIsNone() {
        for (String name : List.of("org.acme.Nowhere", "java.lang.String", Policies.class.getName())) {
            assertThatThrownBy(() -> policies("create.topic.policy.class.name", name))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("create.topic.policy.class.name = " + name)
                    .hasMessageContaining("CreateTopicPolicy");
        }
    }
}
