package io.ottla.console.scram;

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
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of SCRAM users, new passwords, and what is taken from them. */
@Controller
@RequestMapping("/clusters/{cluster}/users")
final class UsersController {
    private static final int PAGE = 50;
    private static final int MAX_TEXT = 250;

    private final SecureRandom random = new SecureRandom();

    @GetMapping
    String users(
            Visit visit,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) String page,
            @RequestParam(required = false) String changed,
            @RequestParam(required = false) String deleted,
            HttpServletRequest request,
            Model model) {
        String text = q.strip().substring(0, Math.min(q.strip().length(), MAX_TEXT));
        show(visit, null, model);
        List<ScramUser> found = List.of();
        try {
            found = ScramUsers.list(visit).stream()
                    .filter(user -> user.name().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)))
                    .toList();
        } catch (ClusterFailure failure) {
            model.addAttribute("absence", Absence.of(failure, Ability.SCRAM));
        }
        model.addAttribute("users", Slice.of(found, Slice.page(page), PAGE));
        model.addAttribute("q", text);
        model.addAttribute("changed", changed);
        model.addAttribute("deleted", deleted);
        return Live.view(request, "users", "found");
    }

    private static void show(Visit visit, Wording problem, Model model) {
        SecurityTab.USERS.show(visit, model);
        model.addAttribute("at", at(visit));
        model.addAttribute("editable", visit.may(Action.EDIT_USERS));
        model.addAttribute("problem", problem);
    }

    private static String at(Visit visit) {
        return Addresses.cluster(visit.key()) + "/users";
    }

    /** @param name whose; without, the form asks that too */
    @GetMapping("/password")
    String form(Visit visit, @RequestParam(defaultValue = "") String name, Model model) {
        visit.require(Action.EDIT_USERS);
        UserForm form = name.isEmpty()
                ? UserForm.empty("")
                : ScramUsers.find(visit, name).map(UserForm::of).orElseGet(() -> UserForm.empty(name));
        return form(visit, form, null, model);
    }

    private static String form(Visit visit, UserForm form, Wording problem, Model model) {
        visit.require(Action.EDIT_USERS);
        show(visit, problem, model);
        model.addAttribute("form", form);
        model.addAttribute("mechanisms", ScramUsers.MECHANISMS);
        model.addAttribute("least", Integer.toString(ScramUsers.MIN_ITERATIONS));
        model.addAttribute("most", Integer.toString(ScramUsers.MAX_ITERATIONS));
        return "users-password";
    }

    /**
     * Sets the password. One that is made here is shown in the answer, and never again.
     *
     * @param fields the form's; {@code fresh} where it was meant to make somebody new
     */
    @Needs(Action.EDIT_USERS)
    @PostMapping("/password")
    String set(Visit visit, @RequestParam Map<String, String> fields, Model model, HttpServletResponse response) {
        visit.require(Action.EDIT_USERS);
        UserForm form = UserForm.typed(fields);
        try {
            Secret secret = form.secret(fields, random);
            List<ScramMechanism> chosen = form.chosen();
            int iterations = form.count();
            if (fields.containsKey("fresh")
                    && ScramUsers.find(visit, form.name()).isPresent()) {
                throw new Mistyped(Wording.of("users.taken", form.name()));
            }
            ScramUsers.set(visit, form.name(), chosen, iterations, secret);
            if (!form.made()) {
                return "redirect:" + at(visit) + "?changed=" + Addresses.parameter(form.name());
            }
            show(visit, null, model);
            model.addAttribute("form", form);
            model.addAttribute("secret", secret.reveal());
            return "users-made";
        } catch (Mistyped | ClusterFailure refused) {
            model.addAttribute("fresh", fields.containsKey("fresh"));
            return form(visit, form, Refused.say(refused, response), model);
        }
    }

    @GetMapping("/delete")
    String ask(Visit visit, @RequestParam String name, @RequestParam String mechanism, Model model) {
        return ask(visit, name, mechanism, null, model);
    }

    private static String ask(Visit visit, String name, String mechanism, Wording problem, Model model) {
        visit.require(Action.EDIT_USERS);
        show(visit, problem, model);
        ScramUser user = ScramUsers.find(visit, name)
                .filter(found -> found.credentials().stream()
                        .anyMatch(each -> each.mechanismName().equals(mechanism)))
                .orElseThrow(
                        () -> new ClusterFailure(ClusterFailure.Kind.NO_SUCH_USER, Wording.of("users.no-such", name)));
        model.addAttribute("named", user);
        model.addAttribute("mechanism", mechanism);
        return "users-delete";
    }

    /** @param typed the user's name once more */
    @Needs(Action.EDIT_USERS)
    @PostMapping("/delete")
    String delete(
            Visit visit,
            @RequestParam String name,
            @RequestParam String mechanism,
            @RequestParam(defaultValue = "") String typed,
            Model model,
            HttpServletResponse response) {
        visit.require(Action.EDIT_USERS);
        if (!typed.strip().equals(name)) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return ask(visit, name, mechanism, Wording.of("users.delete.typed", name, typed.strip()), model);
        }
        try {
            ScramUsers.delete(visit, name, ScramUsers.mechanism(mechanism));
            return "redirect:" + at(visit) + "?deleted=" + Addresses.parameter(name);
        } catch (Mistyped | ClusterFailure refused) {
            return ask(visit, name, mechanism, Refused.say(refused, response), model);
        }
    }
}
