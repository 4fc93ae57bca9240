package io.ottla.controller;

import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.protocol.Errors;

/**
 * Elects leaders that somebody asks for: the preferred replicas, or, where nobody leads, any replica that lives, whatever it
 * lacks. Source: KIP-460.
 */
final class RequestedElections implements ControllerMachine<List<PartitionResult>> {
    private final ElectionType type;
    private final List<TopicPartition> partitions;
    private final Elections elections;
    private final Set<TopicPartition> planned = new HashSet<>();
    private Elections.Tally tally = Elections.Tally.NONE;

    /** @param partitions null for all of them: then those of which nothing was to be done are not told of */
    RequestedElections(ElectionType type, List<TopicPartition> partitions, Elections elections) {
        this.type = type;
        this.partitions = partitions;
        this.elections = elections;
    }

    @Override
    public List<PartitionResult> decide(Draft draft) {
        tally = Elections.Tally.NONE;
        List<PartitionResult> results = new ArrayList<>();
        LeaderElection.Brokers brokers = Elections.brokers(draft, Elections.Returned.NOBODY);
        for (TopicPartition name : partitions == null ? all(draft) : partitions) {
            Failure failure = elect(draft, name, brokers);
            if (partitions != null || failure == null || failure.error() != Errors.ELECTION_NOT_NEEDED) {
                results.add(new PartitionResult(name, failure));
            }
        }
        return results;
    }

    private static List<TopicPartition> all(Draft draft) {
        List<TopicPartition> all = new ArrayList<>();
        for (Map.Entry<String, TopicImage> topic : draft.image().topics().entrySet()) {
            for (int i = 0;
                    !topic.getValue().deleting()
                            && i < topic.getValue().partitions().size();
                    i++) {
                all.add(new TopicPartition(topic.getKey(), i));
            }
        }
        return all;
    }

    private Failure elect(Draft draft, TopicPartition name, LeaderElection.Brokers brokers) {
        Failure fault = draft.fault(name);
        if (fault != null) {
            return fault;
        }
        PartitionImage now = draft.image().partition(name);
        return switch (type) {
            case PREFERRED -> electPreferred(draft, name, now, brokers);
            case UNCLEAN -> electAny(draft, name, now, brokers);
        };
    }

    private Failure electPreferred(
            Draft draft, TopicPartition name, PartitionImage now, LeaderElection.Brokers brokers) {
        if (now.leader().equals(now.replicas().getFirst())) {
            return planned.contains(name) ? null : Failure.of(Errors.ELECTION_NOT_NEEDED);
        }
        if (!elections.electPreferred(draft, name, brokers)) {
            return Failure.of(Errors.PREFERRED_LEADER_NOT_AVAILABLE);
        }
        planned.add(name);
        tally = tally.plus(new Elections.Tally(1));
        return null;
    }

    private Failure electAny(Draft draft, TopicPartition name, PartitionImage now, LeaderElection.Brokers brokers) {
        if (!now.leader().isNone()) {
            return planned.contains(name) ? null : Failure.of(Errors.ELECTION_NOT_NEEDED);
        }
        LeaderElection.Rule usual = elections.rule(draft, name.topic());
        LeaderElection.Rule any = new LeaderElection.Rule(true, usual.minInSync(), usual.eligible());
        tally = tally.plus(elections.elect(draft, name, now, brokers, any));
        if (draft.image().partition(name).leader().isNone()) {
            return Failure.of(Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE);
        }
        planned.add(name);
        return null;
    }

    @Override
    public Elections.Tally tally() {
        return tally;
    }

    @Override
    public List<PartitionResult> refused(Failure failure) {
        return partitions == null
                ? List.of()
                : partitions.stream()
                        .map(name -> new PartitionResult(name, failure))
                        .toList();
    }
}
