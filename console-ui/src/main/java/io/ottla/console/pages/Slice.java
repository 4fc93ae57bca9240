package io.ottla.console.pages;

import java.util.List;

/**
 * One page of a list.
 *
 * @param page from 1; never past the last
 * @param pages at least 1
 * @param total items on all pages
 * @param first place of the first item on this page from 1, 0 when there is none
 */
public record Slice<T>(List<T> items, int page, int pages, int total, int first) {
    /** @param page wanted, from 1; what lies outside becomes the nearest there is */
    public static <T> Slice<T> of(List<T> all, int page, int size) {
        int pages = Math.max(1, Math.ceilDiv(all.size(), size));
        int present = Math.clamp(page, 1, pages);
        int from = Math.min(all.size(), (present - 1) * size);
        List<T> items = List.copyOf(all.subList(from, Math.min(all.size(), from + size)));
        return new Slice<>(items, present, pages, all.size(), items.isEmpty() ? 0 : from + 1);
    }

    /** The page that a text names, or the first. */
    public static int page(String text) {
        try {
            return text == null ? 1 : Math.max(1, Integer.parseInt(text));
        } catch (NumberFormatException noNumber) {
            return 1;
        }
    }

    public int last() {
        return first == 0 ? 0 : first + items.size() - 1;
    }

    public boolean hasPrevious() {
        return page > 1;
    }

    public boolean hasNext() {
        return page < pages;
    }
}
