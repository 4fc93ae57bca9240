package io.ottla.console;

import io.ottla.console.brokers.BrokersController;
import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ConnectionLifecycle;
import io.ottla.console.clusters.DataFolder;
import io.ottla.console.clusters.KafkaCluster;
import io.ottla.console.pages.PagesConfiguration;
import io.ottla.console.rest.RestConfiguration;
import io.ottla.console.security.SecurityConfiguration;
import io.ottla.console.topics.TopicsConfiguration;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Brings the console into any Spring Boot web process that has this module on its class path. What the process knows of
 * the broker in it comes as a bean {@link BesideBroker}; a bean {@link Cluster} takes the place of the Admin client.
 */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(ConsoleProperties.class)
@Import({
    PagesConfiguration.class,
    BrokersController.class,
    TopicsConfiguration.class,
    RestConfiguration.class,
    SecurityConfiguration.class
})
public class ConsoleAutoConfiguration {
    private static final Path DATA = Path.of("data", "console");

    @Bean
    @ConditionalOnMissingBean
    DataFolder dataFolder(ConsoleProperties properties, ObjectProvider<BesideBroker> broker) {
        BesideBroker beside = broker.getIfAvailable();
        return new DataFolder(
                properties.data() != null ? properties.data() : beside != null ? beside.dataFolder() : DATA);
    }

    @Bean
    @ConditionalOnMissingBean(Cluster.class)
    KafkaCluster consoleCluster(ConsoleProperties properties, ObjectProvider<BesideBroker> broker) {
        return new KafkaCluster(
                bootstrap(properties, broker), properties.client(), properties.timeout(), InstantSource.system());
    }

    @Bean
    @ConditionalOnBean(KafkaCluster.class)
    ConnectionLifecycle consoleConnection(KafkaCluster cluster) {
        return new ConnectionLifecycle(cluster);
    }

    private static Supplier<String> bootstrap(ConsoleProperties properties, ObjectProvider<BesideBroker> broker) {
        if (!properties.bootstrap().isEmpty()) {
            return properties::bootstrap;
        }
        return () -> {
            BesideBroker beside = broker.getIfAvailable();
            if (beside == null) {
                throw new ClusterFailure(
                        ClusterFailure.Reason.FAILED,
                        "Expected console.bootstrap to name a cluster, since no broker runs in this process.");
            }
            return beside.bootstrap();
        };
    }
}
