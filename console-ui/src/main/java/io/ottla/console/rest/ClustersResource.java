package io.ottla.console.rest;

import io.ottla.console.access.Visit;
import io.ottla.console.access.Visits;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterPicture.Broker;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The clusters and their brokers. */
@RestController
@RequestMapping(
        path = {"/v3/clusters", "/kafka/v3/clusters"},
        produces = MediaType.APPLICATION_JSON_VALUE)
final class ClustersResource {
    private static final Logger log = LoggerFactory.getLogger(ClustersResource.class);

    private final Visits visits;

    ClustersResource(Visits visits) {
        this.visits = visits;
    }

    /** Those that answer: of another one not even the id is known. */
    @GetMapping
    Links.Listed<ClusterData> clusters(HttpServletRequest request) {
        List<ClusterData> found = new ArrayList<>();
        ClusterFailure last = null;
        for (Visit visit : visits.all(request)) {
            try {
                var picture = visit.cluster().describe();
                found.add(ClusterData.of(picture, Links.of(request, picture.id())));
            } catch (ClusterFailure unreachable) {
                last = unreachable;
                log.debug("{} does not answer", visit.key(), unreachable);
            }
        }
        if (found.isEmpty() && last != null) {
            throw last;
        }
        return new Links.Listed<>(
                "KafkaClusterList", new Links.ListMetadata(Links.of(request, "").root(), null), found);
    }

    @GetMapping("/{clusterId}")
    ClusterData cluster(Visit visit, @PathVariable String clusterId, HttpServletRequest request) {
        return ClusterData.of(visit.cluster().describe(), Links.of(request, clusterId));
    }

    @GetMapping("/{clusterId}/brokers")
    Links.Listed<BrokerData> brokers(Visit visit, @PathVariable String clusterId, HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        return links.listed(
                "KafkaBrokerList",
                "/brokers",
                visit.cluster().describe().brokers().stream()
                        .map(broker -> BrokerData.of(broker, links))
                        .toList());
    }

    @GetMapping("/{clusterId}/brokers/{broker}")
    BrokerData broker(
            Visit visit, @PathVariable String clusterId, @PathVariable int broker, HttpServletRequest request) {
        Broker found = visit.cluster().describe().brokers().stream()
                .filter(candidate -> candidate.id() == broker)
                .findFirst()
                .orElseThrow(() -> new ApiFailure(
                        ApiError.NO_SUCH_BROKER, "Expected a live broker, but none has the id " + broker + "."));
        return BrokerData.of(found, Links.of(request, clusterId));
    }
}
