package io.ottla.coordinator.group;

import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.types.TopicId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** What members of the consumer protocol say: they come, report, leave (KIP-848). */
final class ConsumerHeartbeats {
    private final ConsumerSettings settings;
    private final ConsumerSessions sessions;
    private final ConsumerProgress progress;
    private final ConsumerDepartures departures;
    private final GroupMigration migration;
    private final Supplier<String> ids;

    ConsumerHeartbeats(
            ConsumerSettings settings,
            ConsumerSessions sessions,
            ConsumerProgress progress,
            ConsumerDepartures departures,
            GroupMigration migration,
            Supplier<String> ids) {
        this.settings = settings;
        this.sessions = sessions;
        this.progress = progress;
        this.departures = departures;
        this.migration = migration;
        this.ids = ids;
    }

    /** One request on its way. */
    record Beat(
            GroupAsker client,
            ConsumerGroupHeartbeatRequestData request,
            Consumer<ConsumerGroupHeartbeatResponseData> to) {
        String group() {
            return request.groupId();
        }

        boolean joins() {
            return request.memberEpoch() == 0;
        }

        Effects<GroupRecord> refuse(Errors error, String message) {
            ConsumerGroupHeartbeatResponseData answer = HeartbeatAnswers.refused(new Refusal(error, message));
            return Effects.read(group(), answering(answer));
        }

        Answer answering(ConsumerGroupHeartbeatResponseData answer) {
            return new Answer() {
                @Override
                public void give() {
                    to.accept(answer);
                }

                @Override
                public void refuse(Errors error) {
                    to.accept(HeartbeatAnswers.refused(error));
                }
            };
        }
    }

    /** @param present null where there is no such group */
    Effects<GroupRecord> heartbeat(Group present, Beat beat) {
        if (beat.request().memberEpoch() < 0) {
            return leave(present, beat);
        }
        ConsumerDraft draft;
        if (present instanceof ConsumerGroup group) {
            draft = ConsumerDraft.of(group);
        } else {
            draft = beat.joins() ? migration.begin(present, beat.group()) : null;
        }
        if (draft == null) {
            return beat.refuse(
                    Errors.GROUP_ID_NOT_FOUND, "Expected a consumer group " + beat.group() + ", but there is none");
        }
        String memberId = beat.request().memberId().isEmpty()
                ? id(ids.get())
                : beat.request().memberId();
        Refusal refusal = refusal(draft.state(), beat.request(), memberId);
        if (refusal != null) {
            return beat.refuse(refusal.error(), refusal.message());
        }
        if (present instanceof ConsumerGroup live) {
            return report(draft, live, beat, memberId);
        }
        Effects<GroupRecord> effects = report(draft, null, beat, memberId);
        if (present instanceof ClassicGroup classic) {
            GroupMigration.release(classic, effects);
        }
        return effects;
    }

    /** As Kafka writes ids: 22 characters. */
    private static String id(String uuid) {
        UUID drawn = UUID.fromString(uuid);
        return new Uuid(drawn.getMostSignificantBits(), drawn.getLeastSignificantBits()).toString();
    }

    // ---- whether it may ----

    private Refusal refusal(ConsumerGroupState state, ConsumerGroupHeartbeatRequestData request, String memberId) {
        if (request.memberEpoch() == 0
                && state.member(memberId) == null
                && (request.instanceId() == null || state.staticMember(request.instanceId()) == null)
                && state.size() >= settings.maxSize()) {
            return new Refusal(
                    Errors.GROUP_MAX_SIZE_REACHED, "The group has all " + settings.maxSize() + " members that it may");
        }
        return request.instanceId() == null
                ? dynamicRefusal(state, request, memberId)
                : staticRefusal(state, request, memberId);
    }

