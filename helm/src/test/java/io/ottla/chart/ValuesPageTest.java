package io.ottla.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The table of values in the chart's README is made from values.yaml: each comment above a key is the text of its row.
 * With {@code -Dottla.docs.write=true} this writes it anew.
 */
class ValuesPageTest {
    private static final Path PAGE = Chart.FOLDER.resolve("README.md");
    private static final String BEGIN = "<!-- values: made from values.yaml by ValuesPageTest -->\n";
    private static final String END = "<!-- end of values -->\n";
    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z0-9]+):.*");
    private static final int INDENT = 2;

    private record Row(String path, Object value, String text) {}

    @Test
    void shouldListEachValueWithItsDefaultAndItsText() throws IOException {
        // given
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        assertThat(from).isGreaterThanOrEqualTo(BEGIN.length());
        assertThat(to).isGreaterThanOrEqualTo(from);

        // when
        String table = table(rows(Files.readString(Chart.FOLDER.resolve("values.yaml"))));

        // then
        if (Boolean.getBoolean("ottla.docs.write")) {
            Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
        } else {
            assertThat(page.substring(from, to)).isEqualTo(table);
        }
    }

    private static String table(List<Row> rows) throws JsonProcessingException {
        StringBuilder table = new StringBuilder("| Value | Default | What it is |\n|---|---|---|\n");
        for (Row row : rows) {
            table.append("| `%s` | `%s` | %s. |\n"
                    .formatted(row.path, new JsonMapper().writeValueAsString(row.value), row.text));
        }
        return table.toString();
    }

    /** One for each key with a comment; what is below a key with a comment and has none itself is a part of its default. */
    private static List<Row> rows(String yaml) {
        Map<?, ?> values = Chart.yaml().load(yaml);
        List<Row> rows = new ArrayList<>();
        Deque<String> path = new ArrayDeque<>();
        Deque<Boolean> told = new ArrayDeque<>();
        String comment = "";
        List<String> lines = yaml.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher key = KEY.matcher(line);
            if (line.isBlank()) {
                comment = "";
            } else if (line.strip().startsWith("# ")) {
                assertThat(comment).as("one comment a key, in a line: %s", line).isEmpty();
                comment = line.strip().substring(2);
            } else if (key.matches()) {
                int depth = key.group(1).length() / INDENT;
                while (path.size() > depth) {
                    path.removeLast();
                    told.removeLast();
                }
                path.addLast(key.group(2));
                boolean ownRow = !comment.isEmpty() && !isHeading(lines, i);
                boolean covered = told.contains(true) || ownRow || isHeading(lines, i);
                assertThat(covered).as("a comment above %s", path).isTrue();
                if (ownRow) {
                    rows.add(new Row(String.join(".", path), at(values, path), comment));
                }
                told.addLast(ownRow);
                comment = "";
            }
        }
        return rows;
    }

    /** Whether a key only holds others that have comments of their own. */
    private static boolean isHeading(List<String> lines, int at) {
        int depth = indent(lines.get(at));
        for (int i = at + 1; i < lines.size() && (lines.get(i).isBlank() || indent(lines.get(i)) > depth); i++) {
            if (lines.get(i).strip().startsWith("# ")) {
                return true;
            }
        }
        return false;
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static Object at(Map<?, ?> values, Deque<String> path) {
        Object found = values;
        for (String key : path) {
            found = ((Map<?, ?>) found).get(key);
        }
        return found;
    }
}
