package io.ottla.coordinator.group;

import io.ottla.config.GroupProperties;
import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.ShardContext;
import io.ottla.coordinator.ShardMachine;
import io.ottla.coordinator.UndoLog;
import io.ottla.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a shard of {@code __consumer_offsets}: its groups and their offsets. Says what a record does to them; what
 * requests do is in {@link OffsetRequests} and the classes of each kind of group.
 */
final class GroupMachine implements ShardMachine<GroupRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMachine.class);

    private final ShardContext<GroupMachine, GroupRecord> context;
    private final GroupProperties properties;
    private final Clock clock;
    private final GroupMeter meter;
    private final GroupCensus census = new GroupCensus();
    private final Map<String, Group> groups = new HashMap<>();
    private final OffsetTable offsets = new OffsetTable(census);
    private final OffsetRequests offsetRequests;
    private final ClassicSessions classicSessions;
    private final ClassicMemberships memberships;
    private final ClassicRebalances rebalances;
    private final ClassicJoins joins;
    private final ConsumerParts consumers;
    /** Its own turn of the retention check, so that shards do not all check at once. */
    private final int partition;

    GroupMachine(
            ShardContext<GroupMachine, GroupRecord> context,
            int partition,
            GroupProperties properties,
            Clock clock,
            Supplier<String> ids,
            ConsumerParts.Ports consumerPorts,
            GroupMeter meter) {
        this.context = context;
        this.partition = partition;
        this.properties = properties;
        this.clock = clock;
        this.meter = meter;
        offsetRequests = new OffsetRequests(offsets, properties, meter);
        classicSessions = new ClassicSessions(context, clock, this::expired);
        rebalances = new ClassicRebalances(properties, classicSessions, clock, this::forgetIdle, meter);
        memberships = new ClassicMemberships(classicSessions, rebalances, this::forgetIdle);
        joins = new ClassicJoins(properties, classicSessions, rebalances, memberships, ids, clock);
        consumers = new ConsumerParts(context, properties, clock, ids, consumerPorts, meter);
    }

    private Effects<GroupRecord> expired(ClassicGroup group, ClassicMember member) {
        return memberships.expired(group, member);
    }

    // ---- what requests work with ----

    /** Null where there is none. */
    Group group(String id) {
        return groups.get(id);
    }

    Collection<Group> groups() {
        return groups.values();
    }

    OffsetTable offsets() {
        return offsets;
    }

    OffsetRequests offsetRequests() {
        return offsetRequests;
    }

    ClassicMemberships memberships() {
        return memberships;
    }

    ClassicJoins joins() {
        return joins;
    }

    ConsumerParts consumers() {
        return consumers;
    }

    Clock clock() {
        return clock;
    }

    GroupProperties properties() {
        return properties;
    }

    /** A new classic group, of which nothing is stored yet. */
    ClassicGroup create(String id) {
        ClassicGroup group = new ClassicGroup(id, census);
        put(group);
        return group;
    }

    /** In place of the one of that name, where there is one. */
    private void put(Group group) {
        Group replaced = groups.put(group.id(), group);
        if (replaced != null) {
            census.removed(replaced);
        }
        census.added(group);
    }

    private void drop(Group group) {
        if (groups.remove(group.id(), group)) {
            census.removed(group);
        }
    }

    /** Forgets a group that nobody is in, or is about to come into, and of which nothing is stored. */
    void forgetIdle(ClassicGroup group) {
        boolean isIdle = group.isEmpty()
                && group.roster().size() == 0
                && group.roster().pendingJoins() == 0
                && group.isUnstored()
                && !offsets.has(group.id());
        if (isIdle) {
            drop(group);
        }
    }

    // ---- what records do ----

    @Override
    public void apply(GroupRecord record, long offset, long producerId, short producerEpoch, UndoLog undo) {
        switch (record) {
            case GroupRecord.OffsetSet(String group, String topic, int number, CommittedOffset value) -> {
                noteOffsets(group, undo);
                if (producerId < 0) {
                    offsets.set(group, topic, number, value, offset, undo);
                } else {
                    offsets.setPending(producerId, group, topic, number, value, offset, undo);
                }
            }
            case GroupRecord.OffsetGone(String group, String topic, int number) ->
                offsets.remove(group, topic, number, undo);
            case GroupRecord.ClassicGroupSet(String id, StoredGroup value) ->
                createSimple(id, undo).restore(value, undo);
            case GroupRecord.ClassicGroupGone(String id) -> forget(id, undo);
            case ConsumerGroupRecord consumer -> apply(consumer, undo);
        }
    }

    /** A group has offsets, of whatever kind it is. */
    private void noteOffsets(String id, UndoLog undo) {
        if (!(groups.get(id) instanceof ConsumerGroup)) {
            createSimple(id, undo).markStored(undo);
        }
    }

    private void apply(ConsumerGroupRecord record, UndoLog undo) {
        Group present = groups.get(record.group());
        if (present instanceof ConsumerGroup group) {
            if (record instanceof ConsumerGroupRecord.EpochGone) {
                forget(group, undo);
            } else {
                group.apply(record, undo);
            }
        } else if (record.isKept()) {
            ConsumerGroup created = new ConsumerGroup(record.group(), census);
            put(created);
            undo.add(() -> {
                if (present == null) {
                    drop(created);
                } else {
                    put(present);
                }
            });
            created.apply(record, undo);
        }
    }

    private void forget(ConsumerGroup gone, UndoLog undo) {
        drop(gone);
        undo.add(() -> {
            // Whoever waits in a classic group that took its place has to come once more.
            if (groups.get(gone.id()) instanceof ClassicGroup replaced) {
                replaced.abandon();
            }
            put(gone);
        });
        consumers.forget(gone.id());
        if (offsets.has(gone.id())) {
            createSimple(gone.id(), undo).markStored(undo);
        }
    }

    /** The classic group of that name, made where there is none. */
    private ClassicGroup createSimple(String id, UndoLog undo) {
        if (groups.get(id) instanceof ClassicGroup present) {
            return present;
        }
        ClassicGroup created = create(id);
        undo.add(() -> drop(created));
        return created;
    }

    private void forget(String id, UndoLog undo) {
        if (groups.get(id) instanceof ClassicGroup gone) {
            drop(gone);
            undo.add(() -> put(gone));
        }
    }

    @Override
    public void endTransaction(long producerId, short producerEpoch, boolean commits, UndoLog undo) {
        offsets.endTransaction(producerId, commits, undo);
    }

    // ---- the shard's life ----

    @Override
    public void activated() {
        meter.add(census);
        for (Group group : groups.values()) {
            switch (group) {
                case ClassicGroup classic -> activate(classic);
                case ConsumerGroup consumer -> consumers.activate(consumer);
            }
        }
        long checkMs = properties.offsetsRetentionCheckIntervalMs();
        context.schedule(checkMs - partition * 97L % Math.max(1, checkMs / 2), quietly(this::checkRetention));
    }

    private void activate(ClassicGroup group) {
        group.roster().members().forEach(member -> classicSessions.heardOf(group, member));
        if (group.roster().size() > properties.maxSize()) {
            context.submit(
                    quietly(() -> rebalances.prepare(group, "it has more members than allowed", Effects.none())));
        }
    }

    @Override
    public void deactivated() {
        meter.remove(census);
        groups.values().forEach(Group::abandon);
        consumers.close();
    }

    /**
     * Somebody of the classic protocol comes into an empty consumer group: that is forgotten, but for its offsets.
     *
     * @param again the request, which is answered then
     * @param answer told where that can't be stored
     */
    Effects<GroupRecord> replaceByClassic(
            ConsumerGroup group, Operation<GroupMachine, GroupRecord> again, Answer answer) {
        AtomicBoolean isAnsweredFor = new AtomicBoolean();
        context.submit(new Operation<>() {
            @Override
            public Effects<GroupRecord> decide(GroupMachine machine) {
                return isAnsweredFor.compareAndSet(false, true) ? again.decide(machine) : Effects.none();
            }

            @Override
            public void refuse(Errors error) {
                if (isAnsweredFor.compareAndSet(false, true)) {
                    again.refuse(error);
                }
            }
        });
        return Effects.write(group.tombstones(), new Answer() {
            @Override
            public void give() {
                // The request goes on.
            }

            @Override
            public void refuse(Errors error) {
                if (isAnsweredFor.compareAndSet(false, true)) {
                    answer.refuse(error);
                }
            }
        });
    }

    /** A group has become a classic one, whose members are to rebalance. */
    Effects<GroupRecord> beginAsClassic(ClassicGroup group, String reason) {
        activate(group);
        return rebalances.prepare(group, reason, Effects.none());
    }

    private Effects<GroupRecord> checkRetention() {
        context.schedule(properties.offsetsRetentionCheckIntervalMs(), quietly(this::checkRetention));
        List<GroupRecord> records = new ArrayList<>();
        long nowMs = clock.wallMs();
        for (Group group : groups.values()) {
            if (offsetRequests.expire(group, nowMs, records) && group.isEmpty()) {
                records.addAll(group.tombstones());
            }
        }
        if (records.isEmpty()) {
            return Effects.none();
        }
        LOG.info("{} records of groups whose retention is over are taken back", records.size());
        return Effects.write(records, Answer.NONE).divisible();
    }

    /** Topics have come, grown or gone. */
    Effects<GroupRecord> followTopics(Set<String> changed, boolean named) {
        for (Group group : groups.values()) {
            if (group instanceof ConsumerGroup consumer
                    && !consumer.isStale()
                    && changed.stream().anyMatch(consumer::isSubscribedTo)) {
                consumer.markStale(true);
            }
        }
        if (named) {
            consumers.topicsNamed();
        }
        return Effects.none();
    }

    /** Racks of brokers have changed, which may matter to any group. */
    Effects<GroupRecord> followRacks() {
        for (Group group : groups.values()) {
            if (group instanceof ConsumerGroup consumer) {
                consumer.markStale(true);
            }
        }
        return Effects.none();
    }

    /** Makes offsets of topics that are gone forgotten. */
    Effects<GroupRecord> forgetTopics(Set<String> topics) {
        List<GroupRecord> records = new ArrayList<>();
        for (Group group : groups.values()) {
            offsetRequests.forgetTopics(group.id(), topics, records);
        }
        return Effects.write(records, Answer.NONE).divisible();
    }

    private static Operation<GroupMachine, GroupRecord> quietly(Supplier<Effects<GroupRecord>> what) {
        return new Operation<>() {
            @Override
            public Effects<GroupRecord> decide(GroupMachine machine) {
                return what.get();
            }

            @Override
            public void refuse(Errors error) {
                // Nobody waits for it.
            }
        };
    }
}
