package io.ottla.console.pages;

import io.ottla.console.security.ApiAnswer;
import io.ottla.console.security.Paths;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.security.Principal;
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

    ErrorPages(ApiAnswer api) {
        this.api = api;
    }

    @RequestMapping(produces = MediaType.TEXT_HTML_VALUE)
    ModelAndView page(HttpServletRequest request, HttpServletResponse response, Principal principal)
            throws IOException {
        if (Paths.isApi(path(request))) {
            answer(request, response);
            return null;
        }
        HttpStatus status = status(request);
        ModelAndView page = new ModelAndView("failure");
        page.setStatus(status);
        page.addObject("heading", heading(status));
        page.addObject("sentence", sentence(status, path(request)));
        page.addObject("user", principal == null ? "" : principal.getName());
        return page;
    }

    @RequestMapping
    ResponseEntity<ProblemDetail> problem(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = path(request);
        if (Paths.isApi(path)) {
            answer(request, response);
            return null;
        }
        HttpStatus status = status(request);
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, sentence(status, path));
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
        api.write(response, status.value(), sentence(status, path(request)));
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

    private static String heading(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> "There is no such page";
            case FORBIDDEN -> "This form has expired";
            case BAD_REQUEST -> "That could not be understood";
            default -> status.is5xxServerError() ? "That did not work" : "That is not possible here";
        };
    }

    private static String sentence(HttpStatus status, String path) {
        return switch (status) {
            case NOT_FOUND -> "Nothing is at " + path + ".";
            case FORBIDDEN ->
                "It carried no valid token against forged requests. Go back, load the page again, and send it once more.";
            case BAD_REQUEST -> "The address or what was sent with it can't be read.";
            case METHOD_NOT_ALLOWED -> "What is at " + path + " does not take such a request.";
            default ->
                status.is5xxServerError()
                        ? status.value() + " " + status.getReasonPhrase()
                                + ". If it goes on, the log of the process says more."
                        : status.value() + " " + status.getReasonPhrase() + ".";
        };
    }
}
