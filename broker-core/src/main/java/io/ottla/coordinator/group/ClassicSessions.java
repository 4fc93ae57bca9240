package io.ottla.coordinator.group;

import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.ShardContext;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * When members of classic groups were last heard of, and deadlines of groups. To have heard of a member is to note a time:
 * its timer stays where it is, and when it runs looks whether the deadline has moved. Belongs to the shard's executor.
 */
final class ClassicSessions {
    private final ShardContext<GroupMachine, GroupRecord> context;
    private final Clock clock;
    private final BiFunction<ClassicGroup, ClassicMember, Effects<GroupRecord>> expired;

    /** @param expired what happens when a member was not heard of in time */
    ClassicSessions(
            ShardContext<GroupMachine, GroupRecord> context,
            Clock clock,
            BiFunction<ClassicGroup, ClassicMember, Effects<GroupRecord>> expired) {
        this.context = context;
        this.clock = clock;
        this.expired = expired;
    }

    /** A member was heard of: it has its session timeout again. */
    void heardOf(ClassicGroup group, ClassicMember member) {
        heardOf(group, member, member.sessionTimeoutMs());
    }

    void heardOf(ClassicGroup group, ClassicMember member, long timeoutMs) {
        long untilMs = clock.monotonicMs() + timeoutMs;
        if (member.heardOf(untilMs)) {
            setTimer(group, member, timeoutMs);
        }
    }

    private void setTimer(ClassicGroup group, ClassicMember member, long delayMs) {
        member.timer(member.deadlineMs(), after(group, delayMs, () -> due(group, member)));
    }

    private Effects<GroupRecord> due(ClassicGroup group, ClassicMember member) {
        if (group.roster().member(member.id()) != member) {
            return Effects.none();
        }
        long leftMs = member.deadlineMs() - clock.monotonicMs();
        if (leftMs > 0) {
            setTimer(group, member, leftMs);
            return Effects.none();
        }
        member.stopTimer();
        return expired.apply(group, member);
    }

    /** Has something happen later, where the group is still there then. */
    Timer.Timeout after(ClassicGroup group, long delayMs, Supplier<Effects<GroupRecord>> what) {
        return context.schedule(delayMs, new Operation<>() {
            @Override
            public Effects<GroupRecord> decide(GroupMachine machine) {
                return machine.group(group.id()) == group ? what.get() : Effects.none();
            }

            @Override
            public void refuse(Errors error) {
                // Nobody waits for it.
            }
        });
    }
}
