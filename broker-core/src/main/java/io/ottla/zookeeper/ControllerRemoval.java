package io.ottla.zookeeper;

import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the node of a controller that is dead out of everybody's way, so that nobody waits for its session to end. The
 * transaction checks the epoch that was read together with the suspect's name: whoever was elected since is safe. After
 * each attempt comes a pause that doubles, so that brokers that are wrong about each other do not depose controllers
 * without end. Belongs to the election's thread.
 */
final class ControllerRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerRemoval.class);

    static final long FIRST_PAUSE_MS = 1_000;
    static final long LONGEST_PAUSE_MS = 32_000;

    private final ZooKeeperRequests requests;
    private final Clock clock;

    private BrokerId controller = BrokerId.NONE;
    private int epochVersion;
    private boolean attempted;
    private long attemptMs;
    private long pauseMs;

    ControllerRemoval(ZooKeeperRequests requests, Clock clock) {
        this.requests = requests;
        this.clock = clock;
    }

    /**
     * That broker was read to be the controller.
     *
     * @param epochVersion the version of {@code /controller_epoch} that was read before
     */
    void seen(BrokerId controller, int epochVersion) {
        this.controller = controller;
        this.epochVersion = epochVersion;
    }

    /** Nobody else is known to be the controller at the moment. */
    void seenNobody() {
        controller = BrokerId.NONE;
    }

    /** Whether that broker is the controller, as far as is known, and the last attempt is long enough ago. */
    boolean isDue(BrokerId suspect) {
        return !suspect.isNone()
                && suspect.equals(controller)
                && (!attempted || clock.monotonicMs() - attemptMs >= pauseMs);
    }

    /** Tries once. What is so afterwards, the nodes say. */
    CompletableFuture<Answer<List<OpResult>>> attempt() {
        long now = clock.monotonicMs();
        boolean calm = !attempted || now - attemptMs >= 2 * LONGEST_PAUSE_MS;
        pauseMs = calm ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        attempted = true;
        attemptMs = now;
        BrokerId suspect = controller;
        return requests.multi(
                        List.of(Op.check(ControllerNode.EPOCH_PATH, epochVersion), Op.delete(ControllerNode.PATH, -1)))
                .whenComplete((answer, failure) -> LOG.warn(
                        "The controller, broker {}, is dead as far as can be told from here; taking {} away: {}",
                        suspect,
                        ControllerNode.PATH,
                        failure != null ? failure : answer.code()));
    }
}
