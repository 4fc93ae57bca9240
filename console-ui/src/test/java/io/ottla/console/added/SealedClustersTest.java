package io.ottla.console.added;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.TestingCluster;
import io.ottla.console.access.AuditEntry;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.state.Folder;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.state.TestingSealer;
import io.ottla.console.state.TestingStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Secrets of added clusters, as the store holds them. */
class SealedClustersTest {
    private static final String SETTINGS = "security.protocol=SSL\nssl.truststore.password=very-secret";

    private final TestingStore store = new TestingStore();
    private final TestingSealer sealer = new TestingSealer();
    private final List<AuditEntry> trail = new ArrayList<>();
    private final ConsoleVisit visit = new ConsoleVisit(
            new Visitor("admin", List.of(Grant.everywhere(Role.ADMIN))), "127.0.0.1", trail::add, () -> Instant.EPOCH);
    private Instant now = Instant.EPOCH;

    /** As a broker starts anew: nothing is remembered. */
    private final class Console {
        final Clusters clusters = new Clusters(List.of(), definition -> new TestingCluster());
        final AddedClusters added = new AddedClusters(new KnownEntries(store, () -> now), clusters, sealer, List.of());

        ClusterDefinition refreshed() {
            now = now.plusSeconds(5);
            added.refresh();
            return clusters.all().getFirst().definition();
        }
    }

    private static ClusterForm form(String settings, boolean forget) {
        return new ClusterForm("east", "East", "kafka.example.net:9093", "", settings, false, true, forget);
    }

    private String kept() {
        return new String(store.read(Folder.CLUSTERS, "east").orElseThrow().content(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldKeepSecretsEncryptedAndReadThemAgain() {
        // when
        new Console().added.add(visit, form(SETTINGS, false));

        // then
        assertThat(kept()).contains("k1:", "security.protocol").doesNotContain("very-secret", "truststore");
        assertThat(new Console().refreshed().client())
                .containsEntry("ssl.truststore.password", "very-secret")
                .containsEntry("security.protocol", "SSL");
        assertThat(trail.toString()).doesNotContain("very-secret");
    }

    @Test
    void shouldEncryptWhatLayOpenOnceThereIsAKey() {
        // given
        sealer.key = null;
        new Console().added.add(visit, form(SETTINGS, false));
        assertThat(kept()).contains("very-secret");
        assertThat(new Console().refreshed().client()).containsEntry("ssl.truststore.password", "very-secret");

        // when
        sealer.key = "k1";
        Console console = new Console();
        ClusterDefinition before = console.refreshed();

        // then
        assertThat(kept()).contains("k1:").doesNotContain("very-secret");
        assertThat(console.refreshed()).isEqualTo(before);
        int version = store.read(Folder.CLUSTERS, "east").orElseThrow().version();
        console.refreshed();
        assertThat(store.read(Folder.CLUSTERS, "east").orElseThrow().version()).isEqualTo(version);
    }

    @Test
    void shouldEncryptAnewByAKeyThatReplacesAnother() {
        // given
        new Console().added.add(visit, form(SETTINGS, false));

        // when
        sealer.key = "k2";
        sealer.oldKey = "k1";
        new Console().refreshed();
        sealer.oldKey = null;

        // then
        assertThat(kept()).contains("k2:");
        assertThat(new Console().refreshed().client()).containsEntry("ssl.truststore.password", "very-secret");
    }

    @Test
    void shouldSwitchOffAClusterWhoseSecretsCanNotBeRead() {
        // given
        new Console().added.add(visit, form(SETTINGS, false));
        String sealed = kept();

        // when
        sealer.key = "k2";
        Console console = new Console();
        ClusterDefinition locked = console.refreshed();

        // then   and no change loses them by chance
        assertThat(locked.enabled()).isFalse();
        assertThat(locked.client()).containsOnlyKeys("security.protocol");
        assertThat(console.added.locked(visit, "east")).contains("it is encrypted by another key");
        assertThatThrownBy(() -> console.added.change(visit, form("security.protocol=SSL", false)))
                .isInstanceOf(ClusterFailure.class)
                .hasMessageContaining("can't be read");
        assertThat(kept()).isEqualTo(sealed);

        // when
        console.added.change(visit, form("security.protocol=SSL\nssl.truststore.password=another", true));

        // then
        assertThat(console.refreshed().enabled()).isTrue();
        assertThat(console.refreshed().client()).containsEntry("ssl.truststore.password", "another");
        assertThat(console.added.locked(visit, "east")).isEmpty();
    }
}
