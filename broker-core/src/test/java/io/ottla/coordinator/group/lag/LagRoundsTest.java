package io.ottla.coordinator.group.lag;

import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.state;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.coordinator.group.GroupPositions;
import io.ottla.coordinator.group.GroupPositions.Position;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.peer.PeerClient.Lane;
import io.ottla.peer.PeerClient.Purpose;
import io.ottla.replication.Replicas;
import io.ottla.replication.Role;
import io.ottla.replication.TestingBatches;
import io.ottla.replication.TestingFolder;
import io.ottla.replication.TestingLogStore;
import io.ottla.replication.TestingPeers;
import io.ottla.replication.TestingTimer;
import io.ottla.storage.AppendOrigin;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class LagRoundsTest {
    private static final String LAG = "kafka_consumergroup_lag";
    private static final String SECONDS = "kafka_consumergroup_group_lag_seconds";
    private static final String MAX_SECONDS = "kafka_consumergroup_group_max_lag_seconds";
    private static final PartitionImage ELSEWHERE = state(2, 0, 0, new int[] {2}, new int[] {2});
    private static final PartitionImage LEADERLESS = state(-1, 0, 0, new int[] {2}, new int[] {2});

    private final Metrics metrics = new Metrics();
    private final TestingTimer time = new TestingTimer();
    private final TestingPeers peers = new TestingPeers();
    private final Replicas replicas = new Replicas(
            SELF,
            new TestingLogStore(new TestingFolder(Path.of("data"))),
            set -> TopicProperties.DEFAULTS,
            Runnable::run,
            metrics);
    private List<GroupPositions> groups = List.of();
    private int looks;
    private boolean full;

    LagRoundsTest() {
        LagRounds rounds = new LagRounds(
                "c",
                new LagRounds.Ports(
                        answer -> {
                            looks++;
                            answer.accept(groups);
                        },
                        replicas,
                        peers,
                        time,
                        time,
                        task -> {
                            if (full) {
                                throw new RejectedExecutionException("full");
                            }
                            task.run();
                        }));
        LagMeter.show(rounds, metrics);
    }

    private void host(PartitionImage... partitions) {
        MetadataChange change = new MetadataChange.TopicSet(topic("t", new TopicId(1, 1), partitions));
        replicas.apply(step(replicas.image(), change)).toCompletableFuture().join();
    }

    private void append(int records) {
        var partition = replicas.partition("t", 0);
        partition.append((Role.Leading) partition.role(), TestingBatches.of(records), AppendOrigin.CLIENT, false);
    }

    private static GroupPositions group(long... offsets) {
        return new GroupPositions(
                "g",
                2,
                IntStream.range(0, offsets.length)
                        .mapToObj(partition -> new Position("t", partition, offsets[partition]))
                        .toList());
    }

    /** Asked partitions end there; -1 for a leader that has just moved. */
    private static ListOffsetsResponseData ends(ListOffsetsRequestData asked, long end) {
        ListOffsetsResponseData answer = new ListOffsetsResponseData();
        for (ListOffsetsTopic topic : asked.topics()) {
            ListOffsetsTopicResponse of = new ListOffsetsTopicResponse().setName(topic.name());
            topic.partitions()
                    .forEach(partition -> of.partitions()
                            .add(new ListOffsetsPartitionResponse()
                                    .setPartitionIndex(partition.partitionIndex())
                                    .setErrorCode(end < 0 ? Errors.NOT_LEADER_OR_FOLLOWER.code() : Errors.NONE.code())
                                    .setOffset(end)));
            answer.topics().add(of);
        }
        return answer;
    }

    private void answerLast(long end) {
        peers.last()
                .answer()
                .complete(ends((ListOffsetsRequestData) peers.last().any(), end));
    }

    /** What a scrape sees of one metric; empty where it is not shown. */
    private List<Double> shown(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .map(sample -> ((Metrics.Sample.Level) sample).value())
                .toList();
    }

    @Test
    @Moves({
        "kafka_consumergroup_current_offset",
        "kafka_consumergroup_lag",
        "kafka_consumergroup_current_offset_sum",
        "kafka_consumergroup_lag_sum",
        "kafka_consumergroup_members",
        "kafka_consumergroup_group_offset",
        "kafka_consumergroup_group_lag",
        "kafka_consumergroup_group_lag_seconds",
        "kafka_consumergroup_group_max_lag",
        "kafka_consumergroup_group_max_lag_seconds"
    })
    void shouldShowAGroupAsItReads(Movement movement) {
        // given  a group that has read all
        host(alone(0));
        append(5);
        groups = List.of(group(5));
        metrics.read();
        movement.watch(metrics);
        assertThat(shown(LAG)).containsExactly(0.0);
        // when   records come, and it reads some of them
        time.advance(10_000);
        append(10);
        groups = List.of(new GroupPositions("g", 3, List.of(new Position("t", 0, 10))));
        time.advance(10_000);
        // then
        assertThat(shown(LAG)).containsExactly(5.0);
        assertThat(shown("kafka_consumergroup_lag_sum")).containsExactly(5.0);
        assertThat(shown("kafka_consumergroup_current_offset")).containsExactly(10.0);
        // the tenth of ten within 10 s came half of them ago
        assertThat(shown(SECONDS)).containsExactly(5.0);
        assertThat(shown(MAX_SECONDS)).containsExactly(5.0);
        movement.look();
        // when   somebody sets it beyond the end
        groups = List.of(group(99));
        time.advance(10_000);
        assertThat(shown(LAG)).containsExactly(0.0);
    }

    @Test
    void shouldAskEachLeaderOnceForAllOfItsPartitions() {
        // given
        host(alone(0), ELSEWHERE, ELSEWHERE, LEADERLESS);
        groups = List.of(group(0, 10, 20, 30));
        // when   the first scrape asks
        assertThat(shown(LAG)).isEmpty();
        // then   the leader is asked behind nobody's back
        assertThat(peers.sent).hasSize(1);
        assertThat(peers.last().lane()).isEqualTo(new Lane(new BrokerId(2), Purpose.CONTROL, 1));
        assertThat(((ListOffsetsRequestData) peers.last().any())
                        .topics()
                        .getFirst()
                        .partitions())
                .extracting(ListOffsetsRequestData.ListOffsetsPartition::partitionIndex)
                .containsExactly(1, 2);
        // when   it answers
        answerLast(21);
        // then   what has no leader is left out
        assertThat(shown(LAG)).containsExactly(0.0, 11.0, 1.0);
        assertThat(shown("kafka_consumergroup_lag_sum")).containsExactly(12.0);
        assertThat(shown("kafka_consumergroup_group_max_lag")).containsExactly(11.0);
        assertThat(shown("kafka_consumergroup_current_offset")).containsExactly(0.0, 10.0, 20.0, 30.0);
        assertThat(shown(SECONDS)).containsExactly(0.0, 0.0, 0.0);
    }

    @Test
    void shouldShowForHowLongAGroupHasStoodWhateverElseIsNotKnown() {
        // given  a group that lags from the start, in partitions one of which has no leader
        host(alone(0), LEADERLESS);
        append(5);
        groups = List.of(group(2, 20));
        metrics.read();
        // when   it stands for half a day while records come
        for (int seconds = 10; seconds <= 12 * 3_600; seconds += 10) {
            append(1);
            time.advance(10_000);
            // then
            assertThat(shown(MAX_SECONDS)).containsExactly((double) seconds);
        }
        assertThat(shown(SECONDS)).containsExactly(12 * 3_600.0);
    }

    @Test
    void shouldShowNoTimesWhereNoEndIsKnown() {
        host(LEADERLESS);
        groups = List.of(group(10));
        metrics.read();
        assertThat(shown("kafka_consumergroup_current_offset")).containsExactly(10.0);
        assertThat(shown(MAX_SECONDS)).isEmpty();
    }

    @Test
    void shouldAskForAThousandPartitionsAtOnce() {
        host(IntStream.range(0, 2_500).mapToObj(_ -> ELSEWHERE).toArray(PartitionImage[]::new));
        groups = List.of(group(new long[2_500]));
        metrics.read();
        assertThat(peers.sent)
                .extracting(sent -> ((ListOffsetsRequestData) sent.any())
                        .topics()
                        .getFirst()
                        .partitions()
                        .size())
                .containsExactly(1_000, 1_000, 500);
        List.copyOf(peers.sent).forEach(sent -> sent.answer().complete(ends((ListOffsetsRequestData) sent.any(), 1)));
        assertThat(shown("kafka_consumergroup_lag_sum")).containsExactly(2_500.0);
    }

    @Test
    void shouldGoByTheLastKnownEndForAMinute() {
        // given
        host(ELSEWHERE);
        groups = List.of(group(10));
        metrics.read();
        answerLast(15);
        // when   the leader is gone
        for (int seconds = 10; seconds <= 60; seconds += 10) {
            time.advance(10_000);
            peers.last().answer().completeExceptionally(new DisconnectException());
            assertThat(shown(LAG)).containsExactly(5.0);
        }
        // then
        time.advance(10_000);
        answerLast(-1);
        assertThat(shown(LAG)).isEmpty();
        assertThat(shown("kafka_consumergroup_members")).containsExactly(2.0);
        // and    it comes back
        time.advance(10_000);
        answerLast(16);
        assertThat(shown(LAG)).containsExactly(6.0);
    }

    @Test
    void shouldLookOnlyWhileSomebodyReads() {
        // given
        host(alone(0));
        groups = List.of(group(0));
        assertThat(time.waiting()).isZero();
        metrics.read();
        assertThat(looks).isOne();
        // when   nobody reads
        time.advance(10_000);
        assertThat(looks).isEqualTo(2);
        for (int seconds = 20; seconds <= 1_200; seconds += 10) {
            time.advance(10_000);
        }
        // then   it ends after a quarter of an hour
        assertThat(looks).isEqualTo(92);
        assertThat(time.waiting()).isZero();
        // when   somebody does again: what is old is not shown
        groups = List.of();
        assertThat(shown(LAG)).isEmpty();
        assertThat(looks).isEqualTo(93);
    }

    @Test
    void shouldShowNothingOldWhereALeaderDoesNotAnswer() {
        // given
        host(ELSEWHERE);
        groups = List.of(group(10));
        metrics.read();
        answerLast(15);
        // when   a round does not end
        time.advance(10_000);
        time.advance(55_000);
        // then
        assertThat(shown(LAG)).isEmpty();
        answerLast(17);
        assertThat(shown(LAG)).containsExactly(7.0);
    }

    @Test
    void shouldBeginAgainWhereThereWasNoRoomForIt() {
        // given
        host(ELSEWHERE);
        groups = List.of(group(10));
        metrics.read();
        List<TestingPeers.Sent> first = new ArrayList<>(peers.sent);
        full = true;
        first.getFirst().answer().completeExceptionally(new DisconnectException());
        // when
        full = false;
        assertThat(shown(LAG)).isEmpty();
        answerLast(15);
        // then
        assertThat(looks).isEqualTo(2);
        assertThat(shown(LAG)).containsExactly(5.0);
        assertThat(time.waiting()).isOne();
    }
}
