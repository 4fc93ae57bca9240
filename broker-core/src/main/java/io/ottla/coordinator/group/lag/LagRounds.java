package io.ottla.coordinator.group.lag;

import io.ottla.coordinator.group.GroupPositions;
import io.ottla.peer.PeerClient;
import io.ottla.peer.PeerClient.Lane;
import io.ottla.peer.PeerClient.Purpose;
import io.ottla.replication.Replicas;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Looks each {@value #EVERY_MS} ms how far the groups that this broker coordinates are behind: first at their offsets, then
 * at the ends of the partitions, for which each leader elsewhere is asked on a connection that nothing else uses. A reader
 * gets what the last round saw and waits for nothing; the first one begins the rounds, and they end when nobody has read for
 * {@value #IDLE_MS} ms, as long as a large Prometheus may take to start: what is known by then is forgotten. Its state belongs to the order that it is given.
 */
public final class LagRounds {
    private static final long EVERY_MS = 10_000;
    private static final long IDLE_MS = 900_000;
    /** For so long an end counts as known, and a round's picture as one of the present. */
    private static final long FRESH_MS = 60_000;

    private static final long PATIENCE_MS = 5_000;
    /** In which all brokers that this one may meet serve the request; it names topics. */
    private static final short LIST_OFFSETS = 7;
    /** The first is for what must not wait. */
    private static final int LANE = 1;

    /**
     * What it works with.
     *
     * @param positions tells how far groups have read, on any thread, once
     * @param order runs one task after the other
     */
    public record Ports(
            Consumer<Consumer<List<GroupPositions>>> positions,
            Replicas replicas,
            PeerClient peers,
            Clock clock,
            Timer timer,
            Executor order) {}

    private record Picture(LagSeries series, long atMs) {}

    private final String cluster;
    private final Ports ports;
    private final LogEnds ends = new LogEnds();
    private final Waits waits = new Waits();
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile Picture last = new Picture(LagSeries.NONE, Long.MIN_VALUE / 2);
    private volatile long readMs;
    /** In turn. */
    private Round current;

    /** @param cluster its id, which series bear as its name */
    public LagRounds(String cluster, Ports ports) {
        this.cluster = cluster;
        this.ports = ports;
    }

    /** As the last round saw it; nothing where that is long ago. Any thread. */
    LagSeries read() {
        long nowMs = ports.clock().monotonicMs();
        readMs = nowMs;
        if (running.compareAndSet(false, true)) {
            later(this::begin);
        }
        Picture now = last;
        return nowMs - now.atMs() > FRESH_MS ? LagSeries.NONE : now.series();
    }

    /** Where there is no room for it, there are no more rounds until somebody reads again. */
    private void later(Runnable step) {
        try {
            ports.order().execute(step);
        } catch (RejectedExecutionException full) {
            running.set(false);
        }
    }

    // ---- in turn ----

    private void begin() {
        Round round = new Round();
        current = round;
        ports.positions().accept(groups -> later(() -> round.ask(groups)));
    }

    private void ended() {
        long nowMs = ports.clock().monotonicMs();
        if (nowMs - readMs > IDLE_MS) {
            ends.forget();
            waits.forget();
            last = new Picture(LagSeries.NONE, nowMs);
            running.set(false);
        } else {
            ports.timer().schedule(EVERY_MS, () -> later(this::begin));
        }
    }

    /** One look at all groups. One that a later one has overtaken does nothing more. */
    private final class Round {
        private List<GroupPositions> groups = List.of();
        private int unanswered;

        void ask(List<GroupPositions> read) {
            if (!equals(current)) {
                return;
            }
            groups = read;
            List<LogEnds.Question> questions = ends.look(LogEnds.wanted(read), ports.replicas(), nowMs());
            unanswered = questions.size();
            if (questions.isEmpty()) {
                end();
            }
            for (LogEnds.Question question : questions) {
                ports.peers()
                        .send(
                                new Lane(question.leader(), Purpose.CONTROL, LANE),
                                question.request(),
                                LIST_OFFSETS,
                                PATIENCE_MS)
                        .whenComplete((answer, _) -> later(() -> answered(answer)));
            }
        }

        private void answered(ApiMessage answer) {
            if (!equals(current)) {
                return;
            }
            if (answer instanceof ListOffsetsResponseData found) {
                ends.answered(found, nowMs());
            }
            if (--unanswered == 0) {
                end();
            }
        }

        private void end() {
            long nowMs = nowMs();
            last = new Picture(LagSeries.of(cluster, groups, ends, waits, nowMs - FRESH_MS, nowMs), nowMs);
            ended();
        }

        private long nowMs() {
            return ports.clock().monotonicMs();
        }
    }
}
