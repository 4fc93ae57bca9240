package io.ottla.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the tables of settings that lie beside this class.
 *
 * <pre>
 *   # a comment; the last one before a setting is its section
 *   name | type | default | range | importance | dynamic scope, or broker's name [| internal]
 *       what it does
 *       effective Test… / later: topic / protecting, later: topic / without effect: why
 * </pre>
 */
final class ConfigTable {
    private ConfigTable() {}

    /** @param ofBroker whether the sixth column is the dynamic scope, rather than the name of a broker's setting */
    static List<ConfigDefinition> read(String resource, boolean ofBroker) {
        List<ConfigDefinition> definitions = new ArrayList<>();
        List<String> lines = lines(resource);
        String section = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("#")) {
                section = line.substring(1).strip();
            } else if (!line.isBlank()) {
                definitions.add(definition(
                        section,
                        line,
                        lines.get(i + 1).strip(),
                        lines.get(i + 2).strip(),
                        ofBroker));
                i += 2;
            }
        }
        return definitions;
    }

    /** The lines of a resource. */
    static List<String> lines(String resource) {
        try (InputStream in = ConfigTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("Expected the table " + resource + ", but it is not packaged");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ConfigDefinition definition(
            String section, String facts, String documentation, String effect, boolean ofBroker) {
        String[] columns = facts.split("\\|", -1);
        for (int i = 0; i < columns.length; i++) {
            columns[i] = columns[i].strip();
        }
        if (columns.length < 6 || columns.length > 7) {
            throw new IllegalStateException("Expected six or seven columns, but '" + facts + "'");
        }
        ConfigType type = ConfigType.valueOf(columns[1].toUpperCase(Locale.ROOT));
        return new ConfigDefinition(
                columns[0],
                section,
                type,
                defaultText(columns[2]),
                ConfigRange.of(columns[3], type),
                columns[4],
                ofBroker ? DynamicScope.of(columns[5]) : DynamicScope.CLUSTER_WIDE,
                ofBroker || columns[5].equals("-") ? null : columns[5],
                columns.length == 7,
                documentation,
                ConfigEffect.of(effect));
    }

    private static String defaultText(String column) {
        return switch (column) {
            case "-" -> null;
            case "\"\"" -> "";
            default -> column;
        };
    }
}
