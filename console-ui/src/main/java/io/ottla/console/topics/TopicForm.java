package io.ottla.console.topics;

import io.ottla.console.clusters.Setting;
import io.ottla.console.clusters.Topic;
import io.ottla.console.words.Wording;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** With what another topic has, its name aside. */
    static TopicForm like(Topic pattern, List<Setting> settings) {
        String cleanup = "";
        String retention = "";
        StringBuilder further = new StringBuilder();
        for (Setting setting : settings) {
            if (!setting.changed() || setting.sensitive()) {
                continue;
            }
            switch (setting.name()) {
                case "cleanup.policy" -> cleanup = setting.value();
                case "retention.ms" -> retention = setting.value();
                // Where replicas are throttled is said of the other topic's replicas.
                case "leader.replication.throttled.replicas", "follower.replication.throttled.replicas" -> {}
                default ->
                    further.append(setting.name())
                            .append('=')
                            .append(setting.value())
                            .append('\n');
            }
        }
        return new TopicForm(
                "",
                Integer.toString(pattern.partitions().size()),
                Integer.toString(pattern.replicationFactor()),
                cleanup,
                retention,
                further.toString());
    }

    /** What was typed can't be read. The message is for the one who typed it. */
    static final class Unreadable extends Exception {
        private final transient Wording wording;

        Unreadable(Wording wording) {
            super(wording.toString());
            this.wording = wording;
        }

        Wording wording() {
            return wording;
        }
    }

    NewTopicDraft draft() throws Unreadable {
        if (name.isBlank()) {
            throw new Unreadable(Wording.of("topics.form.no-name"));
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
            throw new Unreadable(Wording.of("topics.form.too-many-lines", MAX_LINES));
        }
        for (String line : lines) {
            if (line.isBlank()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new Unreadable(Wording.of("topics.form.no-setting", line));
            }
            String key = line.substring(0, equals).strip();
            if (all.put(key, line.substring(equals + 1).strip()) != null) {
                throw new Unreadable(Wording.of("topics.form.twice", key));
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
            throw new Unreadable(Wording.of("topics.form.no-number." + field, text.strip()));
        }
    }
}
