package io.ottla.storage;

import java.nio.file.Path;
import java.util.Optional;

/** {@link CachedFile} over a descriptor of its own. */
final class LinuxCachedFile implements CachedFile {
    /** Distance of samples: the kernel reads in and drops runs of neighbouring pages, seldom a single one. */
    private static final int SAMPLE_BYTES = 64 << 10;

    private static final Optional<PageCacheCalls> CALLS = PageCacheCalls.find();

    private final PageCacheCalls calls;
    private final int descriptor;
    private final boolean canLook;

    private LinuxCachedFile(PageCacheCalls calls, int descriptor) {
        this.calls = calls;
        this.descriptor = descriptor;
        this.canLook = calls.canLook(descriptor);
    }

    /** The file as it is now under that name; {@link CachedFile#UNKNOWN} where there is none or no way to tell. Blocks. */
    static CachedFile open(Path file) {
        if (CALLS.isEmpty()) {
            return UNKNOWN;
        }
        PageCacheCalls calls = CALLS.get();
        int descriptor = calls.open(file);
        return descriptor < 0 ? UNKNOWN : new LinuxCachedFile(calls, descriptor);
    }

    @Override
    public boolean isResident(long from, long bytes) {
        if (!canLook || !calls.isResident(descriptor, from)) {
            return false;
        }
        long last = from + bytes - 1;
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
