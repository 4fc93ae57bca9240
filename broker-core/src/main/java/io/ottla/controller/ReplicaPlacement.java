package io.ottla.controller;

import io.ottla.metadata.BrokerImage;
import io.ottla.types.BrokerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Says which brokers hold a topic's replicas. Pure. Leaders go round all brokers in turn, so that no two brokers differ
 * by more than one; the other replicas go to racks the partition is not in yet, where there are any (KIP-36), and there
 * to the broker that was given the fewest replicas so far. A broker without a rack counts as one in a rack with all
 * others that have none.
 */
final class ReplicaPlacement {
    private final List<BrokerImage> ring;
    private final int[] load;

    private ReplicaPlacement(List<BrokerImage> ring) {
        this.ring = ring;
        this.load = new int[ring.size()];
    }

    /**
     * Places replicas on live brokers that stay. Where there are too few of them, the last replicas are given to fenced
     * ones in turn: these are replicas that have to catch up once their broker is back.
     */
    static List<List<BrokerId>> place(
            Registrations registrations, int firstPartition, int partitions, int replicationFactor, int start) {
        List<BrokerImage> brokers = registrations.placeable();
        List<BrokerImage> spare = registrations.spare();
        int live = Math.min(replicationFactor, brokers.size());
        if (replicationFactor > live + spare.size()) {
            throw new IllegalArgumentException(
                    "Expected at most " + (live + spare.size()) + " replicas, but they are to be " + replicationFactor);
        }
        List<List<BrokerId>> placed = place(brokers, firstPartition, partitions, live, start);
        if (live == replicationFactor) {
            return placed;
        }
        List<List<BrokerId>> filled = new ArrayList<>(partitions);
        for (int i = 0; i < partitions; i++) {
            List<BrokerId> replicas = new ArrayList<>(placed.get(i));
            for (int j = 0; replicas.size() < replicationFactor; j++) {
                replicas.add(spare.get((i + j) % spare.size()).id());
            }
            filled.add(List.copyOf(replicas));
        }
        return filled;
    }

    /**
     * @param brokers that can take replicas, at least as many as {@code replicationFactor}
     * @param start where in the ring of brokers the first leader is; any number, drawn by chance for a new topic so that
     *     small topics spread
     * @param firstPartition number of the first partition to place: those before it went round the ring too
     */
    static List<List<BrokerId>> place(
            Collection<BrokerImage> brokers, int firstPartition, int partitions, int replicationFactor, int start) {
        if (replicationFactor > brokers.size()) {
            throw new IllegalArgumentException(
                    "Expected at most " + brokers.size() + " replicas, but they are to be " + replicationFactor);
        }
        ReplicaPlacement placement = new ReplicaPlacement(ring(brokers));
        List<List<BrokerId>> placed = new ArrayList<>(partitions);
        for (int i = 0; i < partitions; i++) {
            placed.add(placement.replicas(
                    Math.floorMod((long) start + firstPartition + i, brokers.size()), i, replicationFactor));
        }
        return placed;
    }

    /** Brokers so that neighbours are in different racks, as long as there are any. */
    private static List<BrokerImage> ring(Collection<BrokerImage> brokers) {
        Map<String, Deque<BrokerImage>> racks = new TreeMap<>();
        brokers.stream()
                .sorted(Comparator.comparing(BrokerImage::id))
                .forEach(broker -> racks.computeIfAbsent(rack(broker), rack -> new ArrayDeque<>())
                        .add(broker));
        List<BrokerImage> ring = new ArrayList<>(brokers.size());
        while (ring.size() < brokers.size()) {
            for (Deque<BrokerImage> rack : racks.values()) {
                if (!rack.isEmpty()) {
                    ring.add(rack.poll());
                }
            }
        }
        return ring;
    }

    private List<BrokerId> replicas(int leader, int number, int replicationFactor) {
        int size = ring.size();
        Set<String> racks = new HashSet<>();
        boolean[] taken = new boolean[size];
        List<BrokerId> replicas = new ArrayList<>(replicationFactor);
        int next = leader;
        while (true) {
            replicas.add(ring.get(next).id());
            taken[next] = true;
            load[next]++;
            racks.add(rack(ring.get(next)));
            if (replicas.size() == replicationFactor) {
                return List.copyOf(replicas);
            }
            next = follower(leader + 1 + number / size, taken, racks);
        }
    }

    private int follower(int from, boolean[] taken, Set<String> racks) {
        int best = -1;
        boolean bestElsewhere = false;
        for (int i = 0; i < ring.size(); i++) {
            int index = (from + i) % ring.size();
            if (taken[index]) {
                continue;
            }
            boolean elsewhere = !racks.contains(rack(ring.get(index)));
            if (best < 0 || elsewhere && !bestElsewhere || elsewhere == bestElsewhere && load[index] < load[best]) {
                best = index;
                bestElsewhere = elsewhere;
            }
        }
        return best;
    }

    private static String rack(BrokerImage broker) {
        return broker.rack() == null ? "" : broker.rack();
    }
}
