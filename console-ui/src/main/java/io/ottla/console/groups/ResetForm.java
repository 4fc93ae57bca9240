package io.ottla.console.groups;

import io.ottla.console.words.Wording;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What somebody typed to set offsets, word for word, so that the form can be shown again with it.
 *
 * @param to one of {@link #TARGETS}, empty before anything was chosen
 * @param topic empty for all
 * @param partitions such as {@code 0,3-5}; empty for all
 * @param value what the target needs: an offset, a time, a span, a number, a group
 */
public record ResetForm(String to, String topic, String partitions, String value) {
    public static final java.util.List<String> TARGETS =
            java.util.List.of("earliest", "latest", "offset", "time", "back", "shift", "group");

    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})\\s*(s|m|min|h|d)");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:\\s*-\\s*(\\d{1,9}))?");
    private static final int MOST_PARTITIONS = 100_000;

    /** What was typed can't be read. The message is for the one who typed it. */
    public static final class Unreadable extends Exception {
        private final String field;
        private final transient Wording wording;

        Unreadable(String field, Wording wording) {
            super(wording.toString());
            this.field = field;
            this.wording = wording;
        }

        /** Which of the form's it is about. */
        public String field() {
            return field;
        }

        public Wording wording() {
            return wording;
        }
    }

    /** @param zone of a time that names none */
    public ResetRequest request(ZoneId zone) throws Unreadable {
        if (topic.isBlank() && !partitions.isBlank()) {
            throw new Unreadable("topic", Wording.of("groups.reset.partitions-of-what"));
        }
        return new ResetRequest(target(zone), topic.strip(), numbers());
    }

    private OffsetTarget target(ZoneId zone) throws Unreadable {
        String given = value.strip();
        return switch (to) {
            case "earliest" -> new OffsetTarget.Earliest();
            case "latest" -> new OffsetTarget.Latest();
            case "offset" -> new OffsetTarget.Offset(number(given, true));
            case "shift" -> new OffsetTarget.Shift(number(given, false));
            case "time" -> new OffsetTarget.At(time(given, zone));
            case "back" -> new OffsetTarget.Back(span(given));
            case "group" -> {
                if (given.isEmpty()) {
                    throw new Unreadable("value", Wording.of("groups.reset.no-group"));
                }
                yield new OffsetTarget.CopyOf(given);
            }
            default -> throw new Unreadable("to", Wording.of("groups.reset.no-target", to));
        };
    }

    private static long number(String given, boolean positive) throws Unreadable {
        try {
            long number = Long.parseLong(given);
            if (!positive || number >= 0) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // Said below.
        }
        throw new Unreadable("value", Wording.of(positive ? "groups.reset.no-offset" : "groups.reset.no-shift", given));
    }

    private static Instant time(String given, ZoneId zone) throws Unreadable {
        try {
            return given.endsWith("Z") || given.matches(".*[+-]\\d\\d:\\d\\d")
                    ? java.time.OffsetDateTime.parse(given).toInstant()
                    : LocalDateTime.parse(given.replace(' ', 'T')).atZone(zone).toInstant();
        } catch (DateTimeException noTime) {
            throw new Unreadable("value", Wording.of("groups.reset.no-time", given));
        }
    }

    private static Duration span(String given) throws Unreadable {
        Matcher matcher = SPAN.matcher(given);
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "h" -> Duration.ofHours(count);
                case "d" -> Duration.ofDays(count);
                default -> Duration.ofMinutes(count);
            };
        }
        try {
            Duration span = Duration.parse(given);
            if (!span.isNegative() && span.toDays() <= 1_000_000) {
                return span;
            }
        } catch (DateTimeException noSpan) {
            // Said below.
        }
        throw new Unreadable("value", Wording.of("groups.reset.no-span", given));
    }

    private Set<Integer> numbers() throws Unreadable {
        Set<Integer> numbers = new TreeSet<>();
        for (String part :
                partitions.isBlank() ? new String[0] : partitions.strip().split("\\s*,\\s*")) {
            Matcher matcher = RANGE.matcher(part);
            if (!matcher.matches()) {
                throw new Unreadable("partitions", Wording.of("groups.reset.no-partitions", partitions));
            }
            int from = Integer.parseInt(matcher.group(1));
            int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
            if (to < from || to - from > MOST_PARTITIONS) {
                throw new Unreadable("partitions", Wording.of("groups.reset.no-partitions", partitions));
            }
            for (int each = from; each <= to; each++) {
                numbers.add(each);
            }
        }
        return numbers;
    }
}
