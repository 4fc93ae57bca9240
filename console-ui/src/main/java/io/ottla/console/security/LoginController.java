package io.ottla.console.security;

import io.ottla.console.words.Wording;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page with the login. What is sent from it goes to Spring Security. */
@Controller
final class LoginController {
    private final OidcProperties oidc;

    LoginController(OidcProperties oidc) {
        this.oidc = oidc;
    }

    @GetMapping("/login")
    String login(
            @RequestParam(required = false) String to,
            @RequestParam(required = false) String failed,
            @RequestParam(required = false) String refused,
            @RequestParam(required = false) String wait,
            @RequestParam(required = false) String away,
            @RequestParam(required = false) String out,
            Authentication user,
            Model model) {
        if (user != null) {
            return "redirect:/";
        }
        model.addAttribute("provider", oidc.isSet() ? oidc.label() : null);
        model.addAttribute("to", Paths.isOurs(to) ? to : "");
        if (failed != null) {
            model.addAttribute("problem", Wording.of("login.failed"));
        } else if (refused != null) {
            model.addAttribute("problem", Wording.of("login.refused"));
        } else if (wait != null) {
            model.addAttribute("problem", Wording.of("login.wait"));
        } else if (away != null) {
            model.addAttribute("problem", Wording.of("login.away"));
        } else if (out != null) {
            model.addAttribute("note", Wording.of("login.out"));
        }
        return "login";
    }
}
