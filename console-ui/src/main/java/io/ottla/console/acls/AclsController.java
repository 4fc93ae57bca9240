package io.ottla.console.acls;

import io.ottla.console.abilities.Ability;
import io.ottla.console.abilities.Absence;
import io.ottla.console.abilities.SecurityTab;
import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.pages.Refused;
import io.ottla.console.pages.Slice;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of rules, what is kept of it as a file, and what is deleted of it. */
@Controller
@RequestMapping("/clusters/{cluster}/acls")
final class AclsController {
    /** Rules that the page before a deletion shows one by one. */
    private static final int SHOWN = 500;

    @GetMapping
    String acls(Visit visit, @RequestParam Map<String, String> parameters, HttpServletRequest request, Model model) {
        AclQuery query = query(visit, parameters);
        show(visit, query, model);
        try {
            model.addAttribute("acls", query.slice(query.select(visit)));
        } catch (ClusterFailure failure) {
            model.addAttribute("acls", Slice.of(List.of(), 1, 1));
            model.addAttribute("absence", Absence.of(failure, Ability.ACLS));
        }
        model.addAttribute("created", number(parameters.get("created")));
        model.addAttribute("deleted", number(parameters.get("deleted")));
        return Live.view(request, "acls", "found");
    }

    private static Integer number(String text) {
        return text == null || !text.matches("\\d{1,5}") ? null : Integer.valueOf(text);
    }

    private static AclQuery query(Visit visit, Map<String, String> parameters) {
        return AclQuery.of(Addresses.cluster(visit.key()) + "/acls", parameters);
    }

    private static void show(Visit visit, AclQuery query, Model model) {
        SecurityTab.ACLS.show(visit, model);
        model.addAttribute("query", query);
        model.addAttribute("choices", AclChoices.ALL);
        model.addAttribute("editable", visit.may(Action.EDIT_ACLS));
    }

    /** All rules of the list, not a page of them. */
    @GetMapping("/export.csv")
    ResponseEntity<String> csv(Visit visit, @RequestParam Map<String, String> parameters) {
        return file(
                visit,
                "csv",
                "text/csv;charset=UTF-8",
                AclText.csv(query(visit, parameters).select(visit)));
    }

    @GetMapping("/export.json")
    ResponseEntity<String> json(Visit visit, @RequestParam Map<String, String> parameters) {
        return file(
                visit,
                "json",
                "application/json;charset=UTF-8",
                AclText.json(query(visit, parameters).select(visit)));
    }

    private static ResponseEntity<String> file(Visit visit, String ending, String type, String text) {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(type))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("acls-" + visit.key() + "." + ending)
                                .build()
                                .toString())
                .body(text);
    }

    /** What would be deleted: all that the filter matches, or the one {@code rule}. */
    @GetMapping("/delete")
    String ask(Visit visit, @RequestParam Map<String, String> parameters, Model model) {
        return ask(visit, parameters, null, model);
    }

    private static String ask(Visit visit, Map<String, String> parameters, Wording problem, Model model) {
        visit.require(Action.EDIT_ACLS);
        AclQuery query = query(visit, parameters);
        show(visit, query, model);
        List<Acl> all = chosen(visit, query, parameters);
        model.addAttribute("all", all);
        model.addAttribute("shown", all.subList(0, Math.min(all.size(), SHOWN)));
        model.addAttribute("rule", parameters.get("rule"));
        model.addAttribute("seen", Seen.of(all));
        model.addAttribute("problem", problem);
        return "acls-delete";
    }

    private static List<Acl> chosen(Visit visit, AclQuery query, Map<String, String> parameters) {
        String rule = parameters.get("rule");
        if (rule == null) {
            return query.select(visit);
        }
        try {
            return Acls.list(visit, AclText.parse(rule).getFirst().binding().toFilter());
        } catch (Mistyped noRule) {
            throw new ClusterFailure(ClusterFailure.Reason.NOT_FOUND, Wording.of("acls.no-rule"));
        }
    }

    /**
     * Deletes what the page showed, if it is still what would be shown.
     *
     * @param parameters as for the page; {@code seen}, which tells what was shown; {@code typed}, how many rules that are,
     *     where it is not one by itself
     */
    @Needs(Action.EDIT_ACLS)
    @PostMapping("/delete")
    String delete(
            Visit visit, @RequestParam Map<String, String> parameters, Model model, HttpServletResponse response) {
        visit.require(Action.EDIT_ACLS);
        List<Acl> all = chosen(visit, query(visit, parameters), parameters);
        String typed = parameters.getOrDefault("typed", "").strip();
        if (!Seen.of(all).equals(parameters.get("seen"))) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            return ask(visit, parameters, Wording.of("acls.delete.changed"), model);
        }
        if (!parameters.containsKey("rule") && !typed.equals(Integer.toString(all.size()))) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return ask(visit, parameters, Wording.of("acls.delete.typed", Integer.toString(all.size()), typed), model);
        }
        try {
            Acls.delete(visit, all);
            return "redirect:" + Addresses.cluster(visit.key()) + "/acls?deleted=" + all.size();
        } catch (RuntimeException refused) {
            return ask(visit, parameters, Refused.say(refused, response), model);
        }
    }
}
