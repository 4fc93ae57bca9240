package io.ottla.replication;

import io.ottla.storage.LogFolder;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** A folder whose mood a test decides. */
public final class TestingFolder implements LogFolder {
    private final Path path;
    public volatile Executor appendExecutor = Runnable::run;
    public volatile boolean online = true;
    public volatile boolean calm = true;

    public TestingFolder(Path path) {
        this.path = path;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public boolean isOnline() {
        return online;
    }

    @Override
    public boolean isCalm() {
        return calm;
    }

    @Override
    public Executor appendExecutor() {
        return appendExecutor;
    }
}
