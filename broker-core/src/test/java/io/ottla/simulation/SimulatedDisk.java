package io.ottla.simulation;

import io.ottla.storage.CachedFile;
import io.ottla.storage.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * A machine's disk, in memory. It outlives the processes that {@linkplain #mount use} it: what they wrote stays when they
 * are killed, and of what was not forced a part is gone when the {@linkplain #losePower power fails}. It can be full, fail
 * below a folder, turn a bit, and have its process die in the middle of some work.
 */
final class SimulatedDisk {
    private final RandomGenerator random;
    private final SimulatedFolder root = new SimulatedFolder();
    private final Set<Path> failing = new HashSet<>();
    private final List<SimulatedFile> locks = new ArrayList<>();
    private long capacity = 1L << 40;
    private long used;
    private boolean cold;
    private int changesLeft = Integer.MAX_VALUE;
    private Runnable whenSpent = () -> {};

    SimulatedDisk(RandomGenerator random) {
        this.random = random;
    }

    /** The disk as one process sees it, until that is killed. */
    Disk mount(SimulatedProcess process) {
        process.whenKilled(() -> {
            locks.forEach(file -> file.lock(false));
            locks.clear();
        });
        return new Mount(process);
    }

    /** So many bytes may be written beyond what there is. */
    void leaveRoom(long bytes) {
        capacity = used + bytes;
    }

    boolean isShortOfRoom() {
        return capacity < 1L << 40;
    }

    /** There is room again. */
    void makeRoom() {
        capacity = 1L << 40;
    }

    /** Everything below the folder fails from now on. */
    void fail(Path folder) {
        failing.add(folder);
    }

    /** All is mended. */
    void mend() {
        failing.clear();
    }

    /** Whether it says of files that they are not in memory. */
    void cold(boolean on) {
        cold = on;
    }

    /** After so many more changes something is done, before the next one. */
    void afterChanges(int changes, Runnable then) {
        changesLeft = changes;
        whenSpent = then;
    }

    /** Of what was not forced a part is gone. The process that uses it must be dead. */
    void losePower() {
        root.losePower(random);
        locks.clear();
        used = 0;
        each((path, file) -> used += file.size());
    }

    /** Tells of each file. */
    void each(BiConsumer<Path, SimulatedFile> told) {
        each(Path.of("/"), root, told);
    }

    /** Logs of partitions that are not deleted. */
    List<SimulatedFile> logs() {
        List<SimulatedFile> logs = new ArrayList<>();
        eachLog((folder, file) -> logs.add(file));
        return logs;
    }

    /** @param told of the log's folder, and of a segment's file in it */
    private void eachLog(BiConsumer<Path, SimulatedFile> told) {
        each((path, file) -> {
            Path folder = path.getParent();
            if (path.toString().endsWith(".log") && !folder.toString().endsWith("-delete") && file.size() > 0) {
                told.accept(folder, file);
            }
        });
    }

    /** The same, by the names of their folders. */
    SortedMap<String, List<SimulatedFile>> logsByPartition() {
        SortedMap<String, List<SimulatedFile>> logs = new TreeMap<>();
        eachLog((folder, file) -> logs.computeIfAbsent(folder.getFileName().toString(), _ -> new ArrayList<>())
                .add(file));
        return logs;
    }

    /** Whether a bit that was turned still stands in a log. */
    boolean isDamaged() {
        return !damaged().isEmpty();
    }

    /** Partitions, by the names of their folders, in whose logs a bit that was turned still stands. */
    Set<String> damaged() {
        Set<String> names = new TreeSet<>();
        eachLog((folder, file) -> {
            if (file.isDamaged()) {
                names.add(folder.getFileName().toString());
            }
        });
        return names;
    }

    private static void each(Path at, SimulatedFolder folder, BiConsumer<Path, SimulatedFile> told) {
        folder.entries().forEach((name, node) -> {
            switch (node) {
                case SimulatedFile file -> told.accept(at.resolve(name), file);
                case SimulatedFolder inside -> each(at.resolve(name), inside, told);
            }
        });
    }

    private SimulatedNode find(Path path) {
        SimulatedNode at = root;
        for (Path name : path) {
            if (!(at instanceof SimulatedFolder folder)) {
                return null;
            }
            at = folder.get(name.toString());
        }
        return at;
    }

    private SimulatedFolder folder(Path path) throws IOException {
        return switch (path == null ? root : find(path)) {
            case SimulatedFolder folder -> folder;
            case SimulatedFile _ -> throw new NotDirectoryException(path.toString());
            case null -> throw new NoSuchFileException(path.toString());
        };
    }

    private SimulatedFile file(Path path) throws IOException {
        if (find(path) instanceof SimulatedFile file) {
            return file;
        }
        throw new NoSuchFileException(path.toString());
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    /** How many of so many more bytes there is room for; takes them. */
    int take(int wanted) {
        int granted = (int) Math.max(0, Math.min(wanted, capacity - used));
        used += granted;
        return granted;
    }

    void give(long bytes) {
        used -= bytes;
    }

    /** The disk as a process sees it. */
    private final class Mount implements Disk, SimulatedChannel.Guard {
        private final SimulatedProcess process;

        Mount(SimulatedProcess process) {
            this.process = process;
        }

        @Override
        public SimulatedDisk disk() {
            return SimulatedDisk.this;
        }

        @Override
        public void look(Path path) throws IOException {
            if (process.isDead()) {
                throw new IOException(process.name() + " is dead");
            }
            for (Path each : failing) {
                if (path.startsWith(each)) {
                    throw new IOException("Input/output error");
                }
            }
        }

        @Override
        public void change(Path path) throws IOException {
            look(path);
            if (changesLeft != Integer.MAX_VALUE && changesLeft-- <= 0) {
                changesLeft = Integer.MAX_VALUE;
                whenSpent.run();
                look(path);
            }
        }

        @Override
        public long nowMs() {
            return process.clock().wallMs();
        }

        @Override
        public FileChannel open(Path path, OpenOption... options) throws IOException {
            look(path);
            List<OpenOption> wanted = List.of(options);
            SimulatedNode there = find(path);
            if (there instanceof SimulatedFolder) {
                throw new IOException(path + " is a folder");
            }
            boolean creates = wanted.contains(StandardOpenOption.CREATE);
            if (there != null && wanted.contains(StandardOpenOption.CREATE_NEW)) {
                throw new FileAlreadyExistsException(path.toString());
            }
            if (there == null) {
                if (!creates && !wanted.contains(StandardOpenOption.CREATE_NEW)) {
                    throw new NoSuchFileException(path.toString());
                }
                change(path);
                there = new SimulatedFile();
                folder(path.getParent()).put(name(path), there);
                ((SimulatedFile) there).modified(nowMs());
            }
            SimulatedFile file = (SimulatedFile) there;
            if (wanted.contains(StandardOpenOption.TRUNCATE_EXISTING) && file.size() > 0) {
                change(path);
                give(file.size());
                file.truncate(0);
            }
            return new SimulatedChannel(this, path, file, wanted.contains(StandardOpenOption.APPEND));
        }

        @Override
        public CachedFile cached(Path path) {
            return new CachedFile() {
                @Override
                public boolean isResident(long from, long bytes) {
                    return !cold;
                }

                @Override
                public boolean load(long from, long bytes, long ahead) {
                    return true;
                }

                @Override
                public void close() {
                    // Holds nothing.
                }
            };
        }

        @Override
        public void syncFolder(Path path) throws IOException {
            change(path);
            folder(path).force();
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            change(from);
            SimulatedFolder source = folder(from.getParent());
            SimulatedFolder target = folder(to.getParent());
            SimulatedNode node = find(from);
            if (node == null) {
                throw new NoSuchFileException(from.toString());
            }
            if (find(to) instanceof SimulatedFile replaced && replaced != node) {
                give(replaced.size());
            }
            if (source == target) {
                source.rename(name(from), name(to));
            } else {
                target.put(name(to), node);
                target.force();
                source.remove(name(from));
                source.force();
            }
        }

        @Override
        public boolean delete(Path path) throws IOException {
            change(path);
            switch (find(path)) {
                case null -> {
                    return false;
                }
                case SimulatedFolder folder
                when !folder.entries().isEmpty() -> throw new DirectoryNotEmptyException(path.toString());
                case SimulatedFolder _ -> {}
                case SimulatedFile file -> give(file.size());
            }
            folder(path.getParent()).remove(name(path));
            return true;
        }

        @Override
        public void createFolder(Path path) throws IOException {
            look(path);
            if (path.getNameCount() == 0 || find(path) instanceof SimulatedFolder) {
                return;
            }
            createFolder(path.getParent());
            change(path);
            SimulatedFolder parent = folder(path.getParent());
            if (parent.get(name(path)) != null) {
                throw new FileAlreadyExistsException(path.toString());
            }
            parent.put(name(path), new SimulatedFolder());
        }

        @Override
        public List<Entry> list(Path path) throws IOException {
            look(path);
            List<Entry> entries = new ArrayList<>();
            for (Map.Entry<String, SimulatedNode> each : folder(path).entries().entrySet()) {
                entries.add(
                        switch (each.getValue()) {
                            case SimulatedFile file -> new Entry(path.resolve(each.getKey()), false, file.size());
                            case SimulatedFolder _ -> new Entry(path.resolve(each.getKey()), true, 0);
                        });
            }
            return entries;
        }

        @Override
        public boolean exists(Path path) {
            return find(path) != null;
        }

        @Override
        public long size(Path path) throws IOException {
            look(path);
            return file(path).size();
        }

        @Override
        public long lastModifiedMs(Path path) throws IOException {
            look(path);
            return find(path) instanceof SimulatedFolder ? nowMs() : file(path).modifiedMs();
        }

        @Override
        public void setLastModifiedMs(Path path, long timeMs) throws IOException {
            change(path);
            if (find(path) instanceof SimulatedFile file) {
                file.modified(timeMs);
            }
        }

        @Override
        public long usableBytes(Path path) {
            return Math.max(0, capacity - used);
        }

        @Override
        public long totalBytes(Path path) {
            return capacity;
        }

        @Override
        public Optional<Closeable> lock(Path path) throws IOException {
            FileChannel channel = open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            SimulatedFile file = file(path);
            if (file.isLocked()) {
                channel.close();
                return Optional.empty();
            }
            file.lock(true);
            locks.add(file);
            return Optional.of(() -> {
                file.lock(false);
                locks.remove(file);
                channel.close();
            });
        }
    }
}
