package io.ottla.console.abilities;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import java.util.stream.Stream;
import org.springframework.ui.Model;

/** The pages about who may do what at the cluster, which lead to one another. */
public enum SecurityTab {
    ACLS(Ability.ACLS, Action.VIEW_ACLS, "/acls"),
    QUOTAS(Ability.QUOTAS, Action.VIEW_CLUSTER, "/quotas"),
    USERS(Ability.SCRAM, Action.VIEW_USERS, "/users");

    private final Ability ability;
    private final Action action;
    private final String path;

    SecurityTab(Ability ability, Action action, String path) {
        this.ability = ability;
        this.action = action;
        this.path = path;
    }

    /** Whether somebody has anything to see there, as far as is known. */
    boolean isShown(Abilities abilities, Visit visit) {
        return visit.may(action) && abilities.has(visit, ability);
    }

    /** Says in the model which of the pages this is, and which others somebody may go to. */
    public void show(Visit visit, Model model) {
        visit.require(action);
        model.addAttribute("section", "security");
        model.addAttribute("tab", this);
        model.addAttribute(
                "securityTabs",
                Stream.of(values()).filter(each -> visit.may(each.action)).toList());
    }

    /** Below the cluster's address. */
    public String path() {
        return path;
    }

    /** Names it among the words, as {@code security-tab.KEY}. */
    public String key() {
        return path.substring(1);
    }
}
