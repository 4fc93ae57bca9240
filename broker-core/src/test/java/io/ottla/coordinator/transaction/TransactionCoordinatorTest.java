package io.ottla.coordinator.transaction;

import static io.ottla.coordinator.transaction.TestingTransactions.ELSEWHERE;
import static io.ottla.coordinator.transaction.TestingTransactions.HERE;
import static io.ottla.coordinator.transaction.TestingTransactions.ID;
import static io.ottla.replication.TestingImages.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import io.ottla.coordinator.transaction.TestingTransactions.Later;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.replication.TestingImages;
import io.ottla.replication.TestingTopics;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.Set;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided is carried to its end: by this leadership, or the next. */
class TransactionCoordinatorTest {
    private final TestingTransactions testing = new TestingTransactions();

    private static void answer(io.ottla.replication.TestingPeers.Sent sent, Errors error) {
        WriteTxnMarkersResponseData answer = new WriteTxnMarkersResponseData();
        ((WriteTxnMarkersRequestData) sent.any()).markers().forEach(marker -> {
            WritableTxnMarkerResult result = new WritableTxnMarkerResult().setProducerId(marker.producerId());
            marker.topics().forEach(topic -> {
                WritableTxnMarkerTopicResult answered = new WritableTxnMarkerTopicResult().setName(topic.name());
                topic.partitionIndexes()
                        .forEach(partition -> answered.partitions()
                                .add(new WritableTxnMarkerPartitionResult()
                                        .setPartitionIndex(partition)
                                        .setErrorCode(error.code())));
                result.topics().add(answered);
            });
            answer.markers().add(result);
        });
        sent.answer().complete(answer);
    }

    @ParameterizedTest
    @CsvSource({"0, true", "0, false", "2, true", "2, false"})
    void shouldTellAllPartitionsHowATransactionEnded(int version, boolean commits) {
        // given
        ProducerIdAndEpoch producer = testing.init();
        assertThat(testing.add(producer, version, HERE, ELSEWHERE).now).isEqualTo(Errors.NONE);
        assertThat(testing.state()).isEqualTo("Ongoing");
        // when
        ProducerAnswer answer = testing.end(producer, commits, version).now;
        // then   it is answered when that is decided, with who writes the next one
        assertThat(answer.error()).isEqualTo(Errors.NONE);
        assertThat(answer.producer()).isEqualTo(version == 2 ? producer.next() : producer);
        assertThat(testing.state()).isEqualTo(commits ? "PrepareCommit" : "PrepareAbort");
        // when   all partitions know
        TransactionMarker marker = testing.answerMarker(Errors.NONE);
        assertThat(marker).isEqualTo(new TransactionMarker(answer.producer(), commits, 1, version));
        assertThat(testing.state()).startsWith("Prepare");
        answer(testing.peers.last(), Errors.NONE);
        testing.run();
        // then
        assertThat(testing.state()).isEqualTo(commits ? "CompleteCommit" : "CompleteAbort");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCarryOnWithWhatAnEarlierLeadershipDecided(boolean commits) {
        // given  an end that is decided and that one of two partitions has heard of
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 2, HERE, ELSEWHERE);
        testing.end(producer, commits, 2);
        testing.answerMarker(Errors.NONE);
        // when   another broker leads, and this one again
        testing.follow();
        answer(testing.peers.last(), Errors.NONE);
        testing.run();
        testing.lead();
        // then   both are told once more, in the new epoch; who knows already says so
        assertThat(testing.state()).isEqualTo(commits ? "PrepareCommit" : "PrepareAbort");
        try (TestingLines lines = TestingLines.of(MarkerSender.class)) {
            assertThat(testing.answerMarker(Errors.INVALID_PRODUCER_EPOCH))
                    .isEqualTo(new TransactionMarker(producer.next(), commits, 3, 2));
            assertThat(lines.all())
                    .containsExactly(
                            "INFO t-0 has the marker of producer 100 in epoch 1 already, or one of a later epoch");
        }
        answer(testing.peers.last(), Errors.NONE);
        testing.run();
        assertThat(testing.state()).isEqualTo(commits ? "CompleteCommit" : "CompleteAbort");
    }

