package io.ottla.coordinator.group;

import io.ottla.config.ConsumerGroupProperties;
import io.ottla.config.GroupProperties;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.ShardContext;
import io.ottla.coordinator.group.assign.GroupAssignor;
import io.ottla.metadata.ClusterImage;
import io.ottla.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a shard needs for groups of the consumer protocol. Belongs to the shard's executor. */
final class ConsumerParts {
    private final ConsumerSettings settings;
    private final Supplier<ClusterImage> image;
    private final ConsumerSessions sessions;
    private final RegexResolution regexes;
    private final TargetUpdates targets;
    private final ConsumerDepartures departures;
    private final ConsumerHeartbeats heartbeats;
    private final ClassicInConsumerGroup classic;
    private final Assignors assignors;

    /**
     * What comes from outside.
     *
     * @param groups a group's settings from what is set on it
     * @param assignors in the order of preference, one or more
     * @param pool for what takes its time: targets, regular expressions
     * @param image as this broker last applied it
     */
    record Ports(
            Function<Map<String, String>, ConsumerGroupProperties> groups,
            List<GroupAssignor> assignors,
            Executor pool,
            Supplier<ClusterImage> image) {}

    ConsumerParts(
            ShardContext<GroupMachine, GroupRecord> context,
            GroupProperties properties,
            Clock clock,
            Supplier<String> ids,
            Ports ports,
            GroupMeter meter) {
        image = ports.image();
        settings = new ConsumerSettings(properties.consumer(), image, ports.groups());
        assignors = new Assignors(ports.assignors());
        sessions = new ConsumerSessions(context, clock, this::late);
        regexes = new RegexResolution(
                context, image, ports.pool(), clock, properties.consumer().regexRefreshMs(), meter);
        targets = new TargetUpdates(context, assignors, settings, image, ports.pool(), clock, meter);
        GroupMigration migration = new GroupMigration(context, settings, properties.maxSize(), image, sessions, clock);
        departures = new ConsumerDepartures(image, sessions, migration::downgradeLater, meter);
        ConsumerProgress progress = new ConsumerProgress(image, sessions, regexes, targets, meter);
        heartbeats = new ConsumerHeartbeats(settings, sessions, progress, departures, migration, ids);
        classic = new ClassicInConsumerGroup(settings, sessions, progress, departures, image, ids);
    }

    private Effects<GroupRecord> late(ConsumerGroup group, ConsumerMember member, ConsumerSessions.Duty duty) {
        return departures.late(group, member, duty);
    }

    ConsumerHeartbeats heartbeats() {
        return heartbeats;
    }

    ClassicInConsumerGroup classic() {
        return classic;
    }

    Assignors assignors() {
        return assignors;
    }

    ClusterImage image() {
        return image.get();
    }

    /** Members of a group that was loaded have their time from now on. */
    void activate(ConsumerGroup group) {
        for (ConsumerMember member : group.state().members()) {
            MemberSubscription said = member.subscription();
            int sessionMs =
                    member.isClassic() ? said.classic().sessionTimeoutMs() : settings.sessionTimeoutMs(group.id());
            sessions.set(group.id(), member.id(), ConsumerSessions.Duty.SESSION, sessionMs);
            if (member.place().state() == MemberState.UNREVOKED_PARTITIONS) {
                sessions.set(group.id(), member.id(), ConsumerSessions.Duty.REVOKE, said.rebalanceTimeoutMs());
            }
        }
    }

    /** Topics have come or gone. */
    void topicsNamed() {
        regexes.markStale();
    }

    /** A group is gone. */
    void forget(String group) {
        regexes.forget(group);
        targets.forget(group);
    }

    /** The leadership is over. */
    void close() {
        regexes.close();
        targets.close();
        sessions.close();
    }
}
