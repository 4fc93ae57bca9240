package io.ottla.console.pages;

import io.ottla.console.security.ApiAnswer;
import io.ottla.console.security.Paths;
import io.ottla.console.words.Wording;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers where no controller could: a page for people, the API's own body below the API's paths, and a problem
 * (RFC 9457) for other programs.
 */
@Controller
@RequestMapping("/error")
final class ErrorPages implements ErrorController {
    private final ApiAnswer api;
    private final PageAdvice pages;

    ErrorPages(ApiAnswer api, PageAdvice pages) {
        this.api = api;
        this.pages = pages;
    }

    @RequestMapping(produces = MediaType.TEXT_HTML_VALUE)
    ModelAndView page(HttpServletRequest request, HttpServletResponse response, Locale language) throws IOException {
        if (Paths.isApi(path(request))) {
            answer(request, response);
            return null;
        }
        HttpStatus status = status(request);
        return pages.instead(
                status, heading(status, request), sentence(status, request), advice(status), request, language);
    }

    @RequestMapping
    ResponseEntity<ProblemDetail> problem(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = path(request);
        if (Paths.isApi(path)) {
            answer(request, response);
            return null;
        }
        HttpStatus status = status(request);
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                status, sentence(status, request).toString());
        try {
            problem.setInstance(URI.create(path));
        } catch (IllegalArgumentException noAddress) {
            problem.setInstance(null);
        }
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpStatus status = status(request);
        api.write(response, status.value(), sentence(status, request).toString());
    }

    /** Where the request went to; of somebody who asks for this address himself, nowhere. */
    private static String path(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String path
                ? path
                : request.getRequestURI();
    }

    private static HttpStatus status(HttpServletRequest request) {
        HttpStatus known = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? HttpStatus.resolve(code)
                : HttpStatus.NOT_FOUND;
        return known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known;
    }

    /** Whether it would have changed nothing: then no token against forged requests can be missing, but only a role. */
    private static boolean isReading(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.ERROR_METHOD) instanceof String method
                && (method.equals("GET") || method.equals("HEAD"));
    }

    private static Wording heading(HttpStatus status, HttpServletRequest request) {
        return Wording.of(
                switch (status) {
                    case NOT_FOUND -> "error.heading.not-found";
                    case FORBIDDEN -> isReading(request) ? "failure.heading.forbidden" : "error.heading.forbidden";
                    case BAD_REQUEST -> "error.heading.bad-request";
                    default -> status.is5xxServerError() ? "error.heading.failed" : "error.heading.impossible";
                });
    }

    private static Optional<Wording> advice(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> Optional.of(Wording.of("error.next.not-found"));
            case BAD_REQUEST -> Optional.of(Wording.of("failure.next.refused"));
            default -> Optional.empty();
        };
    }

    private static Wording sentence(HttpStatus status, HttpServletRequest request) {
        String path = path(request);
        return switch (status) {
            case NOT_FOUND -> Wording.of("error.not-found", path);
            case FORBIDDEN ->
                isReading(request) ? Wording.of("error.forbidden.reading", path) : Wording.of("error.forbidden");
            case BAD_REQUEST -> Wording.of("error.bad-request");
            case METHOD_NOT_ALLOWED -> Wording.of("error.method", path);
            default ->
                Wording.of(
                        status.is5xxServerError() ? "error.failed" : "error.other",
                        Integer.toString(status.value()),
                        status.getReasonPhrase());
        };
    }
}
