package io.ottla.console.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.logout.LogoutSuccessHandler;

/** Where somebody is led to after a login, a login that failed, and a logout. */
final class Outcomes implements AuthenticationSuccessHandler, AuthenticationFailureHandler, LogoutSuccessHandler {
    private final LoginTrail trail;

    Outcomes(LoginTrail trail) {
        this.trail = trail;
    }

    @Override
    public void onAuthenticationSuccess(HttpServletRequest request, HttpServletResponse response, Authentication login)
            throws IOException {
        if (request.getAttribute(SessionCookies.FAILED) != null) {
            response.sendRedirect(request.getContextPath() + "/login?away");
            return;
        }
        String by = login instanceof KnownLogin known
                ? known.login().isKnownHere()
                        ? "password"
                        : known.login().origin().name()
                : "";
        trail.came(login.getName(), request.getRemoteAddr(), by);
        String to = Paths.wanted(request);
        response.sendRedirect(request.getContextPath() + (to.isEmpty() ? "/" : to));
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException why) throws IOException {
        String to = Paths.wanted(request);
        String note = switch (why) {
            case TooManyAttempts tooMany -> "wait";
            case AuthenticationServiceException away -> "away";
            case OAuth2AuthenticationException elsewhere -> "refused";
            default -> "failed";
        };
        response.sendRedirect(request.getContextPath() + "/login?" + note
                + (to.isEmpty() ? "" : "&to=" + URLEncoder.encode(to, StandardCharsets.UTF_8)));
    }

    @Override
    public void onLogoutSuccess(HttpServletRequest request, HttpServletResponse response, Authentication login)
            throws IOException {
        if (login instanceof KnownLogin known) {
            trail.left(known.getName(), request.getRemoteAddr());
        }
        response.sendRedirect(request.getContextPath() + "/login?out");
    }
}
