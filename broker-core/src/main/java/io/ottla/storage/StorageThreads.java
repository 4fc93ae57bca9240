package io.ottla.storage;

import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * The threads that logs work on. Given by the builder, who ends them after {@link LogFolders#close}. They must not be
 * interrupted while they work: that closes files.
 */
public interface StorageThreads {
    /** Runs a folder's appends one after the other while it is not calm. */
    Executor appends(Path folder);

    /** What follows a roll, truncation, deletion, retention, checkpoints of a folder. */
    Executor background(Path folder);

    /** Waits for a folder's fsyncs. */
    Executor flushes(Path folder);

    /** Opens, recovers and closes a folder's logs, so many at once. */
    Executor recovery(Path folder, int threads);

    /** Compacts logs, so many at once. */
    Executor cleaning(int threads);

    /** Moves logs from folder to folder, so many at once. */
    Executor moving(int threads);

    /** Reads what is not in the page cache. */
    Executor reads();
}
