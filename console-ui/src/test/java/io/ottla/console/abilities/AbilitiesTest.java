package io.ottla.console.abilities;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.TestingCluster;
import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ManagedCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;

class AbilitiesTest {
    private final TestingCluster cluster = new TestingCluster();
    private final Visit visit = new Visit(
            new Visitor("ann", List.of(Grant.everywhere(Role.VIEWER))),
            "192.0.2.7",
            new ManagedCluster(
                    new ClusterDefinition("ottla", "Ottla", Origin.BESIDE, "", "", Map.of(), false, true), cluster),
            entry -> {},
            () -> Instant.EPOCH);
    private Instant now = Instant.EPOCH;
    private final Abilities abilities = new Abilities(() -> now);

    @Test
    void shouldRememberWhatBrokersAnnounce() {
        // given
        cluster.security.failures.put("listTransactions", new UnsupportedVersionException("not announced"));
        cluster.security.failures.put("describeAcls", new SecurityDisabledException("no authorizer"));
        cluster.security.failures.put("describeClientQuotas", new DisconnectException("gone"));

        // when, then  a refusal is an announcement; what could not be asked is not known
        assertThat(abilities.has(visit, Ability.ACLS)).isTrue();
        assertThat(abilities.has(visit, Ability.SCRAM)).isTrue();
        assertThat(abilities.has(visit, Ability.QUOTAS)).isFalse();
        assertThat(abilities.has(visit, Ability.TRANSACTIONS)).isFalse();

        // when  it is asked again soon for what is not known, and later for all
        cluster.security.failures.clear();
        assertThat(abilities.has(visit, Ability.QUOTAS)).isFalse();
        now = now.plus(Duration.ofSeconds(11));
        assertThat(abilities.has(visit, Ability.QUOTAS)).isTrue();
        cluster.security.failures.put("listTransactions", new UnsupportedVersionException("not announced"));
        now = now.plus(Duration.ofMinutes(4));
        assertThat(abilities.has(visit, Ability.TRANSACTIONS)).isTrue();
        now = now.plus(Duration.ofMinutes(2));
        assertThat(abilities.has(visit, Ability.TRANSACTIONS)).isFalse();
    }

    @Test
    void shouldKnowWhatIsMissingOnlyOnceItIsTold() {
        // given
        cluster.failure = new IllegalStateException("no way there");
        assertThat(abilities.lacks(visit, Ability.TRANSACTIONS)).isFalse();

        // when
        cluster.failure = null;
        cluster.security.failures.put("listTransactions", new UnsupportedVersionException("not announced"));
        now = now.plus(Duration.ofSeconds(11));

        // then
        assertThat(abilities.lacks(visit, Ability.TRANSACTIONS)).isTrue();
        assertThat(abilities.lacks(visit, Ability.ACLS)).isFalse();
    }

    @Test
    void shouldShowThePageWhereTheClusterCanNotBeReached() {
        cluster.failure = new IllegalStateException("no way there");

        assertThat(abilities.has(visit, Ability.ACLS)).isFalse();
    }
}
