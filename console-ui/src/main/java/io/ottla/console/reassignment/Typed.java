package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.NamePattern;
import io.ottla.console.access.Visit;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** Reads what people type into forms. */
final class Typed {
    private static final int MAX_LINES = 1_000;
    private static final int MAX_REPLICAS = 1_000;

    /** What was typed can't be read: a sentence for the one who typed it. */
    static final class Unreadable extends Exception {
        private final transient Wording wording;

        Unreadable(Wording wording) {
            super(wording.toString());
            this.wording = wording;
        }

        Wording wording() {
            return wording;
        }
    }

    private Typed() {}

    /** Names and patterns, one a line or with commas between them; each must mean a topic that he may do this to. */
    static Set<String> topics(Visit visit, String text, Action action) throws Unreadable {
        List<String> all = visit.topicNames();
        Set<String> found = new TreeSet<>();
        String[] lines = text.split("[\\s,]+", MAX_LINES + 1);
        if (lines.length > MAX_LINES) {
            throw new Unreadable(Wording.of("moves.form.too-many-lines", MAX_LINES));
        }
        for (String line : lines) {
            if (line.isEmpty()) {
                continue;
            }
            NamePattern pattern;
            try {
                pattern = new NamePattern(line);
            } catch (IllegalArgumentException tooLong) {
                throw new Unreadable(Wording.of("moves.form.no-topic", line.substring(0, 40) + "…"));
            }
            int before = found.size();
            boolean known = false;
            for (String topic : all) {
                if (pattern.matches(topic) && visit.may(action, topic)) {
                    known = true;
                    found.add(topic);
                }
            }
            if (!known && found.size() == before) {
                throw new Unreadable(Wording.of("moves.form.no-topic", line));
            }
        }
        return found;
    }

    static OptionalInt count(String field, String text) throws Unreadable {
        if (text.isBlank()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(text.strip()));
        } catch (NumberFormatException noNumber) {
            throw new Unreadable(Wording.of("moves.form.no-number", Wording.of(field), text.strip()));
        }
    }

    /** Bytes, with or without k, M, G for 2^10, 2^20, 2^30. */
    static OptionalLong bytes(String field, String text) throws Unreadable {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        if (plain.isEmpty()) {
            return OptionalLong.empty();
        }
        long unit = switch (plain.charAt(plain.length() - 1)) {
            case 'k' -> 1L << 10;
            case 'm' -> 1L << 20;
            case 'g' -> 1L << 30;
            default -> 1;
        };
        try {
            String digits = unit == 1 ? plain : plain.substring(0, plain.length() - 1);
            return OptionalLong.of(Math.multiplyExact(Long.parseLong(digits.strip()), unit));
        } catch (NumberFormatException | ArithmeticException noNumber) {
            throw new Unreadable(Wording.of("moves.form.no-bytes", Wording.of(field), text.strip()));
        }
    }

    /** "1, 2, 3". */
    static List<Integer> brokers(String text, TopicPartition of) throws Unreadable {
        List<Integer> brokers = new ArrayList<>();
        for (String part : text.strip().split("[\\s,]+")) {
            try {
                int broker = Integer.parseInt(part);
                if (broker < 0 || brokers.contains(broker) || brokers.size() == MAX_REPLICAS) {
                    throw new NumberFormatException(part);
                }
                brokers.add(broker);
            } catch (NumberFormatException noBroker) {
                throw new Unreadable(Wording.of("moves.form.no-brokers", of.toString(), text.strip()));
            }
        }
        return brokers;
    }

    /** "orders:3"; no name of a topic has a colon. */
    static List<TopicPartition> partitions(Collection<String> texts) throws Unreadable {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String text : texts) {
            int colon = text.lastIndexOf(':');
            try {
                int number = Integer.parseInt(text.substring(colon + 1));
                if (colon < 1 || number < 0) {
                    throw new NumberFormatException(text);
                }
                partitions.add(new TopicPartition(text.substring(0, colon), number));
            } catch (NumberFormatException noPartition) {
                throw new Unreadable(Wording.of("moves.form.no-partition", text));
            }
        }
        return partitions;
    }
}
