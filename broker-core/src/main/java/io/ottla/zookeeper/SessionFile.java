package io.ottla.zookeeper;

import io.ottla.storage.Disk;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The id and password of a broker's present ZooKeeper session, kept beside {@code meta.properties}, so that the next
 * process on the same folder can close a session that a killed process left open, and need not wait for it to expire.
 * Whoever reads the password can act as that session: the file is readable by its owner alone. It is replaced as a
 * whole or not at all. Used by one thread at a time; the folder's lock keeps other processes away.
 *
 * <pre>
 *   version=0
 *   zookeeper=host:2181/chroot    where the session is
 *   session.id=0x100000000000001
 *   session.password=base64
 *   session.1.id=…                where there are any: sessions that this process gave up and has yet to close,
 *   session.1.password=…          from 1 on; a release that does not know of them leaves them to their timeouts
 * </pre>
 */
final class SessionFile {
    /** The file's name in the folder. */
    static final String NAME = "zookeeper-session.properties";

    private static final String PRESENT = "session.";

    private static final int MAX_BYTES = 64 * 1024;

    private final Disk disk;
    private final Path file;
    private final String ensemble;

    /**
     * @param folder the log folder that holds it
     * @param ensemble names the ensemble: {@code zookeeper.connect}, or a fixed word for the embedded one, whose port may
     *     change; a session of another ensemble is not ours to close
     */
    SessionFile(Disk disk, Path folder, String ensemble) {
        this.disk = disk;
        this.file = folder.resolve(NAME);
        this.ensemble = ensemble;
    }

    /**
     * The sessions of the last process here, the present one first; none where there is no file, it is of another ensemble,
     * or it can't be understood: it only saves time.
     */
    List<SavedSession> read() throws IOException {
        String text = text();
        if (text == null) {
            return List.of();
        }
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(text));
            if (!"0".equals(properties.getProperty("version"))
                    || !ensemble.equals(properties.getProperty("zookeeper"))) {
                return List.of();
            }
            List<SavedSession> read = new ArrayList<>();
            String prefix = PRESENT;
            while (properties.containsKey(prefix + "id")) {
                SavedSession saved = new SavedSession(
                        Long.decode(properties.getProperty(prefix + "id")),
                        properties.getProperty(prefix + "password", ""));
                if (saved.password().length == 0) {
                    return List.of();
                }
                read.add(saved);
                prefix = givenUp(read.size());
            }
            return read;
        } catch (IllegalArgumentException torn) {
            return List.of();
        }
    }

    private static String givenUp(int number) {
        return PRESENT + number + ".";
    }

    /** Null where there is none of a sane size. */
    private String text() throws IOException {
        try (FileChannel channel = disk.open(file, StandardOpenOption.READ)) {
            if (channel.size() > MAX_BYTES) {
                return null;
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes);
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /** @param givenUp sessions that are yet to be closed */
    void write(SavedSession session, List<SavedSession> givenUp) throws IOException {
        StringBuilder lines =
                new StringBuilder("version=0\nzookeeper=" + ensemble.replace("\\", "\\\\") + line(PRESENT, session));
        for (SavedSession each : givenUp) {
            lines.append(line(givenUp(givenUp.indexOf(each) + 1), each));
        }
        String text = lines.append('\n').toString();
        Path next = file.resolveSibling(NAME + ".tmp");
        disk.delete(next);
        try (FileChannel channel = disk.openSecret(next)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        disk.move(next, file);
    }

    /** The session was closed: nothing is left to come back to. */
    void delete() throws IOException {
        disk.delete(file);
    }

    private static String line(String prefix, SavedSession session) {
        return "\n" + prefix + "id=" + hex(session.id()) + "\n" + prefix + "password=" + session.secret();
    }

    private static String hex(long id) {
        // Signed, as Long.decode reads it.
        return id < 0 ? "-0x" + Long.toHexString(-id) : "0x" + Long.toHexString(id);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
