package io.ottla.app.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.BrokerMake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The nodes that Ottla has written in ZooKeeper, beside those of Kafka 3.9 after the same deeds, field by field. */
@Tag("full")
class NodesBesideKafkaTest {
    /** What Ottla says on top; Kafka's readers step over it. */
    private static final Map<String, String> OURS_ALONE = Map.of(
            "/brokers/ids/\\d", "/incarnation: STRING|/features/.*",
            "/config/groups", ".*",
            "/feature", "/features/.*",
            "/ottla(?:/console.*)?", ".*");

    @TempDir
    Path folder;

    @Test
    void shouldWriteWhatKafkaWrites() throws Exception {
        try (BothClusters both = BothClusters.start(folder, BrokerMake.KAFKA_ON_ZOOKEEPER)) {
            List<SortedMap<String, SortedSet<String>>> trees = new ArrayList<>();
            both.both(cluster -> {
                new Life(cluster).goOn();
                trees.add(Nodes.of(cluster.zooKeeper()));
            });
            SortedMap<String, SortedSet<String>> ours = trees.getFirst();
            SortedMap<String, SortedSet<String>> kafkas = trees.getLast();
            assertThat(ours)
                    .containsKeys(
                            "/brokers/topics/kept/partitions/2/state",
                            "/config/changes/config_change_N",
                            "/config/brokers/<default>",
                            "/latest_producer_id_block",
                            "/controller");
            SortedMap<String, SortedSet<String>> alone = new TreeMap<>();
            ours.forEach((path, lines) -> alone.put(path, new TreeSet<>(lines)));
            kafkas.forEach(
                    (path, lines) -> alone.getOrDefault(path, new TreeSet<>()).removeAll(lines));
            alone.forEach((path, lines) -> lines.removeIf(line -> OURS_ALONE.entrySet().stream()
                    .anyMatch(each -> path.matches(each.getKey()) && line.matches(each.getValue()))));
            alone.values().removeIf(Set::isEmpty);
            assertThat(alone).as("what Ottla alone says").isEmpty();
            SortedMap<String, SortedSet<String>> missing = new TreeMap<>();
            kafkas.forEach((path, lines) -> missing.put(path, new TreeSet<>(lines)));
            ours.forEach(
                    (path, lines) -> missing.getOrDefault(path, new TreeSet<>()).removeAll(lines));
            // where Ottla says which there are, an empty list of features is missing
            missing.values().forEach(lines -> lines.remove("/features: {}"));
            missing.values().removeIf(Set::isEmpty);
            assertThat(missing).as("what Kafka alone says").isEmpty();
        }
    }
}
