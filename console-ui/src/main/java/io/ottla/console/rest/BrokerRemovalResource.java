package io.ottla.console.rest;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.brokers.BrokerChanges;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Forgets brokers that have gone for good. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{clusterId}/brokers", produces = MediaType.APPLICATION_JSON_VALUE)
final class BrokerRemovalResource {
    @Needs(Action.UNREGISTER_BROKER)
    @DeleteMapping("/{broker}")
    ResponseEntity<Void> unregister(Visit visit, @PathVariable String clusterId, @PathVariable int broker) {
        BrokerChanges.unregister(visit, broker);
        return ResponseEntity.noContent().build();
    }
}
