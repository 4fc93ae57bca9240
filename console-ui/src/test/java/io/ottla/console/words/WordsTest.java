package io.ottla.console.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the message bundles to one another, to the pages and to the code. */
class WordsTest {
    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final Path BUNDLES = RESOURCES.resolve("io/ottla/console/messages");
    private static final Pattern NAMED = Pattern.compile("#\\{\\s*([a-z][a-zA-Z0-9.-]+[a-zA-Z0-9])\\s*[({}]");
    private static final Pattern SAID = Pattern.compile("Wording\\.of\\(\\s*\"([^\"]+)\"\\s*[,)]");
    private static final Pattern PLACE = Pattern.compile("\\{(\\d+)");
    private static final Pattern TAG = Pattern.compile("<(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>");
    private static final Pattern LETTERS = Pattern.compile("\\p{L}{2,}");
    /** Attributes that people read. */
    private static final Pattern READ =
            Pattern.compile("[\\s\"](?:title|placeholder|aria-label|alt|data-label)=\"([^\"]+)\"");

    static Stream<String> parts() {
        return Words.PARTS.stream();
    }

    @ParameterizedTest
    @MethodSource("parts")
    void shouldSayTheSameInEveryLanguage(String part) throws IOException {
        Properties english = bundle(part + ".properties");
        Properties chinese = bundle(part + "_zh.properties");

        assertThat(chinese.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
        for (String key : english.stringPropertyNames()) {
            assertThat(places(chinese.getProperty(key))).as(key).isEqualTo(places(english.getProperty(key)));
            assertThat(Words.source().getMessage(key, new Object[] {1, 2, 3, 4}, Locale.CHINESE))
                    .as(key)
                    .isNotBlank();
        }
    }

    @Test
    void shouldKnowEveryWordThatPagesAndCodeName() throws IOException {
        Set<String> known = keys();
        List<String> unknown = new ArrayList<>();
        for (Path page : files(RESOURCES.resolve("templates"), ".html")) {
            collect(NAMED, page, known, unknown);
        }
        for (Path source : files(Path.of("src/main/java"), ".java")) {
            collect(SAID, source, known, unknown);
        }

        assertThat(unknown).isEmpty();
    }

    @Test
    void shouldHaveNoKeyTwice() throws IOException {
        Set<String> known = new TreeSet<>();
        for (String part : Words.PARTS) {
            for (String key : bundle(part + ".properties").stringPropertyNames()) {
                assertThat(known.add(key)).as(key).isTrue();
            }
        }
    }

    @Test
    void shouldLeaveNoWordInThePagesThemselves() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path page : files(RESOURCES.resolve("templates"), ".html")) {
            String text = Files.readString(page);
            String visible = TAG.matcher(text).replaceAll("\n");
            LETTERS.matcher(visible)
                    .results()
                    .map(word -> page.getFileName() + ": " + word.group())
                    .filter(word -> !word.endsWith("Ottla"))
                    .forEach(found::add);
            READ.matcher(text)
                    .results()
                    .map(attribute -> attribute.group(1))
                    .filter(value -> LETTERS.matcher(value).find() && !value.contains("${") && !value.contains("="))
                    .map(value -> page.getFileName() + ": " + value)
                    .filter(value -> !value.contains("#{"))
                    .forEach(found::add);
        }

        assertThat(found).isEmpty();
    }

    private static void collect(Pattern pattern, Path file, Set<String> known, List<String> unknown)
            throws IOException {
        Matcher named = pattern.matcher(Files.readString(file));
        while (named.find()) {
            String key = named.group(1);
            boolean isBeginning = key.endsWith(".") || key.endsWith("-");
            if (!known.contains(key) && !(isBeginning && known.stream().anyMatch(each -> each.startsWith(key)))) {
                unknown.add(file.getFileName() + ": " + key);
            }
        }
    }

    private static Set<String> keys() throws IOException {
        Set<String> keys = new TreeSet<>();
        for (String part : Words.PARTS) {
            keys.addAll(bundle(part + ".properties").stringPropertyNames());
        }
        return keys;
    }

    private static Set<String> places(String sentence) {
        Set<String> places = new TreeSet<>();
        PLACE.matcher(sentence).results().forEach(place -> places.add(place.group(1)));
        return places;
    }

    private static Properties bundle(String name) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(BUNDLES.resolve(name))) {
            properties.load(reader);
        }
        return properties;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.toString().endsWith(ending)).sorted().toList();
        }
    }
}
