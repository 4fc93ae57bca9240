package io.ottla.console.topics;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Setting;
import io.ottla.console.clusters.Topic;
import io.ottla.console.words.Wording;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;

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

    private static final String CLEANUP = "cleanup.policy";
    private static final String RETENTION = "retention.ms";
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
                case CLEANUP -> cleanup = setting.value();
                case RETENTION -> retention = setting.value();
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
        private final String field;
        private final transient Wording wording;

        /** @param field of the form, which is to be marked */
        Unreadable(String field, Wording wording) {
            super(wording.toString());
            this.field = field;
            this.wording = wording;
        }

        String field() {
            return field;
        }

        Wording wording() {
            return wording;
        }
    }

    /** The field that a refusal of the cluster is about, to be marked; empty where it is about none alone. */
    String field(ClusterFailure refusal) {
        return switch (refusal.getCause()) {
            case InvalidTopicException name -> "name";
            case TopicExistsException name -> "name";
            case InvalidPartitionsException count -> "partitions";
            case InvalidReplicationFactorException count -> "replicas";
            case InvalidConfigurationException value ->
                setting(refusal.wording().toString());
            case null, default -> "";
        };
    }

    /** Of the settings of the form the one that is named. */
    private String setting(String message) {
        if (!cleanup.isBlank() && message.contains(CLEANUP)) {
            return "cleanup";
        }
        return !retention.isBlank() && message.contains(RETENTION) ? "retention" : "settings";
    }

    NewTopicDraft draft() throws Unreadable {
        if (name.isBlank()) {
            throw new Unreadable("name", Wording.of("topics.form.no-name"));
        }
        Map<String, String> all = new LinkedHashMap<>();
        if (!cleanup.isBlank()) {
            all.put(CLEANUP, cleanup.strip());
        }
        if (!retention.isBlank()) {
            all.put(RETENTION, retention.strip());
        }
        readLines(all);
        return new NewTopicDraft(
                name.strip(), count("partitions", partitions), count("replicas", replicas), Map.of(), all, false);
    }

    private void readLines(Map<String, String> all) throws Unreadable {
        String[] lines = settings.split("\\R", MAX_LINES + 1);
        if (lines.length > MAX_LINES) {
            throw new Unreadable("settings", Wording.of("topics.form.too-many-lines", MAX_LINES));
        }
        for (String line : lines) {
            if (line.isBlank()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new Unreadable("settings", Wording.of("topics.form.no-setting", line));
            }
            String key = line.substring(0, equals).strip();
            if (all.put(key, line.substring(equals + 1).strip()) != null) {
                throw new Unreadable("settings", Wording.of("topics.form.twice", key));
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
            throw new Unreadable(field, Wording.of("topics.form.no-number." + field, text.strip()));
        }
    }
}
