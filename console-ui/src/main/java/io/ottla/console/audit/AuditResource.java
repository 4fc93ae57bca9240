package io.ottla.console.audit;

import io.ottla.console.access.Action;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.ApiList;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The trail for programs, with the filters of the page. */
@RestController
final class AuditResource {
    private static final Pattern OFFSET = Pattern.compile("\\d{1,18}");

    private final Optional<AuditReader> reader;

    /** @param reader empty where the trail goes to the log alone */
    AuditResource(Optional<AuditReader> reader) {
        this.reader = reader;
    }

    @GetMapping(path = "/api/v1/audit", produces = MediaType.APPLICATION_JSON_VALUE)
    ApiList<AuditRecord> audit(
            ConsoleVisit visit,
            @RequestParam(defaultValue = "") String person,
            @RequestParam(defaultValue = "") String action,
            @RequestParam(defaultValue = "") String cluster,
            @RequestParam(defaultValue = "") String before,
            HttpServletRequest request) {
        visit.require(Action.VIEW_AUDIT);
        if (!action.isEmpty() && !AuditController.actions().contains(action)) {
            throw new Mistyped(
                    Wording.of("audit.bad-action", cut(action), String.join(", ", AuditController.actions())));
        }
        if (!before.isEmpty() && !OFFSET.matcher(before).matches()) {
            throw new Mistyped(Wording.of("audit.bad-before", cut(before)));
        }
        AuditReader.Found found = reader.orElseThrow(
                        () -> new ClusterFailure(Reason.NOT_FOUND, Wording.of("audit.off.text")))
                .read(visit, AuditQuery.of(person, action, cluster, before.isEmpty() ? null : before));
        return ApiList.of(
                "AuditEntryList",
                request,
                found.entries(),
                found.next() < 0 ? null : query(person, action, cluster) + "before=" + found.next());
    }

    private static String query(String person, String action, String cluster) {
        return parameter("person", person) + parameter("action", action) + parameter("cluster", cluster);
    }

    private static String parameter(String name, String value) {
        return value.isEmpty() ? "" : name + "=" + Addresses.parameter(value) + "&";
    }

    private static String cut(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
