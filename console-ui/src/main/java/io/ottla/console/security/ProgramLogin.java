package io.ottla.console.security;

import io.ottla.console.people.Tokens;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;

/**
 * The console's login for programs at paths that are not the console's: a name and a password by HTTP Basic, or a token. What
 * fails there counts as it does here. Whoever may say who may do what has the role {@code ADMIN}. Thread-safe.
 */
public final class ProgramLogin {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final Tokens tokens;

    ProgramLogin(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Lets them in by this chain too. */
    public void addTo(HttpSecurity http) throws Exception {
        AuthenticationEntryPoint refusal = ProgramLogin::refuse;
        http.addFilterBefore(new TokenFilter(tokens, refusal), BasicAuthenticationFilter.class)
                .httpBasic(basic -> basic.authenticationEntryPoint(refusal))
                .exceptionHandling(refused -> refused.authenticationEntryPoint(refusal));
    }

    /** Whether a browser would change something, which sends a password that it keeps along with what another site has it send. */
    public static boolean isChangeOfBrowser(HttpServletRequest request) {
        return !READING.contains(request.getMethod()) && Browser.sent(request);
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        if (why instanceof TooManyAttempts tooMany) {
            response.setHeader("Retry-After", Long.toString(tooMany.seconds()));
            response.sendError(429);
        } else if (why instanceof AuthenticationServiceException) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        } else {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Ottla\", charset=\"UTF-8\"");
            response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
        }
    }
}
