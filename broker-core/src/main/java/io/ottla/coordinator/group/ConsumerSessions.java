package io.ottla.coordinator.group;

import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.ShardContext;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/**
 * Deadlines of members of consumer groups. To have heard of a member is to note a time: its timer stays where it is, and
 * when it runs looks whether the deadline has moved. Belongs to the shard's executor.
 */
final class ConsumerSessions {
    /** What a member must do in time. */
    enum Duty {
        /** Report. */
        SESSION("it was not heard of in time"),
        /** Give up partitions. */
        REVOKE("it did not give up its partitions in time"),
        /** By the classic protocol: join again. */
        JOIN("it did not join again in time"),
        /** By the classic protocol: ask for its assignment. */
        SYNC("it did not ask for its assignment in time");

        private final String failure;

        Duty(String failure) {
            this.failure = failure;
        }

        String failure() {
            return failure;
        }
    }

    /** What happens to a member that is late. */
    @FunctionalInterface
    interface Late {
        Effects<GroupRecord> late(ConsumerGroup group, ConsumerMember member, Duty duty);
    }

    private record Name(String group, String member, Duty duty) {}

    /** A deadline on the monotonic clock, and the timer that looks at it. */
    private static final class Deadline {
        private long atMs;
        private long timerAtMs;
        private Timer.Timeout timer;
    }

    private final ShardContext<GroupMachine, GroupRecord> context;
    private final Clock clock;
    private final Late late;
    private final Map<Name, Deadline> deadlines = new HashMap<>();

    ConsumerSessions(ShardContext<GroupMachine, GroupRecord> context, Clock clock, Late late) {
        this.context = context;
        this.clock = clock;
        this.late = late;
    }

    /** The member has that much time from now on. */
    void set(String group, String member, Duty duty, long timeoutMs) {
        Name name = new Name(group, member, duty);
        Deadline deadline = deadlines.computeIfAbsent(name, _ -> new Deadline());
        deadline.atMs = clock.monotonicMs() + timeoutMs;
        if (deadline.timer == null || deadline.timerAtMs > deadline.atMs) {
            arm(name, deadline);
        }
    }

    /** As {@link #set}, where it does not run yet. */
    void setIfAbsent(String group, String member, Duty duty, long timeoutMs) {
        if (!deadlines.containsKey(new Name(group, member, duty))) {
            set(group, member, duty, timeoutMs);
        }
    }

    void stop(String group, String member, Duty duty) {
        Deadline stopped = deadlines.remove(new Name(group, member, duty));
        if (stopped != null) {
            stopped.timer.cancel();
        }
    }

    /** The member is gone. */
    void stop(String group, String member) {
        for (Duty duty : Duty.values()) {
            stop(group, member, duty);
        }
    }

    private void arm(Name name, Deadline deadline) {
        if (deadline.timer != null) {
            deadline.timer.cancel();
        }
        deadline.timerAtMs = deadline.atMs;
        deadline.timer = context.schedule(Math.max(0, deadline.atMs - clock.monotonicMs()), due(name, deadline));
    }

    private Operation<GroupMachine, GroupRecord> due(Name name, Deadline deadline) {
        return new Operation<>() {
            @Override
            public Effects<GroupRecord> decide(GroupMachine machine) {
                return ConsumerSessions.this.decide(machine, name, deadline);
            }

            @Override
            public void refuse(Errors error) {
                // Nobody waits for it.
            }
        };
    }

    private Effects<GroupRecord> decide(GroupMachine machine, Name name, Deadline deadline) {
        if (deadlines.get(name) != deadline) {
            return Effects.none();
        }
        if (deadline.atMs > clock.monotonicMs()) {
            arm(name, deadline);
            return Effects.none();
        }
        deadlines.remove(name);
        ConsumerMember member = machine.group(name.group()) instanceof ConsumerGroup group
                ? group.state().member(name.member())
                : null;
        return member == null
                ? Effects.none()
                : late.late((ConsumerGroup) machine.group(name.group()), member, name.duty());
    }

    /** The leadership is over. */
    void close() {
        deadlines.values().forEach(deadline -> deadline.timer.cancel());
        deadlines.clear();
    }
}
