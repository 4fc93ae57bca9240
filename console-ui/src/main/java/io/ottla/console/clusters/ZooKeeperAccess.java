package io.ottla.console.clusters;

import io.ottla.console.clusters.ClusterFailure.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ZooKeeper of one cluster, for what clients keep there that no broker tells. Thread-safe. */
public final class ZooKeeperAccess {
    /** Of more nodes than that the log does not tell. */
    private static final int MOST_FOREIGN = 1_000;

    /** After a call without an answer others fail at once for so long: pages of what brokers know must not wait for it each time. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private static final Logger log = LoggerFactory.getLogger(ZooKeeperAccess.class);

    private final ZooKeeperPort port;
    private final String connect;
    private final InstantSource clock;
    private final Set<String> foreign = ConcurrentHashMap.newKeySet();

    private volatile Silence silence = new Silence(Instant.MIN, null);

    private record Silence(Instant until, ClusterFailure why) {}

    /** @param connect as {@link ZooKeeperPort} has it */
    public ZooKeeperAccess(ZooKeeperPort port, String connect, InstantSource clock) {
        this.port = port;
        this.connect = connect;
        this.clock = clock;
    }

    /** Looks at nodes, or changes them, in one session. */
    public <T> T within(Function<ZooKeeperNodes, T> work) {
        Silence known = silence;
        if (clock.instant().isBefore(known.until())) {
            throw new ClusterFailure(Reason.NO_ANSWER, known.why().wording(), known.why());
        }
        try {
            return port.within(connect, work);
        } catch (ClusterFailure failure) {
            if (failure.reason() == Reason.NO_ANSWER) {
                silence = new Silence(clock.instant().plus(SILENCE), failure);
            }
            throw failure;
        }
    }

    /** A node is not as it should be, and is left out: a line of the log says so, once. */
    public void leftOut(String path, String why) {
        if (foreign.size() < MOST_FOREIGN && foreign.add(path)) {
            log.warn("{} in ZooKeeper is left out: {}", path, why);
        }
    }
}
