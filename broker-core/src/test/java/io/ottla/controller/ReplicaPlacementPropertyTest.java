package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.BrokerImage;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ReplicaPlacementPropertyTest {
    @Property(tries = 300)
    void shouldSpreadLeadersAndRacks(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 4) Integer> racks,
            @ForAll @IntRange(min = 1, max = 60) int partitions,
            @ForAll int start,
            @ForAll @IntRange(min = 1, max = 12) int wished) {
        int replicas = Math.min(wished, racks.size());
        List<BrokerImage> brokers = new ArrayList<>();
        for (int i = 0; i < racks.size(); i++) {
            String rack = racks.get(i) == 0 ? null : "rack" + racks.get(i);
            brokers.add(new BrokerImage(new BrokerId(i), new BrokerEpoch(i), List.of(), rack, Map.of()));
        }
        int differentRacks = new HashSet<>(racks).size();

        List<List<BrokerId>> placed = ReplicaPlacement.place(brokers, 0, partitions, replicas, start);

        assertThat(placed).hasSize(partitions);
        Map<BrokerId, Integer> leaders = new HashMap<>();
        for (List<BrokerId> partition : placed) {
            assertThat(partition).hasSize(replicas).doesNotHaveDuplicates();
            Set<Integer> used = new HashSet<>();
            partition.forEach(id -> used.add(racks.get(id.value())));
            assertThat(used).hasSize(Math.min(replicas, differentRacks));
            leaders.merge(partition.getFirst(), 1, Integer::sum);
        }
        int most = leaders.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        assertThat(most).isLessThanOrEqualTo((partitions + brokers.size() - 1) / brokers.size());
    }

    @Property(tries = 100)
    void shouldBalanceReplicasWithoutRacks(
            @ForAll @IntRange(min = 1, max = 9) int brokers,
            @ForAll @IntRange(min = 1, max = 9) int wished,
            @ForAll @IntRange(min = 1, max = 20) int rounds) {
        int replicas = Math.min(brokers, wished);
        List<BrokerImage> images = new ArrayList<>();
        for (int i = 0; i < brokers; i++) {
            images.add(new BrokerImage(new BrokerId(i), new BrokerEpoch(i), List.of(), null, Map.of()));
        }
        Map<BrokerId, Integer> load = new HashMap<>();
        ReplicaPlacement.place(images, 0, rounds * brokers, replicas, 3)
                .forEach(partition -> partition.forEach(id -> load.merge(id, 1, Integer::sum)));
        assertThat(load.values())
                .allSatisfy(count ->
                        assertThat(count).isBetween(rounds * replicas - replicas, rounds * replicas + replicas));
    }
}
