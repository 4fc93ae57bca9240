package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.cluster.ClusterIdentity.Folder;
import io.ottla.cluster.ClusterIdentity.Identity;
import io.ottla.config.IdentityProperties;
import io.ottla.types.BrokerId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterIdentityTest {
    private static final IdentityProperties DRAW = IdentityProperties.DEFAULTS;
    private static final IdentityProperties ONE = new IdentityProperties(1, true, 1000);

    private static final ClusterIdentity.Place ZOOKEEPER =
            new ClusterIdentity.Place("ZooKeeper at zoo:2181", "zookeeper.connect");

    @Test
    void shouldTakeTheIdFromConfigurationOrFolders() {
        assertThat(ClusterIdentity.brokerId(ONE, List.of())).isEqualTo(new Identity.Known(new BrokerId(1)));
        assertThat(ClusterIdentity.brokerId(ONE, List.of(folder("a", "c", 1))))
                .isEqualTo(new Identity.Known(new BrokerId(1)));
        assertThat(ClusterIdentity.brokerId(DRAW, List.of(folder("a", "c", -1), folder("b", "c", 1001))))
                .isEqualTo(new Identity.Known(new BrokerId(1001)));
        assertThat(ClusterIdentity.brokerId(DRAW, List.of())).isEqualTo(new Identity.ToDraw());
    }

    @Test
    void shouldNameTheFolderAndBothIds() {
        assertThat(ClusterIdentity.brokerId(ONE, List.of(folder("a", "c", 1), folder("b", "c", 2))))
                .isInstanceOfSatisfying(
                        Identity.Refused.class,
                        refused -> assertThat(refused.why())
                                .singleElement()
                                .asString()
                                .contains("InconsistentBrokerId", "b", "broker 1", "broker 2"));
        assertThat(ClusterIdentity.brokerId(DRAW, List.of(folder("a", "c", 1), folder("b", "c", 2))))
                .isInstanceOfSatisfying(
                        Identity.Refused.class,
                        refused -> assertThat(refused.why())
                                .singleElement()
                                .asString()
                                .contains("a names broker 1", "b names broker 2"));
        assertThat(ClusterIdentity.brokerId(new IdentityProperties(-1, false, 1000), List.of()))
                .isInstanceOf(Identity.Refused.class);
    }

    @Test
    void shouldNameEachFolderOfAnotherCluster() {
        assertThat(ClusterIdentity.clusterProblems(
                        "mine", List.of(folder("a", "mine", 1), folder("b", null, 1)), ZOOKEEPER))
                .isEmpty();
        assertThat(ClusterIdentity.clusterProblems(
                        "mine", List.of(folder("a", "his", 1), folder("b", "hers", 1)), ZOOKEEPER))
                .hasSize(2)
                .first()
                .asString()
                .contains("InconsistentClusterId", "a", "mine", "his");
    }

    @Test
    void shouldFoundNoClusterForFoldersThatBelongToOne() {
        assertThat(ClusterIdentity.clusterProblems(null, List.of(folder("a", null, 1)), ZOOKEEPER))
                .isEmpty();
        assertThat(ClusterIdentity.clusterProblems(
                        null, List.of(folder("a", "his", 1), folder("b", "hers", 1), folder("c", "his", 1)), ZOOKEEPER))
                .hasSize(2)
                .last()
                .asString()
                .contains(
                        "InconsistentClusterId", "zoo:2181", "cluster his", "in a, c", "zookeeper.connect", "log.dirs");
    }

    private static Folder folder(String path, String clusterId, int brokerId) {
        return new Folder(Path.of(path), clusterId, new BrokerId(brokerId));
    }
}
