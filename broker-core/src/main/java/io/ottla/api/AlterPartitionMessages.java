package io.ottla.api;

import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Turns proposals of in-sync sets into AlterPartition, and back. Pure. */
final class AlterPartitionMessages {
    /** Names the members' broker epochs (KIP-903). */
    static final short VERSION = 3;

    private AlterPartitionMessages() {}

    static AlterPartitionRequestData request(InSyncProposal proposal) {
        Map<TopicId, AlterPartitionRequestData.TopicData> topics = new LinkedHashMap<>();
        for (InSyncProposal.Change change : proposal.changes()) {
            List<AlterPartitionRequestData.BrokerState> members = new ArrayList<>();
            change.inSync()
                    .forEach(member -> members.add(new AlterPartitionRequestData.BrokerState()
                            .setBrokerId(member.id().value())
                            .setBrokerEpoch(member.epoch().value())));
            topics.computeIfAbsent(
                            change.topicId(), id -> new AlterPartitionRequestData.TopicData().setTopicId(id.uuid()))
                    .partitions()
                    .add(new AlterPartitionRequestData.PartitionData()
                            .setPartitionIndex(change.partition().partition())
                            .setLeaderEpoch(change.leaderEpoch().value())
                            .setPartitionEpoch(change.partitionEpoch().value())
                            .setNewIsrWithEpochs(members)
                            .setLeaderRecoveryState((byte) (change.recovering() ? 1 : 0)));
        }
        return new AlterPartitionRequestData()
                .setBrokerId(proposal.leader().value())
                .setBrokerEpoch(proposal.epoch().value())
                .setTopics(new ArrayList<>(topics.values()));
    }

    /** Topics have ids only: what a partition is called is of no use to the controller. */
    static InSyncProposal proposal(AlterPartitionRequestData request, short version) {
        List<InSyncProposal.Change> changes = new ArrayList<>();
        for (AlterPartitionRequestData.TopicData topic : request.topics()) {
            for (AlterPartitionRequestData.PartitionData partition : topic.partitions()) {
                changes.add(new InSyncProposal.Change(
                        TopicId.of(topic.topicId()),
                        new TopicPartition("", partition.partitionIndex()),
                        new LeaderEpoch(partition.leaderEpoch()),
                        new PartitionEpoch(partition.partitionEpoch()),
                        members(partition, version),
                        partition.leaderRecoveryState() != 0));
            }
        }
        return new InSyncProposal(new BrokerId(request.brokerId()), new BrokerEpoch(request.brokerEpoch()), changes);
    }

    private static List<InSyncProposal.Member> members(
            AlterPartitionRequestData.PartitionData partition, short version) {
        return version < VERSION
                ? partition.newIsr().stream()
                        .map(id -> new InSyncProposal.Member(new BrokerId(id), BrokerEpoch.NONE))
                        .toList()
                : partition.newIsrWithEpochs().stream()
                        .map(member -> new InSyncProposal.Member(
                                new BrokerId(member.brokerId()), new BrokerEpoch(member.brokerEpoch())))
                        .toList();
    }

    /** @param results one for each partition of the request, in order */
    static AlterPartitionResponseData answer(AlterPartitionRequestData request, List<InSyncResult> results) {
        Iterator<InSyncResult> next = results.iterator();
        AlterPartitionResponseData answer = new AlterPartitionResponseData();
        for (AlterPartitionRequestData.TopicData topic : request.topics()) {
            AlterPartitionResponseData.TopicData answered =
                    new AlterPartitionResponseData.TopicData().setTopicId(topic.topicId());
            for (AlterPartitionRequestData.PartitionData partition : topic.partitions()) {
                answered.partitions().add(answer(partition.partitionIndex(), next.next()));
            }
            answer.topics().add(answered);
        }
        return answer;
    }

    private static AlterPartitionResponseData.PartitionData answer(int partition, InSyncResult result) {
        AlterPartitionResponseData.PartitionData answer =
                new AlterPartitionResponseData.PartitionData().setPartitionIndex(partition);
        return switch (result) {
            case InSyncResult.Refused refused ->
                answer.setErrorCode(refused.failure().error().code());
            case InSyncResult.Committed committed ->
                answer.setLeaderId(committed.leader().value())
                        .setLeaderEpoch(committed.leaderEpoch().value())
                        .setIsr(committed.inSync().stream().map(BrokerId::value).toList())
                        .setLeaderRecoveryState((byte) (committed.recovering() ? 1 : 0))
                        .setPartitionEpoch(committed.partitionEpoch().value());
        };
    }

    /** One result for each change, in order; null where the answer says nothing of one. */
    static List<InSyncResult> results(InSyncProposal proposal, AlterPartitionResponseData answer) {
        Map<Uuid, Map<Integer, AlterPartitionResponseData.PartitionData>> topics = new HashMap<>();
        for (AlterPartitionResponseData.TopicData topic : answer.topics()) {
            Map<Integer, AlterPartitionResponseData.PartitionData> partitions =
                    topics.computeIfAbsent(topic.topicId(), id -> new HashMap<>());
            topic.partitions().forEach(partition -> partitions.put(partition.partitionIndex(), partition));
        }
        Errors whole = Errors.forCode(answer.errorCode());
        List<InSyncResult> results = new ArrayList<>(proposal.changes().size());
        for (InSyncProposal.Change change : proposal.changes()) {
            TopicPartition partition = change.partition();
            AlterPartitionResponseData.PartitionData found =
                    topics.getOrDefault(change.topicId().uuid(), Map.of()).get(partition.partition());
            Errors error = whole != Errors.NONE
                    ? whole
                    : found == null ? Errors.UNKNOWN_SERVER_ERROR : Errors.forCode(found.errorCode());
            results.add(
                    error == Errors.NONE
                            ? committed(partition, found)
                            : new InSyncResult.Refused(partition, Failure.of(error)));
        }
        return results;
    }

    private static InSyncResult committed(TopicPartition partition, AlterPartitionResponseData.PartitionData answer) {
        return new InSyncResult.Committed(
                partition,
                new BrokerId(answer.leaderId()),
                new LeaderEpoch(answer.leaderEpoch()),
                answer.isr().stream().map(BrokerId::new).toList(),
                answer.leaderRecoveryState() != 0,
                new PartitionEpoch(answer.partitionEpoch()));
    }
}
