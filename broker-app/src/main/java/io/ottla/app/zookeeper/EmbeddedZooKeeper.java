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
 * <p>When it dies, of a full disk for instance, it is started again, with pauses that grow from one second to 30, until it
 * lives: clients go on in their sessions then.
 *
 * <p>Started and stopped by one thread. ZooKeeper takes some settings by static means only: they are set before the
 * first server of the process starts.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedZooKeeper.class);

    private static final int MAX_CONNECTIONS = 200;
    /** Snapshots that are kept; at least three, says ZooKeeper. */
    private static final int SNAPSHOTS = 3;
    /** Metadata of one broker is small: a new log file need not take 64 MB. */
    private static final long LOG_ALLOCATION_BYTES = 4L * 1024 * 1024;

    private static final String WORDS = "zookeeper.4lw.commands.whitelist";
    private static final String ALL_CONNECTIONS = "zookeeper.maxCnxns";
    private static final String MOST_COMMON_WORDS = "ruok,srvr,stat,mntr";

    private static final long PURGE_MS = TimeUnit.HOURS.toMillis(1);

    private static final String DEATH =
            "The embedded ZooKeeper in {} has failed: {}. Records come and go meanwhile, nothing"
                    + " else can change. It is started again; if that does not last, mend the disk, or move that folder to"
                    + " another one and name it in zookeeper.embedded.dir";

    private final Path folder;
    private final int port;
    private final Clock clock;
    private final Timer timer;
    private final Executor blocking;
    private final RestartDelay delay;
    /** Under this object's lock, but for looks: the present one, or while there is none the one before. */
    private volatile ServerRun run;

    private volatile int boundPort;
    private FolderLock lock;
    /** Of the runs that died: the last transaction that clients may know of. */
    private long knownZxid;

    /** Why the last attempt to start again failed; null after one that did not. */
    private String lastRefusal;

    private volatile boolean closed;

    /**
     * @param folder where its snapshots and transaction logs lie; made where it is missing
     * @param port {@code zookeeper.embedded.port}; 0 for any free one
     * @param blocking deletes old snapshots and logs, at the start and every hour; starts the server again
     */
    public EmbeddedZooKeeper(Path folder, int port, Clock clock, Timer timer, Executor blocking) {
        this.folder = folder;
        this.port = port;
        this.clock = clock;
        this.timer = timer;
        this.blocking = blocking;
        this.delay = new RestartDelay(clock);
    }

    /**
     * Starts to serve; clients may connect when this returns.
     *
     * @throws IOException with a sentence for the operator: the port is taken, or the folder can't be used
     */
    public synchronized void start() throws IOException, InterruptedException {
        long startNs = clock.monotonicNs();
        if (System.getProperty(WORDS) == null) {
            System.setProperty(WORDS, MOST_COMMON_WORDS);
        }
        if (System.getProperty(ALL_CONNECTIONS) == null) {
            System.setProperty(ALL_CONNECTIONS, Integer.toString(MAX_CONNECTIONS)); // All come from the one address.
        }
        System.setProperty("zookeeper.admin.enableServer", "false");
        FileTxnLog.setPreallocSize(LOG_ALLOCATION_BYTES);
        ServerRun first = new ServerRun(folder);
        run = first;
        listen(first, port); // First, so that a taken port leaves nothing on disk.
        boundPort = first.port();
        try {
            Files.createDirectories(folder);
            lock = FolderLock.take(folder);
            first.serve(0, this::died);
        } catch (IOException e) {
            close();
            throw new IOException(
                    "Expected to keep the embedded ZooKeeper's data in " + folder + ", but that failed: "
                            + DiskReason.of(e) + "; set log.dirs or zookeeper.embedded.dir to where it may be",
                    e);
        }
        delay.started();
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

    private static void listen(ServerRun run, int port) throws IOException {
        try {
            run.listen(port, MAX_CONNECTIONS);
        } catch (BindException e) {
            throw new IOException(refusal(port, ListenProbe.IN_USE), e);
        }
    }

    /** On a thread of the server, which its burial waits for. */
    private void died(Throwable reason) {
        if (closed) {
            return;
        }
        if (reason instanceof IOException disk) {
            LOG.error(DEATH, folder, DiskReason.of(disk));
            LOG.debug("Writing to the embedded ZooKeeper", disk);
        } else {
            LOG.error(DEATH, folder, reason == null ? "one of its threads ended" : reason.toString(), reason);
        }
        blocking.execute(this::bury);
    }

    /** Clients find nobody there, rather than one who turns them away. */
    private synchronized void bury() {
        if (!closed) {
            knownZxid = Math.max(knownZxid, run.bury());
            restartLater();
        }
    }

    private void restartLater() {
        timer.schedule(delay.nextMs(), () -> blocking.execute(this::restart));
    }

    private synchronized void restart() {
        if (closed) {
            return;
        }
        ServerRun next = new ServerRun(folder);
        try {
            listen(next, boundPort);
            next.serve(knownZxid, this::died);
            run = next;
            lastRefusal = null;
            delay.started();
            LOG.info("The embedded ZooKeeper is back at {}", address());
        } catch (IOException | RuntimeException e) {
            next.close();
            String refusal = e instanceof IOException disk ? DiskReason.of(disk) : e.toString();
            if (!refusal.equals(lastRefusal)) {
                LOG.warn("The embedded ZooKeeper in {} could not be started again yet: {}", folder, refusal);
            }
            LOG.debug("Starting again", e);
            lastRefusal = refusal;
            restartLater();
        } catch (InterruptedException stopping) {
            next.close();
            Thread.currentThread().interrupt();
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
        return "127.0.0.1:" + boundPort;
    }

    /** Shows its figures, under the names that they have where ZooKeeper runs by itself. After {@link #start}. */
    public void show(Metrics metrics) {
        gauge(
                metrics,
                "avgrequestlatency",
                "Milliseconds that requests took, on average since the start",
                () -> run.server().serverStats().getAvgLatency());
        gauge(
                metrics,
                "outstandingrequests",
                "Requests that are not answered yet",
                () -> run.server().getOutstandingRequests());
        gauge(
                metrics,
                "numaliveconnections",
                "Connections of clients",
                () -> run.server().getNumAliveConnections());
        gauge(
                metrics,
                "inmemorydatatree_nodecount",
                "Nodes",
                () -> run.server().getZKDatabase().getNodeCount());
        gauge(
                metrics,
                "inmemorydatatree_watchcount",
                "Watches on nodes",
                () -> run.server().getZKDatabase().getDataTree().getWatchCount());
    }

    private static void gauge(Metrics metrics, String name, String help, DoubleSupplier value) {
        metrics.gauge("zookeeper_" + name, help, Labels.NONE, value);
    }

    /** Deletes snapshots and logs that newer snapshots have made superfluous, and comes again. */
    private void purge() {
        if (closed) {
            return;
        }
        FileTxnSnapLog files = run.files();
        try {
            List<File> kept = files.findNValidSnapshots(SNAPSHOTS);
            if (kept.size() == SNAPSHOTS) {
                long oldest = Util.getZxidFromName(kept.getLast().getName(), "snapshot");
                deleteBefore(files, "snapshot", oldest);
                // The log that holds what came right after the oldest snapshot may begin before it.
                long needed = oldest;
                for (File log : files.getSnapshotLogs(oldest)) {
                    needed = Math.min(needed, Util.getZxidFromName(log.getName(), "log"));
                }
                deleteBefore(files, "log", needed);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Old snapshots of the embedded ZooKeeper in {} could not be deleted", folder, e);
        }
        timer.schedule(PURGE_MS, () -> blocking.execute(this::purge));
    }

    private static void deleteBefore(FileTxnSnapLog files, String kind, long zxid) throws IOException {
        try (var entries = Files.newDirectoryStream(files.getSnapDir().toPath(), kind + ".*")) {
            for (Path entry : entries) {
                long own = Util.getZxidFromName(entry.getFileName().toString(), kind);
                if (own >= 0 && own < zxid) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }

    /** The present run, for tests. */
    ServerRun run() {
        return run;
    }

    /** Stops to serve and closes the files. Sessions of clients live on in them. */
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            run.close();
            try {
                if (lock != null) {
                    lock.close();
                }
            } catch (IOException e) {
                LOG.warn("The lock of {} could not be released", folder, e);
            }
        }
    }
}
