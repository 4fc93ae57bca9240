package io.ottla.network;

import io.ottla.api.Exchange;
import io.ottla.api.Reply;
import io.ottla.time.Clock;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The requests of a connection that were begun and not answered, in the order they came: a ring of slots that are used
 * again. Belongs to the connection's event loop, but for a slot's two signals, which come from any thread.
 */
final class PendingReplies {
    /** One request that waits for one of its stages. */
    static final class Slot implements Runnable, Consumer<Reply.Outcome<ApiMessage>> {
        private final Runnable wake;
        private final LongAdder ready;
        private final Clock clock;
        private Exchange exchange;
        private volatile boolean ordered;
        private long endedNs;
        private volatile Reply.Outcome<ApiMessage> outcome;

        private Slot(Runnable wake, LongAdder ready, Clock clock) {
            this.wake = wake;
            this.ready = ready;
            this.clock = clock;
        }

        Exchange exchange() {
            return exchange;
        }

        /** Whether its first stage is over. */
        boolean isOrdered() {
            return ordered;
        }

        /** How it ended; null while it has not. */
        Reply.Outcome<ApiMessage> outcome() {
            return outcome;
        }

        /** When it ended, on the monotonic clock. Once it has an outcome. */
        long endedNs() {
            return endedNs;
        }

        /** Its first stage is over. */
        @Override
        public void run() {
            ordered = true;
            wake.run();
        }

        /** Its second stage is over. */
        @Override
        public void accept(Reply.Outcome<ApiMessage> how) {
            endedNs = clock.monotonicNs();
            outcome = how;
            ready.increment();
            wake.run();
        }
    }

    private final Slot[] slots;
    private final Runnable wake;
    private final LongAdder ready;
    private final Clock clock;
    private int head;
    private int size;
    private long bytes;

    /**
     * @param capacity a power of two
     * @param wake run on any thread after a slot's signal
     * @param ready counts the slots, of all connections, that have ended and are still in here
     */
    PendingReplies(int capacity, Runnable wake, LongAdder ready, Clock clock) {
        this.slots = new Slot[capacity];
        this.wake = wake;
        this.ready = ready;
        this.clock = clock;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == slots.length;
    }

    int size() {
        return size;
    }

    /** Bytes of all requests in here. */
    long bytes() {
        return bytes;
    }

    /** Puts one at the end. Its signals are not asked for yet. Not while full. */
    Slot add(Exchange exchange) {
        int at = head + size & slots.length - 1;
        Slot slot = slots[at];
        if (slot == null) {
            slot = new Slot(wake, ready, clock);
            slots[at] = slot;
        }
        slot.exchange = exchange;
        slot.ordered = false;
        slot.outcome = null;
        size++;
        bytes += exchange.requestBytes();
        return slot;
    }

    /** The oldest; null where there is none. */
    Slot first() {
        return size == 0 ? null : slots[head];
    }

    /** Wants all answers soon. */
    void hurry() {
        for (int i = 0; i < size; i++) {
            slots[head + i & slots.length - 1].exchange.reply().hurry();
        }
    }

    /** Takes the oldest out. It must have ended, or be of a connection that has. */
    void removeFirst() {
        Slot slot = slots[head];
        bytes -= slot.exchange.requestBytes();
        ready.decrement();
        slot.exchange = null;
        slot.outcome = null;
        head = head + 1 & slots.length - 1;
        size--;
    }
}
