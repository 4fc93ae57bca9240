package io.ottla.console.pages;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Map;

/**
 * What the fields of a form had that was sent, so that it can be shown again with it where it is refused. Of an address
 * nothing is taken: no link fills a form in. Passwords are not shown again by any page.
 *
 * @param fields by name
 */
public record Posted(Map<String, String[]> fields) {
    static Posted of(HttpServletRequest request) {
        return new Posted("POST".equals(request.getMethod()) ? request.getParameterMap() : Map.of());
    }

    /** What was typed or chosen; empty where nothing was. */
    public String get(String name) {
        String[] values = fields.get(name);
        return values == null || values.length == 0 ? "" : values[0];
    }

    /** Whether this was among what was ticked. */
    public boolean has(String name, String value) {
        return Arrays.asList(fields.getOrDefault(name, new String[0])).contains(value);
    }
}
