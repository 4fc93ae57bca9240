package io.ottla.chaos.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock of one process, by libfaketime, which is loaded before the C library and adds what a file says. Time that
 * only measures durations is left alone, as by a real clock that is set.
 */
public final class FakeClock {
    private static final List<String> FOLDERS = List.of("/usr/lib", "/usr/lib64", "/usr/local/lib");

    private final Path library;
    private final Path file;

    FakeClock(Path library, Path file) throws IOException {
        this.library = library;
        this.file = file;
        set(Duration.ZERO);
    }

    /** Where the library is installed: Debian's package libfaketime, in a folder named faketime. */
    public static Optional<Path> library() {
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.find(
                    Path.of(folder), 3, (path, _) -> path.endsWith(Path.of("faketime", "libfaketime.so.1")))) {
                Optional<Path> found = files.findFirst();
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException | UncheckedIOException noSuchFolder) {
                // The next one.
            }
        }
        return Optional.empty();
    }

    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // Else each wait for a condition ends at once, and whoever waits in a loop, as the JVM does, spins.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    /** In force within a second. */
    public void set(Duration ahead) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, (ahead.isNegative() ? "" : "+") + ahead.toSeconds() + "s\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
