package io.ottla.console.abilities;

import io.ottla.console.access.Visit;
import io.ottla.console.pages.Addresses;
import java.util.stream.Stream;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Leads to the first of the pages about security that there is. */
@Controller
final class SecurityController {
    private final Abilities abilities;

    SecurityController(Abilities abilities) {
        this.abilities = abilities;
    }

    @GetMapping("/clusters/{cluster}/security")
    String first(Visit visit) {
        SecurityTab tab = Stream.of(SecurityTab.values())
                .filter(each -> each.isShown(abilities, visit))
                .findFirst()
                .orElse(SecurityTab.QUOTAS);
        return "redirect:" + Addresses.cluster(visit.key()) + tab.path();
    }
}
