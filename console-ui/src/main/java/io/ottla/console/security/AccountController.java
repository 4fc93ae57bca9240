package io.ottla.console.security;

import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.people.GrantText;
import io.ottla.console.people.People;
import io.ottla.console.people.Person;
import io.ottla.console.people.Sessions;
import io.ottla.console.people.Tokens;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What everybody sees and changes of himself: his roles, his password, his tokens. */
@Controller
@RequestMapping("/account")
final class AccountController {
    private final People people;
    private final Tokens tokens;
    private final Sessions sessions;
    private final OwnAccount own;

    AccountController(People people, Tokens tokens, Sessions sessions, OwnAccount own) {
        this.people = people;
        this.tokens = tokens;
        this.sessions = sessions;
        this.own = own;
    }

    @GetMapping
    String account(ConsoleVisit visit, @RequestParam(required = false) String done, Model model) {
        model.addAttribute("done", "password".equals(done) || "token".equals(done) ? done : null);
        return page(visit, null, model);
    }

    private String page(ConsoleVisit visit, Wording problem, Model model) {
        Optional<Person> person = people.find(visit.visitor().name());
        model.addAttribute("section", "account");
        model.addAttribute("changeable", person.filter(Person::hasPasswordHere).isPresent());
        model.addAttribute("here", "/account");
        model.addAttribute("hasTokens", person.isPresent());
        model.addAttribute(
                "grants", visit.visitor().grants().stream().map(GrantText::of).toList());
        model.addAttribute("tokens", tokens.of(visit));
        model.addAttribute("problem", problem);
        return "account";
    }

    @PostMapping("/password")
    String password(
            ConsoleVisit visit,
            @RequestParam(defaultValue = "") String old,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String again,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        try {
            if (!password.equals(again)) {
                throw new ClusterFailure(Reason.REFUSED, Wording.of("account.not-the-same"));
            }
            own.setPassword(visit, old, password, request, response);
        } catch (ClusterFailure failure) {
            if (failure.reason() != Reason.REFUSED) {
                throw failure;
            }
            return refused(visit, failure.wording(), response, model);
        }
        return "redirect:/account?done=password";
    }

    /** The only page that ever shows the token. */
    @PostMapping("/tokens")
    String make(
            ConsoleVisit visit,
            @RequestParam(defaultValue = "") String label,
            @RequestParam(defaultValue = "") String days,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        try {
            model.addAttribute("made", own.makeToken(visit, label, number(days), request));
            response.setHeader("Cache-Control", "no-store");
            return page(visit, null, model);
        } catch (ClusterFailure failure) {
            if (failure.reason() != Reason.REFUSED) {
                throw failure;
            }
            return refused(visit, failure.wording(), response, model);
        }
    }

    @PostMapping("/tokens/remove")
    String remove(ConsoleVisit visit, @RequestParam(defaultValue = "") String token) {
        tokens.remove(visit, token);
        return "redirect:/account?done=token";
    }

    @PostMapping("/sessions")
    String endSessions(ConsoleVisit visit) {
        sessions.endOwn(visit);
        return "redirect:/login?out";
    }

    /** 0 where it is none, which is refused. */
    private static int number(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    private String refused(ConsoleVisit visit, Wording why, HttpServletResponse response, Model model) {
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        return page(visit, why, model);
    }
}
