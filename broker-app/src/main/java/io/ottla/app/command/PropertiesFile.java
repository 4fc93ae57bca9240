package io.ottla.app.command;

import io.ottla.config.SourcedValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Reads a properties file as Kafka does (Latin 1 with Unicode escapes), and remembers the line of each name. Where a name
 * stands twice, the last one counts; a value without a name is left out.
 */
final class PropertiesFile {
    private final Path file;
    private final Map<String, SourcedValue> settings = new TreeMap<>();

    private PropertiesFile(Path file) {
        this.file = file;
    }

    /**
     * What it says, by name.
     *
     * @throws IOException with a sentence: it is not there, or can't be read
     */
    static Map<String, SourcedValue> read(Path file) throws IOException {
        PropertiesFile properties = new PropertiesFile(file);
        properties.lines(text(file).split("\r\n|\n|\r", -1));
        return properties.settings;
    }

    private static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("Expected a properties file at " + file + ", but there is "
                    + (Files.exists(file) ? "something else" : "none"));
        }
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new IOException("Expected a properties file at " + file + ", but it can't be read", unreadable);
        }
    }

    /** A setting may go on over several lines, each but the last with a backslash at its end. */
    private void lines(String[] lines) throws IOException {
        StringBuilder setting = new StringBuilder();
        int begun = 0;
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i];
            if (setting.isEmpty()) {
                if (saysNothing(line)) {
                    continue;
                }
                begun = i + 1;
            }
            boolean last = i == lines.length - 1;
            setting.append(line).append(last ? "" : "\n");
            if (last || !goesOn(line)) {
                put(setting.toString(), begun);
                setting.setLength(0);
            }
        }
    }

    private static boolean saysNothing(String line) {
        String stripped = line.strip();
        return stripped.isEmpty() || stripped.startsWith("#") || stripped.startsWith("!");
    }

    private static boolean goesOn(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private void put(String setting, int line) throws IOException {
        Properties one = new Properties();
        try {
            one.load(new StringReader(setting));
        } catch (IllegalArgumentException malformed) {
            throw new IOException(
                    "Expected a setting in line " + line + " of " + file + ", but it has a malformed \\u escape",
                    malformed);
        }
        one.remove("");
        one.forEach(
                (name, value) -> settings.put((String) name, new SourcedValue((String) value, file + " line " + line)));
    }
}
