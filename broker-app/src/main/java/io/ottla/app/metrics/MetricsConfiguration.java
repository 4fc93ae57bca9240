package io.ottla.app.metrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.ottla.console.lag.LagLoad;
import io.ottla.metrics.Metrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Has {@code /actuator/prometheus} and {@code /metrics} show the broker's, the JVM's and the console's meters beside
 * those that Micrometer keeps of the web server.
 *
 * @see PrometheusMetricsExportAutoConfiguration
 */
@Configuration(proxyBeanMethods = false)
@Import(MetricsPage.class)
public class MetricsConfiguration {
    /** Made before Micrometer's registry, which takes it. */
    @Bean
    PrometheusRegistry prometheusRegistry(LagLoad lag) {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new JvmCollector());
        registry.register(new LagCollectorMeters(lag));
        return registry;
    }

    @Bean
    PrometheusScrapeEndpoint prometheusScrapeEndpoint(
            Metrics metrics,
            @Value("${ottla.metrics.partitions:true}") boolean withPartitions,
            PrometheusRegistry prometheusRegistry,
            PrometheusConfig config) {
        PrometheusRegistry whole = new PrometheusRegistry();
        whole.register(new BrokerCollector(metrics, withPartitions));
        whole.register(rest(prometheusRegistry));
        return new ScrapeEndpoint(metrics, withPartitions, prometheusRegistry, whole, config.prometheusProperties());
    }

    private static MultiCollector rest(PrometheusRegistry registry) {
        return registry::scrape;
    }
}
