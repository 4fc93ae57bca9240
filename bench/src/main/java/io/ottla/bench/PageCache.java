package io.ottla.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the operating system keeps of a file in memory; Linux's {@code posix_fadvise(2)} and {@code mincore(2)}. */
final class PageCache {
    private static final int DONT_NEED = 4;
    private static final int PAGE_BYTES = 4096;

    private final MethodHandle open = function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private final MethodHandle close = function("close", ValueLayout.JAVA_INT);
    private final MethodHandle advise = function(
            "posix_fadvise", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
    private final MethodHandle residence =
            function("mincore", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);

    /** Writes what is dirty and gives up what is clean of the file. */
    void drop(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) open.invoke(arena.allocateFrom(file.toString()), 0);
            expect(descriptor >= 0, "open", file);
            int failure = (int) advise.invoke(descriptor, 0L, 0L, DONT_NEED);
            expect((int) close.invoke(descriptor) == 0 && failure == 0, "posix_fadvise", file);
        } catch (IOException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** How many bytes of the file are in memory, in whole pages. */
    long residentBytes(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            if (channel.size() == 0) {
                return 0;
            }
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            long pages = (channel.size() + PAGE_BYTES - 1) / PAGE_BYTES;
            MemorySegment flags = arena.allocate(pages);
            expect((int) residence.invoke(mapped, channel.size(), flags) == 0, "mincore", file);
            long resident = 0;
            for (long page = 0; page < pages; page++) {
                resident += flags.get(ValueLayout.JAVA_BYTE, page) & 1;
            }
            return resident * PAGE_BYTES;
        } catch (IOException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void expect(boolean done, String call, Path file) throws IOException {
        if (!done) {
            throw new IOException(call + " failed for " + file);
        }
    }

    @SuppressWarnings("restricted") // what it is for
    private static MethodHandle function(String name, ValueLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }
}
