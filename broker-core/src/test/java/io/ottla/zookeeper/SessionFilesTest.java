package io.ottla.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import io.ottla.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionFilesTest {
    private static final String ENSEMBLE = "host:2181";
    private static final SavedSession ONE = SavedSession.of(1, new byte[] {1});
    private static final SavedSession TWO = SavedSession.of(2, new byte[] {2});
    private static final SavedSession THREE = new SavedSession(-3, TWO.secret());

    @TempDir
    Path root;

    private Path folder(String name) throws IOException {
        return Files.createDirectory(root.resolve(name));
    }

    /** As a disk that is torn out: there is no folder any more in its place. */
    private Path broken() throws IOException {
        return Files.writeString(root.resolve("broken"), "no folder");
    }

    private static SessionFile file(Path folder) {
        return new SessionFile(Disk.system(), folder, ENSEMBLE);
    }

    @Test
    void shouldKeepTheSessionInTheFirstFolderThatTakesIt() throws IOException {
        // given
        Path second = folder("b");
        Path third = folder("c");
        SessionFiles files = new SessionFiles(Disk.system(), List.of(broken(), second, third), ENSEMBLE);
        try (TestingLines lines = TestingLines.of(SessionFiles.class)) {
            // when
            files.write(ONE, List.of());

            // then
            assertThat(file(second).read()).containsExactly(ONE);
            assertThat(third).isEmptyDirectory();
            assertThat(lines.all()).noneMatch(line -> line.contains("could be kept in none"));
        }
    }

    @Test
    void shouldFindSessionsInAllFoldersAndForgetThemAll() throws IOException {
        // given  one that an earlier start has left in another folder
        Path first = folder("a");
        Path second = folder("b");
        file(first).write(ONE, List.of());
        file(second).write(TWO, List.of(THREE, ONE));
        SessionFiles files = new SessionFiles(Disk.system(), List.of(first, second), ENSEMBLE);

        // when, then
        assertThat(files.read()).containsExactly(ONE, TWO, THREE);
        files.write(TWO, List.of());
        assertThat(files.read()).containsExactly(TWO);
        files.delete();
        assertThat(files.read()).isEmpty();
    }

    @Test
    void shouldSayWhyNoFolderTakesIt() throws IOException {
        // given
        SessionFiles files = new SessionFiles(Disk.system(), List.of(broken(), root.resolve("missing")), ENSEMBLE);
        try (TestingLines lines = TestingLines.of(SessionFiles.class)) {
            // when
            files.write(ONE, List.of());

            // then
            assertThat(lines.all())
                    .filteredOn(line -> line.contains("could be kept in none of"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN ")
                    .contains("Not a directory", "missing");
        }
    }

    @Test
    void shouldGoOnWhereAFileCannotBeRead() throws IOException {
        // given  a folder where the file should be
        Path first = folder("a");
        Files.createDirectory(first.resolve(SessionFile.NAME));
        Path second = folder("b");
        file(second).write(ONE, List.of());
        try (TestingLines lines = TestingLines.of(SessionFiles.class)) {
            // when, then
            assertThat(new SessionFiles(Disk.system(), List.of(first, second), ENSEMBLE).read())
                    .containsExactly(ONE);
            assertThat(lines.all()).singleElement().asString().contains("can't be read");
        }
    }
}
