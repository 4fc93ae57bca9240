package io.ottla.console.groups;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What an address of a group's page says.
 *
 * @param path where it is
 * @param topic that the charts and the table are of; empty for all
 * @param range of the charts
 * @param page of the partitions, from 1
 */
public record GroupPage(
        String path, String topic, HistoryRange range, OffsetOrder order, boolean descending, int page) {

    static GroupPage of(String path, String topic, String range, String sort, String direction, String page) {
        return new GroupPage(
                path,
                topic == null ? "" : topic,
                HistoryRange.of(range),
                OffsetOrder.of(sort),
                direction == null ? OffsetOrder.of(sort) != OffsetOrder.PARTITION : "desc".equals(direction),
                GroupQuery.page(page));
    }

    public String sortedBy(OffsetOrder column) {
        boolean largestFirst = column == order ? !descending : column != OffsetOrder.PARTITION;
        return new GroupPage(path, topic, range, column, largestFirst, 1).address();
    }

    public String onPage(int other) {
        return new GroupPage(path, topic, range, order, descending, other).address();
    }

    public String of(HistoryRange other) {
        return new GroupPage(path, topic, other, order, descending, page).address();
    }

    public String of(String other) {
        return new GroupPage(path, other, range, order, descending, 1).address();
    }

    /** For {@code aria-sort}; null for columns that the table is not ordered by. */
    public String direction(OffsetOrder column) {
        return column != order ? null : descending ? "descending" : "ascending";
    }

    public String address() {
        StringBuilder address = new StringBuilder(path).append("?range=").append(range.key());
        address.append("&sort=").append(order.key()).append("&dir=").append(descending ? "desc" : "asc");
        if (!topic.isEmpty()) {
            address.append("&topic=").append(URLEncoder.encode(topic, StandardCharsets.UTF_8));
        }
        if (page > 1) {
            address.append("&page=").append(page);
        }
        return address.toString();
    }

    /** Where a part of the page is renewed from. */
    public String part(String name) {
        return address() + "&part=" + name;
    }
}
