package io.ottla.console.pages;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * A list for programs of what is the console's own, in the form of the lists of clusters' things.
 *
 * @param kind such as {@code PersonList}
 */
public record ApiList<T>(String kind, Metadata metadata, List<T> data) {
    /**
     * Where it is. Paths alone, as all links.
     *
     * @param next the path of the next page; null where there is none
     */
    public record Metadata(String self, String next) {}

    /** All of them. */
    public static <T> ApiList<T> of(String kind, HttpServletRequest request, List<T> data) {
        return of(kind, request, data, null);
    }

    /** @param query of the next page, without its question mark; null where there is none */
    public static <T> ApiList<T> of(String kind, HttpServletRequest request, List<T> data, String query) {
        String self = request.getRequestURI();
        return new ApiList<>(kind, new Metadata(self, query == null ? null : self + "?" + query), data);
    }
}
