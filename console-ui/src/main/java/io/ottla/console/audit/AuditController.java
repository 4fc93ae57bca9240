package io.ottla.console.audit;

import io.ottla.console.access.Action;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.pages.Live;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Who did what, the newest first. */
@Controller
final class AuditController {
    private final Optional<AuditReader> reader;
    private final Clusters clusters;

    /** @param reader empty where the trail goes to the log alone */
    AuditController(Optional<AuditReader> reader, Clusters clusters) {
        this.reader = reader;
        this.clusters = clusters;
    }

    @GetMapping("/audit")
    String audit(
            ConsoleVisit visit,
            @RequestParam(required = false) String person,
            @RequestParam(required = false) String action,
            @RequestParam(required = false) String cluster,
            @RequestParam(required = false) String before,
            HttpServletRequest request,
            Model model) {
        visit.require(Action.VIEW_AUDIT);
        AuditQuery query = AuditQuery.of(person, action, cluster, before);
        model.addAttribute("section", "audit");
        model.addAttribute("kept", reader.isPresent());
        model.addAttribute("query", query);
        model.addAttribute("actions", actions());
        model.addAttribute(
                "clusters", clusters.all().stream().map(ManagedCluster::key).toList());
        model.addAttribute("found", reader.map(each -> each.read(visit, query)).orElse(AuditReader.Found.NOTHING));
        return Live.view(request, "audit", "found");
    }

    /** What can be looked for. */
    static List<String> actions() {
        return Arrays.stream(Action.values())
                .filter(action -> !action.reads())
                .map(Action::key)
                .toList();
    }
}
