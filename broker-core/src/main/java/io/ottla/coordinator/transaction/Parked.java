package io.ottla.coordinator.transaction;

import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.ShardContext;
import io.ottla.time.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/**
 * Requests that came while the end of the transaction before them is being told to its partitions. That takes as long as an
 * append, so that they are kept for a moment, in the place of being sent away to come again. Belongs to the shard's executor.
 */
final class Parked {
    /** As long as this at most: others of the same connection wait behind them. */
    static final long LONGEST_MS = 500;

    private final ShardContext<TransactionMachine, TransactionRecord> context;
    private final Map<String, List<Waiting>> byId = new HashMap<>();

    Parked(ShardContext<TransactionMachine, TransactionRecord> context) {
        this.context = context;
    }

    /** One of them, and what ends its wait. */
    private record Waiting(Operation<TransactionMachine, TransactionRecord> request, Timer.Timeout limit) {}

    /** Has a request run again when the transaction of that id is over, or when it has waited for long enough. */
    void add(String id, Operation<TransactionMachine, TransactionRecord> request) {
        Waiting[] waiting = new Waiting[1];
        Timer.Timeout limit = context.schedule(
                LONGEST_MS,
                TransactionMachine.quietly(machine -> machine.parked().timeUp(id, waiting[0])));
        waiting[0] = new Waiting(request, limit);
        byId.computeIfAbsent(id, _ -> new ArrayList<>()).add(waiting[0]);
    }

    private Effects<TransactionRecord> timeUp(String id, Waiting waiting) {
        List<Waiting> all = byId.get(id);
        if (all != null && all.remove(waiting)) {
            if (all.isEmpty()) {
                byId.remove(id);
            }
            context.submit(waiting.request());
        }
        return Effects.none();
    }

    /** The transaction is over. */
    void release(String id) {
        List<Waiting> all = byId.remove(id);
        if (all != null) {
            for (Waiting waiting : all) {
                waiting.limit().cancel();
                context.submit(waiting.request());
            }
        }
    }

    /** The leadership is. */
    void close() {
        List<List<Waiting>> all = List.copyOf(byId.values());
        byId.clear();
        for (List<Waiting> some : all) {
            for (Waiting waiting : some) {
                waiting.limit().cancel();
                waiting.request().refuse(Errors.NOT_COORDINATOR);
            }
        }
    }
}
