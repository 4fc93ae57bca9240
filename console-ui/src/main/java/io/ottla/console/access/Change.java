package io.ottla.console.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that is about to be changed.
 *
 * @param names the topics or groups that it is done to; else what it is done to, such as a broker's id
 * @param details what else the trail tells; never a secret
 */
public record Change(Action action, List<String> names, Map<String, String> details) {
    private static final int MAX_DETAIL = 1000;

    public Change {
        names = List.copyOf(names);
    }

    public static Change of(Action action, String... names) {
        return new Change(action, List.of(names), Map.of());
    }

    public static Change of(Action action, List<String> names) {
        return new Change(action, names, Map.of());
    }

    /** The same with one more detail, cut where it is long. */
    public Change with(String detail, Object value) {
        Map<String, String> more = new LinkedHashMap<>(details);
        String text = String.valueOf(value);
        more.put(detail, text.length() <= MAX_DETAIL ? text : text.substring(0, MAX_DETAIL) + "…");
        return new Change(action, names, more);
    }
}
