package io.ottla.app.zookeeper;

import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.network.ListenProbe;
import io.ottla.storage.DiskReason;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.apache.zookeeper.server.persistence.FileTxnLog;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.apache.zookeeper.server.persistence.Util;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ZooKeeper server in this process, for a broker that is not told of any other ({@code zookeeper.connect} not set). It
 * listens on the loopback address alone, has no admin server and answers only the harmless four-letter words; its
 * transaction log is forced to disk before anything is acknowledged, as everywhere.
 *
 * <p>Started and stopped by one thread. ZooKeeper takes some settings by static means only: they are set before the
 * first server of the process starts.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedZooKeeper.class);

    /** Sessions end on multiples of this; short, so that short session timeouts are possible. */
    private static final int TICK_MS = 500;

    private static final int MIN_SESSION_MS = 1_000;
    private static final int MAX_SESSION_MS = 300_000;
    private static final int MAX_CONNECTIONS = 200;
    private static final int BACKLOG = 50;
    /** Snapshots that are kept; at least three, says ZooKeeper. */
    private static final int SNAPSHOTS = 3;
    /** Metadata of one broker is small: a new log file need not take 64 MB. */
    private static final long LOG_ALLOCATION_BYTES = 4L * 1024 * 1024;

    private static final String WORDS = "zookeeper.4lw.commands.whitelist";
    private static final String ALL_CONNECTIONS = "zookeeper.maxCnxns";
    private static final String MOST_COMMON_WORDS = "ruok,srvr,stat,mntr";

    private static final long PURGE_MS = TimeUnit.HOURS.toMillis(1);

    private final Path folder;
    private final int port;
    private final Clock clock;
    private final Timer timer;
    private final Executor blocking;
    private UnmanagedServer server;
    private UnmanagedConnections connections;
    private FileTxnSnapLog files;
    private FolderLock lock;
    private volatile boolean closed;

    /**
     * @param folder where its snapshots and transaction logs lie; made where it is missing
     * @param port {@code zookeeper.embedded.port}; 0 for any free one
     * @param blocking deletes old snapshots and logs, at the start and every hour
     */
    public EmbeddedZooKeeper(Path folder, int port, Clock clock, Timer timer, Executor blocking) {
        this.folder = folder;
        this.port = port;
        this.clock = clock;
        this.timer = timer;
        this.blocking = blocking;
    }

    /**
     * Starts to serve; clients may connect when this returns.
     *
     * @throws IOException with a sentence for the operator: the port is taken, or the folder can't be used
     */
    public void start() throws IOException, InterruptedException {
        long startNs = clock.monotonicNs();
        if (System.getProperty(WORDS) == null) {
            System.setProperty(WORDS, MOST_COMMON_WORDS);
        }
        if (System.getProperty(ALL_CONNECTIONS) == null) {
            System.setProperty(ALL_CONNECTIONS, Integer.toString(MAX_CONNECTIONS)); // All come from the one address.
        }
        System.setProperty("zookeeper.admin.enableServer", "false");
        FileTxnLog.setPreallocSize(LOG_ALLOCATION_BYTES);
        connections = new UnmanagedConnections();
        listen(); // First, so that a taken port leaves nothing on disk.
        try {
            Files.createDirectories(folder);
            lock = FolderLock.take(folder);
            files = new FileTxnSnapLog(folder.toFile(), folder.toFile());
            server = new UnmanagedServer(files, TICK_MS, MIN_SESSION_MS, MAX_SESSION_MS, BACKLOG);
            connections.startup(server);
        } catch (IOException e) {
            close();
            throw new IOException(
                    "Expected to keep the embedded ZooKeeper's data in " + folder + ", but that failed: "
                            + DiskReason.of(e) + "; set log.dirs or zookeeper.embedded.dir to where it may be",
                    e);
        }
        LOG.info(
                "Embedded ZooKeeper at {} with its data in {}, started in {} ms",
                address(),
                folder,
                (clock.monotonicNs() - startNs) / 1_000_000);
        blocking.execute(this::purge);
    }

    /** Whether its folder holds no data yet. */
    public boolean isNew() {
        return !Files.exists(folder.resolve(FileTxnSnapLog.version + FileTxnSnapLog.VERSION));
    }

    private void listen() throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try {
            connections.configure(new InetSocketAddress(loopback, port), MAX_CONNECTIONS, BACKLOG);
        } catch (BindException e) {
            throw new IOException(refusal(port, ListenProbe.IN_USE), e);
        }
    }

    /** A sentence on why it can't listen on a port. */
    public static String refusal(int port, String why) {
        return "zookeeper.embedded.port: Expected to listen on port " + port
                + " of 127.0.0.1 for the embedded ZooKeeper, but " + why
                + "; choose another port, or set zookeeper.connect to the ZooKeeper that is there";
    }

    /** Where clients connect to, as {@code zookeeper.connect} writes it. Only while it runs. */
    public String address() {
        return "127.0.0.1:" + connections.getLocalPort();
    }

    /** Shows its figures, under the names that they have where ZooKeeper runs by itself. After {@link #start}. */
    public void show(Metrics metrics) {
        UnmanagedServer shown = server;
        gauge(
                metrics,
                "avgrequestlatency",
                "Milliseconds that requests took, on average since the start",
                () -> shown.serverStats().getAvgLatency());
        gauge(metrics, "outstandingrequests", "Requests that are not answered yet", shown::getOutstandingRequests);
        gauge(metrics, "numaliveconnections", "Connections of clients", shown::getNumAliveConnections);
        gauge(
                metrics,
                "inmemorydatatree_nodecount",
                "Nodes",
                () -> shown.getZKDatabase().getNodeCount());
        gauge(
                metrics,
                "inmemorydatatree_watchcount",
                "Watches on nodes",
                () -> shown.getZKDatabase().getDataTree().getWatchCount());
    }

    private static void gauge(Metrics metrics, String name, String help, DoubleSupplier value) {
        metrics.gauge("zookeeper_" + name, help, Labels.NONE, value);
    }

    /** Deletes snapshots and logs that newer snapshots have made superfluous, and comes again. */
    private void purge() {
        if (closed) {
            return;
        }
        try {
            List<File> kept = files.findNValidSnapshots(SNAPSHOTS);
            if (kept.size() == SNAPSHOTS) {
                long oldest = Util.getZxidFromName(kept.getLast().getName(), "snapshot");
                deleteBefore("snapshot", oldest);
                // The log that holds what came right after the oldest snapshot may begin before it.
                long needed = oldest;
                for (File log : files.getSnapshotLogs(oldest)) {
                    needed = Math.min(needed, Util.getZxidFromName(log.getName(), "log"));
                }
                deleteBefore("log", needed);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Old snapshots of the embedded ZooKeeper in {} could not be deleted", folder, e);
        }
        timer.schedule(PURGE_MS, () -> blocking.execute(this::purge));
    }

    private void deleteBefore(String kind, long zxid) throws IOException {
        try (var entries = Files.newDirectoryStream(files.getSnapDir().toPath(), kind + ".*")) {
            for (Path entry : entries) {
                long own = Util.getZxidFromName(entry.getFileName().toString(), kind);
                if (own >= 0 && own < zxid) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }

    /** Stops to serve and closes the files. Sessions of clients live on in them. */
    @Override
    public void close() {
        closed = true;
        connections.shutdown();
        if (server != null) {
            server.shutdown();
        }
        try {
            if (files != null) {
                files.close();
            }
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.warn("The embedded ZooKeeper's files could not be closed", e);
        }
    }
}
