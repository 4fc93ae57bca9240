package io.ottla.replication;

import java.util.Arrays;

/** Those who watch a partition. Telling them takes no lock; coming and going copies a small array. */
final class Watchers {
    private static final Watcher[] NONE = {};

    private volatile Watcher[] all = NONE;

    synchronized void add(Watcher watcher) {
        Watcher[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = watcher;
        all = more;
    }

    synchronized void remove(Watcher watcher) {
        Watcher[] before = all;
        for (int i = 0; i < before.length; i++) {
            if (before[i].equals(watcher)) {
                Watcher[] less = new Watcher[before.length - 1];
                System.arraycopy(before, 0, less, 0, i);
                System.arraycopy(before, i + 1, less, i, less.length - i);
                all = less.length == 0 ? NONE : less;
                return;
            }
        }
    }

    /** The log has grown, and nothing else is new. */
    void tellOfGrowth() {
        for (Watcher watcher : all) {
            if (watcher.seesLogEnd()) {
                watcher.changed();
            }
        }
    }

    void tell() {
        for (Watcher watcher : all) {
            watcher.changed();
        }
    }
}
