package io.ottla.app.metrics;

import io.ottla.metrics.Metrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Puts the broker's and the JVM's meters into the registry that {@code /actuator/prometheus} and {@code /metrics} show,
 * beside those that Micrometer keeps of the web server.
 *
 * @see PrometheusMetricsExportAutoConfiguration
 */
@Configuration(proxyBeanMethods = false)
@Import(MetricsPage.class)
public class MetricsConfiguration {
    /** Made before Micrometer's registry, which takes it. */
    @Bean
    PrometheusRegistry prometheusRegistry(
            Metrics metrics, @Value("${ottla.metrics.partitions:true}") boolean withPartitions) {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new BrokerCollector(metrics, withPartitions));
        registry.register(new JvmCollector());
        return registry;
    }
}
