package io.ottla.coordinator.group;

import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Call;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.metadata.ClusterImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Members of the classic protocol that are in a consumer group (KIP-848): to join is to report, to sync is to be told the
 * assignment, and a member's generation is its epoch. Nobody leads; the coordinator assigns.
 */
final class ClassicInConsumerGroup {
    /** From this version on somebody without an id is given one and must come again with it (KIP-394). */
    private static final short FIRST_WITH_KNOWN_MEMBER = 4;

    private final ConsumerSettings settings;
    private final ConsumerSessions sessions;
    private final ConsumerProgress progress;
    private final ConsumerDepartures departures;
    private final Supplier<ClusterImage> image;
    private final Supplier<String> ids;

    ClassicInConsumerGroup(
            ConsumerSettings settings,
            ConsumerSessions sessions,
            ConsumerProgress progress,
            ConsumerDepartures departures,
            Supplier<ClusterImage> image,
            Supplier<String> ids) {
        this.settings = settings;
        this.sessions = sessions;
        this.progress = progress;
        this.departures = departures;
        this.image = image;
        this.ids = ids;
    }

    // ---- join ----

    Effects<GroupRecord> join(
            ConsumerGroup group,
            GroupAsker asker,
            JoinGroupRequestData request,
            Consumer<JoinGroupResponseData> answer) {
        ConsumerDraft draft = ConsumerDraft.of(group);
        Errors refusal = joinRefusal(draft.state(), request);
        if (refusal != Errors.NONE) {
            return refuse(answer, request.memberId(), refusal);
        }
        String memberId = request.memberId();
        ConsumerMember holder =
                request.groupInstanceId() == null ? null : draft.state().staticMember(request.groupInstanceId());
        if (memberId.isEmpty()) {
            memberId = (request.groupInstanceId() == null ? asker.clientId() : request.groupInstanceId()) + "-"
                    + ids.get();
            if (request.groupInstanceId() == null && asker.version() >= FIRST_WITH_KNOWN_MEMBER) {
                return refuse(answer, memberId, Errors.MEMBER_ID_REQUIRED);
            }
        } else if (holder != null && !holder.id().equals(memberId)) {
            return refuse(answer, memberId, Errors.FENCED_INSTANCE_ID);
        }
        JoinGroupRequestProtocol first = request.protocols().iterator().next();
        ConsumerProtocolTexts.Subscription texts =
                ConsumerProtocolTexts.subscription(ByteBuffer.wrap(first.metadata()));
        if (texts == null) {
            return refuse(answer, memberId, Errors.INCONSISTENT_GROUP_PROTOCOL);
        }
        if (holder != null && !holder.id().equals(memberId)) {
            departures.replace(draft, holder, memberId);
        }
        return report(draft, group, new Joining(asker, request, texts, memberId, answer));
    }

    /** One request on its way. */
    private record Joining(
            GroupAsker asker,
            JoinGroupRequestData request,
            ConsumerProtocolTexts.Subscription texts,
            String memberId,
            Consumer<JoinGroupResponseData> answer) {
        MemberSubscription subscription(MemberSubscription before) {
            return new MemberSubscription(
                    request.groupInstanceId() == null ? before.instanceId() : request.groupInstanceId(),
                    texts.rack() == null ? before.rack() : texts.rack(),
                    asker.clientId(),
                    asker.clientHost(),
                    texts.topics(),
                    "",
                    asker.version() == 0 ? request.sessionTimeoutMs() : request.rebalanceTimeoutMs(),
                    null,
                    new MemberSubscription.ClassicSide(
                            request.sessionTimeoutMs(),
                            request.protocols().stream()
                                    .map(each -> new MemberSubscription.Protocol(
                                            each.name(), ByteBuffer.wrap(each.metadata())))
                                    .toList()));
        }
    }

    private Errors joinRefusal(ConsumerGroupState state, JoinGroupRequestData request) {
        boolean isIn = state.member(request.memberId()) != null
                || request.groupInstanceId() != null && state.staticMember(request.groupInstanceId()) != null;
        if (!isIn && state.size() >= settings.maxSize()) {
            return Errors.GROUP_MAX_SIZE_REACHED;
        }
        boolean mayCome = state.classicMembers() > 0
                || settings.migration().upgrades()
                || settings.migration().downgrades();
        boolean understood = ClassicGroup.CONSUMER.equals(request.protocolType())
                && request.protocols().stream().anyMatch(each -> isKnownToAll(state, each.name(), request.memberId()));
        return mayCome && understood ? Errors.NONE : Errors.INCONSISTENT_GROUP_PROTOCOL;
    }

