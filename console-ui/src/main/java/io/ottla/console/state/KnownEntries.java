package io.ottla.console.state;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.state.ConsoleStore.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Entries as they were read last: asked again after two seconds, so that what somebody changed at another broker is seen soon,
 * and gone on with as they were while the store can't be reached. Changes go to the store and are known at once.
 *
 * <p>Thread-safe. No lock is held while the store is asked.
 */
public final class KnownEntries {
    private static final Duration FRESH = Duration.ofSeconds(2);

    private static final int MAX_KNOWN = 4_000;

    private record Key(Folder folder, String name) {}

    private record Known(Entry entry, Instant readAt) {}

    private record Names(List<String> names, Instant readAt) {}

    private final ConsoleStore store;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
            return size() > MAX_KNOWN;
        }
    };

    private final Map<Folder, Names> names = new EnumMap<>(Folder.class);

    public KnownEntries(ConsoleStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * An entry, at most two seconds old where the store can be reached.
     *
     * @throws ClusterFailure where it can't, and the entry was never read
     */
    public Optional<Entry> find(Folder folder, String name) {
        Key key = new Key(folder, name);
        Known before = locked(() -> known.get(key));
        if (before != null && isFresh(before.readAt())) {
            return Optional.of(before.entry());
        }
        Instant asked = clock.instant();
        try {
            Optional<Entry> now = store.read(folder, name);
            remember(key, now, asked);
            return now;
        } catch (ClusterFailure away) {
            if (before == null) {
                throw away;
            }
            return Optional.of(before.entry());
        }
    }

    /** All entries of a folder, ordered by name; as old as {@link #find} has them. */
    public List<Entry> all(Folder folder) {
        List<Entry> all = new ArrayList<>();
        for (String name : names(folder)) {
            find(folder, name).ifPresent(all::add);
        }
        return all;
    }

    /** Names in a folder, in their order. */
    public List<String> names(Folder folder) {
        Names before = locked(() -> names.get(folder));
        if (before != null && isFresh(before.readAt())) {
            return before.names();
        }
        Instant asked = clock.instant();
        try {
            List<String> now = store.names(folder).stream().sorted().toList();
            locked(() -> names.put(folder, new Names(now, asked)));
            return now;
        } catch (ClusterFailure away) {
            if (before == null) {
                throw away;
            }
            return before.names();
        }
    }

    /** An entry as it is now, for who changes it. */
    public Optional<Entry> ask(Folder folder, String name) {
        Instant asked = clock.instant();
        Optional<Entry> now = store.read(folder, name);
        remember(new Key(folder, name), now, asked);
        return now;
    }

    /** As {@link ConsoleStore#create}. */
    public boolean create(Folder folder, String name, byte[] content) {
        boolean done = store.create(folder, name, content);
        forget(folder, name);
        return done;
    }

    /** As {@link ConsoleStore#update}. */
    public boolean update(Folder folder, String name, byte[] content, int version) {
        boolean done = store.update(folder, name, content, version);
        forget(folder, name);
        return done;
    }

    /** As {@link ConsoleStore#delete}. */
    public boolean delete(Folder folder, String name, int version) {
        boolean done = store.delete(folder, name, version);
        forget(folder, name);
        return done;
    }

    /** Where they lie, for what is too large to be known. */
    public ConsoleStore store() {
        return store;
    }

    private boolean isFresh(Instant readAt) {
        return clock.instant().isBefore(readAt.plus(FRESH));
    }

    private void remember(Key key, Optional<Entry> now, Instant asked) {
        locked(() -> now.isPresent() ? known.put(key, new Known(now.get(), asked)) : known.remove(key));
    }

    private void forget(Folder folder, String name) {
        locked(() -> {
            names.remove(folder);
            return known.remove(new Key(folder, name));
        });
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
