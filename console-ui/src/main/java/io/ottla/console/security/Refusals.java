package io.ottla.console.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/** What who is not logged in, or may not do something, is told: programs as JSON, people by a page. */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {
    private final ApiAnswer api;

    Refusals(ApiAnswer api) {
        this.api = api;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        if (why instanceof TooManyAttempts tooMany) {
            response.setHeader("Retry-After", Long.toString(tooMany.seconds()));
            if (Paths.isApi(request)) {
                api.write(response, 429, tooMany.getMessage());
            } else {
                response.sendRedirect(request.getContextPath() + "/login?wait");
            }
        } else if (why instanceof AuthenticationServiceException) {
            if (Paths.isApi(request)) {
                api.write(response, 503, why.getMessage());
            } else {
                response.sendRedirect(request.getContextPath() + "/login?away");
            }
        } else if (Paths.isApi(request) && Browser.isForeign(request) && !Browser.bringsPassword(request)) {
            refuseOrigin(response);
        } else if (Paths.isApi(request)) {
            // A browser that is told "Basic" asks for a password, keeps it, and sends it along with forged requests.
            if (!Browser.sent(request)) {
                response.setHeader("WWW-Authenticate", "Basic realm=\"Ottla\", charset=\"UTF-8\"");
            }
            api.write(
                    response,
                    401,
                    "Expected a user name and password of the console by HTTP Basic, or a token as Bearer.");
        } else if (request.getHeader("HX-Request") != null) {
            response.setHeader("HX-Redirect", request.getContextPath() + "/login");
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        } else {
            response.sendRedirect(request.getContextPath() + "/login" + wish(request));
        }
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException why)
            throws IOException {
        if (Paths.isApi(request) && Browser.isForeign(request)) {
            refuseOrigin(response);
        } else if (Paths.isApi(request) && Browser.sent(request) && Browser.bringsPassword(request)) {
            api.write(
                    response,
                    403,
                    "Expected a session and a token against forged requests from a browser, or a program, which sends"
                            + " neither Origin nor Sec-Fetch-Site.");
        } else if (SecurityContextHolder.getContext().getAuthentication() == null) {
            commence(request, response, new AuthenticationCredentialsNotFoundException("Not logged in.", why));
        } else if (Paths.isApi(request)) {
            api.write(response, 403, "Expected a token against forged requests, or HTTP Basic instead of a session.");
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }

    /** Not by its name: what comes in is nothing to repeat. */
    private void refuseOrigin(HttpServletResponse response) throws IOException {
        api.write(
                response,
                403,
                "Expected a request of a program or of this site, but a page of another origin sent it (Origin or"
                        + " Sec-Fetch-Site says so).");
    }

    private static String wish(HttpServletRequest request) {
        String query = request.getQueryString();
        String path = request.getRequestURI().substring(request.getContextPath().length())
                + (query == null ? "" : "?" + query);
        return "GET".equals(request.getMethod()) && Paths.isOurs(path) && path.length() > 1
                ? "?to=" + URLEncoder.encode(path, StandardCharsets.UTF_8)
                : "";
    }
}
