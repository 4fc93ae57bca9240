package io.ottla.console.pages;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Gives the variables of a path as the names that they stand for, see {@link PathName}: once the handler is chosen and before
 * anybody asks for one, so that gates, roles and handlers never know of two spellings of a name.
 */
final class ReadNames implements HandlerInterceptor {
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> written) {
            Map<String, String> names = new LinkedHashMap<>();
            written.forEach((variable, part) -> names.put((String) variable, PathName.read((String) part)));
            request.setAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, names);
        }
        return true;
    }
}
