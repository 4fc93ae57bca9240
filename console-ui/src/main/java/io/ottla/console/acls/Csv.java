package io.ottla.console.acls;

import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.List;

/** Comma-separated values as RFC 4180 has them: a cell in quotes may hold commas, quotes (twice) and ends of lines. */
final class Csv {
    private Csv() {}

    static String line(List<String> cells) {
        return String.join(",", cells.stream().map(Csv::cell).toList());
    }

    private static String cell(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                && text.equals(text.strip());
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /**
     * The rows of a text; empty lines are none.
     *
     * @throws Mistyped where a quote is never closed
     */
    static List<List<String>> rows(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                boolean twice = c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
                if (c == '"' && !twice) {
                    quoted = false;
                } else {
                    cell.append(c);
                    i += twice ? 1 : 0;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                row.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n') {
                end(rows, row, cell);
                row = new ArrayList<>();
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        if (quoted) {
            throw new Mistyped(Wording.of("acls.import.quote", rows.size() + 1));
        }
        end(rows, row, cell);
        return rows;
    }

    private static void end(List<List<String>> rows, List<String> row, StringBuilder cell) {
        if (!row.isEmpty() || !cell.isEmpty()) {
            row.add(cell.toString());
            rows.add(row);
            cell.setLength(0);
        }
    }
}
