package io.ottla.coordinator.group;

import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.ShardContext;
import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.metadata.ClusterImage;
import io.ottla.time.Clock;
import io.ottla.types.Shown;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How groups change their protocol while members are in them (KIP-848): a classic group becomes a consumer group when the
 * first member of that protocol comes, with all its members and what they read; a consumer group becomes a classic one
 * when the last member of its protocol has gone.
 */
final class GroupMigration {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMigration.class);

    private static final int TRY_AGAIN_MS = 1_000;

    private final ShardContext<GroupMachine, GroupRecord> context;
    private final ConsumerSettings settings;
    private final int maxClassicSize;
    private final Supplier<ClusterImage> image;
    private final ConsumerSessions sessions;
    private final Clock clock;

    /** @param maxClassicSize members of a classic group */
    GroupMigration(
            ShardContext<GroupMachine, GroupRecord> context,
            ConsumerSettings settings,
            int maxClassicSize,
            Supplier<ClusterImage> image,
            ConsumerSessions sessions,
            Clock clock) {
        this.context = context;
        this.settings = settings;
        this.maxClassicSize = maxClassicSize;
        this.image = image;
        this.sessions = sessions;
        this.clock = clock;
    }

    // ---- to the consumer protocol ----

    /**
     * The consumer group that a member of that protocol comes into, where there is none so far.
     *
     * @param present null where there is no such group
     * @return null where it can't become one
     */
    ConsumerDraft begin(Group present, String id) {
        List<GroupRecord> records = new ArrayList<>();
        if (!(present instanceof ClassicGroup classic)) {
            return present == null ? new ConsumerDraft(id, ConsumerGroupState.NEW, records) : null;
        }
        if (!classic.isUnstored()) {
            records.addAll(classic.tombstones());
        }
        if (classic.roster().size() == 0) {
            return new ConsumerDraft(id, ConsumerGroupState.NEW, records);
        }
        boolean may = settings.migration().upgrades()
                && ClassicGroup.CONSUMER.equals(classic.protocolTypeOrNull())
                && classic.roster().size() < settings.maxSize();
        return may ? upgrade(classic, new ConsumerDraft(id, ConsumerGroupState.NEW, records)) : null;
    }

    private ConsumerDraft upgrade(ClassicGroup classic, ConsumerDraft draft) {
        int epoch = Math.max(1, classic.generation());
        List<Assignment> assignments = new ArrayList<>();
        for (ClassicMember member : classic.roster().members()) {
            ConsumerProtocolTexts.Subscription said =
                    ConsumerProtocolTexts.subscription(ByteBuffer.wrap(member.metadata(spoken(classic, member))));
            Assignment assigned = ConsumerProtocolTexts.assignment(ByteBuffer.wrap(member.assignment()), image.get());
            if (said == null || assigned == null) {
                LOG.warn(
                        "Group {} stays classic: what its member {} says by the classic protocol can't be read",
                        Shown.of(classic.id()),
                        Shown.of(member.id()));
                return null;
            }
            draft.subscribe(
                    member.id(),
                    new MemberSubscription(
                            member.instanceId(),
                            said.rack(),
                            member.clientId(),
                            member.clientHost(),
                            said.topics(),
                            "",
                            member.rebalanceTimeoutMs(),
                            null,
                            side(member)));
            assignments.add(assigned);
        }
        draft.epoch(epoch, TopicHashes.of(image.get(), draft.state().subscribedTopics()));
        int i = 0;
        for (ClassicMember member : classic.roster().members()) {
            Assignment assigned = assignments.get(i++);
            draft.target(member.id(), assigned);
            draft.place(
                    member.id(),
                    new MemberPlace(
                            epoch,
                            epoch,
                            MemberState.STABLE,
                            OwnedPartitions.of(assigned, epoch),
                            OwnedPartitions.NONE));
            sessions.set(classic.id(), member.id(), ConsumerSessions.Duty.SESSION, member.sessionTimeoutMs());
        }
        draft.targetEpoch(epoch, 0);
        LOG.info(
                "Group {} becomes a consumer group in epoch {} with {} members",
                Shown.of(classic.id()),
                epoch,
                classic.roster().size());
        return draft;
    }

    private static String spoken(ClassicGroup classic, ClassicMember member) {
        return classic.protocol() != null && member.supports(classic.protocol())
                ? classic.protocol()
                : member.protocols().getFirst().name();
    }

    private static MemberSubscription.ClassicSide side(ClassicMember member) {
        return new MemberSubscription.ClassicSide(
                member.sessionTimeoutMs(),
                member.protocols().stream()
                        .map(each -> new MemberSubscription.Protocol(each.name(), ByteBuffer.wrap(each.metadata())))
                        .toList());
    }

    /** Whoever waits in a classic group that becomes a consumer group must join again. */
    static void release(ClassicGroup classic, Effects<GroupRecord> effects) {
        for (ClassicMember member : classic.roster().members()) {
            Consumer<JoinGroupResponseData> join = classic.roster().takeJoin(member);
            if (join != null) {
                effects.answer(ClassicAnswers.answer(join, member.refusedJoin(Errors.REBALANCE_IN_PROGRESS)));
            }
            Consumer<SyncGroupResponseData> sync = member.takeSync();
            if (sync != null) {
                effects.answer(ClassicAnswers.answer(sync, ClassicAnswers.sync(Errors.REBALANCE_IN_PROGRESS)));
            }
        }
    }

    // ---- and back ----

    /** A member of the consumer protocol has gone: the group becomes a classic one where no other is left. */
    void downgradeLater(String id) {
        if (settings.migration().downgrades()) {
            context.submit(quietly(machine -> downgrade(machine, id)));
        }
    }

    private Effects<GroupRecord> downgrade(GroupMachine machine, String id) {
        if (!(machine.group(id) instanceof ConsumerGroup group)
                || !group.state().isAllClassic()
                || group.state().size() > maxClassicSize) {
            return Effects.none();
        }
        StoredGroup stored = classic(group.state());
        if (stored == null) {
            return Effects.none();
        }
        List<GroupRecord> records = new ArrayList<>(group.tombstones());
        records.add(new GroupRecord.ClassicGroupSet(id, stored));
        LOG.info("Group {} becomes a classic group in generation {}", Shown.of(id), stored.generation());
        context.submit(quietly(after -> begin(after, id)));
        return Effects.write(records, Answer.NONE).onRevert(() -> again(id));
    }

    private void again(String id) {
        context.schedule(TRY_AGAIN_MS, quietly(machine -> downgrade(machine, id)));
    }

    /** The group has become a classic one: its members rebalance, and are heard of as such from now on. */
    private Effects<GroupRecord> begin(GroupMachine machine, String id) {
        if (!(machine.group(id) instanceof ClassicGroup classic)
                || classic.roster().size() == 0) {
            return Effects.none();
        }
        for (ClassicMember member : classic.roster().members()) {
            sessions.stop(id, member.id());
        }
        return machine.beginAsClassic(classic, "it became a classic group");
    }

    /** Null where its members have no protocol in common. */
    private StoredGroup classic(ConsumerGroupState state) {
        String protocol = state.commonProtocol();
        if (protocol == null) {
            return null;
        }
        List<StoredMember> members = new ArrayList<>();
        for (ConsumerMember member : state.members()) {
            MemberSubscription said = member.subscription();
            members.add(new StoredMember(
                    member.id(),
                    said.instanceId(),
                    said.clientId(),
                    said.clientHost(),
                    said.rebalanceTimeoutMs(),
                    said.classic().sessionTimeoutMs(),
                    said.classic().metadata(protocol),
                    ConsumerProtocolTexts.assignment(
                            state.target(member.id()), said.classic().metadata(protocol), image.get())));
        }
        return new StoredGroup(
                ClassicGroup.CONSUMER,
                state.epoch(),
                protocol,
                members.getFirst().memberId(),
                clock.wallMs(),
                members);
    }

    private static Operation<GroupMachine, GroupRecord> quietly(Function<GroupMachine, Effects<GroupRecord>> what) {
        return new Operation<>() {
            @Override
            public Effects<GroupRecord> decide(GroupMachine machine) {
                return what.apply(machine);
            }

            @Override
            public void refuse(Errors error) {
                // Nobody waits for it.
            }
        };
    }
}
