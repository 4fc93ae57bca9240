package io.ottla.console.pages;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.apache.tomcat.util.http.InvalidParameterException;

/**
 * Answers 400 where parameters of a request can't be read, as {@code ?q=%zz}. That is found by whoever asks for one first,
 * and is the caller's mistake: no failure of ours to be logged.
 */
final class UnreadableParameters implements Filter {
    /** Parameters of the others may be in a body, whose encoding is to be settled first. */
    private static final Set<String> BODYLESS = Set.of("GET", "HEAD");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            if (request instanceof HttpServletRequest http && BODYLESS.contains(http.getMethod())) {
                http.getParameterNames(); // All of them are read here, so that it matters to nobody who asks for which.
            }
            chain.doFilter(request, response);
        } catch (ServletException | RuntimeException failure) {
            InvalidParameterException unreadable = unreadable(failure);
            if (unreadable == null || response.isCommitted()) {
                throw failure;
            }
            ((HttpServletResponse) response).sendError(unreadable.getErrorCode());
        }
    }

    /** Null where it is something else. */
    private static InvalidParameterException unreadable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidParameterException known) {
                return known;
            }
        }
        return null;
    }
}
