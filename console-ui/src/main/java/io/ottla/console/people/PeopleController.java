package io.ottla.console.people;

import io.ottla.console.access.Action;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.access.Needs;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.pages.Addresses;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Who may log in: a list, and each of them. */
@Controller
@RequestMapping("/people")
final class PeopleController {
    private static final GrantText NONE = new GrantText("", "", "", "");

    private static final Set<String> DONE = Set.of("grants", "password", "disabled", "enabled", "sessions");

    private final People people;
    private final Sessions sessions;

    PeopleController(People people, Sessions sessions) {
        this.people = people;
        this.sessions = sessions;
    }

    /** Somebody as the list shows him. */
    record Row(String name, String origin, boolean disabled, List<GrantText> grants) {}

    @GetMapping
    String all(
            ConsoleVisit visit,
            @RequestParam(required = false) String added,
            @RequestParam(required = false) String removed,
            Model model) {
        model.addAttribute("section", "people");
        model.addAttribute(
                "people",
                people.all(visit).stream()
                        .map(person -> new Row(person.name(), person.origin().name(), person.disabled(), texts(person)))
                        .toList());
        model.addAttribute("added", added);
        model.addAttribute("removed", removed);
        return "people";
    }

    @GetMapping("/add")
    String form(ConsoleVisit visit, Model model) {
        visit.require(Action.EDIT_PEOPLE);
        return form("", List.of(new GrantText("viewer", "*", "*", "*")), null, model);
    }

    private static String form(String name, List<GrantText> grants, Wording problem, Model model) {
        model.addAttribute("section", "people");
        model.addAttribute("name", name);
        model.addAttribute("grants", withOneMore(grants));
        model.addAttribute("problem", problem);
        return "add-person";
    }

    @Needs(Action.EDIT_PEOPLE)
    @PostMapping("/add")
    String add(
            ConsoleVisit visit,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String password,
            @RequestParam MultiValueMap<String, String> all,
            Model model,
            HttpServletResponse response) {
        List<GrantText> grants = grants(all);
        try {
            people.add(visit, name.strip(), password, grants);
            return "redirect:/people?added=" + Addresses.segment(name.strip());
        } catch (ClusterFailure failure) {
            return form(name, grants, problem(failure, response), model);
        }
    }

    @GetMapping("/of/{name}")
    String one(
            ConsoleVisit visit, @PathVariable String name, @RequestParam(required = false) String done, Model model) {
        Person person = people.get(visit, name);
        model.addAttribute("done", done != null && DONE.contains(done) ? done : null);
        return page(person, texts(person), null, model);
    }

    private static String page(Person person, List<GrantText> grants, Wording problem, Model model) {
        model.addAttribute("section", "people");
        model.addAttribute("person", person);
        model.addAttribute("grants", withOneMore(grants));
        model.addAttribute("problem", problem);
        return "person";
    }

    @Needs(Action.EDIT_PEOPLE)
    @PostMapping("/of/{name}/grants")
    String grant(
            ConsoleVisit visit,
            @PathVariable String name,
            @RequestParam MultiValueMap<String, String> all,
            Model model,
            HttpServletResponse response) {
        List<GrantText> grants = grants(all);
        try {
            people.grant(visit, name, grants);
            return of(name) + "?done=grants";
        } catch (ClusterFailure failure) {
            return page(people.get(visit, name), grants, problem(failure, response), model);
        }
    }

    @Needs(Action.EDIT_PEOPLE)
    @PostMapping("/of/{name}/password")
    String password(
            ConsoleVisit visit,
            @PathVariable String name,
            @RequestParam(defaultValue = "") String password,
            Model model,
            HttpServletResponse response) {
        try {
            people.setPassword(visit, name, password);
            return of(name) + "?done=password";
        } catch (ClusterFailure failure) {
            Person person = people.get(visit, name);
            return page(person, texts(person), problem(failure, response), model);
        }
    }

    @Needs(Action.EDIT_PEOPLE)
    @PostMapping("/of/{name}/disable")
    String disable(ConsoleVisit visit, @PathVariable String name, Model model, HttpServletResponse response) {
        return disable(visit, name, true, model, response);
    }

    @Needs(Action.EDIT_PEOPLE)
    @PostMapping("/of/{name}/enable")
    String enable(ConsoleVisit visit, @PathVariable String name, Model model, HttpServletResponse response) {
        return disable(visit, name, false, model, response);
    }

    private String disable(
            ConsoleVisit visit, String name, boolean disabled, Model model, HttpServletResponse response) {
        try {
            people.disable(visit, name, disabled);
            return of(name) + (disabled ? "?done=disabled" : "?done=enabled");
        } catch (ClusterFailure failure) {
            Person person = people.get(visit, name);
            return page(person, texts(person), problem(failure, response), model);
        }
    }

    @Needs(Action.EDIT_PEOPLE)
    @PostMapping("/of/{name}/sessions")
    String endSessions(ConsoleVisit visit, @PathVariable String name) {
        people.get(visit, name);
        sessions.endAll(visit, name);
        return of(name) + "?done=sessions";
    }

    @Needs(Action.EDIT_PEOPLE)
    @PostMapping("/of/{name}/remove")
    String remove(ConsoleVisit visit, @PathVariable String name, Model model, HttpServletResponse response) {
        try {
            people.remove(visit, name);
            return "redirect:/people?removed=" + Addresses.segment(name);
        } catch (ClusterFailure failure) {
            Person person = people.get(visit, name);
            return page(person, texts(person), problem(failure, response), model);
        }
    }

    private static String of(String name) {
        return "redirect:/people/of/" + Addresses.segment(name);
    }

    private static List<GrantText> texts(Person person) {
        return person.grants().stream().map(GrantText::of).toList();
    }

    private static List<GrantText> withOneMore(List<GrantText> grants) {
        List<GrantText> more = new ArrayList<>(grants);
        more.add(NONE);
        return more;
    }

    /** The rows that have a role. */
    private static List<GrantText> grants(MultiValueMap<String, String> all) {
        List<GrantText> grants = new ArrayList<>();
        List<String> roles = all.getOrDefault("role", List.of());
        for (int i = 0; i < roles.size(); i++) {
            GrantText grant =
                    new GrantText(roles.get(i), at(all, "clusters", i), at(all, "topics", i), at(all, "groups", i));
            if (!grant.role().isEmpty()) {
                grants.add(grant);
            }
        }
        return grants;
    }

    private static String at(MultiValueMap<String, String> all, String name, int i) {
        List<String> values = all.getOrDefault(name, List.of());
        return i < values.size() ? values.get(i) : "";
    }

    /** What a form shows; everything else is a page of its own. */
    private static Wording problem(ClusterFailure failure, HttpServletResponse response) {
        if (failure.reason() != Reason.REFUSED) {
            throw failure;
        }
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        return failure.wording();
    }
}
