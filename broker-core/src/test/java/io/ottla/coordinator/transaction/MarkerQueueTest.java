package io.ottla.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.replication.TestingPeers;
import io.ottla.replication.TestingTimer;
import io.ottla.types.BrokerId;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Who waits for whom among the markers for one broker. */
class MarkerQueueTest {
    private static final TopicPartition STUCK = new TopicPartition("stuck", 0);
    private static final TopicPartition GOOD = new TopicPartition("good", 0);

    private final TestingPeers peers = new TestingPeers();
    private final TestingTimer time = new TestingTimer();
    private final Set<TopicPartition> moved = new HashSet<>();
    private final MarkerQueue queue = new MarkerQueue(
            new BrokerId(2),
            peers,
            Runnable::run,
            (ms, step) -> time.schedule(ms, step),
            partition -> !moved.contains(partition));

    /** A transaction that keeps what it is told. */
    private static final class Told implements MarkerQueue.Telling {
        private final TransactionMarker marker;
        private final List<String> answers = new ArrayList<>();
        private final Set<TopicPartition> elsewhere = new TreeSet<>();
        private boolean wanted = true;

        Told(long producer) {
            marker = new TransactionMarker(new ProducerIdAndEpoch(producer, (short) 0), true, 1, 0);
        }

        @Override
        public TransactionMarker marker() {
            return marker;
        }

        @Override
        public boolean isWanted() {
            return wanted;
        }

        @Override
        public void go(Collection<TopicPartition> partitions) {
            elsewhere.addAll(partitions);
        }

        @Override
        public void answered(TopicPartition partition, Errors how) {
            answers.add(partition + " " + how);
        }
    }

    private WriteTxnMarkersRequestData request(int number) {
        return (WriteTxnMarkersRequestData) peers.sent.get(number).any();
    }

    /** Answers each partition in a result of its own. */
    private void answer(int number, Errors error) {
        WriteTxnMarkersResponseData answer = new WriteTxnMarkersResponseData();
        request(number)
                .markers()
                .forEach(marker -> marker.topics()
                        .forEach(topic -> topic.partitionIndexes()
                                .forEach(partition -> answer.markers()
                                        .add(new WritableTxnMarkerResult()
                                                .setProducerId(marker.producerId())
                                                .setTopics(List.of(new WritableTxnMarkerTopicResult()
                                                        .setName(topic.name())
                                                        .setPartitions(List.of(new WritableTxnMarkerPartitionResult()
                                                                .setPartitionIndex(partition)
                                                                .setErrorCode(error.code())))))))));
        peers.sent.get(number).answer().complete(answer);
    }

    @Test
    void shouldTakeEachAnswerHoweverTheyAreGrouped() {
        Told one = new Told(1);
        queue.add(one, List.of(GOOD, STUCK));
        answer(0, Errors.NONE);
        assertThat(one.answers).containsExactlyInAnyOrder("good-0 NONE", "stuck-0 NONE");
    }

    @Test
    void shouldSendOneAtATimeWithAllThatHasCome() {
        // given
        Told one = new Told(1);
        Told two = new Told(2);
        Told three = new Told(3);
        Told unwanted = new Told(4);
        // when
        queue.add(one, List.of(GOOD));
        queue.add(two, List.of(GOOD));
        queue.add(three, List.of(GOOD));
        queue.add(unwanted, List.of(GOOD));
        unwanted.wanted = false;
        // then
        assertThat(peers.sent).hasSize(1);
        answer(0, Errors.NONE);
        assertThat(peers.sent).hasSize(2);
        assertThat(request(1).markers()).hasSize(2);
        assertThat(peers.sent.get(1).lane()).isEqualTo(peers.sent.get(0).lane());
    }

    @Test
    void shouldHoldUpNobodyElseBehindAPartitionThatCanNotCommit() {
        // given
        Told stuck = new Told(1);
        queue.add(stuck, List.of(STUCK));
        Told behind = new Told(2);
        queue.add(behind, List.of(GOOD, STUCK));
        assertThat(peers.sent).hasSize(1);
        // when   no answer comes for a while
        time.advance(MarkerQueue.TURN_MS);
        time.advance(MarkerQueue.TURN_MS);
        // then   others go another way, and what waits for that partition waits for it alone
        assertThat(peers.sent).hasSize(2);
        assertThat(peers.sent.get(1).lane()).isNotEqualTo(peers.sent.get(0).lane());
        answer(1, Errors.NONE);
        assertThat(behind.answers).containsExactly("good-0 NONE");
        for (int i = 3; i < 20; i++) {
            Told next = new Told(i);
            queue.add(next, List.of(GOOD));
            answer(i - 1, Errors.NONE);
            assertThat(next.answers).containsExactly("good-0 NONE");
        }
        // when   it answers at last
        int last = peers.sent.size();
        answer(0, Errors.NONE);
        answer(last, Errors.NONE);
        // then
        assertThat(stuck.answers).containsExactly("stuck-0 NONE");
        assertThat(behind.answers).containsExactly("good-0 NONE", "stuck-0 NONE");
    }

    @Test
    void shouldNotWaitForABrokerThatDoesNotLeadAnyMore() {
        // given  one that has stopped answering
        Told asked = new Told(1);
        queue.add(asked, List.of(STUCK, GOOD));
        Told waiting = new Told(2);
        queue.add(waiting, List.of(STUCK));
        // when   another one leads
        moved.add(STUCK);
        time.advance(MarkerQueue.TURN_MS);
        // then
        assertThat(asked.elsewhere).containsExactly(STUCK);
        assertThat(waiting.elsewhere).containsExactly(STUCK);
        // when   it wakes up
        answer(0, Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(asked.answers).containsExactly("good-0 NOT_LEADER_OR_FOLLOWER");
        assertThat(waiting.answers).isEmpty();
        assertThat(peers.sent).hasSize(1);
    }

    @Test
    void shouldTakeABrokenConnectionForNoAnswer() {
        Told one = new Told(1);
        queue.add(one, List.of(GOOD));
        peers.sent.getFirst().answer().completeExceptionally(new IllegalStateException("broken"));
        assertThat(one.answers).containsExactly("good-0 NETWORK_EXCEPTION");
    }
}
