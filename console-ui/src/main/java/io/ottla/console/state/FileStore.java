package io.ottla.console.state;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.words.Wording;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Entries as files, for a console that no broker is beside: {@code <folder>/<name>}, readable by the owner only, each replaced
 * whole or not at all. Only one process at a time may use them.
 *
 * <pre>
 *   0  version  int32
 *   4  content
 * </pre>
 */
public final class FileStore implements ConsoleStore {
    private static final int HEAD_BYTES = 4;
    /** No entry's name begins so. */
    private static final String FRESH = ".new";

    private final Path root;
    private final ReentrantLock lock = new ReentrantLock();

    /** @param root made when something is first kept */
    public FileStore(Path root) {
        this.root = root;
    }

    /** Something done with files. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    @Override
    public List<String> names(Folder folder) {
        return locked(() -> {
            Path at = root.resolve(folder.path());
            if (!Files.isDirectory(at)) {
                return List.of();
            }
            try (Stream<Path> files = Files.list(at)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> NAME.matcher(name).matches())
                        .toList();
            }
        });
    }

    @Override
    public Optional<Entry> read(Folder folder, String name) {
        return locked(() -> find(folder, name));
    }

    @Override
    public boolean create(Folder folder, String name, byte[] content) {
        ConsoleStore.check(name, content);
        return locked(() -> {
            if (find(folder, name).isPresent()) {
                return false;
            }
            write(folder, name, 0, content);
            return true;
        });
    }

    @Override
    public boolean update(Folder folder, String name, byte[] content, int version) {
        ConsoleStore.check(name, content);
        return locked(() -> {
            Optional<Entry> now = find(folder, name);
            if (now.isEmpty() || now.get().version() != version) {
                return false;
            }
            write(folder, name, version + 1, content);
            return true;
        });
    }

    @Override
    public boolean delete(Folder folder, String name, int version) {
        return locked(() -> {
            Optional<Entry> now = find(folder, name);
            if (now.isEmpty() || version >= 0 && now.get().version() != version) {
                return false;
            }
            Files.deleteIfExists(path(folder, name));
            return true;
        });
    }

    private Optional<Entry> find(Folder folder, String name) throws IOException {
        ConsoleStore.check(name);
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path(folder, name));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        if (bytes.length < HEAD_BYTES) {
            throw new IOException(
                    "Expected an entry in " + path(folder, name) + ", but it has " + bytes.length + " bytes");
        }
        return Optional.of(
                new Entry(name, ByteBuffer.wrap(bytes).getInt(), Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length)));
    }

    private void write(Folder folder, String name, int version, byte[] content) throws IOException {
        Path path = path(folder, name);
        Files.createDirectories(path.getParent(), ofOwner("rwx------"));
        Path fresh = path.resolveSibling(FRESH);
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ofOwner("rw-------"))) {
            ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + content.length)
                    .putInt(version)
                    .put(content)
                    .flip();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path path(Folder folder, String name) {
        return root.resolve(folder.path()).resolve(name);
    }

    private FileAttribute<?>[] ofOwner(String permissions) {
        return root.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private <T> T locked(Work<T> work) {
        lock.lock();
        try {
            return work.run();
        } catch (IOException failure) {
            throw new ClusterFailure(
                    Reason.NO_ANSWER, Wording.of("state.no-files", root.toString(), failure.toString()), failure);
        } finally {
            lock.unlock();
        }
    }
}
