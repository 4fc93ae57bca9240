package io.ottla.metrics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Names and values that tell series of one metric apart, in a fixed order: {@code topic, t, partition, 0}. Immutable. Who
 * has series for long keeps their labels too: how they are written is worked out once.
 */
public final class Labels {
    public static final Labels NONE = new Labels(List.of());

    private final List<String> pairs;
    private volatile byte[] text;

    private Labels(List<String> pairs) {
        if (pairs.size() % 2 != 0) {
            throw new IllegalArgumentException("Expected names and values in pairs, but got " + pairs);
        }
        this.pairs = pairs;
    }

    /** @param pairs name, value, name, value, … */
    public static Labels of(String... pairs) {
        return new Labels(List.of(pairs));
    }

    /** Name, value, name, value, … */
    public List<String> pairs() {
        return pairs;
    }

    /** These, and the others behind them. */
    public Labels and(Labels others) {
        List<String> both = new ArrayList<>(pairs.size() + others.pairs.size());
        both.addAll(pairs);
        both.addAll(others.pairs);
        Labels joined = new Labels(both);
        if (!pairs.isEmpty() && !others.pairs.isEmpty()) {
            byte[] first = text();
            byte[] last = others.text();
            byte[] whole = Arrays.copyOf(first, first.length + 1 + last.length);
            whole[first.length] = ',';
            System.arraycopy(last, 0, whole, first.length + 1, last.length);
            joined.text = whole;
        }
        return joined;
    }

    /** Whether a label of that name is among them. */
    public boolean has(String name) {
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * As Prometheus' text formats have them between the braces: {@code partition="0",topic="t"}, in UTF-8. Not to be written
     * to.
     */
    public byte[] text() {
        byte[] known = text;
        if (known == null) {
            known = write().getBytes(StandardCharsets.UTF_8);
            text = known;
        }
        return known;
    }

    private String write() {
        StringBuilder written = new StringBuilder(16 * pairs.size());
        for (int i = 0; i < pairs.size(); i += 2) {
            written.append(i == 0 ? "" : ",").append(pairs.get(i)).append("=\"");
            escape(pairs.get(i + 1), written);
            written.append('"');
        }
        return written.toString();
    }

    /** Backslashes, quotes and line ends have to be told from those of the format. */
    private static void escape(String value, StringBuilder to) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> to.append("\\\\");
                case '"' -> to.append("\\\"");
                case '\n' -> to.append("\\n");
                default -> to.append(c);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Labels labels && pairs.equals(labels.pairs);
    }

    @Override
    public int hashCode() {
        return pairs.hashCode();
    }

    @Override
    public String toString() {
        return "{" + write() + "}";
    }
}
