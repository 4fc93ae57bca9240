package io.ottla.types;

import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;

/**
 * Texts that others chose, such as ids of groups, members and clients, as they may stand in a line of the log: on that
 * one line, and short. Whoever chose one can neither begin a line of their own with it, nor steer a terminal, nor fill a
 * disk. Pure.
 */
public final class Shown {
    /** Characters that are shown of a name; a group's id may have 32 767. */
    static final int NAME_CHARS = 100;
    /** Characters that are shown of a sentence with something in it that others chose. */
    static final int SENTENCE_CHARS = 1_000;
    /** How many of several names are shown. */
    static final int NAMES = 10;

    private static final String CUT = "…";

    private Shown() {}

    /** A name. Characters that are none to look at are written as in Java's texts; what is long is cut, with "…". */
    public static String of(String name) {
        return shown(name, NAME_CHARS);
    }

    /** Several names; after ten of them, how many more there are. */
    public static String of(Collection<String> names) {
        StringBuilder text = new StringBuilder("[");
        Iterator<String> each = names.iterator();
        for (int i = 0; i < NAMES && each.hasNext(); i++) {
            text.append(i == 0 ? "" : ", ").append(of(each.next()));
        }
        if (names.size() > NAMES) {
            text.append(", and ").append(names.size() - NAMES).append(" more");
        }
        return text.append(']').toString();
    }

    /** A sentence with something in it that others chose: the same, but longer. */
    public static String sentence(String sentence) {
        return shown(sentence, SENTENCE_CHARS);
    }

    private static String shown(String text, int most) {
        if (text == null) {
            return "null";
        }
        if (text.length() <= most && text.codePoints().noneMatch(Shown::isHidden)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            String next = isHidden(character) ? escaped(character) : Character.toString(character);
            if (shown.length() + next.length() > most) {
                return shown.append(CUT).toString();
            }
            shown.append(next);
            at += Character.charCount(character);
        }
        return shown.toString();
    }

    /** Ends lines, steers terminals, turns the direction of writing, or is half a character. */
    private static boolean isHidden(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static String escaped(int character) {
        return switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> {
                StringBuilder units = new StringBuilder();
                for (char unit : Character.toChars(character)) {
                    units.append("\\u").append(HexFormat.of().toHexDigits(unit));
                }
                yield units.toString();
            }
        };
    }
}
