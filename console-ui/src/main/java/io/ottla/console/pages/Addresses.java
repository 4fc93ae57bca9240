package io.ottla.console.pages;

import java.nio.charset.StandardCharsets;
import org.springframework.web.util.UriUtils;

/** Where pages are. */
public final class Addresses {
    private Addresses() {}

    /** @param key the cluster's */
    public static String cluster(String key) {
        return "/clusters/" + key;
    }

    public static String brokers(String key) {
        return cluster(key) + "/brokers";
    }

    public static String topics(String key) {
        return cluster(key) + "/topics";
    }

    public static String topic(String key, String name) {
        return topics(key) + "/" + segment(name);
    }

    public static String broker(String key, int id) {
        return brokers(key) + "/" + id;
    }

    /** A value behind the question mark. */
    public static String parameter(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }

    public static String groups(String key) {
        return cluster(key) + "/groups";
    }

    public static String group(String key, String name) {
        return groups(key) + "/" + segment(name);
    }

    /** One part of an address, whatever it is made of, see {@link PathName}. */
    public static String segment(String text) {
        return UriUtils.encodePathSegment(PathName.written(text), StandardCharsets.UTF_8);
    }
}
