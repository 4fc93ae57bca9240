package io.ottla.console.topics;

import io.ottla.console.clusters.NewTopicDraft;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What somebody typed to make a topic, word for word, so that the form can be shown again with it.
 *
 * @param partitions empty for the cluster's default
 * @param replicas empty for the cluster's default
 * @param cleanup {@code cleanup.policy}, empty for the default
 * @param retention {@code retention.ms}, empty for the default
 * @param settings further ones, {@code name=value}, one a line
 */
public record TopicForm(
        String name, String partitions, String replicas, String cleanup, String retention, String settings) {
    static final TopicForm EMPTY = new TopicForm("", "", "", "", "", "");

    private static final int MAX_LINES = 200;

    /** What was typed can't be read. The message is for the one who typed it. */
    static final class Unreadable extends Exception {
        Unreadable(String message) {
            super(message);
        }
    }

    NewTopicDraft draft() throws Unreadable {
        if (name.isBlank()) {
            throw new Unreadable("Expected a name for the topic, but the field is empty.");
        }
        Map<String, String> all = new LinkedHashMap<>();
        if (!cleanup.isBlank()) {
            all.put("cleanup.policy", cleanup.strip());
        }
        if (!retention.isBlank()) {
            all.put("retention.ms", retention.strip());
        }
        readLines(all);
        return new NewTopicDraft(
                name.strip(), count("partitions", partitions), count("replicas", replicas), Map.of(), all, false);
    }

    private void readLines(Map<String, String> all) throws Unreadable {
        String[] lines = settings.split("\\R", MAX_LINES + 1);
        if (lines.length > MAX_LINES) {
            throw new Unreadable("Expected at most " + MAX_LINES + " lines of settings.");
        }
        for (String line : lines) {
            if (line.isBlank()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new Unreadable("Expected name=value on each line of the settings, but got \"" + line + "\".");
            }
            String key = line.substring(0, equals).strip();
            if (all.put(key, line.substring(equals + 1).strip()) != null) {
                throw new Unreadable("Expected each setting once, but " + key + " is there twice.");
            }
        }
    }

    private static OptionalInt count(String field, String text) throws Unreadable {
        if (text.isBlank()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(text.strip()));
        } catch (NumberFormatException noNumber) {
            throw new Unreadable("Expected a number of " + field + ", but got \"" + text.strip() + "\".");
        }
    }
}
