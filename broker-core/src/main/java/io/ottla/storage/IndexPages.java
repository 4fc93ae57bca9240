package io.ottla.storage;

import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Stretches of an index's file as they were read lately, so that who reads a segment from one end to the other reads its
 * index once, a page at a time. A few are kept while there is memory for them; whoever changes the file begins anew.
 * Thread-safe.
 */
final class IndexPages {
    /** Entries from one page's beginning to the next one's. */
    static final int STRIDE = 512;

    private static final int SLOTS = 4;

    /** Entries in ascending order. Immutable. */
    static final class Page {
        private final int number;
        private final long[] entries;

        /**
         * @param number counts pages from 0
         * @param entries those of the page and the next one's first; only the last page has no such. Not copied
         */
        Page(int number, long[] entries) {
            this.number = number;
            this.entries = entries;
        }

        private boolean isLast() {
            return entries.length <= STRIDE;
        }

        private boolean covers(int position) {
            return (number == 0 || OffsetIndex.position(entries[0]) <= position)
                    && (isLast() || OffsetIndex.position(entries[STRIDE]) > position);
        }

        /** Position of the last of the entries that is not past the given one; 0 where there is none. */
        int positionBefore(int position) {
            return OffsetIndex.positionBefore(entries, entries.length, position);
        }
    }

    private volatile SoftReference<AtomicReferenceArray<Page>> slots;

    void add(Page page) {
        AtomicReferenceArray<Page> kept = kept();
        if (kept == null) {
            // One that another thread adds just now may be lost: it is read again.
            kept = new AtomicReferenceArray<>(SLOTS);
            slots = new SoftReference<>(kept);
        }
        kept.set(page.number & SLOTS - 1, page);
    }

    private AtomicReferenceArray<Page> kept() {
        SoftReference<AtomicReferenceArray<Page>> now = slots;
        return now == null ? null : now.get();
    }

    /** As {@link Page#positionBefore} of the whole file; {@link OffsetIndex#NOT_IN_MEMORY} where its page is not here. */
    int positionBefore(int position) {
        Page page = covering(position);
        return page == null ? OffsetIndex.NOT_IN_MEMORY : page.positionBefore(position);
    }

    /** As {@link OffsetIndex#entryBehind} of the whole file, where its page is here. */
    long entryBehind(int position) {
        Page page = covering(position);
        return page == null
                ? OffsetIndex.NOT_IN_MEMORY
                : OffsetIndex.entryBehind(page.entries, page.entries.length, position);
    }

    /** Null where it is not here. */
    private Page covering(int position) {
        AtomicReferenceArray<Page> kept = kept();
        for (int i = 0; kept != null && i < SLOTS; i++) {
            Page page = kept.get(i);
            if (page != null && page.covers(position)) {
                return page;
            }
        }
        return null;
    }
}