    private static Refusal dynamicRefusal(
            ConsumerGroupState state, ConsumerGroupHeartbeatRequestData request, String memberId) {
        if (request.memberEpoch() == 0) {
            return null;
        }
        ConsumerMember member = state.member(memberId);
        return member == null ? unknown(memberId) : epochRefusal(member, request);
    }

    private static Refusal staticRefusal(
            ConsumerGroupState state, ConsumerGroupHeartbeatRequestData request, String memberId) {
        ConsumerMember holder = state.staticMember(request.instanceId());
        if (request.memberEpoch() == 0) {
            return holder == null || holder.place().epoch() == MemberPlace.AWAY || holder.isClassic()
                    ? null
                    : new Refusal(
                            Errors.UNRELEASED_INSTANCE_ID,
                            "Instance id " + request.instanceId() + " still belongs to member " + holder.id());
        }
        Refusal refusal = instanceRefusal(holder, request.instanceId(), memberId);
        return refusal == null ? epochRefusal(holder, request) : refusal;
    }

    private static Refusal instanceRefusal(ConsumerMember holder, String instanceId, String memberId) {
        if (holder == null) {
            return new Refusal(Errors.UNKNOWN_MEMBER_ID, "Nobody has instance id " + instanceId);
        }
        return holder.id().equals(memberId)
                ? null
                : new Refusal(
                        Errors.FENCED_INSTANCE_ID,
                        "Instance id " + instanceId + " belongs to member " + holder.id() + " now");
    }

    private static Refusal unknown(String memberId) {
        return new Refusal(Errors.UNKNOWN_MEMBER_ID, "Nobody has member id " + memberId);
    }

    /** An older epoch counts only from who did not get the answer that told it of the present one, and reads nothing new. */
    private static Refusal epochRefusal(ConsumerMember member, ConsumerGroupHeartbeatRequestData request) {
        int known = member.place().epoch();
        int claimed = request.memberEpoch();
        boolean missedOne = claimed < known
                && claimed == member.place().previousEpoch()
                && request.topicPartitions() != null
                && member.place().assigned().assignment().contains(owned(request));
        return claimed == known || missedOne
                ? null
                : new Refusal(
                        Errors.FENCED_MEMBER_EPOCH,
                        "Expected member epoch " + known + ", but it is " + claimed
                                + ": the member must give up its partitions and join again");
    }

    // ---- what it says ----

    private Effects<GroupRecord> report(ConsumerDraft draft, ConsumerGroup live, Beat beat, String memberId) {
        ConsumerGroupHeartbeatRequestData request = beat.request();
        ConsumerMember holder =
                request.instanceId() == null ? null : draft.state().staticMember(request.instanceId());
        if (holder != null && !holder.id().equals(memberId)) {
            departures.replace(draft, holder, memberId);
        }
        ConsumerMember known = draft.state().member(memberId);
        MemberSubscription before = known == null ? MemberSubscription.UNKNOWN : known.subscription();
        MemberSubscription said = subscription(before, beat);
        if (known == null || !said.equals(before)) {
            draft.subscribe(memberId, said);
            draft.forgetUnused(before.regex());
        }
        boolean changesRegex = !said.regex().equals(before.regex());
        boolean bumps = !said.topics().equals(before.topics())
                || changesRegex
                        && (said.regex().isEmpty() || draft.state().regexes().containsKey(said.regex()));
        sessions.set(beat.group(), memberId, ConsumerSessions.Duty.SESSION, settings.sessionTimeoutMs(beat.group()));
        if (before.isClassic()) {
            sessions.stop(beat.group(), memberId, ConsumerSessions.Duty.JOIN);
            sessions.stop(beat.group(), memberId, ConsumerSessions.Duty.SYNC);
        }
        Assignment owned = request.topicPartitions() == null ? null : owned(request);
        boolean unsubscribed = known != null && !said.readsAs(before);
        Report report = new Report(beat.group(), memberId, owned, unsubscribed, beat.client(), asker(beat));
        return progress.proceed(draft, live, report, bumps);
    }