    private static boolean isKnownToAll(ConsumerGroupState state, String protocol, String except) {
        for (ConsumerMember member : state.members()) {
            if (member.isClassic()
                    && !member.id().equals(except)
                    && !member.subscription().classic().supports(protocol)) {
                return false;
            }
        }
        return true;
    }

    private Effects<GroupRecord> report(ConsumerDraft draft, ConsumerGroup group, Joining joining) {
        ConsumerMember known = draft.state().member(joining.memberId());
        MemberSubscription before = known == null ? MemberSubscription.UNKNOWN : known.subscription();
        MemberSubscription said = joining.subscription(before);
        if (known == null || !said.equals(before)) {
            draft.subscribe(joining.memberId(), said);
            draft.forgetUnused(before.regex());
        }
        sessions.stop(group.id(), joining.memberId(), ConsumerSessions.Duty.JOIN);
        sessions.set(
                group.id(),
                joining.memberId(),
                ConsumerSessions.Duty.SESSION,
                said.classic().sessionTimeoutMs());
        // It must ask for its assignment then.
        sessions.set(group.id(), joining.memberId(), ConsumerSessions.Duty.SYNC, said.rebalanceTimeoutMs());
        if (known != null && !known.isClassic()) {
            departures.changed(draft);
        }
        Assignment owned = joining.texts().owned(image.get());
        Report report = new Report(
                group.id(),
                joining.memberId(),
                owned,
                known != null && !said.readsAs(before),
                joining.asker(),
                asker(joining));
        return progress.proceed(draft, group, report, !said.readsAs(before));
    }

    private static Report.Asker asker(Joining joining) {
        return new Report.Asker() {
            @Override
            public void answer(ConsumerMember before, ConsumerMember after) {
                joining.answer()
                        .accept(new JoinGroupResponseData()
                                .setMemberId(after.id())
                                .setGenerationId(after.place().epoch())
                                .setProtocolType(ClassicGroup.CONSUMER)
                                .setProtocolName(after.subscription()
                                        .classic()
                                        .protocols()
                                        .getFirst()
                                        .name()));
            }

            @Override
            public void refuse(Errors error) {
                joining.answer().accept(ClassicAnswers.join(joining.memberId(), error));
            }
        };
    }

    private static Effects<GroupRecord> refuse(Consumer<JoinGroupResponseData> answer, String memberId, Errors error) {
        return Effects.now(ClassicAnswers.answer(answer, ClassicAnswers.join(memberId, error)));
    }

    // ---- sync ----

    Effects<GroupRecord> sync(
            ConsumerGroup group, SyncGroupRequestData request, Consumer<SyncGroupResponseData> answer) {
        ConsumerMember member = group.state().member(request.memberId());
        Errors refusal = memberRefusal(group.state(), request.memberId(), request.groupInstanceId());
        if (refusal == Errors.NONE && member.place().epoch() != request.generationId()) {
            refusal = Errors.ILLEGAL_GENERATION;
        }
        if (refusal == Errors.NONE && speaksOtherwise(member, request)) {
            refusal = Errors.INCONSISTENT_GROUP_PROTOCOL;
        }
        if (refusal == Errors.NONE
                && group.state().epoch() > member.place().epoch()
                && member.place().state() != MemberState.UNREVOKED_PARTITIONS) {
            refusal = Errors.REBALANCE_IN_PROGRESS;
            awaitJoin(group.id(), member);
        }
        if (refusal != Errors.NONE) {
            return Effects.now(ClassicAnswers.answer(answer, ClassicAnswers.sync(refusal)));
        }
        MemberSubscription.Protocol spoken =
                member.subscription().classic().protocols().getFirst();
        sessions.stop(group.id(), member.id(), ConsumerSessions.Duty.SYNC);
        heardOf(group.id(), member);
        ByteBuffer assignment = ConsumerProtocolTexts.assignment(
                member.place().assigned().assignment(), spoken.metadata(), image.get());
        SyncGroupResponseData told = new SyncGroupResponseData()
                .setProtocolType(ClassicGroup.CONSUMER)
                .setProtocolName(spoken.name())
                .setAssignment(ClassicMember.bytes(assignment));
        return Effects.read(group.id(), ClassicAnswers.answer(answer, told));
    }

