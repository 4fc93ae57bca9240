package io.ottla.app.metrics;

import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * The web server on {@code management.server.port}, where that is a port of its own: what machines ask stands there under the same
 * short paths as on the console's. The actuator itself comes there by Spring's own doing.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementPort {
    private static final EndpointId HEALTH = EndpointId.of("health");
    /** Before the files of the console's pages, which every context takes and which would answer that there is no such file. */
    private static final int BEFORE_FILES = 0;

    /** Another than that of the console's web server, whose pages are not seen here. */
    @Bean
    MetricsPage metricsPageOfManagement(PrometheusScrapeEndpoint endpoint) {
        return new MetricsPage(endpoint);
    }

    /** Of a group of health Spring knows but one short path, which is on the console's web server. */
    @Bean
    SimpleUrlHandlerMapping probesOfManagement(PathMappedEndpoints endpoints) {
        String health = endpoints.getPath(HEALTH);
        return new SimpleUrlHandlerMapping(
                Map.of("/livez", forward(health + "/liveness"), "/readyz", forward(health + "/readiness")),
                BEFORE_FILES);
    }

    private static HttpRequestHandler forward(String path) {
        return (request, response) -> request.getRequestDispatcher(path).forward(request, response);
    }
}
