package io.ottla.controller;

import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.protocol.Errors;
import org.pcollections.TreePVector;

/** Gives topics more partitions (KIP-195). */
final class PartitionCreation implements ControllerMachine<List<NamedResult>> {
    private final List<MorePartitions> topics;
    private final boolean validateOnly;
    private final TopicRules rules;
    private final RandomGenerator random;
    private final ControllerEpoch epoch;
    private final Map<String, List<List<BrokerId>>> planned = new HashMap<>();

    PartitionCreation(
            List<MorePartitions> topics,
            boolean validateOnly,
            TopicRules rules,
            RandomGenerator random,
            ControllerEpoch epoch) {
        this.topics = topics;
        this.validateOnly = validateOnly;
        this.rules = rules;
        this.random = random;
        this.epoch = epoch;
    }

    @Override
    public List<NamedResult> decide(Draft draft) {
        List<NamedResult> results = new ArrayList<>(topics.size());
        for (MorePartitions topic : topics) {
            results.add(new NamedResult(topic.topic(), grow(draft, topic)));
        }
        return results;
    }

    @Override
    public List<NamedResult> refused(Failure failure) {
        List<NamedResult> results = new ArrayList<>(topics.size());
        topics.forEach(topic -> results.add(new NamedResult(topic.topic(), failure)));
        return results;
    }

    private Failure grow(Draft draft, MorePartitions wanted) {
        TopicImage topic = draft.image().topic(wanted.topic());
        if (topic == null || topic.deleting()) {
            return Failure.of(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        Failure frozen = draft.frozenFault(topic.name());
        if (frozen != null) {
            return frozen;
        }
        if (isDone(topic, wanted)) {
            return null;
        }
        if (topic.partitions().stream().anyMatch(PartitionImage::isMoving)) {
            return Failure.of(
                    Errors.REASSIGNMENT_IN_PROGRESS,
                    "Partitions of topic " + topic.name() + " move: how many replicas the new ones are to have is known"
                            + " when they have come, or the move is taken back");
        }
        Failure fault = fault(topic, wanted, draft.registrations());
        if (fault != null || validateOnly) {
            return fault;
        }
        int present = topic.partitions().size();
        List<List<BrokerId>> replicas = wanted.assignments() != null
                ? wanted.assignments()
                : ReplicaPlacement.place(
                        draft.registrations(),
                        0,
                        wanted.total() - present,
                        topic.partitions().getFirst().replicas().size(),
                        random.nextInt());
        TreePVector<PartitionImage> partitions = topic.partitions();
        for (List<BrokerId> list : replicas) {
            partitions = partitions.plus(Births.partition(list, draft, epoch));
        }
        planned.put(topic.name(), replicas);
        draft.decide(new MetadataChange.TopicSet(new TopicImage(topic.name(), topic.id(), partitions, false)));
        return null;
    }

    /** Whether this is what a try before wanted: its reply was lost, and it happened. */
    private boolean isDone(TopicImage topic, MorePartitions wanted) {
        List<List<BrokerId>> replicas = planned.get(topic.name());
        if (replicas == null || topic.partitions().size() != wanted.total()) {
            return false;
        }
        int first = wanted.total() - replicas.size();
        for (int i = 0; i < replicas.size(); i++) {
            if (!topic.partition(first + i).replicas().equals(replicas.get(i))) {
                return false;
            }
        }
        return true;
    }

    private Failure fault(TopicImage topic, MorePartitions wanted, Registrations registrations) {
        int present = topic.partitions().size();
        int more = wanted.total() - present;
        if (more == 0) {
            return Failure.of(Errors.INVALID_PARTITIONS, "Topic already has " + present + " partition(s).");
        }
        if (more < 0) {
            return Failure.of(
                    Errors.INVALID_PARTITIONS,
                    "Topic " + topic.name() + " has " + present + " partition(s): " + wanted.total()
                            + " would not be more");
        }
        int most = rules.properties().maxPartitionsPerRequest();
        if (more > most) {
            return Failure.of(
                    Errors.POLICY_VIOLATION,
                    "The request would create " + more + " partitions, which is more than the " + most
                            + " that one request may");
        }
        int replicationFactor = topic.partitions().getFirst().replicas().size();
        if (wanted.assignments() == null) {
            return Births.replicationFault(replicationFactor, registrations);
        }
        if (wanted.assignments().size() != more) {
            return Failure.of(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "The topic is to have " + more + " more partition(s), but "
                            + wanted.assignments().size() + " are assigned");
        }
        return Assignments.fault(wanted.assignments(), registrations, replicationFactor);
    }
}
