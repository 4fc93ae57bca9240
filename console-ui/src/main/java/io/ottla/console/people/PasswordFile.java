package io.ottla.console.security;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The file that holds the administrator's password as a hash: one line as Spring Security writes it, {@code
 * {bcrypt}$2a$…}. Only the owner of the process may read it. Without it a new password is made at the next start.
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

    Optional<String> read() throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        if (Files.size(path) > MAX_BYTES) {
            throw new IOException(
                    "Expected a hash of a password in " + path + ", but it has more than " + MAX_BYTES + " bytes");
        }
        String hash = Files.readString(path).strip();
        if (!hash.startsWith("{")) {
            throw new IOException("Expected a hash of a password such as {bcrypt}… in " + path
                    + ", but it holds something else; delete the file to get a new password");
        }
        return Optional.of(hash);
    }

    /** Writes it whole or not at all. */
    void write(String hash) throws IOException {
        Files.createDirectories(path.getParent());
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel =
                FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
            ByteBuffer bytes = ByteBuffer.wrap((hash + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private FileAttribute<?>[] ownerOnly() throws IOException {
        FileStore store = Files.getFileStore(path.getParent());
        return store.supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
