package io.ottla.storage;

import java.nio.file.Path;
import java.util.Optional;

/**
 * {@link CachedFile} over a descriptor of its own. Has the kernel count a range's pages where it can (Linux 6.5), which
 * costs one call for a MiB; else samples them.
 */
final class LinuxCachedFile implements CachedFile {
    /** Distance of samples: the kernel reads in and drops runs of neighbouring pages, seldom a single one. */
    private static final int SAMPLE_BYTES = 64 << 10;

    private static final Optional<PageCacheCalls> CALLS = PageCacheCalls.find();

    private final PageCache calls;
    private final int descriptor;
    private final boolean canLook;
    private final boolean canCount;

    private LinuxCachedFile(PageCache calls, int descriptor) {
        this.calls = calls;
        this.descriptor = descriptor;
        this.canLook = calls.canLook(descriptor);
        this.canCount = canLook && calls.residentPages(descriptor, 0, 1) >= 0;
    }

    /** The file as it is now under that name; {@link CachedFile#UNKNOWN} where there is none or no way to tell. Blocks. */
    static CachedFile open(Path file) {
        return CALLS.isEmpty() ? UNKNOWN : open(file, CALLS.get());
    }

    static CachedFile open(Path file, PageCache calls) {
        int descriptor = calls.open(file);
        return descriptor < 0 ? UNKNOWN : new LinuxCachedFile(calls, descriptor);
    }

    @Override
    public boolean isResident(long from, long bytes) {
        long last = from + bytes - 1;
        return canCount ? isCounted(from, last) : isSampled(from, last);
    }

    /** Every page is there; the last one too has been read and not only asked for, and so those before it have. */
    private boolean isCounted(long from, long last) {
        long pages = last / calls.pageBytes() - from / calls.pageBytes() + 1;
        return calls.residentPages(descriptor, from, last - from + 1) >= pages && calls.isResident(descriptor, last);
    }

    private boolean isSampled(long from, long last) {
        if (!canLook || !calls.isResident(descriptor, from)) {
            return false;
        }
        for (long at = (from / SAMPLE_BYTES + 1) * SAMPLE_BYTES; at < last; at += SAMPLE_BYTES) {
            if (!calls.isResident(descriptor, at)) {
                return false;
            }
        }
        return calls.isResident(descriptor, last);
    }

    @Override
    public boolean load(long from, long bytes, long ahead) {
        calls.advise(descriptor, from, bytes + ahead);
        return calls.await(descriptor, from, bytes);
    }

    @Override
    public void close() {
        calls.close(descriptor);
    }
}
