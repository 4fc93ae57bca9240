package io.ottla.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest {
    private static final Path FOLDER = Path.of("/data/logs");
    private static final Path FILE = FOLDER.resolve("a");

    private SimulatedProcess process;
    private SimulatedDisk disk;
    private Disk mount;

    @BeforeEach
    void setUp() throws IOException {
        setUp(5);
    }

    private void setUp(long seed) throws IOException {
        disk = new SimulatedDisk(new SplittableRandom(seed));
        start();
        mount.createFolder(FOLDER);
        mount.syncFolder(FOLDER.getParent());
        mount.syncFolder(Path.of("/"));
    }

    private void start() {
        Schedule schedule = new Schedule(new SplittableRandom(1));
        process = new SimulatedProcess("p", schedule, new SplittableRandom(2), SimulatedProcess.Tempo.EVEN, 0);
        mount = disk.mount(process);
    }

    private void write(Path file, String text, boolean force) throws IOException {
        try (FileChannel channel = mount.open(file, CREATE, WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)), 0);
            if (force) {
                channel.force(true);
            }
        }
    }

    private String read(Path file) throws IOException {
        try (FileChannel channel = mount.open(file, READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            channel.read(bytes, 0);
            return new String(bytes.array(), UTF_8);
        }
    }

    @Test
    void shouldKeepWhatAKilledProcessWrote() throws IOException {
        FileChannel open = mount.open(FILE, CREATE, READ, WRITE);
        open.write(ByteBuffer.wrap("hello world".getBytes(UTF_8)));
        open.truncate(5);
        process.kill();
        assertThatThrownBy(() -> open.size()).isInstanceOf(IOException.class);

        start();
        assertThat(read(FILE)).isEqualTo("hello");
        mount.move(FILE, FILE.resolveSibling("b"));
        assertThatThrownBy(() -> read(FILE)).isInstanceOf(NoSuchFileException.class);
        assertThat(mount.list(FOLDER)).extracting(Disk.Entry::bytes).containsExactly(5L);
    }

    @Test
    void shouldLoseWhatWasNotForcedWhenThePowerFails() throws IOException {
        Set<String> left = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            setUp(seed);
            write(FILE, "safe", true);
            mount.syncFolder(FOLDER);
            try (FileChannel channel = mount.open(FILE, WRITE)) {
                channel.write(ByteBuffer.wrap("more".getBytes(UTF_8)), 4);
            }
            write(FILE.resolveSibling("new"), "text", false);
            process.kill();
            disk.losePower();
            start();
            assertThat(read(FILE)).startsWith("safe");
            left.add(read(FILE).substring(4).replace('\0', '0') + mount.exists(FILE.resolveSibling("new")));
        }
        assertThat(left).contains("true", "moretrue", "morefalse", "0000false", "mtrue");
    }

    @Test
    void shouldUndoOnlyWhatWasNotForced() throws IOException {
        Set<String> left = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            setUp(seed);
            write(FILE, "old", true);
            mount.syncFolder(FOLDER);
            write(FILE.resolveSibling("tmp"), "new", true);
            mount.move(FILE.resolveSibling("tmp"), FILE);
            process.kill();
            disk.losePower();
            start();
            left.add(read(FILE));
        }
        assertThat(left).containsExactlyInAnyOrder("old", "new");
    }

    @Test
    void shouldBeFullAndFailAndDieInTheMiddle() throws IOException {
        disk.leaveRoom(3);
        FileChannel channel = mount.open(FILE, CREATE, WRITE);
        assertThat(channel.write(ByteBuffer.wrap(new byte[5]))).isEqualTo(3);
        assertThatThrownBy(() -> channel.write(ByteBuffer.wrap(new byte[1]))).hasMessageContaining("No space");
        disk.makeRoom();
        assertThat(channel.write(ByteBuffer.wrap(new byte[5]))).isEqualTo(5);

        disk.fail(FOLDER);
        assertThatThrownBy(() -> channel.write(ByteBuffer.wrap(new byte[5]))).isInstanceOf(IOException.class);
        disk.mend();

        disk.afterChanges(1, process::kill);
        channel.force(true);
        assertThatThrownBy(() -> channel.force(true)).hasMessageContaining("dead");
    }

    @Test
    void shouldLetOneProcessAtATimeLockAFile() throws IOException {
        Path lock = FOLDER.resolve(".lock");
        assertThat(mount.lock(lock)).isPresent();
        assertThat(mount.lock(lock)).isEmpty();
        process.kill();
        start();
        assertThat(mount.lock(lock)).isPresent();
    }
}
