package io.ottla.console.topics;

import io.ottla.console.clusters.TopicSummary;
import io.ottla.console.pages.Slice;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which topics the list shows, and how: what an address of the list says.
 *
 * @param path where the list is
 * @param text part of the name, case aside
 * @param internal whether internal topics are shown too
 * @param spread whether it is shown how evenly topics lie on the brokers
 * @param page from 1
 */
public record TopicQuery(
        String path, String text, boolean internal, boolean spread, TopicOrder order, boolean descending, int page) {
    /** Longer than any name of a topic. */
    private static final int MAX_TEXT = 249;

    private static final int PAGE = 50;

    static TopicQuery of(
            String path, String text, boolean internal, boolean spread, String sort, String direction, String page) {
        String trimmed = text == null ? "" : text.strip();
        return new TopicQuery(
                path,
                trimmed.substring(0, Math.min(trimmed.length(), MAX_TEXT)),
                internal,
                spread,
                TopicOrder.of(sort),
                "desc".equals(direction),
                Slice.page(page));
    }

    Slice<TopicSummary> select(List<TopicSummary> topics) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return Slice.of(
                topics.stream()
                        .filter(topic -> internal || !topic.internal())
                        .filter(topic -> topic.name().toLowerCase(Locale.ROOT).contains(wanted))
                        .sorted(order.comparator(descending))
                        .toList(),
                page,
                PAGE);
    }

    public List<TopicOrder> columns() {
        return Arrays.stream(TopicOrder.values())
                .filter(column -> spread || !column.ofSpread())
                .toList();
    }

    /** The address that orders by this column, or turns its order round when it is the one already. */
    public String sortedBy(TopicOrder column) {
        boolean largestFirst = column == order ? !descending : column != TopicOrder.NAME;
        return new TopicQuery(path, text, internal, spread, column, largestFirst, 1).address();
    }

    public String onPage(int other) {
        return new TopicQuery(path, text, internal, spread, order, descending, other).address();
    }

    /** For {@code aria-sort}; null for columns that the list is not ordered by. */
    public String direction(TopicOrder column) {
        return column != order ? null : descending ? "descending" : "ascending";
    }

    private String address() {
        StringBuilder address = new StringBuilder(path).append("?sort=").append(order.key());
        address.append("&dir=").append(descending ? "desc" : "asc");
        if (!text.isEmpty()) {
            address.append("&q=").append(URLEncoder.encode(text, StandardCharsets.UTF_8));
        }
        if (internal) {
            address.append("&internal=true");
        }
        if (spread) {
            address.append("&spread=true");
        }
        if (page > 1) {
            address.append("&page=").append(page);
        }
        return address.toString();
    }
}
