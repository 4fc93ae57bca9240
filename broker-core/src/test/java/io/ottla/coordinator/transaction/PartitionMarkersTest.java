package io.ottla.coordinator.transaction;

import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.state;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Metrics;
import io.ottla.replication.Replicas;
import io.ottla.replication.TestingFolder;
import io.ottla.replication.TestingLogStore;
import io.ottla.replication.TestingTimer;
import io.ottla.replication.TestingTopics;
import io.ottla.storage.AppendResult;
import io.ottla.types.Failure;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Markers in a partition of two replicas, of which two are wanted in sync. */
class PartitionMarkersTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final TestingLogStore store = new TestingLogStore(new TestingFolder(Path.of("data")));
    private final Replicas replicas =
            new Replicas(SELF, store, _ -> TestingTopics.minInSync(2), Runnable::run, new Metrics());
    private final List<String> told = new ArrayList<>();
    private Errors byGroups = Errors.NONE;
    private final PartitionMarkers markers = new PartitionMarkers(
            replicas,
            (partition, marker, answer) -> {
                told.add(partition + " " + marker.producer().id());
                answer.accept(byGroups);
            },
            "groups",
            new TestingTimer());
    private final List<Errors> answers = new ArrayList<>();

    @BeforeEach
    void lead() {
        apply(new MetadataChange.TopicSet(
                topic("orders", new TopicId(1, 2), state(1, 1, 1, new int[] {1, 2}, new int[] {1, 2}))));
    }

    private void apply(MetadataChange change) {
        replicas.apply(step(replicas.image(), change)).toCompletableFuture().join();
    }

    private void write(TopicPartition partition) {
        markers.append(
                partition, new TransactionMarker(new ProducerIdAndEpoch(7, (short) 1), true, 1, 2), answers::add);
    }

    @Test
    void shouldNotTakeForStoredWhatOneReplicaAloneHas() {
        // given  a marker that the other replica has not fetched, and that is told once more
        write(ORDERS);
        store.logs.get(ORDERS).nextAppend = new AppendResult.Refused(Failure.of(Errors.INVALID_PRODUCER_EPOCH));
        write(ORDERS);
        assertThat(answers).isEmpty();
        // when   that one is not in sync any more
        apply(new MetadataChange.PartitionSet("orders", 0, state(1, 1, 2, new int[] {1, 2}, new int[] {1})));
        // then   the marker may be lost with this one: it is to be told again
        assertThat(answers)
                .containsExactly(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND, Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "INVALID_PRODUCER_EPOCH"})
    void shouldLeaveGroupsOffsetsToTheirCoordinator(Errors how) {
        byGroups = how;
        write(new TopicPartition("groups", 3));
        assertThat(told).containsExactly("3 7");
        assertThat(answers).containsExactly(how);
    }
}
