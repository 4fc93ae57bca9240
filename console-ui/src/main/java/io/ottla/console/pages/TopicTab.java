package io.ottla.console.pages;

import io.ottla.console.access.Visit;
import java.util.function.Predicate;

/**
 * A page of one topic that its other pages lead to. Each part of the console brings its own as a bean.
 *
 * @param key names it among the words, as {@code topic-tab.KEY}, and is the {@code tab} of the page
 * @param path below the topic's address; empty for its first page
 * @param order from left to right
 * @param shown whether there is anything to see at a cluster; asks the cluster nothing
 */
public record TopicTab(String key, String path, int order, Predicate<Visit> shown) {
    /** One that topics of every cluster have. */
    public static TopicTab of(String key, String path, int order) {
        return new TopicTab(key, path, order, visit -> true);
    }
}
