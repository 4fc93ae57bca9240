package io.ottla.coordinator.group;

import io.ottla.coordinator.Call;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Shards;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.UnverifiedTransaction;
import io.ottla.storage.Verification;
import io.ottla.storage.VerifiedTransaction;
import io.ottla.types.Failure;
import io.ottla.types.ProducerIdAndEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;

/** What is asked of groups' offsets. Thread-safe; answers come on any thread, once. */
public final class GroupOffsets {
    /** From this version on a commit for a group that does not exist is told so. */
    private static final short FIRST_WITH_GROUP_ID_NOT_FOUND = 9;

    private final Shards<GroupMachine, GroupRecord> shards;

    /** Whether what this broker coordinates is surely its own still. */
    private final BooleanSupplier inTouch;

    GroupOffsets(Shards<GroupMachine, GroupRecord> shards, BooleanSupplier inTouch) {
        this.shards = shards;
        this.inTouch = inTouch;
    }

    /**
     * Commits offsets, of a member or of somebody who is in no group.
     *
     * @param request of topics and partitions that exist and that the caller may read; by name, with ids where it had them
     * @param version of the API
     */
    public void commit(OffsetCommitRequestData request, short version, Consumer<OffsetCommitResponseData> answer) {
        if (request.groupId() == null || !GroupCoordinator.fits(request.groupId())) {
            answer.accept(commitRefused(request, Errors.INVALID_GROUP_ID));
            return;
        }
        submit(request, answer, (machine, call) -> {
            Errors refusal = refusal(machine, request, version);
            return refusal == Errors.NONE ? commit(machine, request, call) : Effects.now(call.with(refusal));
        });
    }

    private void submit(
            OffsetCommitRequestData request,
            Consumer<OffsetCommitResponseData> answer,
            Call.Deciding<GroupMachine, GroupRecord, OffsetCommitResponseData> deciding) {
        shards.submit(request.groupId(), new Call<>(deciding, error -> commitRefused(request, error), answer));
    }

    private static Errors refusal(GroupMachine machine, OffsetCommitRequestData request, short version) {
        return switch (machine.group(request.groupId())) {
            case ConsumerGroup consumer ->
                ConsumerCommits.refusal(
                        consumer, request, version, machine.consumers().image());
            case ClassicGroup classic ->
                classic.commitRefusal(
                        request.memberId(), request.groupInstanceId(), request.generationIdOrMemberEpoch(), false);
            case null -> {
                if (request.generationIdOrMemberEpoch() < 0) {
                    yield Errors.NONE;
                }
                yield version >= FIRST_WITH_GROUP_ID_NOT_FOUND ? Errors.GROUP_ID_NOT_FOUND : Errors.ILLEGAL_GENERATION;
            }
        };
    }

    private static Effects<GroupRecord> commit(
            GroupMachine machine,
            OffsetCommitRequestData request,
            Call<GroupMachine, GroupRecord, OffsetCommitResponseData> call) {
        Group group = machine.group(request.groupId());
        if (group instanceof ClassicGroup classic) {
            machine.memberships().committed(classic, request.memberId());
        }
        List<GroupRecord> records = new ArrayList<>();
        OffsetCommitResponseData response =
                machine.offsetRequests().commit(request, machine.clock().wallMs(), records);
        return Effects.write(records, call.with(response));
    }

    /**
     * Commits offsets with a producer's transaction (KIP-98, KIP-447): they count once that commits.
     *
     * @param request as with {@link #commit}
     * @param hasOwnEpoch whether each of the producer's transactions has an epoch of its own (KIP-890)
     * @param coordinator of the transaction, asked where this group's log has nothing of it yet
     */
    public void commitInTransaction(
            OffsetCommitRequestData request,
            ProducerIdAndEpoch producer,
            boolean hasOwnEpoch,
            UnverifiedTransaction.Coordinator coordinator,
            Consumer<OffsetCommitResponseData> answer) {
        if (!GroupCoordinator.isValid(request.groupId())) {
            answer.accept(commitRefused(request, Errors.INVALID_GROUP_ID));
            return;
        }
        PartitionLog log = shards.log(request.groupId());
        if (log == null) {
            answer.accept(commitRefused(request, Errors.NOT_COORDINATOR));
            return;
        }
        switch (log.transaction(producer.id(), producer.epoch(), hasOwnEpoch)) {
            case VerifiedTransaction verified -> commit(request, producer, verified, answer);
            case UnverifiedTransaction unverified ->
                UnverifiedTransaction.verify(List.of(unverified), coordinator, outcomes -> {
                    switch (outcomes.getFirst()) {
                        case VerifiedTransaction verified -> commit(request, producer, verified, answer);
                        case Verification.Refused(Failure failure) ->
                            answer.accept(commitRefused(request, failure.error()));
                    }
                });
        }
    }

