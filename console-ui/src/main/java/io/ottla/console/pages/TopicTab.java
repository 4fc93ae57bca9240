package io.ottla.console.pages;

/**
 * A page of one topic that its other pages lead to. Each part of the console brings its own as a bean.
 *
 * @param key names it among the words, as {@code topic-tab.KEY}, and is the {@code tab} of the page
 * @param path below the topic's address; empty for its first page
 * @param order from left to right
 */
public record TopicTab(String key, String path, int order) {}
