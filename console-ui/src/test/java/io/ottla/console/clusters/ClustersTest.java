package io.ottla.console.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.TestingCluster;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.words.Wording;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClustersTest {
    private static ClusterDefinition definition(String key, Origin origin, boolean enabled) {
        return new ClusterDefinition(key, key, origin, "127.0.0.1:9092", "", Map.of(), false, enabled);
    }

    private static Clusters clusters(ClusterDefinition... fixed) {
        return new Clusters(List.of(fixed), definition -> new TestingCluster());
    }

    @Test
    void shouldKeepWhatIsFixedAndReplaceWhatWasAdded() {
        // given
        Clusters clusters = clusters(definition("ottla", Origin.BESIDE, true));
        ClusterDefinition staging = definition("staging", Origin.ADDED, true);
        clusters.replaceAdded(List.of(staging, definition("test", Origin.ADDED, false)));
        ManagedCluster kept = clusters.get("staging");

        // when
        clusters.replaceAdded(List.of(staging));

        // then
        assertThat(clusters.all()).extracting(ManagedCluster::key).containsExactly("ottla", "staging");
        assertThat(clusters.get("staging")).isSameAs(kept);
        assertThat(clusters.beside()).map(ManagedCluster::key).contains("ottla");
    }

    @Test
    void shouldHaveNoClusterThatIsSwitchedOffOrUnknown() {
        Clusters clusters = clusters(definition("off", Origin.CONFIGURED, false));

        assertThat(clusters.enabled()).isEmpty();
        assertThatThrownBy(() -> clusters.get("off")).hasMessageContaining("off");
        assertThatThrownBy(() -> clusters.withId("nobody")).isInstanceOf(ClusterFailure.class);
    }

    @Test
    void shouldFindAClusterByTheIdThatItGivesItself() {
        Clusters clusters = clusters(definition("ottla", Origin.BESIDE, true));

        assertThat(clusters.withId(TestingCluster.ID).key()).isEqualTo("ottla");
    }

    @Test
    void shouldNotSayThatThereIsNoneWhereOneTellsNothing() {
        // given
        TestingCluster failing = new TestingCluster();
        failing.failure = new ClusterFailure(ClusterFailure.Reason.FAILED, Wording.quoted("Out of order."));
        Clusters clusters = new Clusters(List.of(definition("east", Origin.CONFIGURED, true)), definition -> failing);

        // then
        assertThatThrownBy(() -> clusters.withId("nobody"))
                .isInstanceOfSatisfying(
                        ClusterFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(ClusterFailure.Reason.NO_ANSWER));
        failing.failure = null;
        assertThatThrownBy(() -> clusters.withId("nobody"))
                .isInstanceOfSatisfying(
                        ClusterFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(ClusterFailure.Reason.NOT_FOUND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "-a", "a-", "a/b", "a.b", "ä", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void shouldTakeNoOtherKeys(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> definition(key, Origin.ADDED, true));
    }

    @Test
    void shouldTakeNoSettingThatMakesAClientLoadSomething() {
        for (Map<String, String> settings : List.of(
                Map.of("metric.reporters", "x.Y"),
                Map.of("sasl.login.callback.handler.class", "x.Y"),
                Map.of("interceptor.classes", "x.Y"),
                Map.of("sasl.oauthbearer.token.endpoint.url", "http://127.0.0.1/"),
                Map.of(
                        "sasl.jaas.config",
                        "com.sun.security.auth.module.JndiLoginModule required user.provider.url=\"ldap://127.0.0.1\";"),
                Map.of(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a\" password=\"b\";"
                                + " com.sun.security.auth.module.JndiLoginModule required;"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> ClientSettings.checked(settings));
        }
        assertThat(ClientSettings.checked(Map.of(
                        "security.protocol",
                        "SASL_PLAINTEXT",
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"a\""
                                + " password=\"b\\\"c\";")))
                .hasSize(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientSettings.requireFromAnywhere(Map.of("ssl.truststore.location", "/etc/passwd")));
    }
}
