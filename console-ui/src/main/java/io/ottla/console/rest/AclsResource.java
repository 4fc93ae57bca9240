package io.ottla.console.rest;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.acls.Acl;
import io.ottla.console.acls.Acls;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Access rules. */
@RestController
@RequestMapping(
        path = {"/v3/clusters/{clusterId}", "/kafka/v3/clusters/{clusterId}"},
        produces = MediaType.APPLICATION_JSON_VALUE)
final class AclsResource {
    /** Without which a deletion would take more than its caller thinks; {@code ANY} says that all are meant. */
    private static final List<String> NEEDED_TO_DELETE =
            List.of("resource_type", "pattern_type", "operation", "permission");

    private static final Comparator<Acl> ORDER = Comparator.comparing(Acl::type)
            .thenComparing(Acl::name)
            .thenComparing(Acl::principal)
            .thenComparing(Acl::operation);

    /** What a deletion answers. */
    record Deleted(List<AclData> data) {}

    /** Several rules to be made. */
    record Batch(List<AclData> data) {}

    /** @param filter {@code resource_type} and so on; what is left out is not filtered by */
    @GetMapping("/acls")
    Links.Listed<AclData> acls(
            Visit visit,
            @PathVariable String clusterId,
            @RequestParam Map<String, String> filter,
            HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        return links.listed("KafkaAclList", "/acls", data(Acls.list(visit, filter(filter)), links));
    }

    private static List<AclData> data(List<Acl> acls, Links links) {
        return acls.stream().sorted(ORDER).map(acl -> AclData.of(acl, links)).toList();
    }

    /** 201, also where the rule is there already. */
    @Needs(Action.EDIT_ACLS)
    @PostMapping(path = "/acls", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> create(
            Visit visit, @PathVariable String clusterId, @RequestBody AclData body, HttpServletRequest request) {
        Acl acl = body.acl();
        Acls.create(visit, List.of(acl));
        return ResponseEntity.created(URI.create(
                        AclData.of(acl, Links.of(request, clusterId)).metadata().self()))
                .build();
    }

    @Needs(Action.EDIT_ACLS)
    @PostMapping(path = "/acls:batch", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> createAll(
            Visit visit, @PathVariable String clusterId, @RequestBody Batch body, HttpServletRequest request) {
        if (body.data() == null || body.data().isEmpty() || body.data().contains(null)) {
            throw new ApiFailure(ApiError.BAD_REQUEST, "Expected at least one rule in data, but the request has none.");
        }
        if (body.data().size() > Acls.MAX_AT_ONCE) {
            throw new ApiFailure(
                    ApiError.TOO_MANY,
                    "Expected at most " + Acls.MAX_AT_ONCE + " rules in data, but got "
                            + body.data().size() + ".");
        }
        Acls.create(visit, body.data().stream().map(AclData::acl).distinct().toList());
        return ResponseEntity.created(URI.create(
                        Links.of(request, clusterId).metadata("/acls").self()))
                .build();
    }

    /** Deletes what the filter matches, and tells what that was. */
    @Needs(Action.EDIT_ACLS)
    @DeleteMapping("/acls")
    Deleted delete(
            Visit visit,
            @PathVariable String clusterId,
            @RequestParam Map<String, String> filter,
            HttpServletRequest request) {
        for (String needed : NEEDED_TO_DELETE) {
            if (filter.getOrDefault(needed, "").isBlank()) {
                throw new ApiFailure(
                        ApiError.BAD_REQUEST, "Expected " + needed + ", or ANY for all, but the request has none.");
            }
        }
        AclBindingFilter wanted = filter(filter);
        visit.require(Action.EDIT_ACLS);
        List<Acl> found = Acls.list(visit, wanted);
        if (!found.isEmpty()) {
            Acls.delete(visit, found);
        }
        return new Deleted(data(found, Links.of(request, clusterId)));
    }

    private static AclBindingFilter filter(Map<String, String> filter) {
        return new AclBindingFilter(
                new ResourcePatternFilter(
                        choice(filter, "resource_type", ResourceType.ANY),
                        text(filter, "resource_name"),
                        choice(filter, "pattern_type", PatternType.ANY)),
                new AccessControlEntryFilter(
                        text(filter, "principal"),
                        text(filter, "host"),
                        choice(filter, "operation", AclOperation.ANY),
                        choice(filter, "permission", AclPermissionType.ANY)));
    }

    private static String text(Map<String, String> filter, String field) {
        String text = filter.getOrDefault(field, "");
        return text.isEmpty() ? null : text;
    }

    private static <E extends Enum<E>> E choice(Map<String, String> filter, String field, E otherwise) {
        String text = filter.getOrDefault(field, "");
        if (text.equals("UNKNOWN")) {
            throw new ApiFailure(ApiError.BAD_REQUEST, "Expected " + field + " that is known, but got UNKNOWN.");
        }
        return text.isEmpty() ? otherwise : AclData.choice(field, text, otherwise.getDeclaringClass());
    }
}
