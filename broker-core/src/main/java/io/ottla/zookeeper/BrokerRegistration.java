package io.ottla.zookeeper;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's own node under {@code /brokers/ids}: it says that the broker lives and where it is reached. The node
 * goes with the session and is made again in the next one; its creation's transaction number is the broker's epoch
 * (KIP-380). Where a former session's node is still there the new one takes its place in one transaction, so that nobody
 * sees this broker gone who sees it come back. Nobody else's node is ever touched.
 *
 * <p>All state belongs to the executor's one thread; methods may be called from any.
 */
public final class BrokerRegistration {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerRegistration.class);
    static final String IDS = "/brokers/ids";
    private static final long RETRY_MS = 100;

    private final ZooKeeperSession session;
    private final ZooKeeperRequests requests;
    private final BrokerId id;
    private final int jmxPort;
    private final Clock clock;
    private final Timer timer;
    private final Executor executor;
    private final String path;

    private BrokerImage self;
    private Consumer<Outcome> later;
    private boolean withdrawn;
    /** What an earlier one still brings is void. Null before the first and when there is nothing to do any more. */
    private Attempt present;

    /**
     * @param self what to say of this broker; its epoch does not count
     * @param jmxPort -1 where there is none
     * @param executor runs one task after the other
     */
    public BrokerRegistration(
            ZooKeeperSession session, BrokerImage self, int jmxPort, Clock clock, Timer timer, Executor executor) {
        this.session = session;
        this.requests = session.requests(executor);
        this.id = self.id();
        this.self = self;
        this.jmxPort = jmxPort;
        this.clock = clock;
        this.timer = timer;
        this.executor = executor;
        this.path = path(id);
    }

    /** How a registration ended. */
    public sealed interface Outcome {
        record Registered(BrokerEpoch epoch) implements Outcome {}

        /** Another process lives under this id; the broker has to end. */
        record HeldBy(BrokerId id, String host, int port) implements Outcome {
            /** A sentence for the operator. */
            public String text() {
                return "Expected broker.id " + id + " to be free, but a live broker at " + host + ":" + port
                        + " is registered under it; give each broker an id of its own";
            }
        }

        /** ZooKeeper did not let it be known until the deadline, or refuses. */
        record Failed(String why) implements Outcome {}
    }

    /**
     * Registers, and goes on to register in each later session.
     *
     * @param timeoutMs how long to try; more than 0
     * @param later told of the outcome in each later session, on the executor
     */
    public CompletionStage<Outcome> register(long timeoutMs, Consumer<Outcome> later) {
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        executor.execute(() -> {
            this.later = later;
            session.listen(event -> {
                if (event instanceof SessionEvent.Connected) {
                    executor.execute(this::registerAgain);
                }
            });
            session.takeOverBy(this::takenOver);
            present = new Attempt(clock.monotonicNs() + TimeUnit.MILLISECONDS.toNanos(timeoutMs), result);
            attempt(present);
        });
        return result;
    }

    /**
     * Says other things of this broker from now on, in this session and in later ones.
     *
     * @param changed its id is as before; its epoch does not count
     * @return done when the node says so, or when it is known that it can't for now: a later session's node will
     */
    public CompletionStage<Void> update(BrokerImage changed) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        executor.execute(() -> {
            self = changed;
            if (withdrawn || present == null || !present.result.isDone()) {
                done.complete(null); // Who is at it looks again before the end.
                return;
            }
            present = new Attempt(Long.MAX_VALUE, new CompletableFuture<>());
            present.result.thenAccept(outcome -> done.complete(null));
            look(present);
        });
        return done;
    }

    /** Takes the node away before the session ends: this broker serves nobody any more. Never fails. */
    public CompletionStage<Void> withdraw() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        executor.execute(() -> {
            withdrawn = true;
            present = null;
            requests.getData(path).whenComplete((answer, failure) -> {
                if (failure == null && answer.isOk() && answer.stat().getEphemeralOwner() == session.sessionId()) {
                    requests.delete(path, answer.stat().getVersion())
                            .whenComplete((deleted, unsent) -> done.complete(null));
                } else {
                    done.complete(null);
                }
            });
        });
        return done;
    }

    static String path(BrokerId id) {
        return IDS + "/" + id;
    }

    /** What follows the listener's turn: it is registered anew, or does not want to be. */
    private CompletionStage<?> takenOver() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        executor.execute(() -> {
            if (present == null) {
                done.complete(null);
            } else {
                present.result.thenAccept(outcome -> done.complete(null));
            }
        });
        return done;
    }

    /** Two are never the same, also where they are to have the same result. */
    private static final class Attempt {
        private final long deadlineNs;
        private final CompletableFuture<Outcome> result;

        Attempt(long deadlineNs, CompletableFuture<Outcome> result) {
            this.deadlineNs = deadlineNs;
            this.result = result;
        }
    }

    private void registerAgain() {
        if (withdrawn) {
            return;
        }
        if (!present.result.isDone()) {
            present = new Attempt(present.deadlineNs, present.result);
        } else {
            CompletableFuture<Outcome> result = new CompletableFuture<>();
            result.thenAccept(later);
            // A session more makes this attempt void; until then there is no reason to give up.
            present = new Attempt(Long.MAX_VALUE, result);
        }
        attempt(present);
    }

    private void attempt(Attempt attempt) {
        BrokerImage said = self;
        byte[] data = BrokerNode.encode(said, jmxPort, clock.wallMs());
        requests.create(path, data, session.acls().of(path), CreateMode.EPHEMERAL)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        finish(attempt, new Outcome.Failed("ZooKeeper could not be asked: " + failure));
                    } else if (answer.isOk() && said.equals(self)) {
                        registered(attempt, answer.stat().getCzxid());
                    } else if (answer.isOk()
                            || answer.code() == Code.NODEEXISTS
                            || answer.isUnknown()
                            || answer.isSessionOver()) {
                        look(attempt);
                    } else {
                        finish(
                                attempt,
                                new Outcome.Failed(
                                        "Expected to register at " + path + ", but ZooKeeper says " + answer.code()));
                    }
                });
    }

    /** Somebody's node is there, or it is not known whether ours is. */
    private void look(Attempt attempt) {
        requests.getData(path).whenComplete((answer, failure) -> {
            if (!attempt.equals(present)) {
                return; // A later one is at it: two would take each other's node for a former session's.
            }
            if (failure != null) {
                finish(attempt, new Outcome.Failed("ZooKeeper could not be asked: " + failure));
            } else if (!answer.isOk()) {
                later(attempt);
            } else if (answer.stat().getEphemeralOwner() == session.sessionId()) {
                correct(attempt, answer);
            } else if (session.isFormer(answer.stat().getEphemeralOwner())) {
                replace(attempt, answer);
            } else {
                finish(attempt, heldBy(answer.value()));
            }
        });
    }

    /** A former session of ours left its node behind: the new one comes as that one goes. */
    private void replace(Attempt attempt, Answer<byte[]> found) {
        byte[] data = BrokerNode.encode(self, jmxPort, clock.wallMs());
        requests.multi(List.of(
                        Op.delete(path, found.stat().getVersion()),
                        Op.create(path, data, session.acls().of(path), CreateMode.EPHEMERAL)))
                .whenComplete((answer, failure) -> {
                    if (failure == null && answer.isOk()) {
                        look(attempt); // Its epoch is in no answer to a transaction.
                    } else {
                        later(attempt);
                    }
                });
    }

    /** Our node is there; it may say what was true before. */
    private void correct(Attempt attempt, Answer<byte[]> found) {
        BrokerImage said = self;
        if (said.equals(BrokerNode.decode(id, said.epoch(), found.value()))) {
            registered(attempt, found.stat().getCzxid());
            return;
        }
        byte[] data = BrokerNode.encode(said, jmxPort, clock.wallMs());
        requests.setData(path, data, found.stat().getVersion()).whenComplete((answer, failure) -> {
            if (failure != null || !answer.isOk()) {
                later(attempt);
            } else if (said.equals(self)) {
                registered(attempt, found.stat().getCzxid());
            } else {
                look(attempt);
            }
        });
    }

    private void registered(Attempt attempt, long czxid) {
        LOG.info("Registered broker {} with epoch {}", id, czxid);
        finish(attempt, new Outcome.Registered(new BrokerEpoch(czxid)));
    }

    private Outcome heldBy(byte[] data) {
        BrokerImage other = BrokerNode.decode(id, BrokerEpoch.NONE, data);
        if (other == null || other.endpoints().isEmpty()) {
            return new Outcome.HeldBy(id, "unknown host", -1);
        }
        Endpoint first = other.endpoints().getFirst();
        return new Outcome.HeldBy(id, first.host(), first.port());
    }

    private void later(Attempt attempt) {
        if (clock.monotonicNs() >= attempt.deadlineNs) {
            finish(
                    attempt,
                    new Outcome.Failed("Expected to register at " + path
                            + " in time, but ZooKeeper could not be reached or still holds the last session's node"));
        } else if (attempt.equals(present)) {
            timer.schedule(RETRY_MS, () -> executor.execute(() -> retry(attempt)));
        }
    }

    private void retry(Attempt attempt) {
        if (attempt.equals(present)) {
            attempt(attempt);
        }
    }

    private void finish(Attempt attempt, Outcome outcome) {
        if (attempt.equals(present)) {
            attempt.result.complete(outcome);
        }
    }
}
