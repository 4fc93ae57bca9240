package io.ottla.replication;

/** Somebody who looks again when what a reader of a partition gets has changed: more records, another role, another start. */
public abstract class Watcher {
    /** Called without the partition's lock, on the thread that made the change; must only note it and hand over. */
    protected abstract void changed();

    /** Whether it looks at what is not committed yet, so that an append is news before the high watermark has moved. */
    protected boolean seesLogEnd() {
        return false;
    }
}
