package io.ottla.replication;

import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.time.LogLines;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has in-sync sets committed: gathers what leaders propose while one request is under way, and sends it together with the
 * next. Where nothing came back it asks again, as long as the leader still proposes the same. Thread-safe.
 */
final class InSyncProposer {
    private static final Logger LOG = LoggerFactory.getLogger(InSyncProposer.class);
    private static final int MAX_CHANGES = 1000;
    private static final int LINES_PER_SECOND = 5;
    private static final long FIRST_WAIT_MS = 20;
    private static final long LONGEST_WAIT_MS = 1000;

    private final BrokerId self;
    private final ReplicationPorts ports;
    private final Runnable onFailure;
    private final LogLines refusals;
    private final LogLines changes;
    private final Set<Partition> waiting = new LinkedHashSet<>();
    private boolean busy;
    private int failures;
    private boolean closed;

    private record Asked(Partition partition, InSyncProposal.Change change) {}

    /** @param onFailure told of each change that was refused */
    InSyncProposer(BrokerId self, ReplicationPorts ports, Runnable onFailure) {
        this.self = self;
        this.ports = ports;
        this.onFailure = onFailure;
        this.refusals = new LogLines(ports.clock(), LINES_PER_SECOND);
        this.changes = new LogLines(ports.clock(), LINES_PER_SECOND);
    }

    /** A partition has something to propose. */
    void proposes(Partition partition) {
        synchronized (this) {
            waiting.add(partition);
            if (busy || closed) {
                return;
            }
            busy = true;
        }
        later(this::send);
    }

    /** No step is lost: where the workers have more than enough to do, or have ended, it runs here. */
    private void later(Runnable step) {
        try {
            ports.workers().execute(step);
        } catch (RejectedExecutionException full) {
            step.run();
        }
    }

    private void send() {
        BrokerEpoch own = ports.brokerEpoch().get();
        List<Asked> asked = new ArrayList<>();
        for (Partition partition : take()) {
            InSyncProposal.Change change = partition.proposal(own);
            if (change != null) {
                asked.add(new Asked(partition, change));
            }
        }
        if (asked.isEmpty()) {
            next();
            return;
        }
        List<InSyncProposal.Change> changes = asked.stream().map(Asked::change).toList();
        ports.proposals()
                .propose(new InSyncProposal(self, own, changes))
                .whenComplete((results, failure) -> later(() -> answered(asked, results, failure)));
    }

    private synchronized List<Partition> take() {
        List<Partition> taken = new ArrayList<>();
        for (Partition partition : waiting) {
            if (taken.size() < MAX_CHANGES) {
                taken.add(partition);
            }
        }
        taken.forEach(waiting::remove);
        return taken;
    }

    private void answered(List<Asked> asked, List<InSyncResult> results, Throwable failure) {
        if (failure != null) {
            failed(asked, failure);
            return;
        }
        long nowNs = ports.clock().monotonicNs();
        List<Asked> unclear = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            InSyncResult result = results.get(i);
            tell(result);
            if (isDecided(result)) {
                asked.get(i).partition.proposed(asked.get(i).change, result, nowNs);
            } else {
                unclear.add(asked.get(i));
            }
        }
        if (unclear.isEmpty()) {
            synchronized (this) {
                failures = 0;
            }
            next();
        } else {
            failed(unclear, new NotControllerException("No controller has decided on " + unclear.size() + " of them"));
        }
    }

    private void tell(InSyncResult result) {
        switch (result) {
            case InSyncResult.Committed committed ->
                changes.write(more -> LOG.info(
                        "In sync of {} are {}, in epoch {} of leader {}{}",
                        committed.partition(),
                        committed.inSync(),
                        committed.leaderEpoch(),
                        committed.leader(),
                        more));
            case InSyncResult.Refused(var partition, var why) -> {
                onFailure.run();
                refusals.write(
                        more -> LOG.info("The in-sync set of {} is not changed: {}{}", partition, why.text(), more));
            }
        }
    }

    private static boolean isDecided(InSyncResult result) {
        return !(result instanceof InSyncResult.Refused(var _, var why)) || isDecided(why.error());
    }

    /**
     * Whether a controller has looked at the change itself, at the state as it is. Behind any other refusal it may have been
     * written all the same, when it was asked for before, or by a controller that did not hear of it: until that is known
     * the high watermark has to count with it.
     */
    private static boolean isDecided(Errors error) {
        return switch (error) {
            case FENCED_LEADER_EPOCH,
                    INELIGIBLE_REPLICA,
                    INVALID_REQUEST,
                    INVALID_UPDATE_VERSION,
                    NEW_LEADER_ELECTED,
                    UNKNOWN_TOPIC_ID,
                    UNKNOWN_TOPIC_OR_PARTITION -> true;
            default -> false;
        };
    }

    private void failed(List<Asked> asked, Throwable failure) {
        long waitMs;
        synchronized (this) {
            asked.forEach(one -> waiting.add(one.partition));
            waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(10, failures++));
        }
        LOG.info("In-sync sets could not be proposed, and will be again: {}", failure.getMessage());
        ports.timer().schedule(waitMs, () -> later(this::next));
    }

    private void next() {
        synchronized (this) {
            busy = !waiting.isEmpty() && !closed;
            if (!busy) {
                return;
            }
        }
        send();
    }

    synchronized void close() {
        closed = true;
    }
}
