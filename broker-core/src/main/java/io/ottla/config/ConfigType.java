package io.ottla.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a setting's value is, and how its text is read. Names and numbers are those of the protocol (DescribeConfigs). */
public enum ConfigType {
    BOOLEAN(1),
    STRING(2),
    INT(3),
    SHORT(4),
    LONG(5),
    DOUBLE(6),
    LIST(7),
    CLASS(8),
    PASSWORD(9);

    private final byte wire;

    ConfigType(int wire) {
        this.wire = (byte) wire;
    }

    /** The type's number in DescribeConfigs. */
    public byte wire() {
        return wire;
    }

    /** Reads a text, blanks around it left out. A list is split at commas. */
    Reading read(String text) {
        String trimmed = text.strip();
        return switch (this) {
            case BOOLEAN -> bool(trimmed);
            case STRING, CLASS, PASSWORD -> new Reading.Value(trimmed);
            case INT -> integer(trimmed, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case SHORT -> integer(trimmed, Short.MIN_VALUE, Short.MAX_VALUE);
            case LONG -> integer(trimmed, Long.MIN_VALUE, Long.MAX_VALUE);
            case DOUBLE -> decimal(trimmed);
            case LIST -> new Reading.Value(split(trimmed));
        };
    }

    private static Reading bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> new Reading.Value(true);
            case "false" -> new Reading.Value(false);
            default -> new Reading.Refused("Expected true or false");
        };
    }

    private Reading integer(String text, long least, long most) {
        long number;
        try {
            number = Long.parseLong(text);
        } catch (NumberFormatException e) {
            return new Reading.Refused("Expected a whole number of type " + this);
        }
        if (number < least || number > most) {
            return new Reading.Refused("Expected a whole number from " + least + " to " + most);
        }
        return new Reading.Value(
                switch (this) {
                    case INT -> (Object) (int) number;
                    case SHORT -> (short) number;
                    default -> number;
                });
    }

    private static Reading decimal(String text) {
        try {
            return new Reading.Value(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return new Reading.Refused("Expected a number");
        }
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String part : text.split(",", -1)) {
                parts.add(part.strip());
            }
        }
        return List.copyOf(parts);
    }
}
