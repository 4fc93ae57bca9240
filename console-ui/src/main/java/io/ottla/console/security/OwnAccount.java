package io.ottla.console.security;

import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.access.Forbidden;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.people.Login;
import io.ottla.console.people.People;
import io.ottla.console.people.Tokens;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.AuthenticationException;

/** What everybody changes of himself, on a page or by a program. Thread-safe. */
final class OwnAccount {
    private final People people;
    private final Tokens tokens;
    private final PeopleLogin logins;
    private final SessionCookies cookies;

    OwnAccount(People people, Tokens tokens, PeopleLogin logins, SessionCookies cookies) {
        this.people = people;
        this.tokens = tokens;
        this.logins = logins;
        this.cookies = cookies;
    }

    /**
     * Changes the password of somebody who knows the present one. All of his sessions end; the one by which he asked goes on as
     * another.
     *
     * @throws ClusterFailure where it is another one, or the new one can't be
     */
    void setPassword(
            ConsoleVisit visit, String old, String password, HttpServletRequest request, HttpServletResponse response) {
        String name = visit.visitor().name();
        try {
            logins.logIn(name, old, visit.from());
        } catch (AuthenticationException wrong) {
            throw new ClusterFailure(Reason.REFUSED, Wording.of("account.wrong"), wrong);
        }
        people.setOwnPassword(visit, password);
        people.find(name).map(Login::of).ifPresent(login -> cookies.renew(login, request, response));
    }

    /**
     * Makes a token.
     *
     * @throws Forbidden where a token asks: whoever finds one must not be able to make it last
     */
    String makeToken(ConsoleVisit visit, String label, int days, HttpServletRequest request) {
        if (!Browser.token(request).isEmpty()) {
            throw new Forbidden(Wording.of("account.token.by-token"));
        }
        return tokens.make(visit, label, days);
    }
}
