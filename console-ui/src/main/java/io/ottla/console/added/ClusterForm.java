package io.ottla.console.added;

import io.ottla.console.clusters.ClientSettings;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What somebody types of a cluster.
 *
 * @param settings of Kafka's clients, one a line as {@code name=value}; a backslash at its end goes on with the next line
 * @param forget whether secrets that are kept and not typed again go; else they stay
 */
record ClusterForm(
        String key,
        String name,
        String bootstrap,
        String zookeeper,
        String settings,
        boolean readOnly,
        boolean enabled,
        boolean forget) {
    static final ClusterForm EMPTY = new ClusterForm("", "", "", "", "", false, true, false);

    private static final int MAX_LINES = 200;
    private static final int MAX_ADDRESS = 2_000;
    private static final Pattern SERVERS = Pattern.compile("[^\\s,/]+:\\d{1,5}(?:\\s*,\\s*[^\\s,/]+:\\d{1,5})*");
    private static final Pattern ENSEMBLE = Pattern.compile(SERVERS.pattern() + "(?:/[\\w./-]*)?");

    ClusterForm {
        key = key.strip();
        name = name.strip();
        bootstrap = bootstrap.strip();
        zookeeper = zookeeper.strip();
    }

    /** As it is shown: without any secret. */
    static ClusterForm of(ClusterDefinition definition) {
        StringBuilder settings = new StringBuilder();
        new TreeMap<>(definition.client()).forEach((setting, value) -> {
            if (!ClientSettings.isSecret(setting)) {
                settings.append(setting)
                        .append('=')
                        .append(value.replace("\n", "\\\n"))
                        .append('\n');
            }
        });
        return new ClusterForm(
                definition.key(),
                definition.name(),
                definition.bootstrap(),
                definition.zooKeeper(),
                settings.toString(),
                definition.readOnly(),
                definition.enabled(),
                false);
    }

    /** Names of the secrets that a definition has. */
    static List<String> secrets(ClusterDefinition definition) {
        return definition.client().keySet().stream()
                .filter(ClientSettings::isSecret)
                .sorted()
                .toList();
    }

    /** For the trail, which is told no value. */
    List<String> namesOfSettings() {
        try {
            return List.copyOf(new TreeSet<>(lines().keySet()));
        } catch (ClusterFailure unreadable) {
            return List.of();
        }
    }

    /**
     * The cluster that is meant.
     *
     * @param before as it was, if there was one. Its secrets stay only where it is reached as before: nobody who may change an
     *     address has them sent to another one
     * @throws ClusterFailure with a sentence for the one who typed it
     */
    ClusterDefinition definition(Optional<ClusterDefinition> before) {
        requireAddress(bootstrap, SERVERS, "added.bad-bootstrap");
        requireAddress(zookeeper, ENSEMBLE, "added.bad-zookeeper");
        Map<String, String> client = lines();
        try {
            ClientSettings.requireFromAnywhere(client);
            if (before.isPresent() && !forget) {
                client.putAll(secretsThatStay(before.get(), client));
            }
            return new ClusterDefinition(
                    key, name.isEmpty() ? key : name, Origin.ADDED, bootstrap, zookeeper, client, readOnly, enabled);
        } catch (IllegalArgumentException unusable) {
            throw refused(Wording.quoted(unusable.getMessage()));
        }
    }

    private Map<String, String> secretsThatStay(ClusterDefinition before, Map<String, String> typed) {
        Map<String, String> stay = new TreeMap<>();
        before.client().forEach((setting, value) -> {
            if (ClientSettings.isSecret(setting) && !typed.containsKey(setting)) {
                stay.put(setting, value);
            }
        });
        boolean reachedAsBefore = before.bootstrap().equals(bootstrap)
                && before.zooKeeper().equals(zookeeper)
                && withoutSecrets(before.client()).equals(withoutSecrets(typed));
        if (!stay.isEmpty() && !reachedAsBefore) {
            throw refused(Wording.of("added.secrets-again", String.join(", ", stay.keySet())));
        }
        return stay;
    }

    private static Map<String, String> withoutSecrets(Map<String, String> settings) {
        Map<String, String> open = new TreeMap<>(settings);
        open.keySet().removeIf(ClientSettings::isSecret);
        return open;
    }

    private Map<String, String> lines() {
        Map<String, String> client = new LinkedHashMap<>();
        for (String line : joined()) {
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw refused(Wording.of("added.no-setting", shortened(line)));
            }
            String setting = line.substring(0, equals).strip();
            if (client.put(setting, line.substring(equals + 1).strip()) != null) {
                throw refused(Wording.of("added.twice", setting));
            }
        }
        return client;
    }

    private List<String> joined() {
        List<String> joined = new ArrayList<>();
        StringBuilder open = null;
        List<String> lines = settings.lines().toList();
        if (lines.size() > MAX_LINES) {
            throw refused(Wording.of("added.too-many-lines", MAX_LINES));
        }
        for (String line : lines) {
            boolean goesOn = line.endsWith("\\");
            String text = goesOn ? line.substring(0, line.length() - 1) : line;
            if (open != null) {
                open.append('\n').append(text);
            } else if (!text.isBlank()) {
                open = new StringBuilder(text);
            }
            if (open != null && !goesOn) {
                joined.add(open.toString());
                open = null;
            }
        }
        if (open != null) {
            joined.add(open.toString());
        }
        return joined;
    }

    /** It may be a part of a secret: no more than shows which line is meant. */
    private static String shortened(String line) {
        return line.length() <= 12 ? line : line.substring(0, 12) + "…";
    }

    private static void requireAddress(String text, Pattern pattern, String sentence) {
        if (!text.isEmpty()
                && (text.length() > MAX_ADDRESS || !pattern.matcher(text).matches())) {
            throw refused(Wording.of(sentence, text.length() <= 200 ? text : text.substring(0, 200) + "…"));
        }
    }

    private static ClusterFailure refused(Wording why) {
        return new ClusterFailure(Reason.REFUSED, why);
    }

    /** Without the settings, which may have secrets. */
    @Override
    public String toString() {
        return key + " at " + bootstrap + zookeeper;
    }
}
