package io.ottla.console;

import io.ottla.console.abilities.AbilitiesConfiguration;
import io.ottla.console.access.AuditTrail;
import io.ottla.console.access.Visits;
import io.ottla.console.acls.AclsConfiguration;
import io.ottla.console.added.AddedConfiguration;
import io.ottla.console.audit.AuditConfiguration;
import io.ottla.console.brokers.BrokersConfiguration;
import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.BrokerFigures;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ConnectionLifecycle;
import io.ottla.console.clusters.DataFolder;
import io.ottla.console.clusters.KafkaCluster;
import io.ottla.console.clusters.Reach;
import io.ottla.console.clusters.ZooKeeperAccess;
import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.groups.GroupsConfiguration;
import io.ottla.console.lag.LagSettings;
import io.ottla.console.overview.OverviewController;
import io.ottla.console.pages.PagesConfiguration;
import io.ottla.console.people.PeopleConfiguration;
import io.ottla.console.quotas.QuotasConfiguration;
import io.ottla.console.rates.Rates;
import io.ottla.console.reassignment.ReassignmentConfiguration;
import io.ottla.console.records.RecordsConfiguration;
import io.ottla.console.rest.RestConfiguration;
import io.ottla.console.scram.ScramConfiguration;
import io.ottla.console.security.SecurityConfiguration;
import io.ottla.console.settings.SettingsConfiguration;
import io.ottla.console.topics.TopicsConfiguration;
import io.ottla.console.transactions.TransactionsConfiguration;
import io.ottla.console.words.Wording;
import io.ottla.console.zookeeper.ZooKeeperConfiguration;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Brings the console into any Spring Boot web process that has this module on its class path. What the process knows of
 * the broker in it comes as a bean {@link BesideBroker}; a bean {@link Clusters} takes the place of those that are configured.
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
    OverviewController.class,
    BrokersConfiguration.class,
    SettingsConfiguration.class,
    TopicsConfiguration.class,
    PeopleConfiguration.class,
    AuditConfiguration.class,
    AddedConfiguration.class,
    GroupsConfiguration.class,
    ZooKeeperConfiguration.class,
    RecordsConfiguration.class,
    AbilitiesConfiguration.class,
    AclsConfiguration.class,
    QuotasConfiguration.class,
    ScramConfiguration.class,
    TransactionsConfiguration.class,
    ReassignmentConfiguration.class,
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
    @ConditionalOnMissingBean
    Clusters consoleClusters(
            ConsoleProperties properties,
            ObjectProvider<BesideBroker> broker,
            ObjectProvider<ZooKeeperPort> zooKeeper) {
        return new Clusters(
                properties.definitions(broker.getIfAvailable() != null),
                definition -> new KafkaCluster(
                        reach(definition, broker, zooKeeper),
                        properties.timeout(),
                        InstantSource.system(),
                        access(definition, zooKeeper.getIfAvailable()),
                        () -> serves(definition, broker),
                        Admin::create));
    }

    /** Whether a broker of the cluster serves in this process: then it is up, however busy the machine is. */
    private static boolean serves(ClusterDefinition definition, ObjectProvider<BesideBroker> broker) {
        return definition.origin() == Origin.BESIDE
                && broker.getObject().identity().isPresent();
    }

    private static Optional<ZooKeeperAccess> access(ClusterDefinition definition, ZooKeeperPort port) {
        boolean beside = definition.origin() == Origin.BESIDE;
        return port == null || !beside && definition.zooKeeper().isEmpty()
                ? Optional.empty()
                : Optional.of(new ZooKeeperAccess(port, beside ? "" : definition.zooKeeper(), InstantSource.system()));
    }

    private static Supplier<Reach> reach(
            ClusterDefinition definition,
            ObjectProvider<BesideBroker> broker,
            ObjectProvider<ZooKeeperPort> zooKeeper) {
        if (definition.origin() == Origin.BESIDE) {
            return () -> broker.getObject().reach();
        }
        return definition.bootstrap().isEmpty()
                ? () -> {
                    ZooKeeperPort port = zooKeeper.getIfAvailable();
                    if (port == null) {
                        throw new ClusterFailure(
                                ClusterFailure.Reason.FAILED, Wording.of("failure.no-zookeeper-client"));
                    }
                    return new Reach(port.bootstrap(definition.zooKeeper()), definition.client());
                }
                : () -> new Reach(definition.bootstrap(), definition.client());
    }

    @Bean
    LagSettings lagSettings(ConsoleProperties properties) {
        return properties.lag().settings();
    }

    @Bean
    ConnectionLifecycle consoleConnection(Clusters clusters) {
        return new ConnectionLifecycle(clusters);
    }

    @Bean
    Rates rates(ObjectProvider<BrokerFigures> figures) {
        return new Rates(figures.getIfAvailable(), InstantSource.system());
    }

    @Bean
    Visits visits(Clusters clusters, AuditTrail trail) {
        return new Visits(clusters, trail, InstantSource.system());
    }
}
