package io.ottla.console.rest;

import io.ottla.console.access.Visit;
import io.ottla.console.access.Visits;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterPicture;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    private final Clusters clusters;

    ClustersResource(Visits visits, Clusters clusters) {
        this.visits = visits;
        this.clusters = clusters;
    }

    /**
     * What one said.
     *
     * @param picture null where it gave no answer
     * @param failure why; null where it did
     */
    private record Told(ClusterPicture picture, ClusterFailure failure) {
        static Told by(Visit visit) {
            try {
                return new Told(visit.managed().describe(), null);
            } catch (ClusterFailure unreachable) {
                log.debug("{} does not answer", visit.key(), unreachable);
                return new Told(null, unreachable);
            }
        }
    }

    /** Those that answer in time, and of the others those that did before: of one that never has not even the id is known. */
    @GetMapping
    Links.Listed<ClusterData> clusters(HttpServletRequest request) {
        List<Visit> visits = this.visits.all(request);
        List<Optional<Told>> told =
                clusters.atOnce().ask(visits, Told::by, visit -> Clusters.isBeside(visit.managed()));
        List<ClusterData> found = new ArrayList<>();
        ClusterFailure last = null;
        for (int i = 0; i < told.size(); i++) {
            Told each = told.get(i)
                    .orElse(new Told(
                            null, new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.of("clusters.silent"))));
            if (each.picture() != null) {
                found.add(ClusterData.of(
                        each.picture(), Links.of(request, each.picture().id())));
            } else {
                last = each.failure();
                visits.get(i)
                        .managed()
                        .knownId()
                        .ifPresent(id -> found.add(ClusterData.of(id, OptionalInt.empty(), Links.of(request, id))));
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
        return BrokerData.of(visit.broker(broker), Links.of(request, clusterId));
    }
}
