package io.ottla.coordinator.group;

import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.metadata.ClusterImage;
import io.ottla.types.Shown;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How members of consumer groups go: they leave, or are taken out because they are late. */
final class ConsumerDepartures {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerDepartures.class);

    private final Supplier<ClusterImage> image;
    private final ConsumerSessions sessions;
    private final Consumer<String> classicOnly;
    private final GroupMeter meter;

    /** @param classicOnly told of a group in which only members of the classic protocol are left */
    ConsumerDepartures(
            Supplier<ClusterImage> image, ConsumerSessions sessions, Consumer<String> classicOnly, GroupMeter meter) {
        this.image = image;
        this.sessions = sessions;
        this.classicOnly = classicOnly;
        this.meter = meter;
    }

    /** A member was late with something. */
    Effects<GroupRecord> late(ConsumerGroup group, ConsumerMember member, ConsumerSessions.Duty duty) {
        boolean matters =
                duty != ConsumerSessions.Duty.REVOKE || member.place().state() == MemberState.UNREVOKED_PARTITIONS;
        if (!matters) {
            return Effects.none();
        }
        LOG.info("Group {} goes on without member {}: {}", Shown.of(group.id()), Shown.of(member.id()), duty.failure());
        ConsumerDraft draft = ConsumerDraft.of(group);
        remove(draft, List.of(member));
        return Effects.<GroupRecord>write(draft.records(), Answer.NONE)
                .onRevert(() -> sessions.set(group.id(), member.id(), duty, 1_000));
    }

    /** Takes members out; the group comes to its next epoch. */
    void remove(ConsumerDraft draft, Collection<ConsumerMember> members) {
        for (ConsumerMember member : members) {
            draft.remove(member);
            sessions.stop(draft.group(), member.id());
        }
        draft.bump(TopicHashes.of(image.get(), draft.state().subscribedTopics()));
        meter.rebalancedConsumers();
        changed(draft);
    }

    /** A static member goes for a while: what it has stays its own until its session is over. */
    void away(ConsumerDraft draft, ConsumerMember member) {
        draft.place(member.id(), member.place().away());
        sessions.stop(draft.group(), member.id(), ConsumerSessions.Duty.REVOKE);
    }

    /** Somebody takes the place of a static member, under another id; what that had is its own from now on. */
    void replace(ConsumerDraft draft, ConsumerMember old, String newId) {
        draft.replace(old, newId);
        sessions.stop(draft.group(), old.id());
    }

    /** A member speaks the classic protocol from now on. */
    void changed(ConsumerDraft draft) {
        if (draft.state().isAllClassic()) {
            classicOnly.accept(draft.group());
        }
    }
}
