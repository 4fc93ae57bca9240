package io.ottla.app.metrics;

import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The same page under the path that Prometheus asks for unless told otherwise. */
@RestController
class MetricsPage {
    private final PrometheusScrapeEndpoint endpoint;

    MetricsPage(PrometheusScrapeEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @GetMapping("/metrics")
    ResponseEntity<byte[]> metrics() {
        byte[] page =
                endpoint.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null).getBody();
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(PrometheusOutputFormat.CONTENT_TYPE_004
                        .getProducedMimeType()
                        .toString()))
                .body(page);
    }
}
