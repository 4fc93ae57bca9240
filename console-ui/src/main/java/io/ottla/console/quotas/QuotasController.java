package io.ottla.console.quotas;

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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of quotas, and the form that sets somebody's. */
@Controller
@RequestMapping("/clusters/{cluster}/quotas")
final class QuotasController {
    private static final int PAGE = 50;
    private static final int MAX_TEXT = 250;

    @GetMapping
    String quotas(
            Visit visit,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(required = false) String page,
            @RequestParam(required = false) String changed,
            HttpServletRequest request,
            Model model) {
        String text = q.strip().substring(0, Math.min(q.strip().length(), MAX_TEXT));
        show(visit, model);
        List<Quota> found = List.of();
        try {
            found = Quotas.list(visit).stream()
                    .filter(quota -> matches(quota.owner(), text, kind))
                    .toList();
        } catch (ClusterFailure failure) {
            model.addAttribute("absence", Absence.of(failure, Ability.QUOTAS));
        }
        model.addAttribute("quotas", Slice.of(found, Slice.page(page), PAGE));
        model.addAttribute("keys", QuotaKey.values());
        model.addAttribute("types", QuotaOwner.TYPES);
        model.addAttribute("q", text);
        model.addAttribute("kind", kind);
        model.addAttribute("changed", changed);
        return Live.view(request, "quotas", "found");
    }

    private static boolean matches(QuotaOwner owner, String text, String kind) {
        return owner.parts().stream()
                .anyMatch(part -> (kind.isEmpty() || part.type().equals(kind))
                        && part.name().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)));
    }

    private static void show(Visit visit, Model model) {
        SecurityTab.QUOTAS.show(visit, model);
        model.addAttribute("at", at(visit));
        model.addAttribute("editable", visit.may(Action.EDIT_QUOTAS));
    }

    private static String at(Visit visit) {
        return Addresses.cluster(visit.key()) + "/quotas";
    }

    /** @param fields whose, see {@link QuotaOwner#of(Map)}; without any, the form asks that too */
    @GetMapping("/edit")
    String form(Visit visit, @RequestParam Map<String, String> fields, Model model) {
        try {
            Quota now = Quotas.of(visit, QuotaOwner.of(fields));
            Map<String, String> filled = new HashMap<>(fields);
            for (QuotaKey key : QuotaKey.values()) {
                filled.put(key.key(), now.typed(key));
            }
            return form(visit, now.owner(), filled, null, model);
        } catch (Mistyped nobody) {
            return form(visit, null, fields, null, model);
        }
    }

    private static String form(
            Visit visit, QuotaOwner owner, Map<String, String> fields, Wording problem, Model model) {
        visit.require(Action.EDIT_QUOTAS);
        show(visit, model);
        model.addAttribute("owner", owner);
        model.addAttribute("types", QuotaOwner.TYPES);
        model.addAttribute("keys", owner == null ? List.of(QuotaKey.values()) : QuotaKey.of(owner));
        model.addAttribute("fields", fields);
        model.addAttribute("problem", problem);
        return "quotas-edit";
    }

    /** @param fields whose, and the limits by Kafka's names; {@code known} where the form came with somebody's */
    @Needs(Action.EDIT_QUOTAS)
    @PostMapping("/edit")
    String edit(Visit visit, @RequestParam Map<String, String> fields, Model model, HttpServletResponse response) {
        visit.require(Action.EDIT_QUOTAS);
        QuotaOwner owner = null;
        try {
            owner = QuotaOwner.of(fields);
            Map<String, OptionalDouble> changes = Quotas.changes(Quotas.of(visit, owner), withoutEmpty(fields));
            Quotas.alter(visit, owner, changes);
            return "redirect:" + at(visit) + "?changed=" + Addresses.parameter(owner.toString());
        } catch (Mistyped | ClusterFailure refused) {
            return form(
                    visit, fields.containsKey("known") ? owner : null, fields, Refused.say(refused, response), model);
        }
    }

    /** In a form that did not show what there is, nothing typed means that it stays. */
    private static Map<String, String> withoutEmpty(Map<String, String> fields) {
        Map<String, String> typed = new HashMap<>(fields);
        if (!fields.containsKey("known")) {
            typed.values().removeIf(String::isBlank);
        }
        return typed;
    }

    /** Takes one limit away. */
    @Needs(Action.EDIT_QUOTAS)
    @PostMapping("/remove")
    String remove(
            Visit visit,
            @RequestParam Map<String, String> fields,
            @RequestParam String key,
            Model model,
            HttpServletResponse response) {
        try {
            QuotaOwner owner = QuotaOwner.of(fields);
            Quotas.alter(visit, owner, Map.of(key, OptionalDouble.empty()));
            return "redirect:" + at(visit) + "?changed=" + Addresses.parameter(owner.toString());
        } catch (Mistyped | ClusterFailure refused) {
            return form(visit, null, fields, Refused.say(refused, response), model);
        }
    }
}
