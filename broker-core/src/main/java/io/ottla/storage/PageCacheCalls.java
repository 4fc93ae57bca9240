package io.ottla.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of Linux that tell of the page cache and fill it, through the foreign-function API: what Java itself has
 * none for. Source: the manual pages open(2), readv(2), sendfile(2), posix_fadvise(2), errno(3), and of cachestat (Linux
 * 6.5 and later) Documentation/admin-guide/mm and include/uapi/linux/mman.h. Thread-safe.
 *
 * <pre>
 *   struct cachestat_range      struct cachestat
 *   0  off  uint64              0  nr_cache             uint64   pages in memory
 *   8  len  uint64              8  nr_dirty, nr_writeback, nr_evicted, nr_recently_evicted
 * </pre>
 *
 * <p>One byte is the target of all looks, whichever thread looks; nobody reads it.
 */
final class PageCacheCalls implements PageCache {
    private static final Logger LOG = LoggerFactory.getLogger(PageCacheCalls.class);
    private static final String NULL_DEVICE = "/dev/null";
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_CLOEXEC = 0x80000;
    private static final int RWF_NOWAIT = 8;
    private static final int POSIX_FADV_WILLNEED = 3;
    private static final int EAGAIN = 11;
    /** The same on every architecture that Java runs on. */
    private static final long CACHESTAT = 451;

    private static final int RANGE_FIELDS = 2;
    private static final int STAT_FIELDS = 5;
    private static final String ERRNO = "errno";

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final MethodHandle open;
    private final MethodHandle close;
    private final MethodHandle look;
    private final MethodHandle lookTellingWhy;
    private final MethodHandle sendfile;
    private final MethodHandle advise;
    private final MethodHandle cachestat;
    /** A {@code struct iovec} of one byte. */
    private final long oneByte;

    private final int nowhere;
    private final int pageBytes;

    private PageCacheCalls(Linker linker) {
        FunctionDescriptor preadv2 = FunctionDescriptor.of(LONG, INT, LONG, INT, LONG, INT);
        open = handle(linker, "open", FunctionDescriptor.of(INT, LONG, INT));
        close = handle(linker, "close", FunctionDescriptor.of(INT, INT));
        look = handle(linker, "preadv2", preadv2);
        lookTellingWhy = handle(linker, "preadv2", preadv2, Linker.Option.captureCallState(ERRNO));
        sendfile = handle(linker, "sendfile", FunctionDescriptor.of(LONG, INT, INT, LONG, LONG));
        advise = handle(linker, "posix_fadvise", FunctionDescriptor.of(INT, INT, LONG, LONG, INT));
        // It never waits, so that the garbage collector may: its arguments can lie in the heap.
        cachestat = handle(
                linker,
                "syscall",
                FunctionDescriptor.of(LONG, LONG, INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, INT),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.critical(true));
        MemorySegment target = Arena.global().allocate(1);
        MemorySegment vector = Arena.global().allocate(LONG, 2);
        vector.setAtIndex(LONG, 0, target.address());
        vector.setAtIndex(LONG, 1, 1);
        oneByte = vector.address();
        pageBytes = pageBytes(linker);
        nowhere = open(NULL_DEVICE, O_WRONLY);
        if (nowhere < 0) {
            throw new UnsupportedOperationException("Expected to write to " + NULL_DEVICE + ", but it can't be opened");
        }
    }

    /** The calls; empty on systems that have them not, or where native access is denied. */
    static Optional<PageCacheCalls> find() {
        if (!System.getProperty("os.name").equals("Linux") || ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PageCacheCalls(Linker.nativeLinker()));
        } catch (UnsupportedOperationException | IllegalCallerException absent) {
            LOG.info("Old log data is read by copying: {}", absent.getMessage());
            return Optional.empty();
        }
    }

    @SuppressWarnings("restricted") // The broker is started with native access.
    private static MethodHandle handle(
            Linker linker, String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment address = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("Expected the system to have " + name));
        return linker.downcallHandle(address, descriptor, options);
    }

    private static int pageBytes(Linker linker) {
        try {
            return (int)
                    handle(linker, "getpagesize", FunctionDescriptor.of(INT)).invokeExact();
        } catch (Throwable unexpected) {
            throw broken(unexpected);
        }
    }

    @Override
    public int pageBytes() {
        return pageBytes;
    }

    @Override
    public int open(Path file) {
        return open(file.toString(), O_RDONLY);
    }

    private int open(String file, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) open.invokeExact(arena.allocateFrom(file).address(), flags | O_CLOEXEC);
        } catch (Throwable unexpected) {
            throw broken(unexpected);
        }
    }

    @Override
    public void close(int descriptor) {
        try {
            // The descriptor is gone whatever close says, and nothing was written to it.
            int ignored = (int) close.invokeExact(descriptor);
        } catch (Throwable unexpected) {
            throw broken(unexpected);
        }
    }

    @Override
    public boolean canLook(int descriptor) {
        MemoryLayout layout = Linker.Option.captureStateLayout();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(layout);
            long read = (long) lookTellingWhy.invokeExact(state, descriptor, oneByte, 1, 0L, RWF_NOWAIT);
            return read >= 0
                    || state.get(INT, layout.byteOffset(MemoryLayout.PathElement.groupElement(ERRNO))) == EAGAIN;
        } catch (Throwable unexpected) {
            throw broken(unexpected);
        }
    }

    @Override
    public boolean isResident(int descriptor, long at) {
        try {
            return (long) look.invokeExact(descriptor, oneByte, 1, at, RWF_NOWAIT) == 1;
        } catch (Throwable unexpected) {
            throw broken(unexpected);
        }
    }

    @Override
    public long residentPages(int descriptor, long from, long bytes) {
        long[] fields = new long[RANGE_FIELDS + STAT_FIELDS];
        fields[0] = from;
        fields[1] = bytes;
        MemorySegment range = MemorySegment.ofArray(fields);
        MemorySegment found = range.asSlice(RANGE_FIELDS * LONG.byteSize());
        try {
            return (long) cachestat.invokeExact(CACHESTAT, descriptor, range, found, 0) == 0
                    ? fields[RANGE_FIELDS]
                    : -1;
        } catch (Throwable unexpected) {
            throw broken(unexpected);
        }
    }

    @Override
    public void advise(int descriptor, long from, long bytes) {
        try {
            // A refused hint changes nothing.
            int ignored = (int) advise.invokeExact(descriptor, from, bytes, POSIX_FADV_WILLNEED);
        } catch (Throwable unexpected) {
            throw broken(unexpected);
        }
    }

    @Override
    public boolean await(int descriptor, long from, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment offset = arena.allocateFrom(LONG, from);
            long left = bytes;
            while (left > 0) {
                long sent = (long) sendfile.invokeExact(nowhere, descriptor, offset.address(), left);
                if (sent <= 0) {
                    return false;
                }
                left -= sent;
            }
            return true;
        } catch (Throwable unexpected) {
            throw broken(unexpected);
        }
    }

    private static IllegalStateException broken(Throwable unexpected) {
        return new IllegalStateException("Expected a call of the system to return, but it threw", unexpected);
    }
}
