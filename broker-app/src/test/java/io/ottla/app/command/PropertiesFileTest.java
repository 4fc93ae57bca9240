package io.ottla.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.config.SourcedValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertiesFileTest {
    @TempDir
    Path folder;

    private Map<String, SourcedValue> read(String text) throws IOException {
        return PropertiesFile.read(
                Files.writeString(folder.resolve("f.properties"), text, StandardCharsets.ISO_8859_1));
    }

    @Test
    void shouldRememberWhereEachSettingBegins() throws IOException {
        // when
        var settings = read("# a comment\r\na=1\r\n\n  ! another\n b : 2 \\\n   3\nc 4\\\\\nd\\\n  e=5\na = \\u00e9\n");

        // then
        String at = folder.resolve("f.properties") + " line ";
        assertThat(settings)
                .isEqualTo(Map.of(
                        "a", new SourcedValue("é", at + 10),
                        "b", new SourcedValue("2 3", at + 5),
                        "c", new SourcedValue("4\\", at + 7),
                        "de", new SourcedValue("5", at + 8)));
    }

    @Test
    void shouldReadWhateverIsWrittenAsJavaDoes() throws IOException {
        // given  texts of what is special in these files
        String[] pieces = {
            "a", "b", "=", ":", " ", "\t", "\f", "\n", "\r", "\r\n", "\\", "\\\n", "#", "!", "\\u0041", "é"
        };
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            Properties expected = new Properties();
            expected.load(new StringReader(text.toString()));
            expected.remove("");

            // when
            Map<String, String> values = new TreeMap<>();
            read(text.toString()).forEach((name, value) -> values.put(name, value.value()));

            // then
            assertThat(values).as(text.toString()).isEqualTo(expected);
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws IOException {
        Path missing = folder.resolve("missing");

        assertThatThrownBy(() -> PropertiesFile.read(missing))
                .hasMessage("Expected a properties file at " + missing + ", but there is none");
        assertThatThrownBy(() -> PropertiesFile.read(folder)).hasMessageEndingWith("but there is something else");
        assertThatThrownBy(() -> read("a=1\nb=\\u12x\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2");
    }
}
