package io.ottla.console.groups;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupLag;
import io.ottla.console.lag.TopicFigures;
import io.ottla.console.pages.Addresses;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriUtils;

/** What is done to one group: its offsets set, its members removed, the group deleted. Each is shown before it is done. */
@Controller
@RequestMapping({"/clusters/{cluster}/groups/{group}", "/clusters/{cluster}" + GroupAddress.IN_ZOOKEEPER})
final class GroupChangesController {
    /** What its page can say was done. */
    static final Set<String> DONE = Set.of("reset", "forgot", "removed");

    private final InstantSource clock;

    GroupChangesController(InstantSource clock) {
        this.clock = clock;
    }

    /** The form; with {@code to}, also what it would do. Changes nothing. */
    @GetMapping("/reset")
    String reset(
            Visit visit,
            GroupKey group,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(defaultValue = "") String topic,
            @RequestParam(defaultValue = "") String partitions,
            @RequestParam(defaultValue = "") String value,
            Model model,
            HttpServletResponse response) {
        visit.require(Action.RESET_OFFSETS, group.id());
        ResetForm form = new ResetForm(to, topic, partitions, value);
        if (!to.isEmpty()) {
            try {
                model.addAttribute(
                        "plan", OffsetResets.plan(visit, group, form.request(ZoneId.systemDefault()), clock));
            } catch (ResetForm.Unreadable unreadable) {
                problem(unreadable.wording(), model, response);
            } catch (ClusterFailure failure) {
                if (failure.reason() != ClusterFailure.Reason.REFUSED
                        && failure.reason() != ClusterFailure.Reason.NOT_FOUND) {
                    throw failure;
                }
                problem(failure.wording(), model, response);
            }
        }
        return resetForm(visit, group, form, model);
    }

    /** @param plan what the form showed, so that just that is done */
    @Needs(Action.RESET_OFFSETS)
    @PostMapping("/reset")
    String apply(
            Visit visit,
            GroupKey group,
            @RequestParam(defaultValue = "") String plan,
            @RequestParam(defaultValue = "") String target,
            Model model,
            HttpServletResponse response) {
        visit.require(Action.RESET_OFFSETS, group.id()); // Also where the plan can't be read.
        try {
            OffsetResets.apply(visit, group, ResetPlan.read(plan), target);
            return back(visit, group, "reset");
        } catch (IllegalArgumentException unreadable) {
            problem(Wording.of("groups.reset.no-plan"), model, response);
        } catch (ClusterFailure failure) {
            if (failure.reason() != ClusterFailure.Reason.REFUSED) {
                throw failure;
            }
            problem(failure.wording(), model, response);
        }
        return resetForm(visit, group, new ResetForm("", "", "", ""), model);
    }

    private static String resetForm(Visit visit, GroupKey group, ResetForm form, Model model) {
        GroupLag lag = GroupReader.lag(visit, group);
        frame(visit, GroupReader.group(visit, group), model);
        model.addAttribute(
                "topics", lag.topics().stream().map(TopicFigures::topic).toList());
        model.addAttribute("form", form);
        model.addAttribute("targets", ResetForm.TARGETS);
        return "group-reset";
    }

    @GetMapping("/delete")
    String askDelete(Visit visit, GroupKey group, Model model) {
        visit.require(Action.DELETE_GROUP, group.id());
        frame(visit, GroupReader.group(visit, group), model);
        model.addAttribute("lag", GroupReader.lag(visit, group));
        return "group-delete";
    }

    /** @param typed the group's name once more, so that no click alone deletes it */
    @Needs(Action.DELETE_GROUP)
    @PostMapping("/delete")
    String delete(
            Visit visit,
            GroupKey group,
            @RequestParam(defaultValue = "") String typed,
            Model model,
            HttpServletResponse response) {
        try {
            if (typed.strip().equals(group.id().strip())) {
                GroupChanges.delete(visit, group);
                return "redirect:" + Addresses.groups(visit.key()) + "?deleted="
                        + UriUtils.encodeQueryParam(group.id(), StandardCharsets.UTF_8);
            }
            problem(Wording.of("groups.delete.typed", group.id(), typed.strip()), model, response);
        } catch (ClusterFailure failure) {
            if (failure.reason() != ClusterFailure.Reason.REFUSED) {
                throw failure;
            }
            problem(failure.wording(), model, response);
        }
        return askDelete(visit, group, model);
    }

    @GetMapping("/forget")
    String askForget(Visit visit, GroupKey group, @RequestParam String topic, Model model) {
        visit.require(Action.RESET_OFFSETS, group.id());
        visit.require(Action.VIEW_TOPIC, topic);
        frame(visit, GroupReader.group(visit, group), model);
        model.addAttribute("topic", topic);
        return "group-forget";
    }

    /** Deletes its offsets in one topic. */
    @Needs(Action.RESET_OFFSETS)
    @PostMapping("/forget")
    String forget(Visit visit, GroupKey group, @RequestParam String topic, Model model, HttpServletResponse response) {
        try {
            OffsetResets.delete(visit, group, topic);
            return back(visit, group, "forgot");
        } catch (ClusterFailure failure) {
            if (failure.reason() != ClusterFailure.Reason.REFUSED) {
                throw failure;
            }
            problem(failure.wording(), model, response);
            return askForget(visit, group, topic, model);
        }
    }

    @GetMapping("/remove")
    String askRemove(Visit visit, GroupKey group, @RequestParam(defaultValue = "") String instance, Model model) {
        visit.require(Action.REMOVE_MEMBERS, group.id());
        frame(visit, GroupReader.group(visit, group), model);
        model.addAttribute("instance", instance);
        return "group-remove";
    }

    /** @param instance of a static member; empty for all members */
    @Needs(Action.REMOVE_MEMBERS)
    @PostMapping("/remove")
    String remove(
            Visit visit,
            GroupKey group,
            @RequestParam(defaultValue = "") String instance,
            Model model,
            HttpServletResponse response) {
        try {
            GroupChanges.removeMembers(visit, group, instance);
            return back(visit, group, "removed");
        } catch (ClusterFailure failure) {
            if (failure.reason() != ClusterFailure.Reason.REFUSED) {
                throw failure;
            }
            problem(failure.wording(), model, response);
            return askRemove(visit, group, instance, model);
        }
    }

    private static String back(Visit visit, GroupKey group, String done) {
        return "redirect:" + GroupAddress.of(visit.key(), group) + "?done=" + done;
    }

    private static void frame(Visit visit, Group group, Model model) {
        model.addAttribute("section", "groups");
        model.addAttribute("group", group);
        model.addAttribute("address", GroupAddress.of(visit.key(), group.key()));
    }

    private static void problem(Wording wording, Model model, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        model.addAttribute("problem", wording);
    }
}
