package io.ottla.controller;

import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;

/** Checks assignments that somebody gave by hand. Pure. */
final class Assignments {
    private Assignments() {}

    /** Null where each partition has one assignment and numbers go from 0 without gaps. */
    static Failure numberingFault(List<NewTopic.Assignment> assignments) {
        Set<Integer> seen = new HashSet<>();
        for (NewTopic.Assignment assignment : assignments) {
            if (!seen.add(assignment.partition())) {
                return refused("Partition " + assignment.partition() + " is assigned more than once");
            }
        }
        for (int number = 0; number < assignments.size(); number++) {
            if (!seen.contains(number)) {
                return refused("Partitions have to be numbered from 0 without gaps, but " + number + " is missing");
            }
        }
        return null;
    }

    /** In order of partitions. */
    static List<List<BrokerId>> ordered(List<NewTopic.Assignment> assignments) {
        Map<Integer, List<BrokerId>> ordered = new TreeMap<>();
        assignments.forEach(assignment -> ordered.put(assignment.partition(), assignment.replicas()));
        return List.copyOf(ordered.values());
    }

    /**
     * Null where each list names registered brokers, of which one can lead, none twice, and all lists are of one length.
     *
     * @param replicationFactor the length; -1 for that of the first
     */
    static Failure fault(Collection<List<BrokerId>> partitions, Registrations registrations, int replicationFactor) {
        int expected = replicationFactor;
        for (List<BrokerId> replicas : partitions) {
            Failure fault = fault(replicas, registrations);
            if (fault != null) {
                return fault;
            }
            if (expected < 0) {
                expected = replicas.size();
            }
            if (replicas.size() != expected) {
                return refused(
                        "A partition is assigned to " + replicas.size() + " replica(s), but others have " + expected);
            }
        }
        return null;
    }

    private static Failure fault(List<BrokerId> replicas, Registrations registrations) {
        if (replicas.isEmpty()) {
            return refused("A partition is assigned to no replica");
        }
        Set<BrokerId> seen = new HashSet<>();
        for (BrokerId replica : replicas) {
            if (!registrations.all().containsKey(replica)) {
                return refused("A partition is assigned to broker " + replica + ", but no such broker is registered");
            }
            if (!seen.add(replica)) {
                return refused("A partition is assigned to broker " + replica + " more than once");
            }
        }
        return registrations.placeable().stream().anyMatch(broker -> seen.contains(broker.id()))
                ? null
                : refused("A partition is assigned to " + replicas + " only, but these are fenced or shut down");
    }

    private static Failure refused(String why) {
        return Failure.of(Errors.INVALID_REPLICA_ASSIGNMENT, why);
    }
}
