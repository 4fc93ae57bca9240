package io.ottla.console.pages;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visitor;
import io.ottla.console.words.Words;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.security.core.Authentication;

/** What is around every page: who looks, in which language and colours, and how figures are written. */
final class Frame {
    private Frame() {}

    static Map<String, Object> of(
            HttpServletRequest request, Locale language, List<Section> sections, List<TopicTab> tabs) {
        Map<String, Object> frame = new HashMap<>();
        frame.put("sections", sections);
        frame.put("topicTabs", tabs);
        frame.put("figures", new Figures(language));
        frame.put("theme", Preferences.theme(request));
        frame.put("languages", Words.LANGUAGES);
        frame.put("here", here(request));
        frame.put("posted", Posted.of(request));
        if (request.getUserPrincipal() instanceof Authentication login
                && login.getPrincipal() instanceof Visitor visitor) {
            frame.put("user", visitor.name());
            frame.put("visitor", visitor);
            frame.put("mayPeople", visitor.may(Action.VIEW_PEOPLE));
            frame.put("mayAudit", visitor.may(Action.VIEW_AUDIT));
        } else {
            frame.put("user", "");
        }
        return frame;
    }

    /** Where to come back to. */
    private static String here(HttpServletRequest request) {
        String query = request.getQueryString();
        String path = request.getRequestURI().substring(request.getContextPath().length());
        return "GET".equals(request.getMethod()) ? path + (query == null ? "" : "?" + query) : "/";
    }
}
