package io.ottla.console.audit;

import io.ottla.console.access.AuditTrail;
import io.ottla.console.access.LoggedTrail;
import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.Clusters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the trail goes: to the log, and to a topic of the broker beside the console, where there is one. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditProperties.class)
public class AuditConfiguration {
    private static final Duration PAUSE = Duration.ofSeconds(3);

    @Bean
    @ConditionalOnMissingBean
    AuditTrail auditTrail(
            AuditProperties properties, ObjectProvider<BesideBroker> broker, ObjectProvider<Clusters> clusters) {
        BesideBroker beside = broker.getIfAvailable();
        return beside == null || properties.topic().isEmpty()
                ? new LoggedTrail()
                : new QueuedTrail(
                        new LoggedTrail(),
                        new AuditTopic(
                                properties, () -> clusters.getObject().beside().orElseThrow(), beside::reach),
                        PAUSE);
    }

    /** Both of one reader, whose turns they share. */
    @Bean
    AuditReaders auditReaders(AuditProperties properties, ObjectProvider<BesideBroker> broker) {
        BesideBroker beside = broker.getIfAvailable();
        return new AuditReaders(
                beside == null || properties.topic().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new AuditReader(properties.topic(), beside::reach, InstantSource.system())));
    }

    /** @param one empty where the trail goes to the log alone */
    record AuditReaders(Optional<AuditReader> one) {}

    @Bean
    AuditController auditController(AuditReaders readers, Clusters clusters) {
        return new AuditController(readers.one(), clusters);
    }

    @Bean
    AuditResource auditResource(AuditReaders readers) {
        return new AuditResource(readers.one());
    }
}
