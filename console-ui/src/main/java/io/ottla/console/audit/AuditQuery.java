package io.ottla.console.audit;

import java.util.Locale;

/**
 * What somebody looks for in the trail. Empty texts are everything.
 *
 * @param person a part of the name
 * @param action such as {@code delete-topic}
 * @param cluster a key; {@code -} for the console itself
 * @param before only entries before this offset; below 0 for the newest
 */
record AuditQuery(String person, String action, String cluster, long before) {
    /** In the place of a cluster's key: what was done to the console itself. */
    static final String CONSOLE = "-";

    private static final int MAX = 249;

    static AuditQuery of(String person, String action, String cluster, String before) {
        return new AuditQuery(text(person), text(action), text(cluster), number(before));
    }

    private static String text(String given) {
        String text = given == null ? "" : given.strip();
        return text.length() <= MAX ? text : text.substring(0, MAX);
    }

    private static long number(String given) {
        try {
            return given == null ? -1 : Long.parseLong(given);
        } catch (NumberFormatException none) {
            return -1;
        }
    }

    boolean matches(AuditRecord record) {
        return record.person().toLowerCase(Locale.ROOT).contains(person.toLowerCase(Locale.ROOT))
                && (action.isEmpty() || record.action().equals(action))
                && (cluster.isEmpty() || record.cluster().equals(cluster.equals(CONSOLE) ? "" : cluster));
    }
}
