package io.ottla.controller;

import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.protocol.Errors;

/** Creates topics. Checks are those of Kafka 4, in its order; each topic is refused or created for itself. */
final class TopicCreation implements ControllerMachine<List<TopicResult>> {
    private final List<NewTopic> topics;
    private final boolean validateOnly;
    private final TopicRules rules;
    private final RandomGenerator random;
    private final ControllerEpoch epoch;
    private final Map<String, TopicId> planned = new HashMap<>();

    TopicCreation(
            List<NewTopic> topics,
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
    public List<TopicResult> decide(Draft draft) {
        Failure tooMany = tooMany();
        if (tooMany != null) {
            return refused(tooMany);
        }
        List<TopicResult> results = new ArrayList<>(topics.size());
        for (NewTopic topic : topics) {
            results.add(decide(draft, topic));
        }
        return results;
    }

    @Override
    public List<TopicResult> refused(Failure failure) {
        List<TopicResult> results = new ArrayList<>(topics.size());
        topics.forEach(topic -> results.add(new TopicResult.Refused(topic.name(), failure)));
        return results;
    }

    private Failure tooMany() {
        long partitions = 0;
        for (NewTopic topic : topics) {
            partitions += topic.assignments().isEmpty()
                    ? topic.partitions() == -1 ? rules.defaults().numPartitions() : Math.max(0, topic.partitions())
                    : topic.assignments().size();
        }
        int most = rules.properties().maxPartitionsPerRequest();
        return partitions > most
                ? Failure.of(
                        Errors.POLICY_VIOLATION,
                        "The request would create " + partitions + " partitions, which is more than the " + most
                                + " that one request may")
                : null;
    }

    private TopicResult decide(Draft draft, NewTopic topic) {
        TopicImage present = draft.image().topic(topic.name());
        if (present != null && present.id().equals(planned.get(topic.name()))) {
            return created(present, topic);
        }
        Failure fault = fault(draft, topic, present);
        if (fault != null) {
            return new TopicResult.Refused(topic.name(), fault);
        }
        List<List<BrokerId>> replicas = topic.assignments().isEmpty()
                ? ReplicaPlacement.place(draft.registrations(), 0, partitions(topic), replicas(topic), random.nextInt())
                : Assignments.ordered(topic.assignments());
        TopicId id = validateOnly ? TopicId.ZERO : TopicIds.draw(random);
        TopicImage image = Births.topic(topic.name(), id, replicas, draft, epoch);
        if (!validateOnly) {
            planned.put(topic.name(), id);
            if (!topic.configs().isEmpty()) {
                draft.decide(new MetadataChange.ConfigSet(
                        ConfigResourceName.topic(topic.name()), new ConfigImage(Map.copyOf(topic.configs()))));
            }
            draft.decide(new MetadataChange.TopicSet(image));
        }
        return created(image, topic);
    }

    private Failure fault(Draft draft, NewTopic topic, TopicImage present) {
        if (TopicNames.isKraftsOwn(topic.name())) {
            return Failure.of(Errors.INVALID_REQUEST, "Creation of internal topic " + topic.name() + " is prohibited.");
        }
        String illegal = TopicNames.fault(topic.name());
        if (illegal != null) {
            return Failure.of(Errors.INVALID_TOPIC_EXCEPTION, illegal);
        }
        if (present != null) {
            return Failure.of(
                    Errors.TOPIC_ALREADY_EXISTS,
                    "Topic '" + topic.name() + "' already exists"
                            + (present.deleting() ? ", and is being deleted" : ""));
        }
        String other = draft.colliding(topic.name());
        if (other != null) {
            return Failure.of(
                    Errors.INVALID_TOPIC_EXCEPTION,
                    "Topic '" + topic.name() + "' collides with the existing topic '" + other
                            + "': they differ in '.' and '_' only");
        }
        Failure config = configFault(topic);
        Failure size = config != null ? config : sizeFault(topic, draft.registrations());
        return size != null ? size : policyFault(topic);
    }

    /** As Kafka tells a policy: either numbers or replicas. */
    private Failure policyFault(NewTopic topic) {
        return topic.assignments().isEmpty()
                ? rules.policies()
                        .creation(topic.name(), partitions(topic), (short) replicas(topic), null, topic.configs())
                : rules.policies()
                        .creation(topic.name(), null, null, Assignments.ordered(topic.assignments()), topic.configs());
    }

    private Failure configFault(NewTopic topic) {
        for (Map.Entry<String, String> config : topic.configs().entrySet()) {
            if (config.getValue() == null) {
                return Failure.of(
                        Errors.INVALID_CONFIG, "Null value not supported for topic configs: " + config.getKey());
            }
        }
        Failure tooLong = ConfigAlteration.sizeFault(topic.configs());
        return tooLong != null
                ? tooLong
                : rules.configs()
                        .fault(
                                ConfigResourceName.topic(topic.name()),
                                topic.configs(),
                                topic.configs().keySet());
    }

    private Failure sizeFault(NewTopic topic, Registrations registrations) {
        if (!topic.assignments().isEmpty()) {
            if (topic.replicationFactor() != -1) {
                return Failure.of(
                        Errors.INVALID_REQUEST,
                        "Replicas are assigned, so the replication factor has to be -1, but it is "
                                + topic.replicationFactor());
            }
            if (topic.partitions() != -1) {
                return Failure.of(
                        Errors.INVALID_REQUEST,
                        "Replicas are assigned, so the number of partitions has to be -1, but it is "
                                + topic.partitions());
            }
            Failure numbering = Assignments.numberingFault(topic.assignments());
            return numbering != null
                    ? numbering
                    : Assignments.fault(Assignments.ordered(topic.assignments()), registrations, -1);
        }
        if (topic.replicationFactor() < -1 || topic.replicationFactor() == 0) {
            return Failure.of(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "The replication factor has to be larger than 0, or -1 for the broker's default, but it is "
                            + topic.replicationFactor());
        }
        if (topic.partitions() < -1 || topic.partitions() == 0) {
            return Failure.of(
                    Errors.INVALID_PARTITIONS,
                    "The number of partitions has to be larger than 0, or -1 for the broker's default, but it is "
                            + topic.partitions());
        }
        return Births.replicationFault(replicas(topic), registrations);
    }

    private int partitions(NewTopic topic) {
        return topic.partitions() == -1 ? rules.defaults().numPartitions() : topic.partitions();
    }

    private int replicas(NewTopic topic) {
        return topic.replicationFactor() == -1
                ? rules.defaults().defaultReplicationFactor()
                : topic.replicationFactor();
    }

    private static TopicResult created(TopicImage topic, NewTopic wanted) {
        return new TopicResult.Created(
                topic.name(),
                topic.id(),
                topic.partitions().size(),
                (short) topic.partitions().getFirst().replicas().size(),
                wanted.configs());
    }
}
