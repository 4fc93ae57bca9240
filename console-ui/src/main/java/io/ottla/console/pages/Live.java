package io.ottla.console.pages;

import jakarta.servlet.http.HttpServletRequest;

/** Whether htmx asks for a part of a page. */
public final class Live {
    private Live() {}

    /** The whole page, or of it the part of that name when htmx asks to put it in place. Both names are ours, never a caller's. */
    public static String view(HttpServletRequest request, String page, String part) {
        return wantsPart(request) ? page + " :: " + part : page;
    }

    /** Whether a part is to be put in place, so that nothing else of the page need be read. */
    public static boolean wantsPart(HttpServletRequest request) {
        return request.getHeader("HX-Request") != null
                && request.getHeader("HX-History-Restore-Request") == null
                && request.getHeader("HX-Boosted") == null;
    }
}