    private static boolean speaksOtherwise(ConsumerMember member, SyncGroupRequestData request) {
        String spoken = member.subscription().classic().protocols().getFirst().name();
        return request.protocolType() != null && !ClassicGroup.CONSUMER.equals(request.protocolType())
                || request.protocolName() != null && !spoken.equals(request.protocolName());
    }

    private void heardOf(String group, ConsumerMember member) {
        sessions.set(
                group,
                member.id(),
                ConsumerSessions.Duty.SESSION,
                member.subscription().classic().sessionTimeoutMs());
    }

    private void awaitJoin(String group, ConsumerMember member) {
        sessions.setIfAbsent(
                group,
                member.id(),
                ConsumerSessions.Duty.JOIN,
                member.subscription().rebalanceTimeoutMs());
    }

    /** Whether somebody is a member of the classic protocol, and who it says to be. */
    private static Errors memberRefusal(ConsumerGroupState state, String memberId, String instanceId) {
        if (instanceId != null) {
            ConsumerMember holder = state.staticMember(instanceId);
            if (holder == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            if (!holder.id().equals(memberId)) {
                return Errors.FENCED_INSTANCE_ID;
            }
        }
        ConsumerMember member = state.member(memberId);
        return member == null || !member.isClassic() ? Errors.UNKNOWN_MEMBER_ID : Errors.NONE;
    }

    // ---- heartbeat ----

    Effects<GroupRecord> heartbeat(
            ConsumerGroup group,
            HeartbeatRequestData request,
            Call<GroupMachine, GroupRecord, HeartbeatResponseData> call) {
        Errors refusal = memberRefusal(group.state(), request.memberId(), request.groupInstanceId());
        if (refusal != Errors.NONE) {
            return Effects.now(call.with(refusal));
        }
        ConsumerMember member = group.state().member(request.memberId());
        if (member.place().epoch() != request.generationId()) {
            return Effects.now(call.with(Errors.ILLEGAL_GENERATION));
        }
        heardOf(group.id(), member);
        ConsumerDraft draft = ConsumerDraft.of(group);
        Effects<GroupRecord> effects = progress.refresh(draft, group);
        if (mustJoinAgain(draft.state(), member)) {
            awaitJoin(group.id(), member);
            return effects.answer(call.with(Errors.REBALANCE_IN_PROGRESS));
        }
        return effects.answer(call.with(Errors.NONE));
    }

    /** There is another epoch, or it must give up partitions, or partitions that it waits for have become free. */
    private static boolean mustJoinAgain(ConsumerGroupState state, ConsumerMember member) {
        return member.place().epoch() < state.epoch()
                || switch (member.place().state()) {
                    case STABLE -> false;
                    case UNREVOKED_PARTITIONS, UNKNOWN -> true;
                    case UNRELEASED_PARTITIONS -> hasMore(state, member);
                };
    }

    private static boolean hasMore(ConsumerGroupState state, ConsumerMember member) {
        Assignment missing =
                state.target(member.id()).minus(member.place().assigned().assignment());
        return missing.topics().entrySet().stream()
                .anyMatch(entry -> !state.free(entry.getKey(), entry.getValue(), member.id())
                        .isEmpty());
    }

    // ---- leave ----

    Effects<GroupRecord> leave(
            ConsumerGroup group, List<MemberIdentity> leaving, LeaveGroupResponseData response, Answer answer) {
        Map<String, ConsumerMember> gone = new LinkedHashMap<>();
        for (MemberIdentity identity : leaving) {
            ConsumerMember member = identity.memberId().isEmpty() && identity.groupInstanceId() != null
                    ? group.state().staticMember(identity.groupInstanceId())
                    : group.state().member(identity.memberId());
            Errors error = Errors.NONE;
            if (member == null || gone.containsKey(member.id())) {
                error = Errors.UNKNOWN_MEMBER_ID;
            } else if (!identity.memberId().isEmpty()
                    && identity.groupInstanceId() != null
                    && !identity.groupInstanceId().equals(member.instanceId())) {
                error = Errors.FENCED_INSTANCE_ID;
            } else {
                gone.put(member.id(), member);
            }
            response.members()
                    .add(new MemberResponse()
                            .setMemberId(identity.memberId())
                            .setGroupInstanceId(identity.groupInstanceId())
                            .setErrorCode(error.code()));
        }
        if (gone.isEmpty()) {
            return Effects.now(answer);
        }
        ConsumerDraft draft = ConsumerDraft.of(group);
        departures.remove(draft, new ArrayList<>(gone.values()));
        return Effects.write(draft.records(), answer);
    }
}
