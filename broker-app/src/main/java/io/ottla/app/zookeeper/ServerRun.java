package io.ottla.app.zookeeper;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the server, from its start until it is stopped or dies. Used by one thread at a time. */
final class ServerRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRun.class);

    /** Sessions end on multiples of this; short, so that short session timeouts are possible. */
    private static final int TICK_MS = 500;

    private static final int MIN_SESSION_MS = 1_000;
    private static final int MAX_SESSION_MS = 300_000;
    private static final int BACKLOG = 50;

    private final Path folder;
    private final UnmanagedConnections connections = new UnmanagedConnections();
    private UnmanagedServer server;
    private FencedFiles files;

    ServerRun(Path folder) {
        this.folder = folder;
    }

    /**
     * Takes the port of the loopback address, without serving yet.
     *
     * @throws BindException where somebody has it
     */
    void listen(int port, int maxConnections) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        connections.configure(new InetSocketAddress(loopback, port), maxConnections, BACKLOG);
    }

    int port() {
        return connections.getLocalPort();
    }

    /**
     * Reads what is in the folder and serves it.
     *
     * @param knownZxid the last transaction that clients may know of; 0 where there is none, and the folder may be empty
     * @param died told when it can't go on, on a thread of the server
     * @throws IOException where the folder can't be used, or does not hold that transaction: an emptied folder, as that of a
     *     disk that is not mounted, must not be taken for a cluster without topics
     */
    void serve(long knownZxid, Consumer<Throwable> died) throws IOException, InterruptedException {
        if (knownZxid > 0) {
            requireSnapshot();
        }
        files = new FencedFiles(folder);
        server = new UnmanagedServer(files, TICK_MS, MIN_SESSION_MS, MAX_SESSION_MS, BACKLOG, knownZxid, died);
        connections.startup(server);
    }

    private void requireSnapshot() throws IOException {
        Path data = folder.resolve(FileTxnSnapLog.version + FileTxnSnapLog.VERSION);
        try (var snapshots = Files.newDirectoryStream(data, "snapshot.*")) {
            if (!snapshots.iterator().hasNext()) {
                throw new IOException("there is no snapshot in " + data + " any more");
            }
        }
    }

    /** After {@link #serve}. */
    UnmanagedServer server() {
        return server;
    }

    /** After {@link #serve}. */
    FencedFiles files() {
        return files;
    }

    /** Stops to serve and closes the files. Sessions of clients live on in them. */
    @Override
    public void close() {
        connections.shutdown();
        if (server != null) {
            server.shutdown();
        }
        closeFiles();
    }

    /**
     * As {@link #close}, of one that is dead: what it holds in memory is not worth a look any more.
     *
     * @return the last transaction that clients may know of
     */
    long bury() {
        long knownZxid = server.getLastProcessedZxid();
        server.shutdown(true);
        connections.shutdown();
        closeFiles();
        return knownZxid;
    }

    private void closeFiles() {
        try {
            if (files != null) {
                files.close();
            }
        } catch (IOException e) {
            LOG.warn("The embedded ZooKeeper's files could not be closed", e);
        }
    }
}
