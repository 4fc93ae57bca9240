package io.ottla.console.clusters;

/**
 * One configuration value of a topic or broker.
 *
 * @param value never of a sensitive one: then it is empty
 * @param source where the value comes from, in words
 * @param defaultValue what holds without any setting, empty where the cluster does not tell
 * @param changed whether somebody set it for this topic, or this broker's is not the default
 */
public record Setting(
        String name, String value, String source, String defaultValue, boolean changed, boolean sensitive) {}