    private void commit(
            OffsetCommitRequestData request,
            ProducerIdAndEpoch producer,
            VerifiedTransaction verified,
            Consumer<OffsetCommitResponseData> answer) {
        submit(request, answer, (machine, call) -> {
            Group group = machine.group(request.groupId());
            int claimed = request.generationIdOrMemberEpoch();
            Errors refusal;
            if (group == null) {
                refusal = claimed < 0 ? Errors.NONE : Errors.ILLEGAL_GENERATION;
            } else {
                refusal = group.commitRefusal(request.memberId(), request.groupInstanceId(), claimed, true);
            }
            return refusal == Errors.NONE
                    ? commit(machine, request, call).inTransaction(producer, verified)
                    : Effects.now(call.with(refusal));
        });
    }

    /** The same error for every partition. */
    public static OffsetCommitResponseData commitRefused(OffsetCommitRequestData request, Errors error) {
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        for (var topic : request.topics()) {
            var answered = new OffsetCommitResponseData.OffsetCommitResponseTopic()
                    .setName(topic.name())
                    .setTopicId(topic.topicId());
            for (var partition : topic.partitions()) {
                answered.partitions()
                        .add(new OffsetCommitResponseData.OffsetCommitResponsePartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(error.code()));
            }
            response.topics().add(answered);
        }
        return response;
    }

    /**
     * Tells what a group has committed. Who wants nothing that a transaction may change is sent to look for the coordinator
     * again by one that may have been replaced: its successor may have committed more, and what was read behind that would
     * be read, and written, a second time.
     *
     * @param request topics by name; null for all that the group has
     * @param requireStable whether partitions for which a transaction is open are refused (KIP-447)
     */
    public void fetch(
            OffsetFetchRequestGroup request, boolean requireStable, Consumer<OffsetFetchResponseGroup> answer) {
        String group = request.groupId();
        shards.submit(
                group,
                new Call<>(
                        (machine, call) -> Effects.read(group, call.with(fetch(machine, request, requireStable))),
                        error -> fetchRefused(group, error),
                        found -> answer.accept(
                                requireStable && !inTouch.getAsBoolean()
                                        ? fetchRefused(group, Errors.NOT_COORDINATOR)
                                        : found)));
    }

    private static OffsetFetchResponseGroup fetchRefused(String group, Errors error) {
        return new OffsetFetchResponseGroup().setGroupId(group).setErrorCode(error.code());
    }

    private static OffsetFetchResponseGroup fetch(
            GroupMachine machine, OffsetFetchRequestGroup request, boolean requireStable) {
        Group group = machine.group(request.groupId());
        Errors refusal = group == null ? Errors.NONE : group.fetchRefusal(request.memberId(), request.memberEpoch());
        return refusal == Errors.NONE
                ? machine.offsetRequests().fetch(request, requireStable)
                : fetchRefused(request.groupId(), refusal);
    }

    /** Deletes offsets. */
    public void delete(OffsetDeleteRequestData request, Consumer<OffsetDeleteResponseData> answer) {
        if (!GroupCoordinator.isValid(request.groupId())) {
            answer.accept(deleteRefused(Errors.INVALID_GROUP_ID));
            return;
        }
        shards.submit(
                request.groupId(),
                new Call<>(
                        (machine, call) -> {
                            Group group = machine.group(request.groupId());
                            Errors refusal = group == null ? Errors.GROUP_ID_NOT_FOUND : group.offsetDeleteRefusal();
                            if (refusal != Errors.NONE) {
                                return Effects.now(call.with(refusal));
                            }
                            List<GroupRecord> records = new ArrayList<>();
                            OffsetDeleteResponseData response =
                                    machine.offsetRequests().delete(group, request, records);
                            return Effects.write(records, call.with(response)).divisible();
                        },
                        GroupOffsets::deleteRefused,
                        answer));
    }

    private static OffsetDeleteResponseData deleteRefused(Errors error) {
        return new OffsetDeleteResponseData().setErrorCode(error.code());
    }
}
