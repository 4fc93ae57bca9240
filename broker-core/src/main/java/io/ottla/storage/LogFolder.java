package io.ottla.storage;

import java.nio.file.Path;
import java.util.concurrent.Executor;

/** One entry of {@code log.dirs}: the folder in which partitions' own folders lie. */
public interface LogFolder {
    Path path();

    /** False once a disk error took it offline. */
    boolean isOnline();

    /** Whether an append may run on an event loop: false while its appends take longer than 10 ms (DESIGN §4.3). */
    boolean isCalm();

    /** Runs appends one after the other, in the order given: where they go while the folder is not calm. */
    Executor appendExecutor();
}
