package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which records somebody wants to see, and how: what the parameters of an address say.
 *
 * @param given the parameters as they came, those that are known and not empty
 * @param partition all where it is empty
 * @param offset for {@link From#OFFSET}
 * @param time for {@link From#TIME}, in milliseconds since 1970
 * @param cursor where to go on instead; null for none
 * @param size most records on a page
 * @param scan most records that are looked through for it
 * @param seconds how long at most
 */
public record RecordQuery(
        Map<String, String> given,
        OptionalInt partition,
        From from,
        OptionalLong offset,
        OptionalLong time,
        Cursor cursor,
        Format keyFormat,
        Format valueFormat,
        RecordFilter filter,
        boolean committedOnly,
        int size,
        int scan,
        int seconds) {
    static final int PAGE = 50;
    static final int MOST_ON_A_PAGE = 500;
    static final int SCAN = 20_000;
    static final int LONGEST_SCAN = 1_000_000;
    static final int SECONDS = 10;
    static final int MOST_SECONDS = 60;

    private static final int LONGEST_TEXT = 1000;

    /** Where reading begins. */
    public enum From {
        NEWEST,
        OLDEST,
        OFFSET,
        TIME;

        public String key() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** @throws Unreadable naming the parameter */
    static RecordQuery of(Map<String, String> parameters) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String name : new String[] {
            "from",
            "partition",
            "offset",
            "time",
            "keys",
            "values",
            "q",
            "in",
            "path",
            "op",
            "operand",
            "committed",
            "size",
            "scan",
            "seconds",
            "cursor"
        }) {
            String value = parameters.get(name);
            if (value != null && !value.isBlank()) {
                if (value.length() > LONGEST_TEXT && !name.equals("cursor")) {
                    throw Unreadable.of(name, value);
                }
                given.put(name, value.strip());
            }
        }
        From from = one(From.values(), "from", given, From.NEWEST);
        OptionalLong offset = number(given, "offset", 0, Long.MAX_VALUE);
        OptionalLong time = given.containsKey("time") ? OptionalLong.of(time(given.get("time"))) : OptionalLong.empty();
        boolean goesOn = given.containsKey("cursor");
        if (from == From.OFFSET && offset.isEmpty() && !goesOn) {
            throw new Unreadable("offset", Wording.of("records.bad.missing", "offset"));
        }
        if (from == From.TIME && time.isEmpty() && !goesOn) {
            throw new Unreadable("time", Wording.of("records.bad.missing", "time"));
        }
        OptionalLong partition = number(given, "partition", 0, Integer.MAX_VALUE);
        return new RecordQuery(
                given,
                partition.isPresent() ? OptionalInt.of((int) partition.getAsLong()) : OptionalInt.empty(),
                from,
                offset,
                time,
                goesOn ? Cursor.parse(given.get("cursor")) : null,
                Format.of("keys", given.get("keys")),
                Format.of("values", given.get("values")),
                filter(given),
                isCommitted(given),
                (int) number(given, "size", 1, MOST_ON_A_PAGE).orElse(PAGE),
                (int) number(given, "scan", 1, LONGEST_SCAN).orElse(SCAN),
                (int) number(given, "seconds", 1, MOST_SECONDS).orElse(SECONDS));
    }

    private static boolean isCommitted(Map<String, String> given) {
        String text = given.getOrDefault("committed", "false");
        return switch (text) {
            case "true" -> true;
            case "false", "" -> false;
            default -> throw Unreadable.of("committed", text);
        };
    }

    private static RecordFilter filter(Map<String, String> given) {
        JsonPath path = given.containsKey("path") ? JsonPath.of("path", given.get("path")) : null;
        String operand = given.getOrDefault("operand", "");
        RecordFilter.Comparison op = one(RecordFilter.Comparison.values(), "op", given, RecordFilter.Comparison.EXISTS);
        return new RecordFilter(
                given.getOrDefault("q", ""),
                one(RecordFilter.Where.values(), "in", given, RecordFilter.Where.ANY),
                path,
                // Whoever says what is to be there does not ask whether anything is.
                op == RecordFilter.Comparison.EXISTS && !operand.isEmpty() ? RecordFilter.Comparison.EQUALS : op,
                operand);
    }

    private static <T extends Enum<T>> T one(T[] among, String name, Map<String, String> given, T otherwise) {
        String wanted = given.get(name);
        if (wanted == null) {
            return otherwise;
        }
        for (T each : among) {
            if (each.name().toLowerCase(java.util.Locale.ROOT).equals(wanted)) {
                return each;
            }
        }
        throw Unreadable.of(name, wanted, among);
    }

    static OptionalLong number(Map<String, String> given, String name, long least, long most) {
        String text = given.get(name);
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException noNumber) {
            throw Unreadable.number(name, text, least, most);
        }
        throw Unreadable.number(name, text, least, most);
    }

    /** Milliseconds, or a point in time by ISO 8601; without a zone in that of this process, as pages show it. */
    private static long time(String text) {
        try {
            if (text.matches("\\d{1,15}")) {
                return Long.parseLong(text);
            }
            TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text.replace(' ', 'T'), ZonedDateTime::from, LocalDateTime::from);
            ZonedDateTime zoned = time instanceof LocalDateTime local
                    ? local.atZone(ZoneId.systemDefault())
                    : ZonedDateTime.from(time);
            return zoned.toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException unreadable) {
            throw new Unreadable("time", Wording.of("records.bad.time", Unreadable.shortened(text)));
        }
    }

    boolean forward() {
        return cursor == null ? from != From.NEWEST : cursor.forward();
    }

    /** Whether lists begin with the newest. */
    public boolean newestFirst() {
        return from == From.NEWEST;
    }

    /** What was typed into a field of the form. */
    public String typed(String name) {
        return given.getOrDefault(name, "");
    }

    /** How one record is to be read alike, to be put behind its path. */
    public String reading() {
        Map<String, String> kept = new LinkedHashMap<>(given);
        kept.keySet().retainAll(java.util.Set.of("keys", "values"));
        return text(kept);
    }

    /** The parameters with another cursor, to be put behind a path. */
    public String parameters(Cursor other) {
        Map<String, String> all = new LinkedHashMap<>(given);
        all.remove("cursor");
        if (other != null) {
            all.put("cursor", other.toString());
        }
        return text(all);
    }

    private static String text(Map<String, String> parameters) {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, value) -> text.append(text.isEmpty() ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
