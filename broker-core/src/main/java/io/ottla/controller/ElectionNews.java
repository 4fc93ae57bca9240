package io.ottla.controller;

import io.ottla.types.BrokerId;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * An election of which several hear: each event goes to those who listen, in the order in which they came, and then to the
 * candidate. Thread-safe.
 */
public final class ElectionNews implements ControllerElection {
    private final ControllerElection election;
    private final CopyOnWriteArrayList<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();

    public ElectionNews(ControllerElection election) {
        this.election = election;
    }

    /** Tells of all events from the start on. Before {@link #start}; the listener only hands over. */
    public void listen(Consumer<Event> listener) {
        listeners.add(listener);
    }

    @Override
    public void start(Consumer<Event> candidate) {
        listeners.add(candidate);
        election.start(event -> listeners.forEach(listener -> listener.accept(event)));
    }

    @Override
    public void removeDead(BrokerId suspect) {
        election.removeDead(suspect);
    }

    @Override
    public void lookAgain() {
        election.lookAgain();
    }

    @Override
    public CompletionStage<Void> resign() {
        return election.resign();
    }
}
