package io.ottla.console.pages;

import java.util.Locale;

/** How figures are written on pages. Templates know it as {@code figures}. */
public final class Figures {
    private static final String UNKNOWN = "–";
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int STEP = 1024;

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

    /** A count with thin gaps between thousands; a dash for what is unknown. */
    public String count(long count) {
        return count < 0 ? UNKNOWN : String.format(Locale.ROOT, "%,d", count).replace(',', '\u202f');
    }

    /** "1 partition", "2 partitions". */
    public String counted(long count, String one, String many) {
        return count(count) + " " + (count == 1 ? one : many);
    }
}
