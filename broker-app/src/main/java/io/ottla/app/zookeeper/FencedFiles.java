package io.ottla.app.zookeeper;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/**
 * Snapshots and transaction logs of which nothing more is written after a write has failed: how much of it has reached
 * the file is unknown, and what follows a torn transaction there is lost to whoever reads it, though it was acknowledged.
 */
final class FencedFiles extends FileTxnSnapLog {
    private volatile IOException broken;

    FencedFiles(Path folder) throws IOException {
        super(folder.toFile(), folder.toFile());
    }

    /** Fails each write from now on. */
    void fence(IOException reason) {
        broken = reason;
    }

    private interface Write<T> {
        T run() throws IOException;
    }

    private <T> T write(Write<T> write) throws IOException {
        IOException before = broken;
        if (before != null) {
            throw before;
        }
        try {
            return write.run();
        } catch (IOException e) {
            fence(e);
            throw e;
        }
    }

    @Override
    public boolean append(Request request) throws IOException {
        return write(() -> super.append(request));
    }

    @Override
    public void commit() throws IOException {
        write(() -> {
            super.commit();
            return null;
        });
    }

    @Override
    public void rollLog() throws IOException {
        write(() -> {
            super.rollLog();
            return null;
        });
    }

    /**
     * Once broken, the last log stays open until the collector finds it: closed in order, it would write what its buffer
     * still holds.
     */
    @Override
    public void close() throws IOException {
        if (broken == null) {
            super.close();
        }
    }
}
