package io.ottla.console.pages;

import io.ottla.console.clusters.ClusterFailure;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;

/** What every page needs, and the page that stands in for one when the cluster fails. */
@ControllerAdvice(annotations = Controller.class)
final class PageAdvice {
    private static final Figures FIGURES = new Figures();

    @ModelAttribute("figures")
    Figures figures() {
        return FIGURES;
    }

    @ModelAttribute("user")
    String user(Principal principal) {
        return principal == null ? "" : principal.getName();
    }

    @ExceptionHandler
    ModelAndView failed(ClusterFailure failure, Principal principal) {
        ModelAndView page = new ModelAndView("failure");
        page.setStatus(status(failure));
        page.addObject("heading", heading(failure));
        page.addObject("sentence", failure.getMessage());
        page.addObject("user", principal == null ? "" : principal.getName());
        return page;
    }

    private static String heading(ClusterFailure failure) {
        return switch (failure.reason()) {
            case NOT_FOUND -> "Not there";
            case REFUSED -> "The cluster said no";
            case DENIED -> "Not allowed";
            case NO_ANSWER -> "No answer";
            case FAILED -> "That did not work";
        };
    }

    static HttpStatus status(ClusterFailure failure) {
        return switch (failure.reason()) {
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case REFUSED -> HttpStatus.BAD_REQUEST;
            case DENIED, FAILED -> HttpStatus.BAD_GATEWAY;
            case NO_ANSWER -> HttpStatus.GATEWAY_TIMEOUT;
        };
    }
}
