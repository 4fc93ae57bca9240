package io.ottla.console.added;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Action;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.access.Needs;
import io.ottla.console.clusters.ClusterPicture;
import io.ottla.console.pages.ApiList;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Clusters that somebody added, for programs of administrators. */
@RestController
@RequestMapping(path = "/api/v1/added-clusters", produces = MediaType.APPLICATION_JSON_VALUE)
final class AddedClustersResource {
    private final AddedClusters added;

    AddedClustersResource(AddedClusters added) {
        this.added = added;
    }

    /** What a cluster that was tried says of itself. */
    record TestData(
            String kind,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("controller_id") Integer controller,
            List<BrokerData> brokers) {
        /** @param rack null where it has none */
        record BrokerData(@JsonProperty("broker_id") int id, String host, int port, String rack) {}

        static TestData of(ClusterPicture picture) {
            return new TestData(
                    "ClusterTest",
                    picture.id(),
                    picture.controller().isPresent() ? picture.controller().getAsInt() : null,
                    picture.brokers().stream()
                            .map(broker -> new BrokerData(
                                    broker.id(),
                                    broker.host(),
                                    broker.port(),
                                    broker.rack().isEmpty() ? null : broker.rack()))
                            .toList());
        }
    }

    @GetMapping
    ApiList<AddedClusterData> all(ConsoleVisit visit, HttpServletRequest request) {
        return ApiList.of(
                "AddedClusterList",
                request,
                added.all(visit).stream().map(AddedClusterData::of).toList());
    }

    @Needs(Action.EDIT_CLUSTERS)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<AddedClusterData> add(
            ConsoleVisit visit, @RequestBody AddedClusterData.Wish body, HttpServletRequest request) {
        ClusterForm form = body.form(key(body), ClusterForm.EMPTY);
        added.add(visit, form);
        return ResponseEntity.created(URI.create(request.getRequestURI() + "/" + form.key()))
                .body(AddedClusterData.of(added.get(visit, form.key())));
    }

    /** Speaks to a cluster as it would be reached, once, and keeps nothing. Where the key is that of one that was added, with its secrets. */
    @Needs(Action.EDIT_CLUSTERS)
    @PostMapping(path = "/test", consumes = MediaType.APPLICATION_JSON_VALUE)
    TestData test(ConsoleVisit visit, @RequestBody AddedClusterData.Wish body) {
        return TestData.of(added.test(visit, body.form(key(body), ClusterForm.EMPTY)));
    }

    @GetMapping("/{key}")
    AddedClusterData one(ConsoleVisit visit, @PathVariable String key) {
        return AddedClusterData.of(added.get(visit, key));
    }

    /** All of it; what is left out is what it usually is. */
    @Needs(Action.EDIT_CLUSTERS)
    @PutMapping(path = "/{key}", consumes = MediaType.APPLICATION_JSON_VALUE)
    AddedClusterData replace(ConsoleVisit visit, @PathVariable String key, @RequestBody AddedClusterData.Wish body) {
        added.change(visit, body.form(key, ClusterForm.EMPTY));
        return AddedClusterData.of(added.get(visit, key));
    }

    /** What the body names, such as {@code enabled}; the rest stays. */
    @Needs(Action.EDIT_CLUSTERS)
    @PatchMapping(path = "/{key}", consumes = MediaType.APPLICATION_JSON_VALUE)
    AddedClusterData change(ConsoleVisit visit, @PathVariable String key, @RequestBody AddedClusterData.Wish body) {
        added.change(visit, body.form(key, ClusterForm.of(added.get(visit, key))));
        return AddedClusterData.of(added.get(visit, key));
    }

    @Needs(Action.EDIT_CLUSTERS)
    @DeleteMapping("/{key}")
    ResponseEntity<Void> remove(ConsoleVisit visit, @PathVariable String key) {
        added.remove(visit, key);
        return ResponseEntity.noContent().build();
    }

    private static String key(AddedClusterData.Wish body) {
        return body.key() == null ? "" : body.key();
    }
}
