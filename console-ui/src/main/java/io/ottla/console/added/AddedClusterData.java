package io.ottla.console.added;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.clusters.ClientSettings;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A cluster that was added, as programs read it.
 *
 * @param settings of Kafka's clients, without secrets
 * @param secrets names of those that it has
 */
record AddedClusterData(
        String kind,
        String key,
        String name,
        @JsonProperty("bootstrap_servers") String bootstrap,
        String zookeeper,
        Map<String, String> settings,
        List<String> secrets,
        @JsonProperty("read_only") boolean readOnly,
        boolean enabled) {
    static AddedClusterData of(ClusterDefinition definition) {
        Map<String, String> open = new TreeMap<>(definition.client());
        open.keySet().removeIf(ClientSettings::isSecret);
        return new AddedClusterData(
                "AddedCluster",
                definition.key(),
                definition.name(),
                definition.bootstrap(),
                definition.zooKeeper(),
                open,
                ClusterForm.secrets(definition),
                definition.readOnly(),
                definition.enabled());
    }

    /**
     * The body of a request. What is left out is what it usually is, or what it was where a cluster is changed in part.
     *
     * @param settings all of them; secrets that are left out stay while the cluster is reached as before
     * @param forget whether secrets that are left out go
     */
    record Wish(
            String key,
            String name,
            @JsonProperty("bootstrap_servers") String bootstrap,
            String zookeeper,
            Map<String, String> settings,
            @JsonProperty("read_only") Boolean readOnly,
            Boolean enabled,
            @JsonProperty("forget_secrets") Boolean forget) {
        private static final Pattern SETTING = Pattern.compile("[\\w.-]{1,100}");

        /** The form that somebody would have filled in: what holds there holds here. */
        ClusterForm form(String of, ClusterForm before) {
            return new ClusterForm(
                    of,
                    name == null ? before.name() : name,
                    bootstrap == null ? before.bootstrap() : bootstrap,
                    zookeeper == null ? before.zookeeper() : zookeeper,
                    settings == null ? before.settings() : lines(),
                    readOnly == null ? before.readOnly() : readOnly,
                    enabled == null ? before.enabled() : enabled,
                    forget != null && forget);
        }

        private String lines() {
            StringBuilder lines = new StringBuilder();
            settings.forEach((setting, value) -> {
                if (!SETTING.matcher(setting).matches()) {
                    throw new Mistyped(Wording.of("added.bad-setting", cut(setting)));
                }
                // In the form a backslash at the end of a line goes on with the next one.
                if (value == null || value.lines().anyMatch(line -> line.endsWith("\\"))) {
                    throw new Mistyped(Wording.of("added.bad-value", setting));
                }
                lines.append(setting)
                        .append('=')
                        .append(value.replace("\n", "\\\n"))
                        .append('\n');
            });
            return lines.toString();
        }

        private static String cut(String text) {
            return text.length() <= 12 ? text : text.substring(0, 12) + "…";
        }

        /** Without the settings, which may have secrets. */
        @Override
        public String toString() {
            return key + " at " + bootstrap + " " + zookeeper;
        }
    }
}
