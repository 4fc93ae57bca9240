package io.ottla.storage;

import java.nio.file.Path;
import java.util.concurrent.Executor;

/** An entry of {@code log.dirs} that could not be used when the broker started, and holds nothing until the next start. */
record OfflineFolder(Path path) implements LogFolder {
    @Override
    public boolean isOnline() {
        return false;
    }

    @Override
    public boolean isCalm() {
        return true;
    }

    @Override
    public Executor appendExecutor() {
        return Runnable::run;
    }
}
