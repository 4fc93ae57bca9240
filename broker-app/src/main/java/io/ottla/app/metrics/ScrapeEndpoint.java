package io.ottla.app.metrics;

import io.ottla.metrics.Metrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;

/**
 * Spring's endpoint for Prometheus, with the broker's meters in front of those that the registry holds. The text formats are
 * written straight from the meters; who picks names, or wants protocol buffers, waits for the client library.
 */
@WebEndpoint(id = "prometheus")
class ScrapeEndpoint extends PrometheusScrapeEndpoint {
    private static final int FIRST_PAGE = 1 << 18;

    private final Metrics metrics;
    private final boolean withPartitions;
    private final PrometheusScrapeEndpoint rest;
    private volatile int lastLength = FIRST_PAGE;

    /**
     * @param registry of what is not the broker's
     * @param whole the same and the broker's
     */
    ScrapeEndpoint(
            Metrics metrics,
            boolean withPartitions,
            PrometheusRegistry registry,
            PrometheusRegistry whole,
            Properties properties) {
        super(whole, properties);
        this.metrics = metrics;
        this.withPartitions = withPartitions;
        this.rest = new PrometheusScrapeEndpoint(registry, properties);
    }

    @Override
    @ReadOperation(producesFrom = PrometheusOutputFormat.class)
    public WebEndpointResponse<byte[]> scrape(PrometheusOutputFormat format, @Nullable Set<String> includedNames) {
        if (includedNames != null || format == PrometheusOutputFormat.CONTENT_TYPE_PROTOBUF) {
            return super.scrape(format, includedNames);
        }
        int last = lastLength;
        PageBuffer page = new PageBuffer(last + last / 8);
        new BrokerText(page, format == PrometheusOutputFormat.CONTENT_TYPE_OPENMETRICS_100, withPartitions)
                .write(metrics);
        byte[] others = rest.scrape(format, null).getBody();
        if (others != null) {
            page.write(others);
        }
        lastLength = page.length();
        return new WebEndpointResponse<>(page.toBytes(), format);
    }
}
