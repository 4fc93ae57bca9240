package io.ottla.console.added;

import io.ottla.console.clusters.Clusters;
import io.ottla.console.state.KeptOfCluster;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.state.Repeated;
import io.ottla.console.state.Sealer;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What keeps clusters that somebody added. */
@Configuration(proxyBeanMethods = false)
@Import({AddedClustersController.class, AddedClustersResource.class})
public class AddedConfiguration {
    private static final Duration LOOK = Duration.ofSeconds(3);

    @Bean
    AddedClusters addedClusters(
            KnownEntries entries,
            Clusters clusters,
            ObjectProvider<Sealer> sealer,
            ObjectProvider<KeptOfCluster> others) {
        return new AddedClusters(
                entries,
                clusters,
                sealer.getIfAvailable(() -> Sealer.NONE),
                others.orderedStream().toList());
    }

    @Bean
    Repeated addedClustersRefresh(AddedClusters added) {
        return new Repeated("ottla-console-clusters", LOOK, added::refresh);
    }
}
