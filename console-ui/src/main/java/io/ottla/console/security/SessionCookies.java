package io.ottla.console.security;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.people.Login;
import io.ottla.console.people.Sessions;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;

/**
 * Carries a session's token in a cookie that no script reads, no other site sends along, and that travels by TLS alone where it
 * came by TLS. The web server itself keeps no session.
 */
final class SessionCookies implements SecurityContextRepository {
    static final String NAME = "OTTLA_SESSION";

    /** Set on a request whose login could not be kept. */
    static final String FAILED = SessionCookies.class.getName() + ".failed";

    /** As long as the browser is open, and no longer than the session itself. */
    private static final Duration WHILE_OPEN = Duration.ofSeconds(-1);

    private static final Logger log = LoggerFactory.getLogger(SessionCookies.class);

    private final Sessions sessions;

    SessionCookies(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Looked for once a request, when somebody first asks who it is. */
    private final class Found implements DeferredSecurityContext {
        private final HttpServletRequest request;
        private SecurityContext context;
        private boolean generated;

        Found(HttpServletRequest request) {
            this.request = request;
        }

        @Override
        public SecurityContext get() {
            if (context == null) {
                Optional<Login> login = login(request);
                generated = login.isEmpty();
                context = login.<SecurityContext>map(known -> new SecurityContextImpl(new KnownLogin(known)))
                        .orElseGet(SecurityContextHolder::createEmptyContext);
            }
            return context;
        }

        @Override
        public boolean isGenerated() {
            get();
            return generated;
        }
    }

    @Override
    public DeferredSecurityContext loadDeferredContext(HttpServletRequest request) {
        return new Found(request);
    }

    @Override
    @Deprecated
    @SuppressWarnings({"deprecation", "InlineMeSuggester"}) // the interface has nothing else in its place
    public SecurityContext loadContext(HttpRequestResponseHolder both) {
        return loadDeferredContext(both.getRequest()).get();
    }

    @Override
    public boolean containsContext(HttpServletRequest request) {
        return !token(request).isEmpty();
    }

    private Optional<Login> login(HttpServletRequest request) {
        String token = token(request);
        if (token.isEmpty()) {
            return Optional.empty();
        }
        try {
            return sessions.find(token);
        } catch (ClusterFailure away) {
            log.debug("A session that nobody here knows is not asked for", away);
            return Optional.empty();
        }
    }

    /** Begins a session, or ends the one there is. Each login has a new one, so that nobody is given another's. */
    @Override
    public void saveContext(SecurityContext context, HttpServletRequest request, HttpServletResponse response) {
        if (Browser.bringsPassword(request)) {
            return; // A program, which brings it each time.
        }
        Authentication login = context.getAuthentication();
        try {
            end(request);
            HasLogin known = known(login);
            if (known != null) {
                set(request, response, sessions.begin(known.login()), WHILE_OPEN);
            } else if (login == null && containsContext(request)) {
                set(request, response, "", Duration.ZERO);
            }
        } catch (ClusterFailure away) {
            request.setAttribute(FAILED, away);
            log.warn("A session could not be kept: {}", away.getMessage());
        }
    }

    /** Null where it is nobody. */
    private static HasLogin known(Authentication login) {
        return switch (login) {
            case KnownLogin here -> here;
            case Authentication other when other.getPrincipal() instanceof HasLogin elsewhere -> elsewhere;
            case null, default -> null;
        };
    }

    /** Somebody's session goes on as another one, since the one before ended with what he changed. */
    void renew(Login login, HttpServletRequest request, HttpServletResponse response) {
        saveContext(new SecurityContextImpl(new KnownLogin(login)), request, response);
    }

    private void end(HttpServletRequest request) {
        String token = token(request);
        if (!token.isEmpty()) {
            sessions.end(token);
        }
    }

    private static void set(HttpServletRequest request, HttpServletResponse response, String value, Duration age) {
        String path = request.getContextPath();
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(NAME, value)
                        .httpOnly(true)
                        .sameSite("Strict")
                        .secure(request.isSecure())
                        .path(path.isEmpty() ? "/" : path)
                        .maxAge(age)
                        .build()
                        .toString());
    }

    private static String token(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(NAME)) {
                    return cookie.getValue() == null ? "" : cookie.getValue();
                }
            }
        }
        return "";
    }
}
