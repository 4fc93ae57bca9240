package io.ottla.console.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The OpenAPI document, kept by hand in English, and with what it says to people in the language of whoever looks at it on the
 * console's page: titles, summaries, descriptions and the names of groups. Names of fields and paths stay. Immutable.
 */
final class OpenApiDocument {
    private static final String ROOT = "/io/ottla/console/openapi";
    private static final String SEPARATOR = " = ";

    /** What is said stands behind its name on one line. */
    private static final Pattern SAID = Pattern.compile("(\\s*(?:- )?(?:summary|description|title): |  - name: )(.*)");

    private static final Pattern LETTERS = Pattern.compile("\\p{L}{2}");
    private static final Pattern GROUPS = Pattern.compile("(\\s+tags: \\[)(.*)]");

    private final String english = read(".yaml");
    private final String chinese = translated(words());

    String in(Locale language) {
        return language.getLanguage().equals(Locale.CHINESE.getLanguage()) ? chinese : english;
    }

    /** What is said in English and has no translation. */
    List<String> missing() {
        Map<String, String> words = words();
        List<String> missing = new ArrayList<>();
        english.lines().forEach(line -> {
            Matcher said = SAID.matcher(line);
            if (said.matches() && LETTERS.matcher(said.group(2)).find() && !words.containsKey(plain(said.group(2)))) {
                missing.add(plain(said.group(2)));
            }
        });
        return missing;
    }

    private String translated(Map<String, String> words) {
        StringBuilder text = new StringBuilder(english.length());
        english.lines().forEach(line -> text.append(translated(line, words)).append('\n'));
        return text.toString();
    }

    private static String translated(String line, Map<String, String> words) {
        Matcher said = SAID.matcher(line);
        if (said.matches()) {
            String word = words.get(plain(said.group(2)));
            return word == null ? line : said.group(1) + '"' + word + '"';
        }
        Matcher groups = GROUPS.matcher(line);
        return groups.matches()
                ? groups.group(1) + '"' + words.getOrDefault(groups.group(2), groups.group(2)) + "\"]"
                : line;
    }

    private static String plain(String value) {
        return value.startsWith("\"") && value.endsWith("\"") && value.length() > 1
                ? value.substring(1, value.length() - 1)
                : value;
    }

    private static Map<String, String> words() {
        Map<String, String> words = new HashMap<>();
        read("_zh.txt").lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int at = line.indexOf(SEPARATOR);
            words.put(line.substring(0, at), line.substring(at + SEPARATOR.length()));
        });
        return words;
    }

    private static String read(String ending) {
        try (InputStream from = Objects.requireNonNull(OpenApiDocument.class.getResourceAsStream(ROOT + ending))) {
            return new String(from.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