    @Test
    void shouldKeepWhatIsOngoingOverAChangeOfLeaders() {
        // given
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 0, HERE);
        // when
        testing.follow();
        assertThat(testing.end(producer, true, 0).now.error()).isEqualTo(Errors.NOT_COORDINATOR);
        testing.lead();
        // then
        assertThat(testing.state()).isEqualTo("Ongoing");
        assertThat(testing.verify(producer, HERE)).isEqualTo(Errors.NONE);
        assertThat(testing.verify(producer, ELSEWHERE)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
        assertThat(testing.end(producer, true, 0).now.error()).isEqualTo(Errors.NONE);
        testing.answerMarker(Errors.NONE);
        assertThat(testing.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldTellNobodyWhatIsNotCommitted() {
        // given  a coordinator whose follower lags
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 2, HERE);
        testing.leadBesideOneThatLags();
        // when
        Later<ProducerAnswer> answer = testing.end(producer, true, 2);
        // then
        assertThat(answer.now).isNull();
        assertThat(testing.markers).isEmpty();
        // when   it takes too long
        testing.advance(5_000);
        assertThat(answer.now.error()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(testing.markers).isEmpty();
        // when   it is committed after all
        testing.commitAll();
        testing.advance(1_000);
        // then   it is carried on with
        testing.answerMarker(Errors.NONE);
        assertThat(testing.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldTellNoPartitionOfAnEndThatTheNextLeaderMayNotHave() {
        // given  an end in a log that is loaded before it is committed
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 2, HERE);
        testing.leadBesideOneThatLags();
        testing.end(producer, true, 2);
        testing.leadBesideOneThatLags();
        testing.advance(10_000);
        assertThat(testing.markers).isEmpty();
        // when   it is
        testing.commitAll();
        testing.advance(1_000);
        // then
        testing.answerMarker(Errors.NONE);
        assertThat(testing.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldSayNothingIsStoredThatFewerHaveThanAreWanted() {
        // given  a partition that one replica alone knows to be of a transaction, of two that have to be in sync
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 2, HERE);
        testing.log().reconfigure(TestingTopics.minInSync(2));
        testing.leadBesideOneThatLags();
        testing.add(producer, 2, ELSEWHERE);
        testing.commitAll();
        // when
        Later<Errors> again = testing.add(producer, 2, ELSEWHERE);
        // then   neither a producer nor a broker that asks is told so
        assertThat(again.now).isNull();
        testing.advance(5_000);
        assertThat(again.now).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(testing.verify(producer, ELSEWHERE)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void shouldForgetWhatWasNotCommittedBeforeAnotherLed() {
        // given  an end that only this broker has
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 2, HERE);
        testing.leadBesideOneThatLags();
        Later<ProducerAnswer> answer = testing.end(producer, true, 2);
        // when
        testing.follow();
        // then
        assertThat(answer.now.error()).isEqualTo(Errors.NOT_COORDINATOR);
        testing.advance(10_000);
        assertThat(testing.markers).isEmpty();
    }

    @Test
    void shouldKeepTheNextTransactionWaitingUntilAllKnowOfTheOneBefore() {
        // given
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 2, HERE);
        ProducerIdAndEpoch next = testing.end(producer, true, 2).now.producer();
        // when   it goes on at once
        Later<Errors> added = testing.add(next, 2, ELSEWHERE);
        // then
        assertThat(added.now).isNull();
        testing.answerMarker(Errors.NONE);
        assertThat(added.now).isEqualTo(Errors.NONE);
        assertThat(testing.describe().topics().find("u")).isNotNull();
    }

    @Test
    void shouldSendAwayWhoWouldWaitForLong() {
        // given  a partition that can't be told
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 2, HERE);
        ProducerIdAndEpoch next = testing.end(producer, true, 2).now.producer();
        Later<Errors> first = testing.add(next, 2, ELSEWHERE);
        // when
        testing.advance(500);
        // then
        assertThat(first.now).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(testing.add(next, 2, ELSEWHERE).now).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
    }

    @Test
    void shouldTellThePartitionAgainWhereItsLeaderCannot() {
        // given
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 0, HERE, ELSEWHERE);
        testing.end(producer, false, 0);
        // when   leaders refuse, or can't be reached
        testing.answerMarker(Errors.NOT_LEADER_OR_FOLLOWER);
        testing.peers.last().answer().completeExceptionally(new IllegalStateException("away"));
        testing.run();
        assertThat(testing.markers).isEmpty();
        testing.advance(100);
        // then
        testing.answerMarker(Errors.NONE);
        assertThat(testing.peers.sent).hasSize(2);
        // when   the topic is deleted meanwhile
        testing.apply(new MetadataChange.TopicGone(testing.replicas.image().topic("u")));
        testing.peers.last().answer().completeExceptionally(new IllegalStateException("away"));
        testing.run();
        testing.advance(100);
        // then   it needs to know nothing
        assertThat(testing.state()).isEqualTo("CompleteAbort");
    }

    @Test
    void shouldTellThePartitionAgainWhereTheMarkerMayBeLost() {
        // given
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 0, HERE);
        testing.end(producer, true, 0);
        // when   fewer replicas have it than are wanted in sync
        testing.answerMarker(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        testing.advance(100);
        // then
        assertThat(testing.state()).isEqualTo("PrepareCommit");
        testing.answerMarker(Errors.NONE);
        assertThat(testing.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldNotTakeAMarkerForToldThatIsRefused() {
        // given
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 0, HERE);
        testing.end(producer, true, 0);
        try (TestingLines lines = TestingLines.of(MarkerSender.class)) {
            // when   somebody has written one in the name of a later coordinator
            for (int i = 0; i < 700; i++) {
                testing.answerMarker(Errors.TRANSACTION_COORDINATOR_FENCED);
                testing.advance(50);
            }
            // then   it is seen that this one is not done, and said once in half a minute
            assertThat(testing.state()).isEqualTo("PrepareCommit");
            assertThat(lines.all()).hasSize(1).first().asString().contains("[t-0] (of transactions: 1)");
        }
        testing.answerMarker(Errors.NONE);
        assertThat(testing.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldTellAgainTogetherWhatWasRefusedTogether() {
        // given  partitions of another broker
        TopicPartition[] partitions = new TopicPartition[30];
        PartitionImage[] states = new PartitionImage[partitions.length];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = new TopicPartition("w", i);
            states[i] = TestingImages.state(2, 1, 1, new int[] {2, 1}, new int[] {2, 1});
        }
        testing.apply(new MetadataChange.TopicSet(topic("w", new TopicId(7, 8), states)));
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 0, partitions);
        testing.end(producer, true, 0);
        assertThat(testing.peers.sent).hasSize(1);
        // when
        answer(testing.peers.last(), Errors.NOT_ENOUGH_REPLICAS);
        testing.run();
        testing.advance(50);
        // then
        assertThat(testing.peers.sent).hasSize(2);
        WriteTxnMarkersRequestData again =
                (WriteTxnMarkersRequestData) testing.peers.last().any();
        assertThat(again.markers()).hasSize(1);
        assertThat(again.markers().getFirst().topics().getFirst().partitionIndexes())
                .hasSize(partitions.length);
        answer(testing.peers.last(), Errors.NONE);
        testing.run();
        assertThat(testing.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldAbortWhatIsOpenForTooLong() {
        // given
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 2, HERE);
        // when
        testing.advance(TestingTransactions.TIMEOUT_MS);
        assertThat(testing.markers).isEmpty();
        testing.advance(20_000);
        // then   its producer is fenced
        TransactionMarker marker = testing.answerMarker(Errors.NONE);
        assertThat(marker.commits()).isFalse();
        assertThat(marker.producer()).isEqualTo(producer.next());
        assertThat(testing.state()).isEqualTo("CompleteAbort");
        assertThat(testing.end(producer, true, 2).now.error()).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(testing.add(producer, 2, HERE).now).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void shouldEndWhatWasLeftOpenBeforeTheNextProducerBegins() {
        // given
        ProducerIdAndEpoch first = testing.init();
        testing.add(first, 2, HERE);
        // when   another comes with the same id
        Later<ProducerAnswer> second = testing.init(ProducerIdAndEpoch.NONE);
        // then
        assertThat(second.now).isNull();
        assertThat(testing.answerMarker(Errors.NONE).commits()).isFalse();
        assertThat(second.now.error()).isEqualTo(Errors.NONE);
        assertThat(second.now.producer().id()).isEqualTo(first.id());
        assertThat(second.now.producer().epoch()).isGreaterThan(first.next().epoch());
        assertThat(testing.add(first, 2, HERE).now).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    @Moves({
        "kafka_server_transaction_coordinator_metrics_batch_flush_time_ms",
        "kafka_server_transaction_coordinator_metrics_event_processing_time_ms",
        "kafka_server_transaction_coordinator_metrics_event_queue_size",
        "kafka_server_transaction_coordinator_metrics_event_queue_time_ms",
        "kafka_server_transaction_coordinator_metrics_num_partitions",
        "kafka_server_transaction_coordinator_metrics_transaction_count",
        "kafka_server_transaction_coordinator_metrics_transaction_end_total",
        "kafka_server_transaction_coordinator_metrics_transaction_timeout_total",
        "kafka_server_transaction_coordinator_metrics_transactional_id_count"
    })
    void shouldCountWhatTransactionsDo(Movement movement) {
        movement.watch(testing.metrics);
        // when   one takes too long, and others wait for their turn
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 2, HERE);
        movement.look();
        testing.advance(TestingTransactions.TIMEOUT_MS + 20_000);
        testing.time.advance(10_000);
        movement.look();
        testing.run();
        // then
        testing.answerMarker(Errors.NONE);
        testing.follow();
    }

    @Test
    void shouldForgetWhatNobodyHasUsedForLong() {
        // given
        testing.init();
        // when
        testing.advance(7 * 24 * 3_600_000L);
        testing.advance(3_600_000);
        // then
        assertThat(testing.describe().errorCode()).isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND.code());
    }

    @Test
    void shouldListWhatIsAskedFor() {
        // given
        ProducerIdAndEpoch producer = testing.init();
        testing.add(producer, 2, HERE);
        testing.advance(5_000);
        // then
        assertThat(list(Set.of(), Set.of(), -1)).isEqualTo(1);
        assertThat(list(Set.of("Ongoing"), Set.of(producer.id()), 4_999)).isEqualTo(1);
        assertThat(list(Set.of("Empty"), Set.of(), -1)).isZero();
        assertThat(list(Set.of(), Set.of(producer.id() + 1), -1)).isZero();
        assertThat(list(Set.of(), Set.of(), 60_000)).isZero();
        Later<ListTransactionsResponseData> answer = new Later<>();
        testing.coordinator.transactions().list(new TransactionDirectory.Filter(Set.of("Odd"), Set.of(), -1), answer);
        assertThat(answer.now.unknownStateFilters()).containsExactly("Odd");
    }

    private int list(Set<String> states, Set<Long> producers, long openMs) {
        Later<ListTransactionsResponseData> answer = new Later<>();
        testing.coordinator.transactions().list(new TransactionDirectory.Filter(states, producers, openMs), answer);
        testing.run();
        return answer.now.transactionStates().size();
    }

    @Test
    void shouldRefuseIdsThatCannotBeStored() {
        for (String id : new String[] {null, "", "x".repeat(40_000)}) {
            Later<ProducerAnswer> answer = new Later<>();
            testing.coordinator.end(id, new ProducerIdAndEpoch(1, (short) 0), true, 2, answer);
            assertThat(answer.now.error()).isEqualTo(Errors.INVALID_REQUEST);
        }
        assertThat(testing.end(new ProducerIdAndEpoch(1, (short) 0), true, 2)
                        .now
                        .error())
                .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(testing.replicas.self()).isEqualTo(TestingImages.SELF);
        assertThat(testing.describe().transactionalId()).isEqualTo(ID);
    }
}
