package io.ottla.console.pages;

import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visits;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Gives a method the visit to the cluster that the address names: {@code {cluster}} by its key on pages, {@code
 * {clusterId}} by its id in the API. Templates know it as {@code visit}. A visit to the console
 * itself needs no name.
 */
final class VisitArgument implements HandlerMethodArgumentResolver {
    private static final String BY_KEY = "cluster";
    private static final String BY_ID = "clusterId";
    private static final String MADE = VisitArgument.class.getName();

    private final Visits visits;

    VisitArgument(Visits visits) {
        this.visits = visits;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Visit.class || parameter.getParameterType() == ConsoleVisit.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            ModelAndViewContainer model,
            NativeWebRequest request,
            WebDataBinderFactory binders) {
        HttpServletRequest servlet = request.getNativeRequest(HttpServletRequest.class);
        if (parameter.getParameterType() == ConsoleVisit.class) {
            return visits.console(servlet);
        }
        Visit visit = visit(visits, servlet);
        if (model != null) {
            model.addAttribute("visit", visit);
        }
        return visit;
    }

    /** The one that this request got as far as. */
    static Optional<Visit> made(HttpServletRequest request) {
        return request.getAttribute(MADE) instanceof Visit made ? Optional.of(made) : Optional.empty();
    }

    /** The one of this request, made once. */
    static Visit visit(Visits visits, HttpServletRequest request) {
        Optional<Visit> made = made(request);
        if (made.isPresent()) {
            return made.get();
        }
        Map<?, ?> named = (Map<?, ?>) request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        Visit visit = named.get(BY_KEY) instanceof String key
                ? visits.at(key, request)
                : visits.atId((String) named.get(BY_ID), request);
        request.setAttribute(MADE, visit);
        return visit;
    }
}
