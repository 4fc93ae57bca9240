package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the page cache is told, where the system can tell; where it can't, nothing counts as resident. */
class CachedFileTest {
    private static final int FILE_BYTES = 3 << 20;

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void write() throws IOException {
        path = folder.resolve("00000000000000000000.log");
        Files.write(path, new byte[FILE_BYTES]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void shouldFindResidentWhatWasJustWritten(boolean counting) throws IOException {
        try (CachedFile file = LinuxCachedFile.open(path, counting)) {
            assumeTrue(file.isResident(0, 1), "the file system of the test's folder can say what is in memory");
            assertThat(file.isResident(0, FILE_BYTES)).isTrue();
            assertThat(file.isResident(12_345, 70_000)).isTrue();
            assertThat(file.isResident(FILE_BYTES - 1, 1)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void shouldNotFindResidentWhatIsNotThere(boolean counting) throws IOException {
        try (CachedFile file = LinuxCachedFile.open(path, counting)) {
            assertThat(file.isResident(FILE_BYTES - 10, 20)).isFalse();
            assertThat(file.isResident(FILE_BYTES, 1)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void shouldNotFindResidentWhatTheSystemHasDropped(boolean counting) throws IOException, InterruptedException {
        try (CachedFile file = LinuxCachedFile.open(path, counting)) {
            // given  all of it in memory, and on disk
            assumeTrue(file.isResident(0, 1), "the file system of the test's folder can say what is in memory");
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.force(true);
            }

            // when   the system drops it, as it does where it needs the memory
            int dropped = new ProcessBuilder("dd", "if=" + path, "iflag=nocache", "count=0")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            assumeTrue(dropped == 0, "dd can ask the system to drop a file");

            // then
            assertThat(file.isResident(1 << 20, 1 << 20)).isFalse();
            assertThat(file.load(0, FILE_BYTES, 0)).isTrue();
            assertThat(file.isResident(1 << 20, 1 << 20)).isTrue();
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
