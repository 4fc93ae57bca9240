package io.ottla.console.acls;

import io.ottla.console.abilities.SecurityTab;
import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.pages.Refused;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** New rules: typed, by template, or from a file. Each way first shows what would be made. */
@Controller
@RequestMapping("/clusters/{cluster}/acls")
final class NewAclsController {
    private static final String CONFIRMED = "confirmed";
    private static final String EDIT = "edit";

    /**
     * A rule that would be made.
     *
     * @param there whether it is there already
     */
    public record Planned(Acl acl, boolean there) {}

    /** @param parameters {@code as}: the template; the form's fields, if some are known */
    @GetMapping("/create")
    String form(Visit visit, @RequestParam Map<String, String> parameters, Model model) {
        return form(visit, parameters, null, model);
    }

    private static String form(Visit visit, Map<String, String> typed, Wording problem, Model model) {
        show(visit, problem, model);
        model.addAttribute("templates", AclTemplate.values());
        model.addAttribute("as", AclTemplate.of(typed.get("as")));
        model.addAttribute("fields", typed);
        model.addAttribute("choices", AclChoices.ALL);
        return "acls-create";
    }

    /** Shows what would be made, and makes it when that has been seen: {@code confirmed}. */
    @Needs(Action.EDIT_ACLS)
    @PostMapping("/create")
    String create(Visit visit, @RequestParam Map<String, String> typed, Model model, HttpServletResponse response) {
        visit.require(Action.EDIT_ACLS);
        try {
            List<Acl> acls = AclTemplate.of(typed.get("as")).acls(typed);
            return typed.containsKey(EDIT)
                    ? form(visit, typed, null, model)
                    : create(visit, acls, "create", typed, model);
        } catch (RuntimeException refused) {
            return form(visit, typed, Refused.say(refused, response), model);
        }
    }

    @GetMapping("/import")
    String text(Visit visit, Model model) {
        return text(visit, "", null, model);
    }

    private static String text(Visit visit, String typed, Wording problem, Model model) {
        show(visit, problem, model);
        model.addAttribute("text", typed);
        model.addAttribute("columns", String.join(",", AclText.COLUMNS));
        return "acls-import";
    }

    /** @param typed {@code text}: rules as CSV or JSON */
    @Needs(Action.EDIT_ACLS)
    @PostMapping("/import")
    String read(Visit visit, @RequestParam Map<String, String> typed, Model model, HttpServletResponse response) {
        visit.require(Action.EDIT_ACLS);
        String text = typed.getOrDefault("text", "");
        try {
            List<Acl> acls = AclText.parse(text);
            return typed.containsKey(EDIT)
                    ? text(visit, text, null, model)
                    : create(visit, acls, "import", typed, model);
        } catch (RuntimeException refused) {
            return text(visit, text, Refused.say(refused, response), model);
        }
    }

    private static String create(Visit visit, List<Acl> acls, String by, Map<String, String> typed, Model model) {
        Set<Acl> there = new HashSet<>(Acls.list(visit, AclBindingFilter.ANY));
        List<Acl> missing = acls.stream().filter(acl -> !there.contains(acl)).toList();
        if (typed.containsKey(CONFIRMED)) {
            if (missing.isEmpty()) {
                throw new Mistyped(Wording.of("acls.all-there"));
            }
            Acls.create(visit, missing);
            return "redirect:" + Addresses.cluster(visit.key()) + "/acls?created=" + missing.size();
        }
        show(visit, null, model);
        model.addAttribute("by", by);
        model.addAttribute(
                "planned",
                acls.stream().map(acl -> new Planned(acl, there.contains(acl))).toList());
        model.addAttribute("missing", missing.size());
        model.addAttribute(
                "fields",
                typed.entrySet().stream()
                        .filter(field -> !field.getKey().equals("_csrf")
                                && !field.getKey().equals(EDIT))
                        .toList());
        return "acls-preview";
    }

    private static void show(Visit visit, Wording problem, Model model) {
        visit.require(Action.EDIT_ACLS);
        SecurityTab.ACLS.show(visit, model);
        model.addAttribute("at", Addresses.cluster(visit.key()) + "/acls");
        model.addAttribute("problem", problem);
    }
}
