package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.time.Instant;
import java.util.List;

/**
 * A record as somebody may see it: read, and masked where a rule says so.
 *
 * @param key null where it has none
 * @param value null of a tombstone
 * @param keyBytes its size before it was read, -1 for none
 * @param valueBytes the same of its value
 * @param masked whether a rule hid anything
 */
public record RecordView(
        String topic,
        int partition,
        long offset,
        long timestamp,
        Decoded key,
        Decoded value,
        List<Header> headers,
        int keyBytes,
        int valueBytes,
        boolean masked) {
    static final int CUT_KEY = 80;
    static final int CUT_VALUE = 160;
    /** What a list shows of a record that is opened in it; the page of one record shows more. */
    static final int OPENED = 8_000;

    static final int WHOLE = 1 << 20;

    /** @param value null for none; hexadecimal where it is no text */
    public record Header(String name, String value, boolean text) {}

    /** A point in time; null where the producer gave none. */
    public Instant time() {
        return timestamp < 0 ? null : Instant.ofEpochMilli(timestamp);
    }

    public String shortKey() {
        return key == null ? "" : cut(oneLine(key.text()), CUT_KEY);
    }

    public String shortValue() {
        return value == null ? "" : cut(oneLine(value.text()), CUT_VALUE);
    }

    /** Whether a list shows less of it than there is, even when it is opened there. */
    public boolean isLong() {
        return isLonger(key) || isLonger(value);
    }

    private static boolean isLonger(Decoded part) {
        return part != null && part.text().length() > OPENED;
    }

    public String openedKey() {
        return key == null ? "" : cut(key.pretty(), OPENED);
    }

    public String openedValue() {
        return value == null ? "" : cut(value.pretty(), OPENED);
    }

    public String wholeKey() {
        return key == null ? "" : cut(key.pretty(), WHOLE);
    }

    public String wholeValue() {
        return value == null ? "" : cut(value.pretty(), WHOLE);
    }

    /** What there is to know of how it was read, in their order. */
    public List<Wording> notes() {
        List<Wording> notes = new java.util.ArrayList<>();
        if (key != null && key.note() != null) {
            notes.add(Wording.of("records.note.key", key.note()));
        }
        if (value != null && value.note() != null) {
            notes.add(Wording.of("records.note.value", value.note()));
        }
        return notes;
    }

    private static String oneLine(String text) {
        String start = text.length() > 4 * CUT_VALUE ? text.substring(0, 4 * CUT_VALUE) : text;
        return start.replaceAll("\\s+", " ").strip();
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "…";
    }
}
