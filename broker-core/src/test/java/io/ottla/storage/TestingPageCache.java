package io.ottla.storage;

import java.nio.file.Path;
import java.util.BitSet;

/** The page cache of one file, all of which is in memory but for what a test drops. Not every system can do everything. */
final class TestingPageCache implements PageCache {
    static final int PAGE = 4096;

    boolean canLook = true;
    boolean canCount = true;
    /** How often it was looked for a byte. */
    int looks;
    /** Descriptors that are not closed. */
    int open;

    private final BitSet pages = new BitSet();
    private final long fileBytes;

    TestingPageCache(long fileBytes) {
        this.fileBytes = fileBytes;
        pages.set(0, pagesUpTo(fileBytes));
    }

    private static int pagesUpTo(long bytes) {
        return (int) Math.ceilDiv(bytes, PAGE);
    }

    void drop(int page) {
        pages.clear(page);
    }

    @Override
    public int pageBytes() {
        return PAGE;
    }

    @Override
    public int open(Path file) {
        open++;
        return 1;
    }

    @Override
    public void close(int descriptor) {
        open--;
    }

    @Override
    public boolean canLook(int descriptor) {
        return canLook;
    }

    @Override
    public boolean isResident(int descriptor, long at) {
        looks++;
        return at < fileBytes && pages.get((int) (at / PAGE));
    }

    @Override
    public long residentPages(int descriptor, long from, long bytes) {
        return canCount
                ? pages.get((int) (from / PAGE), pagesUpTo(from + bytes)).cardinality()
                : -1;
    }

    @Override
    public void advise(int descriptor, long from, long bytes) {
        // It is done when it is waited for.
    }

    @Override
    public boolean await(int descriptor, long from, long bytes) {
        pages.set((int) (from / PAGE), pagesUpTo(from + bytes));
        return true;
    }

    /** A system's own, but that it can't count. */
    record Uncounted(PageCache calls) implements PageCache {
        @Override
        public int pageBytes() {
            return calls.pageBytes();
        }

        @Override
        public int open(Path file) {
            return calls.open(file);
        }

        @Override
        public void close(int descriptor) {
            calls.close(descriptor);
        }

        @Override
        public boolean canLook(int descriptor) {
            return calls.canLook(descriptor);
        }

        @Override
        public boolean isResident(int descriptor, long at) {
            return calls.isResident(descriptor, at);
        }

        @Override
        public long residentPages(int descriptor, long from, long bytes) {
            return -1;
        }

        @Override
        public void advise(int descriptor, long from, long bytes) {
            calls.advise(descriptor, from, bytes);
        }

        @Override
        public boolean await(int descriptor, long from, long bytes) {
            return calls.await(descriptor, from, bytes);
        }
    }
}
