package io.ottla.console.pages;

import io.ottla.console.access.Forbidden;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;

/** What every page needs, and the page that stands in for one when the cluster fails or somebody may not do a thing. */
@ControllerAdvice(annotations = Controller.class)
final class PageAdvice {
    private final List<Section> sections;
    private final List<TopicTab> tabs;

    /** Takes both in any order. */
    PageAdvice(List<Section> sections, List<TopicTab> tabs) {
        this.tabs =
                tabs.stream().sorted(Comparator.comparingInt(TopicTab::order)).toList();
        this.sections = sections.stream()
                .sorted(Comparator.comparingInt(Section::order))
                .toList();
    }

    @ModelAttribute
    void everyPage(HttpServletRequest request, Locale language, Model model) {
        model.addAllAttributes(Frame.of(request, language, sections, tabs));
    }

    @ExceptionHandler
    ModelAndView failed(ClusterFailure failure, HttpServletRequest request, Locale language) {
        return instead(status(failure), heading(failure), failure.wording(), advice(failure), request, language);
    }

    @ExceptionHandler
    ModelAndView forbidden(Forbidden refusal, HttpServletRequest request, Locale language) {
        return instead(
                HttpStatus.FORBIDDEN,
                Wording.of("failure.heading.forbidden"),
                refusal.wording(),
                Optional.empty(),
                request,
                language);
    }

    /** @param advice what to do now, where the sentence does not say it */
    ModelAndView instead(
            HttpStatus status,
            Wording heading,
            Wording sentence,
            Optional<Wording> advice,
            HttpServletRequest request,
            Locale language) {
        ModelAndView page = new ModelAndView("failure", status);
        page.addAllObjects(Frame.of(request, language, sections, tabs));
        VisitArgument.made(request).ifPresent(visit -> page.addObject("visit", visit));
        page.addObject("heading", heading.in(language));
        page.addObject("sentence", sentence.in(language));
        page.addObject("advice", advice.map(next -> next.in(language)).orElse(""));
        page.addObject("mayPass", status.is5xxServerError() && "GET".equals(request.getMethod()));
        return page;
    }

    private static Optional<Wording> advice(ClusterFailure failure) {
        if (failure.kind().equals(Optional.of(ClusterFailure.Kind.NO_SUCH_BROKER))) {
            return Optional.of(Wording.of("failure.next.no-broker"));
        }
        return switch (failure.reason()) {
            case NOT_FOUND -> Optional.of(Wording.of("failure.next.not-found"));
            case REFUSED -> Optional.of(Wording.of("failure.next.refused"));
            case DENIED -> Optional.of(Wording.of("failure.next.denied"));
            case FAILED -> Optional.of(Wording.of("failure.next.failed"));
            case BUSY, NO_ANSWER -> Optional.empty();
        };
    }

    private static Wording heading(ClusterFailure failure) {
        return Wording.of(
                switch (failure.reason()) {
                    case NOT_FOUND -> "failure.heading.not-found";
                    case REFUSED -> "failure.heading.refused";
                    case DENIED -> "failure.heading.denied";
                    case BUSY -> "failure.heading.busy";
                    case NO_ANSWER -> "failure.heading.no-answer";
                    case FAILED -> "failure.heading.failed";
                });
    }

    static HttpStatus status(ClusterFailure failure) {
        return switch (failure.reason()) {
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case REFUSED -> HttpStatus.BAD_REQUEST;
            case DENIED, FAILED -> HttpStatus.BAD_GATEWAY;
            case BUSY -> HttpStatus.SERVICE_UNAVAILABLE;
            case NO_ANSWER -> HttpStatus.GATEWAY_TIMEOUT;
        };
    }
}
