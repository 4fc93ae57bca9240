package io.ottla.zookeeper;

import io.ottla.controller.ControllerElection.Event;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;

/** Stands for election in a session of its own, and keeps what it is told. */
final class TestingContender {
    final BrokerId id;
    final List<Event> events = new CopyOnWriteArrayList<>();
    final ZooKeeperSession session;
    final ZooKeeperElection election;

    TestingContender(int id, TestingSessions sessions, String address, Path folder) throws Exception {
        this.id = new BrokerId(id);
        this.session = sessions.open(address, 20_000, folder);
        ExecutorService executor = sessions.executor();
        this.election = new ZooKeeperElection(session, this.id, Clock.system(), sessions.timer(), executor);
        election.start(events::add);
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
