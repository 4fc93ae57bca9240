package io.ottla.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A disk that forgets. What processes see lies in real files; beside them it keeps what would survive a power failure:
 * bytes that were forced, names whose folder was forced. {@link #crash} leaves, of everything newer, a part that the
 * seed decides: whole, torn, as zeros, or not at all. It can also fail as a full or broken one does.
 */
final class TestingDisk implements Disk {
    private final Disk real = Disk.system();
    private final Random random;
    /** What is durable, by name. */
    private final Map<Path, byte[]> durable = new TreeMap<>();
    /** Durable content of files by what identifies them, whatever their name is now. */
    private final Map<Path, byte[]> forced = new HashMap<>();

    /** Of files that were renamed and whose folder was not forced since: the name under which they are durable. */
    private final Map<Path, Path> durableNames = new HashMap<>();

    private final Map<Path, String> failing = new LinkedHashMap<>();
    private final Map<Path, Long> usable = new HashMap<>();
    private final List<TestingChannel> channels = new ArrayList<>();
    private final Map<String, Integer> opened = new HashMap<>();
    private Consumer<Path> whenOpened = _ -> {};
    private CachedFile cached = CachedFile.UNKNOWN;
    private int operationsLeft = Integer.MAX_VALUE;
    private int changes;

    /** Without a trace: it is thrown often, and logged each time. */
    private static final class PowerIsOff extends IOException {
        private static final long serialVersionUID = 1;

        PowerIsOff() {
            super("The power is off");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    TestingDisk(Random random) {
        this.random = random;
    }

    void failWrites(Path under, String message) {
        failing.put(under, message);
    }

    /** After so many more changes of files every one fails, until {@link #crash}: the power goes in the midst of some work. */
    void cutPowerAfter(int operations) {
        operationsLeft = operations;
    }

    /** From now on says so of every file. */
    void saysThatAllIsInMemory() {
        cached = new CachedFile() {
            @Override
            public boolean isResident(long from, long bytes) {
                return true;
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
    public CachedFile cached(Path file) {
        return cached;
    }

    void usable(Path folder, long bytes) {
        usable.put(folder, bytes);
    }

    /** From now on runs it before each opening of a file. */
    void whenOpened(Runnable hook) {
        whenOpened = _ -> hook.run();
    }

    /** From now on runs it before each opening of a file whose name begins so. */
    void whenOpened(String name, Runnable hook) {
        whenOpened = file -> {
            if (file.getFileName().toString().startsWith(name)) {
                hook.run();
            }
        };
    }

    /** How often files of this name were opened. */
    int opened(String name) {
        return opened.getOrDefault(name, 0);
    }

    /** How many channels on the file are open. */
    long openChannels(Path file) {
        return channels.stream()
                .filter(channel -> channel.isOpen() && channel.isOf(file))
                .count();
    }

    /** How often files were opened or changed. */
    int changes() {
        return changes;
    }

    void check(Path file) throws IOException {
        changes++;
        if (operationsLeft != Integer.MAX_VALUE && operationsLeft-- <= 0) {
            throw new PowerIsOff();
        }
        for (Map.Entry<Path, String> each : failing.entrySet()) {
            if (file.startsWith(each.getKey())) {
                throw new IOException(each.getValue());
            }
        }
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        check(file);
        whenOpened.accept(file);
        opened.merge(file.getFileName().toString(), 1, Integer::sum);
        TestingChannel channel = new TestingChannel(this, file, real.open(file, options));
        channels.add(channel);
        return channel;
    }

    void force(Path file) throws IOException {
        check(file);
        forced.put(file, Files.readAllBytes(file));
        if (durable.containsKey(file)) {
            durable.put(file, forced.get(file));
        }
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        check(folder);
        durable.keySet().removeIf(file -> file.getParent().equals(folder) && !Files.exists(file));
        durableNames.keySet().removeIf(file -> file.getParent().equals(folder));
        for (Entry entry : real.list(folder)) {
            if (!entry.folder()) {
                durable.put(entry.path(), forced.getOrDefault(entry.path(), new byte[0]));
            }
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        check(from);
        boolean isFolder = Files.isDirectory(from);
        real.move(from, to);
        if (isFolder) {
            moveFolder(from, to);
            return;
        }
        for (TestingChannel channel : channels) {
            channel.moved(from, to);
        }
        Path durableName = durableNames.remove(from);
        durableNames.remove(to);
        if (durableName == null && durable.containsKey(from)) {
            durableName = from;
        }
        if (durableName != null) {
            durableNames.put(to, durableName);
        }
        byte[] content = forced.remove(from);
        if (content != null) {
            forced.put(to, content);
        } else {
            forced.remove(to);
        }
    }

    /** The new name of a folder is durable at once; what lies in it is as durable as it was. */
    private void moveFolder(Path from, Path to) {
        for (TestingChannel channel : channels) {
            channel.movedWithin(from, to);
        }
        rename(durable, from, to);
        rename(forced, from, to);
        rename(durableNames, from, to);
        durableNames.replaceAll((_, before) -> within(before, from, to));
    }

    private static <V> void rename(Map<Path, V> files, Path from, Path to) {
        for (Path file : List.copyOf(files.keySet())) {
            if (file.startsWith(from)) {
                files.put(within(file, from, to), files.remove(file));
            }
        }
    }

    static Path within(Path file, Path from, Path to) {
        return file.startsWith(from) ? to.resolve(from.relativize(file)) : file;
    }

    @Override
    public boolean delete(Path file) throws IOException {
        check(file);
        forced.remove(file);
        durableNames.remove(file);
        return real.delete(file);
    }

    /** The power fails: of all that is not durable, a part remains. */
    void crash(Path root) throws IOException {
        for (TestingChannel channel : channels) {
            channel.abandon();
        }
        channels.clear();
        Map<Path, byte[]> visible = new TreeMap<>();
        Set<Path> restored = new HashSet<>();
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                visible.put(file, Files.readAllBytes(file));
            }
        }
        for (Map.Entry<Path, byte[]> each : visible.entrySet()) {
            Path file = each.getKey();
            byte[] left = survive(each.getValue(), forced.getOrDefault(file, new byte[0]));
            Path durableName = durableNames.get(file);
            if (durableName != null && random.nextBoolean()) {
                if (!visible.containsKey(durableName)) {
                    Files.write(durableName, left); // the renaming is undone: a file has one of its names
                    restored.add(durableName);
                }
                undoRenaming(file);
            } else if (durableName == null && !durable.containsKey(file) && random.nextInt(4) == 0) {
                Files.delete(file);
            } else {
                Files.write(file, left);
                if (durableName != null) {
                    restored.add(durableName);
                }
            }
        }
        for (Map.Entry<Path, byte[]> each : durable.entrySet()) {
            // a deletion or renaming that no one forced may be undone
            if (!visible.containsKey(each.getKey()) && !restored.contains(each.getKey()) && random.nextBoolean()) {
                Files.write(each.getKey(), each.getValue());
            }
        }
        durableNames.clear();
        failing.clear();
        operationsLeft = Integer.MAX_VALUE;
        forced.clear();
        durable.clear();
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                forced.put(file, content);
                durable.put(file, content);
            }
        }
    }

    /** What stood at the target before is there again, as far as it was durable. */
    private void undoRenaming(Path target) throws IOException {
        byte[] before = durable.get(target);
        if (before == null) {
            Files.delete(target);
        } else {
            Files.write(target, before);
        }
    }

    private byte[] survive(byte[] now, byte[] forced) {
        int same = 0;
        while (same < Math.min(now.length, forced.length) && now[same] == forced[same]) {
            same++;
        }
        if (same == now.length && same == forced.length) {
            return now;
        }
        if (same < forced.length) {
            return random.nextBoolean() ? forced : now; // rewritten or cut, and not forced since
        }
        int kept = same + random.nextInt(now.length - same + 1);
        byte[] left = java.util.Arrays.copyOf(now, random.nextBoolean() ? kept : now.length);
        if (left.length > kept) {
            java.util.Arrays.fill(left, kept, left.length, (byte) 0); // the length survived, the bytes did not
        }
        return left;
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        check(folder);
        real.createFolder(folder);
    }

    @Override
    public List<Entry> list(Path folder) throws IOException {
        check(folder);
        return real.list(folder);
    }

    @Override
    public boolean exists(Path file) {
        return real.exists(file);
    }

    @Override
    public long size(Path file) throws IOException {
        return real.size(file);
    }

    @Override
    public long lastModifiedMs(Path file) throws IOException {
        return real.lastModifiedMs(file);
    }

    @Override
    public void setLastModifiedMs(Path file, long timeMs) throws IOException {
        check(file);
        real.setLastModifiedMs(file, timeMs);
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        Long set = usable.get(folder);
        return set != null ? set : 1 << 30;
    }

    @Override
    public long totalBytes(Path folder) throws IOException {
        return real.totalBytes(folder);
    }

    @Override
    public Optional<Closeable> lock(Path file) throws IOException {
        return real.lock(file);
    }

    /** A channel whose writes the disk may refuse after some bytes. */
    boolean tears(ByteBuffer bytes) {
        return bytes.remaining() > 1 && random.nextInt(8) == 0;
    }
}
