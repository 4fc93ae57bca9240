package io.ottla.controller;

import io.ottla.metadata.PartitionImage;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/** Begins moves of partitions, turns running ones elsewhere, or takes them back. Source: KIP-455, KIP-860. */
final class RequestedMoves implements ControllerMachine<List<PartitionResult>> {
    private final List<WantedMove> moves;
    private final boolean mayChangeFactor;
    private final Elections elections;
    private final Set<TopicPartition> takenBack = new HashSet<>();
    private Elections.Tally tally = Elections.Tally.NONE;

    /** @param mayChangeFactor whether a partition may get another number of replicas */
    RequestedMoves(List<WantedMove> moves, boolean mayChangeFactor, Elections elections) {
        this.moves = moves;
        this.mayChangeFactor = mayChangeFactor;
        this.elections = elections;
    }

    @Override
    public List<PartitionResult> decide(Draft draft) {
        tally = Elections.Tally.NONE;
        LeaderElection.Brokers brokers = Elections.brokers(draft, Elections.Returned.NOBODY);
        List<PartitionResult> results = new ArrayList<>(moves.size());
        for (WantedMove wanted : moves) {
            results.add(new PartitionResult(wanted.partition(), move(draft, wanted, brokers)));
        }
        return results;
    }

    private Failure move(Draft draft, WantedMove wanted, LeaderElection.Brokers brokers) {
        TopicPartition name = wanted.partition();
        Failure fault = draft.fault(name);
        if (fault != null) {
            return fault;
        }
        PartitionImage now = draft.image().partition(name);
        return wanted.target() == null
                ? takeBack(draft, name, now, brokers)
                : begin(draft, name, now, wanted.target(), brokers);
    }

    private Failure takeBack(Draft draft, TopicPartition name, PartitionImage now, LeaderElection.Brokers brokers) {
        if (!now.isMoving()) {
            return takenBack.contains(name) ? null : Failure.of(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        }
        List<BrokerId> origin = Reassignment.origin(now);
        Failure fault = elections.moveFault(draft, name, origin, brokers);
        if (fault == null) {
            takenBack.add(name);
            tally = tally.plus(elections.move(draft, name, origin, brokers));
        }
        return fault;
    }

    private Failure begin(
            Draft draft,
            TopicPartition name,
            PartitionImage now,
            List<BrokerId> target,
            LeaderElection.Brokers brokers) {
        int factor = Reassignment.origin(now).size();
        if (!mayChangeFactor && target.size() != factor) {
            return Failure.of(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "Expected as many replicas as " + name + " has, " + factor + ", but got " + target.size());
        }
        if (target.equals(Reassignment.target(now))) {
            return null;
        }
        Failure fault = elections.moveFault(draft, name, target, brokers);
        if (fault == null) {
            tally = tally.plus(elections.move(draft, name, target, brokers));
        }
        return fault;
    }

    @Override
    public Elections.Tally tally() {
        return tally;
    }

    @Override
    public List<PartitionResult> refused(Failure failure) {
        return moves.stream()
                .map(move -> new PartitionResult(move.partition(), failure))
                .toList();
    }
}
