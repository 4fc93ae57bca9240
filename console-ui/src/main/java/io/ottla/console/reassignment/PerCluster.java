package io.ottla.console.reassignment;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Does something for each cluster on a thread of its own, so that one that does not answer holds up no other; for one cluster
 * never twice at once. Thread-safe.
 */
final class PerCluster {
    private final Executor aside;
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    private PerCluster(Executor aside) {
        this.aside = aside;
    }

    /** On virtual threads of that name. */
    static PerCluster named(String name) {
        return new PerCluster(work -> Thread.ofVirtual().name(name).start(work));
    }

    /** By that executor, which a test has in its hand. */
    static PerCluster by(Executor aside) {
        return new PerCluster(aside);
    }

    /** Nothing is done where it still is for this cluster. */
    void run(String cluster, Runnable work) {
        if (running.add(cluster)) {
            aside.execute(() -> {
                try {
                    work.run();
                } finally {
                    running.remove(cluster);
                }
            });
        }
    }
}
