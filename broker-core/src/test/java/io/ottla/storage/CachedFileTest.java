package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the page cache is told, where the system can tell; where it can't, nothing counts as resident. */
class CachedFileTest {
    private static final int FILE_BYTES = 3 << 20;

    /** On the disk of the build: a file system that lies in memory has nothing to drop. */
    static final class OnDisk implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "cached");
        }
    }

    @TempDir(factory = OnDisk.class)
    Path folder;

    private Path path;

    @BeforeEach
    void write() throws IOException {
        path = folder.resolve("00000000000000000000.log");
        Files.write(path, new byte[FILE_BYTES]);
    }

    // ---- the system's own page cache ----

    /** The calls of this system, which may say that they can't count. */
    private static PageCache system(boolean counting) {
        PageCache calls = PageCacheCalls.find().orElseThrow();
        return counting ? calls : new TestingPageCache.Uncounted(calls);
    }

    /** Whether the file system of the test's folder can say what is in memory: then it must, else nothing may count. */
    private boolean canLook() {
        PageCache calls = system(false);
        int descriptor = calls.open(path);
        try {
            return calls.canLook(descriptor);
        } finally {
            calls.close(descriptor);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void shouldFindResidentWhatWasJustWritten(boolean counting) throws IOException {
        boolean expected = canLook();
        try (CachedFile file = LinuxCachedFile.open(path, system(counting))) {
            assertThat(file.isResident(0, FILE_BYTES)).isEqualTo(expected);
            assertThat(file.isResident(12_345, 70_000)).isEqualTo(expected);
            assertThat(file.isResident(FILE_BYTES - 1, 1)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void shouldNotFindResidentWhatIsNotThere(boolean counting) throws IOException {
        try (CachedFile file = LinuxCachedFile.open(path, system(counting))) {
            assertThat(file.isResident(FILE_BYTES - 10, 20)).isFalse();
            assertThat(file.isResident(FILE_BYTES, 1)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void shouldNotFindResidentWhatTheSystemHasDropped(boolean counting) throws IOException, InterruptedException {
        boolean expected = canLook();
        try (CachedFile file = LinuxCachedFile.open(path, system(counting))) {
            // given  all of it in memory, and on disk
            assertThat(file.isResident(0, 1)).isEqualTo(expected);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.force(true);
            }

            // when   the system drops it, as it does where it needs the memory
            int dropped = new ProcessBuilder("dd", "if=" + path, "iflag=nocache", "count=0")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            assertThat(dropped).as("dd asks the system to drop a file").isZero();

            // then
            assertThat(file.isResident(1 << 20, 1 << 20)).isFalse();
            assertThat(file.load(0, FILE_BYTES, 0)).isTrue();
            assertThat(file.isResident(1 << 20, 1 << 20)).isEqualTo(expected);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLoadARangeOfAFile() throws IOException {
        try (CachedFile file = Disk.system().cached(path)) {
            assertThat(file.load(4096, 2 << 20, 4 << 20)).isTrue();
            // nothing is there
            assertThat(file.load(FILE_BYTES, 1, 0)).isFalse();
        }
    }

    // ---- systems that can do more or less ----

    @Test
    void shouldCountPagesWhereTheSystemCan() throws IOException {
        // given  a file in memory but for one page, between two samples
        TestingPageCache pages = new TestingPageCache(FILE_BYTES);
        pages.drop(5);
        try (CachedFile file = LinuxCachedFile.open(path, pages)) {
            // when, then   the gap is seen, and only where it is
            assertThat(file.isResident(0, 1 << 20)).isFalse();
            assertThat(file.isResident(6 * TestingPageCache.PAGE, 1 << 20)).isTrue();
            assertThat(pages.looks).isLessThanOrEqualTo(2);
        }
        assertThat(pages.open).isZero();
    }

    @Test
    void shouldSampleWhereTheSystemCanNotCount() throws IOException {
        // given
        TestingPageCache pages = new TestingPageCache(FILE_BYTES);
        pages.canCount = false;
        try (CachedFile file = LinuxCachedFile.open(path, pages)) {
            // when, then   what is in memory is found, by a sample in each 64 KiB
            assertThat(file.isResident(0, 1 << 20)).isTrue();
            assertThat(pages.looks).isBetween(16, 18);
            // and  a run that was dropped is missed nowhere, at the ends neither
            for (int page = 32; page < 48; page++) {
                pages.drop(page);
            }
            assertThat(file.isResident(0, 1 << 20)).isFalse();
            assertThat(file.isResident(40 * TestingPageCache.PAGE, 100)).isFalse();
            assertThat(file.isResident(0, 33 * TestingPageCache.PAGE)).isFalse();
            assertThat(file.isResident(0, 32 * TestingPageCache.PAGE)).isTrue();
        }
    }

    @Test
    void shouldCountNothingAsResidentWhereTheSystemCanNotLook() throws IOException {
        // given  a system that would say anything
        TestingPageCache pages = new TestingPageCache(FILE_BYTES);
        pages.canLook = false;
        try (CachedFile file = LinuxCachedFile.open(path, pages)) {
            // when, then
            assertThat(file.isResident(0, 1)).isFalse();
            assertThat(file.load(0, 1 << 20, 0)).isTrue();
            assertThat(file.isResident(0, 1)).isFalse();
        }
    }

    @Test
    void shouldKnowNothingOfAFileThatCannotBeOpened() throws IOException {
        try (CachedFile file = Disk.system().cached(folder.resolve("missing"))) {
            assertThat(file.isResident(0, 1)).isFalse();
            assertThat(file.load(0, 1, 0)).isFalse();
        }
    }

    @Test
    void shouldOpenASegmentsPagesWhenFirstLoadedAndCloseThemOnce() throws IOException {
        // given
        TestingCachedFile cached = new TestingCachedFile();
        SegmentPages pages = new SegmentPages(() -> {
            cached.opened.incrementAndGet();
            return cached;
        });

        // when   it is asked before anything was loaded
        assertThat(pages.isResident(0, 100)).isFalse();

        // then   nothing was opened for it
        assertThat(cached.opened).hasValue(0);

        // when
        assertThat(pages.load(0, 100, 50)).isTrue();
        assertThat(pages.load(100, 100, 0)).isTrue();

        // then
        assertThat(cached.opened).hasValue(1);
        assertThat(pages.isResident(0, 200)).isTrue();
        assertThat(pages.isResident(150, 100)).isFalse();
        pages.close();
        assertThat(cached.closed).hasValue(1);
    }

    /** Knows what was loaded from the beginning on. */
    private static final class TestingCachedFile implements CachedFile {
        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();
        private long loaded;

        @Override
        public boolean isResident(long from, long bytes) {
            return from + bytes <= loaded;
        }

        @Override
        public boolean load(long from, long bytes, long ahead) {
            loaded = from + bytes;
            return true;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
