package io.ottla.coordinator.group;

import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.ShardContext;
import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.metadata.ClusterImage;
import io.ottla.time.Clock;
import io.ottla.types.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has targets of consumer groups computed on a pool, one at a time for a group and not more often than its interval says.
 * What comes back counts only where the group is still in the epoch, and has the members, that it was computed for; else
 * it is computed once more. Who needs it waits meanwhile. Belongs to the shard's executor.
 */
final class TargetUpdates {
    private static final Logger LOG = LoggerFactory.getLogger(TargetUpdates.class);

    /** After an assignor has failed. */
    private static final int RETRY_MS = 1_000;

    /** What is under way for a group, or has failed. */
    private static final class Update {
        private final List<Operation<GroupMachine, GroupRecord>> waiting = new ArrayList<>();
        /** Null while nothing is computed, or where what it was computed for has been reverted. */
        private ConsumerGroupState of;

        private boolean isRunning;
        private boolean hasFailed;
        private long failedAtMs;
    }

    private final ShardContext<GroupMachine, GroupRecord> context;
    private final Assignors assignors;
    private final ConsumerSettings settings;
    private final Supplier<ClusterImage> image;
    private final Executor pool;
    private final Clock clock;
    private final GroupMeter meter;
    private final Map<String, Update> updates = new HashMap<>();

    TargetUpdates(
            ShardContext<GroupMachine, GroupRecord> context,
            Assignors assignors,
            ConsumerSettings settings,
            Supplier<ClusterImage> image,
            Executor pool,
            Clock clock,
            GroupMeter meter) {
        this.context = context;
        this.assignors = assignors;
        this.settings = settings;
        this.image = image;
        this.pool = pool;
        this.clock = clock;
        this.meter = meter;
    }

    /**
     * Has a group's targets computed, where it is time for that.
     *
     * @param waiting what goes on when they are there, or can't be
     * @return false where it has to go on without
     */
    boolean await(String group, ConsumerGroupState state, Operation<GroupMachine, GroupRecord> waiting) {
        Update update = updates.get(group);
        if (update != null && update.isRunning) {
            update.waiting.add(waiting);
            return true;
        }
        if (!isDue(group, state, update)) {
            return false;
        }
        Update begun = update == null ? new Update() : update;
        if (!start(group, begun, state)) {
            return false;
        }
        updates.put(group, begun);
        begun.waiting.add(waiting);
        return true;
    }

    private boolean isDue(String group, ConsumerGroupState state, Update update) {
        if (update != null && update.hasFailed && clock.monotonicMs() - update.failedAtMs < RETRY_MS) {
            return false;
        }
        long agoMs = clock.wallMs() - state.targetTimestampMs();
        return agoMs < 0 || agoMs >= settings.assignmentIntervalMs(group);
    }

    private boolean start(String group, Update update, ConsumerGroupState state) {
        TargetComputation computation = new TargetComputation(state, image.get(), assignors.of(state));
        try {
            pool.execute(() -> run(group, update, computation));
        } catch (RejectedExecutionException busy) {
            LOG.warn("Targets of group {} are computed later: too much is computed at a time", Shown.of(group));
            return false;
        }
        update.of = state;
        update.isRunning = true;
        return true;
    }

    /** On the pool. */
    private void run(String group, Update update, TargetComputation computation) {
        long startNs = clock.monotonicNs();
        Map<String, Assignment> targets;
        try {
            targets = computation.compute();
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("Targets of group {} could not be computed", Shown.of(group), e);
            targets = null;
        }
        meter.assigned(clock.monotonicNs() - startNs, targets != null);
        context.submit(new Computed(group, update, targets));
    }

    /** The targets have come. */
    private final class Computed implements Operation<GroupMachine, GroupRecord> {
        private final String group;
        private final Update update;
        private final Map<String, Assignment> targets;

        /** @param targets null where they could not be computed */
        Computed(String group, Update update, Map<String, Assignment> targets) {
            this.group = group;
            this.update = update;
            this.targets = targets;
        }

        @Override
        public Effects<GroupRecord> decide(GroupMachine machine) {
            update.isRunning = false;
            if (!(machine.group(group) instanceof ConsumerGroup present)) {
                release(group, update);
                return Effects.none();
            }
            ConsumerGroupState state = present.state();
            update.hasFailed = targets == null;
            if (targets == null) {
                update.failedAtMs = clock.monotonicMs();
                goOn(update);
                return Effects.none();
            }
            boolean fits = update.of != null
                    && update.of.epoch() == state.epoch()
                    && update.of.memberIds().equals(state.memberIds());
            if (!fits && state.needsTargets() && start(group, update, state)) {
                return Effects.none();
            }
            release(group, update);
            return fits ? store(present) : Effects.none();
        }

        private Effects<GroupRecord> store(ConsumerGroup present) {
            ConsumerDraft draft = ConsumerDraft.of(present);
            for (ConsumerMember member : present.state().members()) {
                Assignment target = targets.getOrDefault(member.id(), Assignment.NONE);
                boolean isKnown = present.state().targeted().contains(member.id());
                if (isKnown ? !target.equals(present.state().target(member.id())) : !target.isEmpty()) {
                    draft.target(member.id(), target);
                }
            }
            draft.targetEpoch(present.state().epoch(), clock.wallMs());
            return Effects.write(draft.records(), Answer.NONE).divisible();
        }

        @Override
        public void refuse(Errors error) {
            // The shard is over: who waits is told so by close.
        }
    }

    private void release(String group, Update update) {
        updates.remove(group, update);
        goOn(update);
    }

    private void goOn(Update update) {
        List<Operation<GroupMachine, GroupRecord>> all = List.copyOf(update.waiting);
        update.waiting.clear();
        all.forEach(context::submit);
    }

    /** What the group was could not be stored: what is computed for it does not count. */
    void invalidate(String group) {
        Update update = updates.get(group);
        if (update != null) {
            update.of = null;
        }
    }

    /** A group is gone. */
    void forget(String group) {
        Update update = updates.remove(group);
        if (update != null) {
            goOn(update);
        }
    }

    /** The leadership is over. */
    void close() {
        for (Update update : updates.values()) {
            update.waiting.forEach(each -> each.refuse(Errors.NOT_COORDINATOR));
        }
        updates.clear();
    }
}
