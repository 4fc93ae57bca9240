package io.ottla.app.zookeeper;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.zookeeper.server.FinalRequestProcessor;
import org.apache.zookeeper.server.PrepRequestProcessor;
import org.apache.zookeeper.server.SyncRequestProcessor;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/**
 * A server without JMX beans: they cost more than half of its start, and its figures are the broker's to show. It tells
 * when it is dead, where ZooKeeper would only write of it, or end the process.
 */
final class UnmanagedServer extends ZooKeeperServer {
    private final AtomicBoolean dead = new AtomicBoolean();
    private final long knownZxid;
    private final Consumer<Throwable> died;

    /**
     * Serves nothing yet.
     *
     * @param knownZxid a transaction that must be in the files, where it is not 0
     * @param died told once, with the reason where there is one to tell, else null; on the thread that fails
     */
    UnmanagedServer(
            FileTxnSnapLog files,
            int tickMs,
            int minSessionMs,
            int maxSessionMs,
            int backlog,
            long knownZxid,
            Consumer<Throwable> died) {
        super(files, tickMs, minSessionMs, maxSessionMs, backlog, null, "");
        this.knownZxid = knownZxid;
        this.died = died;
    }

    @Override
    public void loadData() throws IOException, InterruptedException {
        super.loadData();
        if (getLastProcessedZxid() < knownZxid) {
            throw new IOException("its files end with transaction 0x" + Long.toHexString(getLastProcessedZxid())
                    + ", but clients know of 0x" + Long.toHexString(knownZxid));
        }
    }

    @Override
    protected void setupRequestProcessors() {
        SyncRequestProcessor second = new SyncRequestProcessor(this, new FinalRequestProcessor(this)) {
            @Override
            protected void handleException(String thread, Throwable reason) {
                die(reason);
            }
        };
        second.start();
        PrepRequestProcessor first = new PrepRequestProcessor(this, second) {
            @Override
            protected void handleException(String thread, Throwable reason) {
                die(reason);
            }
        };
        firstProcessor = first;
        first.start();
    }

    private void die(Throwable reason) {
        if (dead.compareAndSet(false, true)) {
            setState(State.ERROR);
            died.accept(reason);
        }
    }

    /** Of other threads that it can't do without only the state tells. */
    @Override
    protected void setState(State next) {
        super.setState(next);
        if (next == State.ERROR) {
            die(null);
        }
    }

    /** Never ends the process, as ZooKeeper does where the disk is full: a start fails, a later snapshot is left out. */
    @Override
    public synchronized File takeSnapshot(boolean sync, boolean severe) throws IOException {
        return super.takeSnapshot(sync, false);
    }

    @Override
    protected void registerJMX() {
        // Nothing to register.
    }

    @Override
    protected void unregisterJMX() {
        // Nothing was registered.
    }
}
