package io.ottla.api;

import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * The answer to a request, in two stages (DESIGN §4.2). The first is over once the request's place among all others is
 * fixed (appended, enqueued): only then does the connection's next request begin, and only then are the request's
 * buffers given back. The second is the answer itself, which may come much later.
 *
 * <p>Thread-safe. Each stage ends once; a later attempt is ignored and says so.
 */
public final class Reply<A extends ApiMessage> {
    /** How a reply ends. */
    public sealed interface Outcome<A extends ApiMessage> {
        /** This goes to the client. */
        record Answer<A extends ApiMessage>(A message) implements Outcome<A> {}

        /** The client wants no answer: Produce with acks=0. */
        record Silence<A extends ApiMessage>() implements Outcome<A> {}

        /** The connection is closed after the answers before this one: an acks=0 that failed, a broken handler. */
        record Hangup<A extends ApiMessage>(Errors error, String why) implements Outcome<A> {}
    }

    private volatile int throttleMs;
    private boolean ordered;
    private Outcome<A> outcome;
    private Runnable whenOrdered;
    private Consumer<Outcome<A>> whenDone;
    private volatile Runnable whenHurried;

    private Reply(boolean ordered, Outcome<A> outcome) {
        this.ordered = ordered;
        this.outcome = outcome;
    }

    /** Both stages are over. */
    public static <A extends ApiMessage> Reply<A> of(A answer) {
        return new Reply<>(true, new Outcome.Answer<>(answer));
    }

    /** Both stages are over and there is nothing to say. */
    public static <A extends ApiMessage> Reply<A> silence() {
        return new Reply<>(true, new Outcome.Silence<>());
    }

    /** The first stage is over, the answer comes later. */
    public static <A extends ApiMessage> Reply<A> later() {
        return new Reply<>(true, null);
    }

    /** Neither stage is over: the request had to leave the loop before its place was fixed. */
    public static <A extends ApiMessage> Reply<A> unordered() {
        return new Reply<>(false, null);
    }

    /**
     * Notes for how long the caller's connection starts nothing new, by a quota that the handler charged. The dispatcher
     * reads it when the reply is done, puts the larger of it and its own into the answer, and mutes the connection.
     *
     * @param ms 0 or more
     */
    public Reply<A> throttled(int ms) {
        throttleMs = ms;
        return this;
    }

    /** As last noted; 0 where the handler charged nothing. */
    public int throttleMs() {
        return throttleMs;
    }

    /** Says how to end a wait that is only for more to come: the answer is what there is then. Before it is handed out. */
    public Reply<A> hurriedBy(Runnable listener) {
        whenHurried = listener;
        return this;
    }

    /** Wants the answer soon, since the server stops. Any thread; does nothing where what is waited for has to be. */
    public void hurry() {
        Runnable listener = whenHurried;
        if (listener != null) {
            listener.run();
        }
    }

    /** Ends the first stage. */
    public void markOrdered() {
        Runnable listener;
        synchronized (this) {
            if (ordered) {
                return;
            }
            ordered = true;
            listener = whenOrdered;
            whenOrdered = null;
        }
        if (listener != null) {
            listener.run();
        }
    }

    /** Ends the second stage with an answer, and the first too where that has not happened. */
    public boolean complete(A answer) {
        return end(new Outcome.Answer<>(answer));
    }

    /** Ends both stages; see {@link Outcome}. */
    public boolean end(Outcome<A> how) {
        Consumer<Outcome<A>> listener;
        synchronized (this) {
            if (outcome != null) {
                return false;
            }
            outcome = how;
            listener = whenDone;
            whenDone = null;
        }
        markOrdered();
        if (listener != null) {
            listener.accept(how);
        }
        return true;
    }

    public synchronized boolean isOrdered() {
        return ordered;
    }

    /** The outcome where the second stage is over, else null. */
    public synchronized Outcome<A> outcomeNow() {
        return outcome;
    }

    /** Tells once when the first stage is over: now, or on the thread that ends it. One listener at most. */
    public void onOrdered(Runnable listener) {
        synchronized (this) {
            if (!ordered) {
                whenOrdered = listener;
                return;
            }
        }
        listener.run();
    }

    /** Tells once how the second stage ended: now, or on the thread that ends it. One listener at most. */
    public void onDone(Consumer<Outcome<A>> listener) {
        Outcome<A> how;
        synchronized (this) {
            how = outcome;
            if (how == null) {
                whenDone = listener;
                return;
            }
        }
        listener.accept(how);
    }
}
