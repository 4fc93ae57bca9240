package io.ottla.console.records;

import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Writes records as lines of a file. Pure but for the writer. */
enum RecordExport {
    /** One JSON object a line, as {@link RecordData}. */
    JSON("application/x-ndjson", "jsonl") {
        @Override
        void begin(Writer to) {}

        @Override
        void record(RecordView record, Writer to) throws IOException {
            to.write(Json.MAPPER.writeValueAsString(RecordData.of(record)));
            to.write('\n');
        }

        @Override
        void cut(Cut cut, Writer to) throws IOException {
            to.write(Json.MAPPER.writeValueAsString(cut));
            to.write('\n');
        }
    },

    /** RFC 4180, in UTF-8. */
    CSV("text/csv;charset=UTF-8", "csv") {
        @Override
        void begin(Writer to) throws IOException {
            to.write("partition,offset,timestamp,time,key,value,headers\r\n");
        }

        @Override
        void record(RecordView record, Writer to) throws IOException {
            Instant time = record.time();
            to.write(record.partition() + "," + record.offset() + "," + record.timestamp() + ",");
            to.write(time == null ? "" : time.toString());
            to.write(',');
            to.write(record.key() == null ? "" : cell(record.key().text()));
            to.write(',');
            to.write(record.value() == null ? "" : cell(record.value().text()));
            to.write(',');
            to.write(cell(headers(record.headers())));
            to.write("\r\n");
        }

        @Override
        void cut(Cut cut, Writer to) throws IOException {
            to.write(",,,," + cell("cut:" + cut.cut()) + "," + cell(cut.message()) + ",\r\n");
        }
    };

    /**
     * The last line of a file that has not all that there is.
     *
     * @param cut which limit was met: {@code records} or {@code time}
     * @param looked records that were looked through
     * @param message for people
     */
    record Cut(String cut, int looked, String message) {
        /** Whether a line of a file is one, and so no record. */
        static boolean isOne(JsonNode line) {
            return line.path("cut").isString() && line.has("looked") && !line.has("offset");
        }
    }

    /** What spreadsheets take for the beginning of a formula. */
    private static final String FORMULAS = "=+-@\t\r\n＝＋－＠";

    private final String type;
    private final String ending;

    RecordExport(String type, String ending) {
        this.type = type;
        this.ending = ending;
    }

    /** @throws Unreadable where it names none */
    static RecordExport of(String text) {
        for (RecordExport export : values()) {
            if (export.name().toLowerCase(java.util.Locale.ROOT).equals(text)) {
                return export;
            }
        }
        throw Unreadable.of("as", text, values());
    }

    String type() {
        return type;
    }

    String ending() {
        return ending;
    }

    abstract void begin(Writer to) throws IOException;

    abstract void record(RecordView record, Writer to) throws IOException;

    /** Says at the file's end that it is cut; where it is whole it says nothing. */
    abstract void cut(Cut cut, Writer to) throws IOException;

    private static String headers(List<RecordView.Header> headers) {
        return headers.stream()
                .map(header -> header.name() + "=" + (header.value() == null ? "" : header.value()))
                .collect(Collectors.joining("\n"));
    }

    /** A quoted cell; one that a spreadsheet would calculate begins with an apostrophe, which makes it a text. */
    static String cell(String text) {
        String start = text.startsWith(" ") ? text.stripLeading() : text;
        boolean isFormula = !start.isEmpty() && FORMULAS.indexOf(start.charAt(0)) >= 0;
        return '"' + (isFormula ? "'" : "") + text.replace("\"", "\"\"") + '"';
    }
}
