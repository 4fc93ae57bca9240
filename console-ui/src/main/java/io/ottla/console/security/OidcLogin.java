package io.ottla.console.security;

import io.ottla.console.people.People;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.HtmlUtils;

/** Adds the login by an identity provider to the chain: the authorization code flow, with PKCE. */
final class OidcLogin {
    /** Where somebody begins it. */
    static final String START = "/oauth2/authorization/" + OidcRegistration.ID;

    private static final Logger log = LoggerFactory.getLogger(OidcLogin.class);

    private OidcLogin() {}

    static void add(HttpSecurity http, OidcProperties properties, People people, Outcomes outcomes, LoginTrail trail)
            throws Exception {
        OidcRegistration registration = new OidcRegistration(properties);
        DefaultOAuth2AuthorizationRequestResolver requests =
                new DefaultOAuth2AuthorizationRequestResolver(registration, "/oauth2/authorization");
        requests.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
        http.oauth2Login(login -> login.loginPage("/login")
                        .clientRegistrationRepository(registration)
                        .authorizedClientRepository(new Forgetful())
                        .authorizationEndpoint(endpoint -> endpoint.authorizationRequestResolver(requests)
                                .authorizationRequestRepository(new OidcRequestCookie(registration)))
                        .userInfoEndpoint(endpoint -> endpoint.oidcUserService(new OidcPeople(properties, people)))
                        .successHandler((request, response, known) -> goOn(request, response, known, trail))
                        .failureHandler(outcomes))
                .addFilterBefore(new Reached(registration), OAuth2AuthorizationRequestRedirectFilter.class);
    }

    /**
     * The browser was sent here by another site, and does not show a strict cookie on a way that began there: therefore a page of
     * ours begins the next way, instead of a redirect.
     */
    private static void goOn(
            HttpServletRequest request, HttpServletResponse response, Authentication known, LoginTrail trail)
            throws IOException {
        if (request.getAttribute(SessionCookies.FAILED) != null) {
            response.sendRedirect(request.getContextPath() + "/login?away");
            return;
        }
        trail.came(known.getName(), request.getRemoteAddr(), "OIDC");
        response.setContentType("text/html");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        String home = request.getContextPath() + "/";
        String to = Paths.wanted(request);
        String next = to.isEmpty() ? home : request.getContextPath() + to;
        response.getWriter().write("""
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=%2$s"><title>Ottla</title>
                <link rel="icon" type="image/svg+xml" href="%1$sassets/ottla.svg"></head>
                <body><p><a href="%2$s">Ottla</a></p></body></html>
                """.formatted(home, HtmlUtils.htmlEscape(next)));
    }

    /** Nobody here calls the provider in somebody's name later: its tokens are not kept. */
    private static final class Forgetful implements OAuth2AuthorizedClientRepository {
        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // the interface has it so
        public <T extends OAuth2AuthorizedClient> T loadAuthorizedClient(
                String registration, Authentication login, HttpServletRequest request) {
            return null;
        }

        @Override
        public void saveAuthorizedClient(
                OAuth2AuthorizedClient client,
                Authentication login,
                HttpServletRequest request,
                HttpServletResponse response) {
            // Not kept.
        }

        @Override
        public void removeAuthorizedClient(
                String registration, Authentication login, HttpServletRequest request, HttpServletResponse response) {
            // Nothing was kept.
        }
    }

    /** Says at the login that the provider does not answer. */
    private static final class Reached extends OncePerRequestFilter {
        private final OidcRegistration registration;

        Reached(OidcRegistration registration) {
            this.registration = registration;
        }

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            return !request.getRequestURI().equals(request.getContextPath() + START);
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            try {
                registration.findByRegistrationId(OidcRegistration.ID);
            } catch (RuntimeException away) {
                log.warn("The identity provider of the console does not answer: {}", away.toString());
                String to = Paths.wanted(request);
                response.sendRedirect(request.getContextPath() + "/login?away"
                        + (to.isEmpty() ? "" : "&to=" + URLEncoder.encode(to, StandardCharsets.UTF_8)));
                return;
            }
            chain.doFilter(request, response);
        }
    }
}
