package io.ottla.simulation;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * A connection between two processes, as TCP has it: frames arrive in order and whole, or not at all from some point on.
 * What is under way while a direction is blocked arrives when it is free again, however late.
 */
final class SimulatedLink {
    /** Told on the end's own loop. */
    interface Receiver {
        void received(byte[] frame);

        /** The other end has closed, or the connection broke. Once; nothing comes after it. */
        void closed();
    }

    /** One of the two ends. */
    final class End {
        private final SimulatedProcess process;
        private final String machine;
        /** What the other end has sent and this machine has not got. */
        private final ArrayDeque<Object> underWay = new ArrayDeque<>();
        /** What this machine has got before anybody here listened. */
        private final ArrayDeque<Object> early = new ArrayDeque<>();

        private Executor loop;
        private Receiver receiver;
        private End other;
        private long lastArrivalNs;
        private int stalled;
        private boolean closed;

        private End(SimulatedProcess process, String machine) {
            this.process = process;
            this.machine = machine;
        }

        SimulatedProcess process() {
            return process;
        }

        String machine() {
            return machine;
        }

        /** Where what it gets comes from. */
        String from() {
            return other.machine;
        }

        boolean isClosed() {
            return closed;
        }

        /** Says who is told of what arrives, and where. Once. */
        void listen(Executor on, Receiver told) {
            loop = on;
            receiver = told;
            while (!early.isEmpty()) {
                hand(early.poll());
            }
        }

        /** Sends a frame; it is gone where this end is closed. */
        void send(byte[] frame) {
            if (!closed && !process.isDead()) {
                other.comes(frame);
            }
        }

        /** Tells the other end after what is under way to it; nothing is received any more. */
        void close() {
            if (!closed) {
                closed = true;
                other.comes(CLOSE);
                forget();
            }
        }

        private void comes(Object what) {
            long nowNs = network.schedule().nowNs();
            lastArrivalNs = Math.max(lastArrivalNs + 1, nowNs + network.latencyNs(other.machine, machine));
            underWay.add(what);
            network.schedule().after(lastArrivalNs - nowNs, this::arrive);
        }

        private void arrive() {
            if (stalled > 0 || network.isBlocked(other.machine, machine)) {
                stalled++;
                network.stalled(this);
            } else {
                take();
            }
        }

        /** The way is free again. */
        void flow() {
            for (; stalled > 0; stalled--) {
                take();
            }
        }

        private void take() {
            Object what = underWay.poll();
            if (what == null || closed || process.isDead()) {
                return;
            }
            if (receiver == null) {
                early.add(what);
            } else {
                hand(what);
            }
        }

        private void hand(Object what) {
            if (what == CLOSE) {
                loop.execute(this::closedByOther);
            } else {
                loop.execute(() -> receive((byte[]) what));
            }
        }

        private void receive(byte[] frame) {
            if (!closed) {
                network.count(frame.length);
                receiver.received(frame);
            }
        }

        private void closedByOther() {
            if (!closed) {
                closed = true;
                forget();
                receiver.closed();
            }
        }
    }

    private static final Object CLOSE = new Object();

    private final SimulatedNetwork network;
    private final End caller;
    private final End called;

    SimulatedLink(
            SimulatedNetwork network,
            SimulatedProcess caller,
            String callerMachine,
            SimulatedProcess called,
            String calledMachine) {
        this.network = network;
        this.caller = new End(caller, callerMachine);
        this.called = new End(called, calledMachine);
        this.caller.other = this.called;
        this.called.other = this.caller;
    }

    End caller() {
        return caller;
    }

    End called() {
        return called;
    }

    private void forget() {
        if (caller.closed && called.closed) {
            network.forget(this);
        }
    }

    /** The process at that end is gone, and its machine says so. */
    void died(SimulatedProcess process) {
        if (caller.process == process) {
            caller.close();
        }
        if (called.process == process) {
            called.close();
        }
    }

    /**
     * Breaks it: answers under way are lost.
     *
     * @param requestsArrive whether what is under way to the called end still gets there
     */
    void reset(boolean requestsArrive) {
        caller.underWay.clear();
        caller.comes(CLOSE);
        if (!requestsArrive) {
            called.underWay.clear();
        }
        called.comes(CLOSE);
    }
}
