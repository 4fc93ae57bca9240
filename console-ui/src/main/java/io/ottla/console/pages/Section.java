package io.ottla.console.pages;

import io.ottla.console.access.Visit;
import java.util.function.Predicate;

/**
 * A part of the console that the head of each page leads to. Each part brings its own as a bean.
 *
 * @param key names it among the words, as {@code nav.KEY}, and is the {@code section} of its pages
 * @param path below the cluster's address, such as {@code /topics}
 * @param order from left to right
 * @param shown whether somebody at a cluster has anything to see there; asks the cluster nothing
 */
public record Section(String key, String path, int order, Predicate<Visit> shown) {
    /** One that everybody sees who sees the cluster. */
    public static Section of(String key, String path, int order) {
        return new Section(key, path, order, visit -> true);
    }

    public String address(Visit visit) {
        return Addresses.cluster(visit.key()) + path;
    }
}
