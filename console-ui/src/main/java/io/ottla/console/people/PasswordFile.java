package io.ottla.console.people;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file in which an earlier version kept the administrator's password as a hash: one line as Spring Security writes it,
 * {@code {bcrypt}$2a$…}. Only read.
 */
final class PasswordFile {
    /** A hash takes less than a hundred bytes; more is no hash. */
    private static final long MAX_BYTES = 1024;

    private final Path path;

    PasswordFile(Path folder) {
        this.path = folder.resolve("admin.password");
    }

    Path path() {
        return path;
    }

    boolean isThere() {
        return Files.exists(path);
    }

    /** @throws IOException where it holds something else */
    Optional<String> read() throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        if (Files.size(path) > MAX_BYTES) {
            throw new IOException(
                    "Expected a hash of a password in " + path + ", but it has more than " + MAX_BYTES + " bytes");
        }
        String hash = Files.readString(path).strip();
        if (!GivenPassword.isHash(hash)) {
            throw new IOException("Expected a hash of a password such as {bcrypt}… in " + path
                    + ", but it holds something else; delete the file to get a new password");
        }
        return Optional.of(hash);
    }
}
