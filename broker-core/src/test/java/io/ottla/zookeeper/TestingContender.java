package io.ottla.zookeeper;

import static io.ottla.zookeeper.TestingSessions.get;

import io.ottla.controller.ControllerElection.Event;
import io.ottla.metadata.BrokerImage;
import io.ottla.time.Clock;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.zookeeper.CreateMode;

/** Is registered and stands for election, in a session of its own, and keeps what it is told. */
final class TestingContender {
    private static final long PATIENCE_MS = 60_000;

    final BrokerId id;
    final List<Event> events = new CopyOnWriteArrayList<>();
    final ZooKeeperSession session;
    final ZooKeeperElection election;

    TestingContender(int id, TestingSessions sessions, String address, Path folder) throws Exception {
        this.id = new BrokerId(id);
        this.session = sessions.open(address, 20_000, folder);
        ExecutorService executor = sessions.executor();
        this.election = new ZooKeeperElection(session, this.id, Clock.system(), sessions.timer(), executor);
        for (String parent : List.of("/brokers", BrokerRegistration.IDS)) {
            get(session.requests(executor).create(parent, null, session.acls().of(parent), CreateMode.PERSISTENT));
        }
        get(new BrokerRegistration(session, broker(), -1, Clock.system(), sessions.timer(), sessions.executor())
                .register(PATIENCE_MS, outcome -> {})
                .toCompletableFuture());
        election.start(events::add);
    }

    private BrokerImage broker() {
        return new BrokerImage(
                id,
                BrokerEpoch.NONE,
                List.of(new BrokerImage.Endpoint("PLAIN", SecurityProtocol.PLAINTEXT, "127.0.0.1", 9092)),
                null,
                Map.of());
    }

    boolean leads() {
        return !events.isEmpty() && events.getLast() instanceof Event.Elected;
    }

    Event.Elected elected() {
        return (Event.Elected) events.getLast();
    }

    /** Whether the last that it heard is that this other one is the controller. */
    boolean follows(TestingContender other) {
        return !events.isEmpty() && events.getLast().equals(new Event.Elsewhere(other.id));
    }
}
