package io.ottla.console.pages;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;

/** Why a form comes back: what was typed is wrong, or the cluster says no to it. */
public final class Refused {
    private Refused() {}

    /**
     * What to say above the form, whose answer becomes 400.
     *
     * @throws ClusterFailure if it is no refusal but a failure, for which no form helps
     */
    public static Wording say(RuntimeException why, HttpServletResponse response) {
        Wording said = switch (why) {
            case Mistyped mistyped -> mistyped.wording();
            case ClusterFailure failure when failure.reason() == ClusterFailure.Reason.REFUSED -> failure.wording();
            default -> throw why;
        };
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        return said;
    }
}