    /** What it does not say is as before. */
    private static MemberSubscription subscription(MemberSubscription before, Beat beat) {
        ConsumerGroupHeartbeatRequestData said = beat.request();
        return saysNothing(before, beat)
                ? before
                : new MemberSubscription(
                        said.instanceId() == null ? before.instanceId() : said.instanceId(),
                        said.rackId() == null ? before.rack() : said.rackId(),
                        beat.client().clientId(),
                        beat.client().clientHost(),
                        said.subscribedTopicNames() == null ? before.topics() : said.subscribedTopicNames(),
                        said.subscribedTopicRegex() == null ? before.regex() : said.subscribedTopicRegex(),
                        said.rebalanceTimeoutMs() < 0 ? before.rebalanceTimeoutMs() : said.rebalanceTimeoutMs(),
                        said.serverAssignor() == null ? before.assignor() : said.serverAssignor(),
                        null);
    }

    /** As nearly all heartbeats do. */
    private static boolean saysNothing(MemberSubscription before, Beat beat) {
        ConsumerGroupHeartbeatRequestData said = beat.request();
        return said.subscribedTopicNames() == null
                && said.subscribedTopicRegex() == null
                && said.rackId() == null
                && said.serverAssignor() == null
                && said.rebalanceTimeoutMs() < 0
                && (said.instanceId() == null || said.instanceId().equals(before.instanceId()))
                && beat.client().clientId().equals(before.clientId())
                && beat.client().clientHost().equals(before.clientHost())
                && !before.isClassic();
    }

    private static Assignment owned(ConsumerGroupHeartbeatRequestData request) {
        Map<TopicId, PartitionSet> owned = new HashMap<>();
        for (ConsumerGroupHeartbeatRequestData.TopicPartitions topic : request.topicPartitions()) {
            owned.merge(TopicId.of(topic.topicId()), PartitionSet.of(topic.partitions()), PartitionSet::union);
        }
        return new Assignment(owned);
    }

    private Report.Asker asker(Beat beat) {
        ConsumerGroupHeartbeatRequestData request = beat.request();
        boolean saysAll = request.rebalanceTimeoutMs() >= 0
                && request.topicPartitions() != null
                && (request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null);
        return new Report.Asker() {
            @Override
            public void answer(ConsumerMember before, ConsumerMember after) {
                boolean tells = beat.joins()
                        || saysAll
                        || !before.place().assigned().equals(after.place().assigned());
                beat.to().accept(HeartbeatAnswers.present(after, settings.heartbeatIntervalMs(beat.group()), tells));
            }

            @Override
            public void refuse(Errors error) {
                beat.to().accept(HeartbeatAnswers.refused(error));
            }
        };
    }

    // ---- how it goes ----

    private Effects<GroupRecord> leave(Group present, Beat beat) {
        if (!(present instanceof ConsumerGroup group)) {
            return beat.refuse(
                    Errors.GROUP_ID_NOT_FOUND, "Expected a consumer group " + beat.group() + ", but there is none");
        }
        ConsumerGroupHeartbeatRequestData request = beat.request();
        ConsumerMember member = request.instanceId() == null
                ? group.state().member(request.memberId())
                : group.state().staticMember(request.instanceId());
        Refusal refusal;
        if (request.instanceId() != null) {
            refusal = instanceRefusal(member, request.instanceId(), request.memberId());
        } else {
            refusal = member == null ? unknown(request.memberId()) : null;
        }
        if (refusal != null) {
            return beat.refuse(refusal.error(), refusal.message());
        }
        ConsumerDraft draft = ConsumerDraft.of(group);
        if (request.memberEpoch() == MemberPlace.AWAY) {
            departures.away(draft, member);
        } else {
            departures.remove(draft, List.of(member));
        }
        return Effects.write(
                draft.records(), beat.answering(HeartbeatAnswers.left(member.id(), request.memberEpoch())));
    }
}
