package io.ottla.console.rest;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterPicture;
import io.ottla.console.clusters.ClusterPicture.Broker;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The cluster and its brokers. */
@RestController
@RequestMapping(
        path = {"/v3/clusters", "/kafka/v3/clusters"},
        produces = MediaType.APPLICATION_JSON_VALUE)
final class ClustersResource {
    private final Cluster cluster;

    ClustersResource(Cluster cluster) {
        this.cluster = cluster;
    }

    @GetMapping
    Links.Listed<ClusterData> clusters(HttpServletRequest request) {
        ClusterPicture picture = cluster.describe();
        Links links = Links.of(request, picture.id());
        return new Links.Listed<>(
                "KafkaClusterList",
                new Links.ListMetadata(links.root(), null),
                List.of(ClusterData.of(picture, links)));
    }

    @GetMapping("/{id}")
    ClusterData cluster(@PathVariable String id, HttpServletRequest request) {
        return ClusterData.of(ours(cluster, id), Links.of(request, id));
    }

    @GetMapping("/{id}/brokers")
    Links.Listed<BrokerData> brokers(@PathVariable String id, HttpServletRequest request) {
        Links links = Links.of(request, id);
        return links.listed(
                "KafkaBrokerList",
                "/brokers",
                ours(cluster, id).brokers().stream()
                        .map(broker -> BrokerData.of(broker, links))
                        .toList());
    }

    @GetMapping("/{id}/brokers/{broker}")
    BrokerData broker(@PathVariable String id, @PathVariable int broker, HttpServletRequest request) {
        Broker found = ours(cluster, id).brokers().stream()
                .filter(candidate -> candidate.id() == broker)
                .findFirst()
                .orElseThrow(() -> new ApiFailure(
                        ApiError.NO_SUCH_BROKER, "Expected a live broker, but none has the id " + broker + "."));
        return BrokerData.of(found, Links.of(request, id));
    }

    /** The cluster, if that is its id. */
    static ClusterPicture ours(Cluster cluster, String id) {
        ClusterPicture picture = cluster.describe();
        if (!picture.id().equals(id)) {
            throw new ApiFailure(
                    ApiError.NO_SUCH_CLUSTER,
                    "Expected the cluster " + picture.id() + ", but was asked for " + id + ".");
        }
        return picture;
    }
}
