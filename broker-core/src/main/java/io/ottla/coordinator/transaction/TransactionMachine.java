package io.ottla.coordinator.transaction;

import io.ottla.config.TransactionProperties;
import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.ShardContext;
import io.ottla.coordinator.ShardMachine;
import io.ottla.coordinator.UndoLog;
import io.ottla.time.Clock;
import io.ottla.types.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a shard of {@code __transaction_state}: its transactional ids. What becomes of one is said by {@link
 * TransactionRules}; here it is stored, and what is decided is carried to its end: by this leadership, or the next.
 */
final class TransactionMachine implements ShardMachine<TransactionRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionMachine.class);

    /** After so long it is looked again at an end whose record was not committed in time. */
    private static final long LOOK_AGAIN_MS = 500;

    private final ShardContext<TransactionMachine, TransactionRecord> context;
    private final TransactionProperties properties;
    private final Clock clock;
    private final Markers markers;
    private final TransactionMeter meter;
    /** Meters count them. */
    private final Map<String, TransactionMetadata> ids = new ConcurrentHashMap<>();
    /** Of which the partitions are being told, and as which transaction. */
    private final Map<String, TransactionMetadata> telling = new HashMap<>();

    private final Parked parked;
    private volatile boolean over;

    TransactionMachine(
            ShardContext<TransactionMachine, TransactionRecord> context,
            TransactionProperties properties,
            Clock clock,
            Markers markers,
            TransactionMeter meter) {
        this.context = context;
        this.properties = properties;
        this.clock = clock;
        this.markers = markers;
        this.meter = meter;
        this.parked = new Parked(context);
    }

    Parked parked() {
        return parked;
    }

    /** Null where there is none. */
    TransactionMetadata get(String id) {
        return ids.get(id);
    }

    Map<String, TransactionMetadata> all() {
        return ids;
    }

    TransactionProperties properties() {
        return properties;
    }

    /** Whether its transaction is about to be over: who asks meanwhile is kept waiting. */
    boolean isJustEnding(String id) {
        TransactionMetadata present = ids.get(id);
        return present != null && present.state().isPrepared() && nowMs() - present.updatedMs() < Parked.LONGEST_MS;
    }

    long nowMs() {
        return clock.wallMs();
    }

    // ---- what records do ----

    @Override
    public void apply(TransactionRecord record, long offset, long producerId, short producerEpoch, UndoLog undo) {
        String id = record.transactionalId();
        TransactionMetadata before = switch (record) {
            case TransactionRecord.Kept(String _, TransactionMetadata value) -> ids.put(id, value);
            case TransactionRecord.Gone _ -> ids.remove(id);
        };
        undo.add(() -> {
            if (before == null) {
                ids.remove(id);
            } else {
                ids.put(id, before);
            }
        });
    }

    @Override
    public void endTransaction(long producerId, short producerEpoch, boolean commits, UndoLog undo) {
        // Nobody writes to this topic in a transaction.
    }

    // ---- the shard's life ----

    @Override
    public void activated() {
        meter.add(this);
        ids.forEach((id, metadata) -> {
            if (metadata.state().isPrepared()) {
                // The next leader may not have what is not committed yet.
                context.submit(quietly(machine -> carryOn(id, metadata)));
            }
        });
        scheduleTimeouts();
        scheduleExpiry();
    }

    @Override
    public void deactivated() {
        over = true;
        telling.clear();
        parked.close();
        meter.remove(this);
    }

    // ---- what is decided ----

    /** Stores what a request does to an id. */
    Effects<TransactionRecord> store(String id, TransactionMetadata next, Answer answer) {
        Answer told = next.state().isPrepared() ? new Ending(id, next, answer) : answer;
        return Effects.write(List.of(new TransactionRecord.Kept(id, next)), told);
    }

    /** Whoever waits for the record that says how a transaction ends; the partitions are told once it is committed. */
    private final class Ending implements Answer {
        private final String id;
        private final TransactionMetadata decided;
        private final Answer answer;

        Ending(String id, TransactionMetadata decided, Answer answer) {
            this.id = id;
            this.decided = decided;
            this.answer = answer;
        }

        @Override
        public void give() {
            context.submit(quietly(machine -> {
                tell(id, decided);
                return Effects.none();
            }));
            answer.give();
        }

        @Override
        public void refuse(Errors error) {
            lookAgain(id, decided);
            answer.refuse(error);
        }
    }

    /** The record may be committed yet. */
    private void lookAgain(String id, TransactionMetadata decided) {
        if (over) {
            return;
        }
        context.schedule(LOOK_AGAIN_MS, quietly(machine -> carryOn(id, decided)));
    }

    /** Tells the partitions what is decided, once it is stored. */
    private Effects<TransactionRecord> carryOn(String id, TransactionMetadata decided) {
        return decided.equals(ids.get(id)) ? Effects.confirm(id, new Ending(id, decided, Answer.NONE)) : Effects.none();
    }

    /** Tells the partitions of a transaction how it ended; that is committed. */
    private void tell(String id, TransactionMetadata decided) {
        if (!decided.equals(ids.get(id)) || decided.equals(telling.get(id))) {
            return;
        }
        if (decided.partitions().isEmpty()) {
            complete(id, decided);
            return;
        }
        telling.put(id, decided);
        markers.write(
                new EndedTransaction(
                        new TransactionMarker(
                                decided.producer(),
                                decided.state() == TransactionState.PREPARE_COMMIT,
                                context.epoch().value(),
                                decided.version()),
                        decided.partitions()),
                () -> !over,
                () -> complete(id, decided));
    }

    /** All partitions know. */
    private void complete(String id, TransactionMetadata decided) {
        context.submit(quietly(machine -> {
            telling.remove(id, decided);
            parked.release(id);
            return decided.equals(ids.get(id))
                    ? Effects.write(
                            List.of(new TransactionRecord.Kept(id, decided.ended(nowMs()))),
                            new Completion(id, decided))
                    : Effects.none();
        }));
    }

    /** Where what all partitions know can't be stored, they are told once more: they know it then. */
    private final class Completion implements Answer {
        private final String id;
        private final TransactionMetadata decided;

        Completion(String id, TransactionMetadata decided) {
            this.id = id;
            this.decided = decided;
        }

        @Override
        public void give() {
            meter.ended(decided.state());
        }

        @Override
        public void refuse(Errors error) {
            lookAgain(id, decided);
        }
    }

    // ---- what time does ----

    private void scheduleTimeouts() {
        context.schedule(properties.timeoutCheckMs(), quietly(TransactionMachine::checkTimeouts));
    }

    private Effects<TransactionRecord> checkTimeouts() {
        scheduleTimeouts();
        long nowMs = nowMs();
        ids.forEach((id, metadata) -> {
            if (metadata.isTimedOut(nowMs)) {
                context.submit(quietly(machine -> timeOut(id, metadata)));
            }
        });
        return Effects.none();
    }

    private Effects<TransactionRecord> timeOut(String id, TransactionMetadata metadata) {
        if (!metadata.equals(ids.get(id))) {
            return Effects.none();
        }
        LOG.info(
                "The transaction of {} is aborted: it has been open for more than the {} ms that its producer asked for",
                Shown.of(id),
                metadata.timeoutMs());
        meter.timedOut();
        return store(id, metadata.fenced(nowMs()), Answer.NONE);
    }

    private void scheduleExpiry() {
        context.schedule(properties.expirationCheckMs(), quietly(TransactionMachine::expire));
    }

    private Effects<TransactionRecord> expire() {
        scheduleExpiry();
        long nowMs = nowMs();
        List<TransactionRecord> gone = new ArrayList<>();
        ids.forEach((id, metadata) -> {
            if (metadata.state().isAtRest() && nowMs - metadata.updatedMs() >= properties.expirationMs()) {
                gone.add(new TransactionRecord.Gone(id));
            }
        });
        if (gone.isEmpty()) {
            return Effects.none();
        }
        LOG.info("{} transactional ids that nobody has used for long are forgotten", gone.size());
        return Effects.write(gone, Answer.NONE).divisible();
    }

    /** For what nobody waits for. */
    static Operation<TransactionMachine, TransactionRecord> quietly(
            Function<TransactionMachine, Effects<TransactionRecord>> what) {
        return new Operation<>() {
            @Override
            public Effects<TransactionRecord> decide(TransactionMachine machine) {
                return what.apply(machine);
            }

            @Override
            public void refuse(Errors error) {
                // Nobody waits for it.
            }
        };
    }
}
