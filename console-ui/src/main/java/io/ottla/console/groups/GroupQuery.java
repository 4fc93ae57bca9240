package io.ottla.console.groups;

import io.ottla.console.lag.GroupFigures;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupKind;
import io.ottla.console.lag.ListedGroup;
import io.ottla.console.pages.Slice;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.GroupState;

/**
 * Which groups the list shows, and how: what an address of the list says.
 *
 * @param path where the list is
 * @param text part of the name, case aside
 * @param type empty for all
 * @param state empty for all
 * @param page from 1
 */
public record GroupQuery(
        String path, String text, String type, String state, GroupOrder order, boolean descending, int page) {
    /** The longest text that is looked for. */
    private static final int MAX_TEXT = 255;

    private static final int PAGE = 50;

    static GroupQuery of(
            String path, String text, String type, String state, String sort, String direction, String page) {
        String trimmed = text == null ? "" : text.strip();
        GroupOrder order = GroupOrder.of(sort);
        return new GroupQuery(
                path,
                trimmed.substring(0, Math.min(trimmed.length(), MAX_TEXT)),
                GroupKind.read(type).map(GroupKind::name).orElse(""),
                state(state),
                order,
                "desc".equals(direction),
                page(page));
    }

    private static String state(String state) {
        return state == null || GroupState.parse(state) == GroupState.UNKNOWN
                ? ""
                : GroupState.parse(state).name();
    }

    /** The page that a text names, or the first. */
    static int page(String text) {
        try {
            return text == null ? 1 : Math.max(1, Integer.parseInt(text));
        } catch (NumberFormatException noNumber) {
            return 1;
        }
    }

    /** Whether it takes the state of every group: of those in ZooKeeper each has to be asked for. */
    boolean needsStates() {
        return !state.isEmpty() || order.byState();
    }

    Slice<ListedGroup> select(List<ListedGroup> groups, Map<GroupKey, GroupFigures> figures) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return Slice.of(
                groups.stream()
                        .filter(group -> group.id().toLowerCase(Locale.ROOT).contains(wanted))
                        .filter(group -> type.isEmpty() || group.kind().name().equals(type))
                        .filter(group -> state.isEmpty() || group.state().name().equals(state))
                        .sorted(order.comparator(descending, figures))
                        .toList(),
                page,
                PAGE);
    }

    /** Whether something is left out. */
    public boolean filters() {
        return !text.isEmpty() || !type.isEmpty() || !state.isEmpty();
    }

    /** The address that orders by this column, or turns its order round when it is the one already. */
    public String sortedBy(GroupOrder column) {
        boolean largestFirst = column == order ? !descending : column.numeric();
        return new GroupQuery(path, text, type, state, column, largestFirst, 1).address();
    }

    public String onPage(int other) {
        return new GroupQuery(path, text, type, state, order, descending, other).address();
    }

    /** For {@code aria-sort}; null for columns that the list is not ordered by. */
    public String direction(GroupOrder column) {
        return column != order ? null : descending ? "descending" : "ascending";
    }

    public String address() {
        StringBuilder address = new StringBuilder(path).append("?sort=").append(order.key());
        address.append("&dir=").append(descending ? "desc" : "asc");
        append(address, "q", text);
        append(address, "type", type);
        append(address, "state", state);
        if (page > 1) {
            address.append("&page=").append(page);
        }
        return address.toString();
    }

    private static void append(StringBuilder address, String name, String value) {
        if (!value.isEmpty()) {
            address.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
