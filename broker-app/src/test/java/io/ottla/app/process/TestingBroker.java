package io.ottla.app.process;

import io.ottla.replication.CatchUp;
import io.ottla.types.BrokerId;
import io.ottla.types.Figures;
import io.ottla.zookeeper.ConsoleNodes;
import io.ottla.zookeeper.NodeTree;
import io.ottla.zookeeper.SessionStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/** A broker that starts when the test says so. */
final class TestingBroker implements RunningBroker {
    final CountDownLatch mayStart = new CountDownLatch(1);
    final CompletableFuture<String> lost = new CompletableFuture<>();
    volatile RuntimeException failure;
    volatile State state = State.STARTING;
    volatile SessionStatus session = new SessionStatus(SessionStatus.State.CONNECTED, 0);
    volatile CatchUp catchUp = new CatchUp(0, 0);
    volatile boolean listening = true;
    volatile int closes;

    @Override
    public void start() throws InterruptedException {
        mayStart.await();
        if (failure != null) {
            throw failure;
        }
        state = State.RUNNING;
    }

    @Override
    public void rehearse() {
        throw new UnsupportedOperationException();
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public CompletionStage<String> failure() {
        return lost;
    }

    @Override
    public SessionStatus zooKeeper() {
        return session;
    }

    @Override
    public ConsoleNodes consoleNodes() {
        return null;
    }

    @Override
    public NodeTree nodes() {
        return null;
    }

    @Override
    public CatchUp catchUp() {
        return state == State.RUNNING ? catchUp : null;
    }

    @Override
    public boolean isListening() {
        return listening;
    }

    @Override
    public String bootstrap() {
        return state == State.RUNNING ? "127.0.0.1:9092" : "";
    }

    @Override
    public Optional<Identity> identity() {
        return Optional.empty();
    }

    @Override
    public CompletionStage<Map<BrokerId, Figures>> figures(List<String> names, List<String> topics) {
        return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public List<Fact> facts() {
        return List.of(new Fact("listeners", "PLAINTEXT://127.0.0.1:9092"));
    }

    @Override
    public synchronized void close() {
        closes++;
        state = State.STOPPED;
    }
}
