package io.ottla.console.pages;

import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;

/** How figures are written on pages. Templates know it as {@code figures}. */
public final class Figures {
    private static final String UNKNOWN = "–";
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int STEP = 1024;

    private final Locale language;

    public Figures(Locale language) {
        this.language = language;
    }

    /** A size, such as "1.5 GiB"; a dash for what is unknown, which is below zero. */
    public String bytes(long bytes) {
        if (bytes < 0) {
            return UNKNOWN;
        }
        if (bytes < STEP) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }

    /** A rate, such as "1.5 MiB/s"; a dash for what is unknown, which is below zero or no number. */
    public String bytesPerSecond(double rate) {
        return rate >= 0 ? bytes(Math.round(rate)) + "/s" : UNKNOWN;
    }

    /** The same of a figure that may be not a number. */
    public String number(double count) {
        return count >= 0 ? count(Math.round(count)) : UNKNOWN;
    }

    /** A count with thin gaps between thousands; a dash for what is unknown. */
    public String count(long count) {
        return count < 0 ? UNKNOWN : String.format(Locale.ROOT, "%,d", count).replace(',', '\u202f');
    }

    /** A rate of things, such as "12.5/s"; a dash for what is unknown. */
    public String perSecond(double rate) {
        if (!(rate >= 0)) {
            return UNKNOWN;
        }
        return (rate < 100 && rate != Math.rint(rate)
                        ? String.format(Locale.ROOT, "%.1f", rate)
                        : count(Math.round(rate)))
                + "/s";
    }

    /** A share, 1 being 100 %; more than that where several have one; a dash for what is unknown. */
    public String percent(double share) {
        return share >= 0 ? Math.round(share * 100) + " %" : UNKNOWN;
    }

    /** A span of time in its two largest units, such as "2 h 5 min"; a dash for what is below zero. */
    public String span(Duration span) {
        if (span == null || span.isNegative()) {
            return UNKNOWN;
        }
        long seconds = span.toSeconds();
        if (seconds < 1) {
            return say("ms", span.toMillis());
        }
        if (seconds < 60) {
            return say("s", seconds);
        }
        if (seconds < 3600) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
        }
        return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    /** The same of milliseconds. */
    public String millis(long millis) {
        return span(Duration.ofMillis(millis));
    }

    private String two(long large, String unit, long small, String smaller) {
        return small == 0 ? say(unit, large) : say(unit, large) + " " + say(smaller, small);
    }

    private String say(String unit, long number) {
        return Wording.of("span." + unit, Long.toString(number)).in(language);
    }

    /** A point in time in the process's time zone, which it names: who reads it may be in another. */
    public String time(Instant at) {
        if (at == null) {
            return UNKNOWN;
        }
        ZonedDateTime here = at.atZone(ZoneId.systemDefault());
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM)
                        .withLocale(language)
                        .format(here)
                + " " + zone(here.getOffset());
    }

    /** That time zone as it is now, such as "UTC+8", for fields in which a time is typed. */
    public String zone() {
        return zone(ZoneId.systemDefault()
                .getRules()
                .getOffset(InstantSource.system().instant()));
    }

    /** By its distance, since names such as CST stand for several. */
    static String zone(ZoneOffset offset) {
        int minutes = Math.abs(offset.getTotalSeconds()) / 60;
        if (minutes == 0) {
            return "UTC";
        }
        return "UTC" + (offset.getTotalSeconds() < 0 ? "−" : "+") + minutes / 60
                + (minutes % 60 == 0 ? "" : String.format(Locale.ROOT, ":%02d", minutes % 60));
    }
}
