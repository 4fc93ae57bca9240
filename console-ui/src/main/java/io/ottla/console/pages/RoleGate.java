package io.ottla.console.pages;

import io.ottla.console.access.Needs;
import io.ottla.console.access.ResourceType;
import io.ottla.console.access.Visits;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses what {@link Needs} more than the visitor's role, before anything that came with the request is read. */
final class RoleGate implements HandlerInterceptor {
    private final Visits visits;

    RoleGate(Visits visits) {
        this.visits = visits;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        Needs needs = handler instanceof HandlerMethod method ? method.getMethodAnnotation(Needs.class) : null;
        if (needs != null) {
            if (needs.value().type() == ResourceType.CONSOLE) {
                visits.console(request).require(needs.value());
            } else {
                VisitArgument.visit(visits, request).requireSomewhere(needs.value());
            }
        }
        return true;
    }
}
