package io.ottla.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Files in memory, made and thrown away by the thousand each second. An open file outlives its name, as on a disk. */
final class MemoryDisk implements Disk {
    private final ConcurrentNavigableMap<Path, MemoryFile.Content> files = new ConcurrentSkipListMap<>();

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        Set<OpenOption> all = Set.of(options);
        MemoryFile.Content content = all.contains(StandardOpenOption.CREATE)
                ? files.computeIfAbsent(file, _ -> new MemoryFile.Content())
                : files.get(file);
        if (content == null) {
            throw new NoSuchFileException(file.toString());
        }
        if (all.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            content.truncate(0);
        }
        return new MemoryFile(content);
    }

    @Override
    public void syncFolder(Path folder) {}

    @Override
    public void move(Path from, Path to) throws IOException {
        MemoryFile.Content content = files.remove(from);
        if (content == null) {
            throw new NoSuchFileException(from.toString());
        }
        files.put(to, content);
    }

    @Override
    public boolean delete(Path file) {
        return files.remove(file) != null;
    }

    @Override
    public void createFolder(Path folder) {}

    @Override
    public List<Entry> list(Path folder) {
        return new TreeMap<>(files)
                .entrySet().stream()
                        .filter(each -> folder.equals(each.getKey().getParent()))
                        .map(each ->
                                new Entry(each.getKey(), false, each.getValue().size()))
                        .toList();
    }

    @Override
    public boolean exists(Path file) {
        return files.containsKey(file);
    }

    @Override
    public long size(Path file) {
        return files.get(file).size();
    }

    @Override
    public long lastModifiedMs(Path file) {
        return 0;
    }

    @Override
    public void setLastModifiedMs(Path file, long timeMs) {
        // None of them tells.
    }

    @Override
    public long usableBytes(Path folder) {
        return Long.MAX_VALUE;
    }

    @Override
    public long totalBytes(Path folder) {
        return Long.MAX_VALUE;
    }

    @Override
    public Optional<Closeable> lock(Path file) {
        return Optional.of(() -> {});
    }
}
