package io.ottla.console.state;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.words.Wording;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Entries in memory, which several consoles see, and which can be out of reach. */
public final class TestingStore implements ConsoleStore {
    private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

    public volatile boolean away;
    public volatile int reads;

    @Override
    public List<String> names(Folder folder) {
        check();
        return entries.keySet().stream()
                .filter(key -> key.startsWith(folder.path() + "/"))
                .map(key -> key.substring(key.indexOf('/') + 1))
                .toList();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only looked at where one thread asks
    public Optional<Entry> read(Folder folder, String name) {
        check();
        reads++;
        return Optional.ofNullable(entries.get(key(folder, name)));
    }

    @Override
    public synchronized boolean create(Folder folder, String name, byte[] content) {
        check();
        ConsoleStore.check(name, content);
        return entries.putIfAbsent(key(folder, name), new Entry(name, 0, content)) == null;
    }

    @Override
    public synchronized boolean update(Folder folder, String name, byte[] content, int version) {
        check();
        Entry now = entries.get(key(folder, name));
        if (now == null || now.version() != version) {
            return false;
        }
        entries.put(key(folder, name), new Entry(name, version + 1, content));
        return true;
    }

    @Override
    public synchronized boolean delete(Folder folder, String name, int version) {
        check();
        Entry now = entries.get(key(folder, name));
        if (now == null || version >= 0 && now.version() != version) {
            return false;
        }
        entries.remove(key(folder, name));
        return true;
    }

    private static String key(Folder folder, String name) {
        return folder.path() + "/" + name;
    }

    private void check() {
        if (away) {
            throw new ClusterFailure(Reason.NO_ANSWER, Wording.of("state.no-zookeeper", "switched off by the test"));
        }
    }
}
