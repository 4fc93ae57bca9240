package io.ottla.console.added;

import io.ottla.console.access.Action;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.access.Needs;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The form by which somebody adds a cluster, and changes or removes one that was added. */
@Controller
final class AddedClustersController {
    private final AddedClusters added;

    AddedClustersController(AddedClusters added) {
        this.added = added;
    }

    @GetMapping("/add-cluster")
    String form(ConsoleVisit visit, Model model) {
        visit.require(Action.EDIT_CLUSTERS);
        return page(ClusterForm.EMPTY, false, List.of(), model);
    }

    @Needs(Action.EDIT_CLUSTERS)
    @PostMapping("/add-cluster")
    String add(
            ConsoleVisit visit,
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String bootstrap,
            @RequestParam(defaultValue = "") String zookeeper,
            @RequestParam(defaultValue = "") String settings,
            @RequestParam(defaultValue = "false") boolean readOnly,
            @RequestParam(defaultValue = "false") boolean enabled,
            @RequestParam(defaultValue = "") String test,
            Model model,
            HttpServletResponse response) {
        ClusterForm form = new ClusterForm(key, name, bootstrap, zookeeper, settings, readOnly, enabled, false);
        try {
            if (!test.isEmpty()) {
                return tested(visit, form, false, List.of(), model);
            }
            added.add(visit, form);
            return "redirect:/clusters";
        } catch (ClusterFailure failure) {
            return refused(failure, form, false, List.of(), model, response);
        }
    }

    @GetMapping("/edit-cluster/{key}")
    String edit(ConsoleVisit visit, @PathVariable String key, Model model) {
        ClusterDefinition definition = added.get(visit, key);
        model.addAttribute(
                "locked",
                added.locked(visit, key)
                        .map(why -> Wording.of("added.locked", why))
                        .orElse(null));
        return page(ClusterForm.of(definition), true, ClusterForm.secrets(definition), model);
    }

    @Needs(Action.EDIT_CLUSTERS)
    @PostMapping("/edit-cluster/{key}")
    String change(
            ConsoleVisit visit,
            @PathVariable String key,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String bootstrap,
            @RequestParam(defaultValue = "") String zookeeper,
            @RequestParam(defaultValue = "") String settings,
            @RequestParam(defaultValue = "false") boolean readOnly,
            @RequestParam(defaultValue = "false") boolean enabled,
            @RequestParam(defaultValue = "false") boolean forget,
            @RequestParam(defaultValue = "") String test,
            Model model,
            HttpServletResponse response) {
        ClusterForm form = new ClusterForm(key, name, bootstrap, zookeeper, settings, readOnly, enabled, forget);
        try {
            if (!test.isEmpty()) {
                return tested(visit, form, true, ClusterForm.secrets(added.get(visit, key)), model);
            }
            added.change(visit, form);
            return "redirect:/clusters";
        } catch (ClusterFailure failure) {
            if (failure.reason() == Reason.NOT_FOUND) {
                throw failure;
            }
            model.addAttribute(
                    "locked",
                    added.locked(visit, key)
                            .map(why -> Wording.of("added.locked", why))
                            .orElse(null));
            return refused(failure, form, true, ClusterForm.secrets(added.get(visit, key)), model, response);
        }
    }

    @Needs(Action.EDIT_CLUSTERS)
    @PostMapping("/edit-cluster/{key}/remove")
    String remove(ConsoleVisit visit, @PathVariable String key) {
        added.remove(visit, key);
        return "redirect:/clusters";
    }

    private String tested(ConsoleVisit visit, ClusterForm form, boolean known, List<String> secrets, Model model) {
        model.addAttribute("picture", added.test(visit, form));
        return page(form, known, secrets, model);
    }

    /** Also what the cluster that is tried says: the form stays, with what was typed. */
    private static String refused(
            ClusterFailure failure,
            ClusterForm form,
            boolean known,
            List<String> secrets,
            Model model,
            HttpServletResponse response) {
        response.setStatus(
                failure.reason() == Reason.REFUSED
                        ? HttpServletResponse.SC_BAD_REQUEST
                        : HttpServletResponse.SC_BAD_GATEWAY);
        model.addAttribute("problem", failure.wording());
        return page(form, known, secrets, model);
    }

    private static String page(ClusterForm form, boolean known, List<String> secrets, Model model) {
        model.addAttribute("section", "clusters");
        model.addAttribute("form", form);
        model.addAttribute("known", known);
        model.addAttribute("secrets", secrets);
        if (!model.containsAttribute("problem")) {
            model.addAttribute("problem", (Wording) null);
        }
        return "edit-cluster";
    }
}
