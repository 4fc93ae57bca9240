package io.ottla.network;

import io.netty.buffer.ByteBuf;
import io.ottla.api.Exchange;

/**
 * The one request of a connection whose first stage goes on elsewhere: it still holds its bytes, and what they take of the
 * budget. Belongs to the connection's event loop.
 */
final class StartingRequest {
    private final ServerContext server;
    private final MemoryBudget budget;
    private PendingReplies.Slot slot;
    private ByteBuf bytes;
    private long budgetBytes;

    StartingRequest(ServerContext server, MemoryBudget budget) {
        this.server = server;
        this.budget = budget;
    }

    /**
     * Begins to hold one.
     *
     * @param in a buffer with its bytes, which others may be in too; takes over a hold on it
     * @param held of the budget
     */
    void begin(PendingReplies.Slot request, ByteBuf in, long held) {
        server.workload().requests().increment();
        slot = request;
        bytes = in;
        budgetBytes = held;
    }

    /** Null where there is none. */
    PendingReplies.Slot slot() {
        return slot;
    }

    boolean isThere() {
        return slot != null;
    }

    /** Gives back what it holds where its first stage is over. */
    void endIfOrdered() {
        if (slot == null || !slot.isOrdered()) {
            return;
        }
        Exchange exchange = slot.exchange();
        if (exchange != null) {
            exchange.ordered(server.clock().monotonicNs());
        }
        server.workload().requests().decrement();
        bytes.release();
        budget.release(budgetBytes);
        slot = null;
        bytes = null;
        budgetBytes = 0;
    }
}
