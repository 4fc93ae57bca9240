package io.ottla.console.rest;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.quotas.QuotaOwner;
import io.ottla.console.quotas.Quotas;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Quotas of clients. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{clusterId}/quotas", produces = MediaType.APPLICATION_JSON_VALUE)
final class QuotasResource {
    /** @param owner {@code user}, {@code client-id}, {@code ip}, or {@code default-user} and so on; none for all quotas */
    @GetMapping
    Links.Listed<QuotaData> quotas(
            Visit visit,
            @PathVariable String clusterId,
            @RequestParam Map<String, String> owner,
            HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        return links.listed(
                "ClientQuotaList",
                "/quotas",
                (owner.isEmpty() ? Quotas.list(visit) : List.of(Quotas.of(visit, QuotaOwner.of(owner))))
                        .stream().map(quota -> QuotaData.of(quota, links)).toList());
    }

    /** Sets some limits and takes others away; what is not named stays. */
    @Needs(Action.EDIT_QUOTAS)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> alter(Visit visit, @RequestBody QuotaData.Alteration body) {
        QuotaOwner owner = body.owner();
        Quotas.alter(visit, owner, body.changes(owner));
        return ResponseEntity.noContent().build();
    }
}
