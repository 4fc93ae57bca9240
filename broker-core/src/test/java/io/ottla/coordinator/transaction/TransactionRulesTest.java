package io.ottla.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionRulesTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);
    private static final int OLD = 0;
    private static final int NEW = 2;

    private static ProducerIdAndEpoch producer(long id, int epoch) {
        return new ProducerIdAndEpoch(id, (short) epoch);
    }

    private static TransactionMetadata changed(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Changed.class);
        return ((Decision.Changed) decision).next();
    }

    private static TransactionMetadata fresh() {
        return changed(TransactionRules.init(null, ProducerIdAndEpoch.NONE, TIMEOUT_MS, 7, 100));
    }

    private static TransactionMetadata ongoing(int version) {
        TransactionMetadata empty = fresh();
        return changed(TransactionRules.add(empty, empty.producer(), List.of(T0), version, 200));
    }

    private static TransactionMetadata ended(TransactionMetadata ongoing, boolean commits, int version) {
        return changed(TransactionRules.end(ongoing, ongoing.producer(), commits, version, -1, 300))
                .ended(400);
    }

    private static Errors refused(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused) decision).error();
    }

    @Nested
    class Init {
        @Test
        void shouldGiveTheFirstProducerAnIdThatNobodyHasHad() {
            // when, then
            assertThat(TransactionRules.init(null, ProducerIdAndEpoch.NONE, TIMEOUT_MS, -1, 100))
                    .isEqualTo(new Decision.NeedsId());
            TransactionMetadata made = fresh();
            assertThat(made.producer()).isEqualTo(producer(7, 0));
            assertThat(made.state()).isEqualTo(TransactionState.EMPTY);
            assertThat(made.timeoutMs()).isEqualTo(TIMEOUT_MS);
        }

        @Test
        void shouldRaiseTheEpochForEachNewProducer() {
            // when
            TransactionMetadata next = changed(TransactionRules.init(fresh(), ProducerIdAndEpoch.NONE, 1_000, -1, 200));
            // then
            assertThat(next.producer()).isEqualTo(producer(7, 1));
            assertThat(next.timeoutMs()).isEqualTo(1_000);
            assertThat(next.lastEpoch()).isEqualTo((short) -1);
        }

        @Test
        void shouldRaiseTheEpochOfAProducerThatAsksForIt() {
            // given
            TransactionMetadata before = ended(ongoing(OLD), true, OLD);
            // when
            TransactionMetadata next = changed(TransactionRules.init(before, producer(7, 0), TIMEOUT_MS, -1, 500));
            // then
            assertThat(next.producer()).isEqualTo(producer(7, 1));
            // and  it may ask once more, since it may not have heard
            assertThat(TransactionRules.init(next, producer(7, 0), TIMEOUT_MS, -1, 600))
                    .isEqualTo(new Decision.Unchanged(next));
        }

        @Test
        void shouldFenceAProducerWhoseSuccessorHasCome() {
            // given
            TransactionMetadata next =
                    changed(TransactionRules.init(fresh(), ProducerIdAndEpoch.NONE, TIMEOUT_MS, -1, 200));
            // when, then
            assertThat(refused(TransactionRules.init(next, producer(7, 0), TIMEOUT_MS, -1, 300)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
            assertThat(refused(TransactionRules.init(next, producer(8, 1), TIMEOUT_MS, -1, 300)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
            assertThat(refused(TransactionRules.init(next, producer(7, 5), TIMEOUT_MS, -1, 300)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
        }

        @Test
        void shouldAbortWhatThePredecessorLeftOpen() {
            // when
            Decision decision = TransactionRules.init(ongoing(OLD), ProducerIdAndEpoch.NONE, TIMEOUT_MS, -1, 300);
            // then
            assertThat(decision).isInstanceOf(Decision.Fenced.class);
            TransactionMetadata fenced = ((Decision.Fenced) decision).next();
            assertThat(fenced.state()).isEqualTo(TransactionState.PREPARE_ABORT);
            assertThat(fenced.producer()).isEqualTo(producer(7, 1));
            assertThat(fenced.partitions()).containsExactly(T0);
            // and  the predecessor can't go on, nor ask anew
            assertThat(refused(TransactionRules.end(fenced, producer(7, 0), true, OLD, -1, 300)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
            assertThat(refused(TransactionRules.init(fenced.ended(400), producer(7, 0), TIMEOUT_MS, -1, 500)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
            // and  the successor gets an epoch of its own
            assertThat(changed(TransactionRules.init(fenced.ended(400), ProducerIdAndEpoch.NONE, TIMEOUT_MS, -1, 500))
                            .producer())
                    .isEqualTo(producer(7, 2));
        }

        @Test
        void shouldNotLetAFencedProducerEndItsSuccessorsTransaction() {
            // given
            TransactionMetadata next =
                    changed(TransactionRules.init(fresh(), ProducerIdAndEpoch.NONE, TIMEOUT_MS, -1, 200));
            TransactionMetadata open = changed(TransactionRules.add(next, producer(7, 1), List.of(T0), OLD, 300));
            // when, then
            assertThat(refused(TransactionRules.init(open, producer(7, 0), TIMEOUT_MS, -1, 400)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
        }

        @Test
        void shouldWaitForAnEndThatIsBeingTold() {
            // given
            TransactionMetadata open = ongoing(OLD);
            TransactionMetadata prepared = changed(TransactionRules.end(open, open.producer(), true, OLD, -1, 300));
            // when, then
            assertThat(refused(TransactionRules.init(prepared, ProducerIdAndEpoch.NONE, TIMEOUT_MS, -1, 400)))
                    .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        }

        @Test
        void shouldTakeAnotherIdWhereTheEpochsAreUsedUp() {
            // given
            TransactionMetadata last = fresh().handedTo(producer(7, Short.MAX_VALUE - 1), -1, TIMEOUT_MS, 200);
            assertThat(TransactionRules.init(last, ProducerIdAndEpoch.NONE, TIMEOUT_MS, -1, 300))
                    .isEqualTo(new Decision.NeedsId());
            // when
            TransactionMetadata next =
                    changed(TransactionRules.init(last, producer(7, Short.MAX_VALUE - 1), TIMEOUT_MS, 9, 300));
            // then
            assertThat(next.producer()).isEqualTo(producer(9, 0));
            assertThat(next.previousId()).isEqualTo(7);
            // and  whoever asked may ask once more
            assertThat(TransactionRules.init(next, producer(7, Short.MAX_VALUE - 1), TIMEOUT_MS, -1, 400))
                    .isEqualTo(new Decision.Unchanged(next));
        }

        @Test
        void shouldFenceTheLastEpochToo() {
            // given
            TransactionMetadata last = fresh().handedTo(producer(7, Short.MAX_VALUE - 1), -1, TIMEOUT_MS, 200);
            TransactionMetadata open = changed(TransactionRules.add(last, last.producer(), List.of(T0), OLD, 300));
            // when
            TransactionMetadata fenced = open.fenced(400).ended(500);
            // then
            assertThat(fenced.producer()).isEqualTo(producer(7, Short.MAX_VALUE));
            assertThat(changed(TransactionRules.init(fenced, ProducerIdAndEpoch.NONE, TIMEOUT_MS, 9, 600))
                            .producer())
                    .isEqualTo(producer(9, 0));
        }
    }

    @Nested
    class Add {
        @Test
        void shouldBeginATransactionWithItsFirstPartition() {
            // when
            TransactionMetadata open = ongoing(OLD);
            // then
            assertThat(open.state()).isEqualTo(TransactionState.ONGOING);
            assertThat(open.startMs()).isEqualTo(200);
            assertThat(open.partitions()).containsExactly(T0);
            // and
            TransactionMetadata more = changed(TransactionRules.add(open, open.producer(), List.of(T0, T1), OLD, 300));
            assertThat(more.partitions()).containsExactly(T0, T1);
            assertThat(more.startMs()).isEqualTo(200);
            assertThat(TransactionRules.add(more, open.producer(), List.of(T1), OLD, 400))
                    .isEqualTo(new Decision.Unchanged(more));
        }

        @Test
        void shouldRefuseWhoIsNotTheProducer() {
            TransactionMetadata empty = fresh();
            assertThat(refused(TransactionRules.add(null, producer(7, 0), List.of(T0), OLD, 1)))
                    .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
            assertThat(refused(TransactionRules.add(empty, producer(8, 0), List.of(T0), OLD, 1)))
                    .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
            assertThat(refused(TransactionRules.add(empty, producer(7, 1), List.of(T0), OLD, 1)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
            assertThat(refused(TransactionRules.add(empty, producer(7, -1), List.of(T0), OLD, 1)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
        }

        @Test
        void shouldVerifyWhatBelongsToTheTransaction() {
            // given
            TransactionMetadata open = ongoing(OLD);
            ProducerIdAndEpoch by = open.producer();
            // when, then
            assertThat(TransactionRules.verify(open, by, T0)).isEqualTo(Errors.NONE);
            assertThat(TransactionRules.verify(open, by, T1)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
            assertThat(TransactionRules.verify(open, producer(7, 1), T0)).isEqualTo(Errors.PRODUCER_FENCED);
            assertThat(TransactionRules.verify(null, by, T0)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
            assertThat(TransactionRules.verify(ended(open, true, OLD), by, T0)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
            assertThat(TransactionRules.verify(changed(TransactionRules.end(open, by, true, OLD, -1, 300)), by, T0))
                    .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        }
    }

    @Nested
    class EndByOldClients {
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void shouldKeepTheEpoch(boolean commits) {
            // given
            TransactionMetadata open = ongoing(OLD);
            // when
            TransactionMetadata prepared = changed(TransactionRules.end(open, open.producer(), commits, OLD, -1, 300));
            // then
            assertThat(prepared.state())
                    .isEqualTo(commits ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT);
            assertThat(prepared.producer()).isEqualTo(open.producer());
            TransactionMetadata ended = prepared.ended(400);
            assertThat(ended.state())
                    .isEqualTo(commits ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT);
            assertThat(ended.partitions()).isEmpty();
            assertThat(ended.producer()).isEqualTo(open.producer());
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void shouldAnswerASecondTry(boolean commits) {
            // given
            TransactionMetadata open = ongoing(OLD);
            ProducerIdAndEpoch by = open.producer();
            TransactionMetadata prepared = changed(TransactionRules.end(open, by, commits, OLD, -1, 300));
            TransactionMetadata ended = prepared.ended(400);
            // when, then
            assertThat(refused(TransactionRules.end(prepared, by, commits, OLD, -1, 300)))
                    .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
            assertThat(refused(TransactionRules.end(prepared, by, !commits, OLD, -1, 300)))
                    .isEqualTo(Errors.INVALID_TXN_STATE);
            assertThat(TransactionRules.end(ended, by, commits, OLD, -1, 300)).isEqualTo(new Decision.Unchanged(ended));
            assertThat(refused(TransactionRules.end(ended, by, !commits, OLD, -1, 300)))
                    .isEqualTo(Errors.INVALID_TXN_STATE);
        }

        @Test
        void shouldRefuseWhereThereIsNothingToEnd() {
            assertThat(refused(TransactionRules.end(null, producer(7, 0), true, OLD, -1, 1)))
                    .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
            assertThat(refused(TransactionRules.end(fresh(), producer(7, 0), true, OLD, -1, 1)))
                    .isEqualTo(Errors.INVALID_TXN_STATE);
            assertThat(refused(TransactionRules.end(ongoing(OLD), producer(7, 1), true, OLD, -1, 1)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
        }
    }

    @Nested
    class EndWithEpochs {
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void shouldGiveTheNextTransactionAnotherEpoch(boolean commits) {
            // given
            TransactionMetadata open = ongoing(NEW);
            // when
            TransactionMetadata prepared = changed(TransactionRules.end(open, producer(7, 0), commits, NEW, -1, 300));
            // then  the markers have the new epoch, so that nothing of the old one is taken behind them
            assertThat(prepared.producer()).isEqualTo(producer(7, 1));
            assertThat(prepared.ended(400).producer()).isEqualTo(producer(7, 1));
            assertThat(prepared.version()).isEqualTo(NEW);
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void shouldAnswerASecondTry(boolean commits) {
            // given
            TransactionMetadata open = ongoing(NEW);
            ProducerIdAndEpoch by = producer(7, 0);
            TransactionMetadata prepared = changed(TransactionRules.end(open, by, commits, NEW, -1, 300));
            TransactionMetadata ended = prepared.ended(400);
            // when, then
            assertThat(refused(TransactionRules.end(prepared, by, commits, NEW, -1, 300)))
                    .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
            Errors otherwise = commits ? Errors.INVALID_TXN_STATE : Errors.PRODUCER_FENCED;
            assertThat(refused(TransactionRules.end(prepared, by, !commits, NEW, -1, 300)))
                    .isEqualTo(otherwise);
            assertThat(TransactionRules.end(ended, by, commits, NEW, -1, 300)).isEqualTo(new Decision.Unchanged(ended));
            assertThat(refused(TransactionRules.end(ended, by, !commits, NEW, -1, 300)))
                    .isEqualTo(otherwise);
            // and  a client that has not heard may ask for another epoch
            assertThat(TransactionRules.init(ended, by, TIMEOUT_MS, -1, 300)).isEqualTo(new Decision.Unchanged(ended));
        }

        @Test
        void shouldNotLetALateEndReachTheNextTransaction() {
            // given
            TransactionMetadata ended = ended(ongoing(NEW), true, NEW);
            TransactionMetadata next = changed(TransactionRules.add(ended, producer(7, 1), List.of(T0), NEW, 500));
            // when, then
            assertThat(refused(TransactionRules.end(next, producer(7, 0), true, NEW, -1, 600)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
            assertThat(refused(TransactionRules.end(next, producer(7, 0), false, NEW, -1, 600)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
        }

        @Test
        void shouldAbortATransactionWithoutPartitions() {
            // given
            TransactionMetadata empty = fresh();
            // when, then
            TransactionMetadata prepared = changed(TransactionRules.end(empty, producer(7, 0), false, NEW, -1, 300));
            assertThat(prepared.state()).isEqualTo(TransactionState.PREPARE_ABORT);
            assertThat(prepared.partitions()).isEmpty();
            assertThat(prepared.startMs()).isEqualTo(300);
            assertThat(prepared.ended(400).producer()).isEqualTo(producer(7, 1));
            // and  there is nothing to commit
            assertThat(refused(TransactionRules.end(empty, producer(7, 0), true, NEW, -1, 300)))
                    .isEqualTo(Errors.INVALID_TXN_STATE);
        }

        @Test
        void shouldTakeAnotherIdWhereTheEpochsAreUsedUp() {
            // given
            TransactionMetadata last = fresh().handedTo(producer(7, Short.MAX_VALUE - 1), -1, TIMEOUT_MS, 200);
            TransactionMetadata open = changed(TransactionRules.add(last, last.producer(), List.of(T0), NEW, 300));
            assertThat(TransactionRules.end(open, last.producer(), true, NEW, -1, 400))
                    .isEqualTo(new Decision.NeedsId());
            // when
            TransactionMetadata prepared = changed(TransactionRules.end(open, last.producer(), true, NEW, 9, 400));
            // then
            assertThat(prepared.producer()).isEqualTo(producer(7, Short.MAX_VALUE));
            assertThat(prepared.producerAfterwards()).isEqualTo(producer(9, 0));
            TransactionMetadata ended = prepared.ended(500);
            assertThat(ended.producer()).isEqualTo(producer(9, 0));
            assertThat(ended.previousId()).isEqualTo(7);
            // and  a second try is answered alike
            assertThat(TransactionRules.end(ended, last.producer(), true, NEW, -1, 600))
                    .isEqualTo(new Decision.Unchanged(ended));
        }

        @Test
        void shouldFenceAProducerWhoseTransactionWasOpenForTooLong() {
            // given
            TransactionMetadata open = ongoing(NEW);
            assertThat(open.isTimedOut(200 + TIMEOUT_MS)).isFalse();
            assertThat(open.isTimedOut(201 + TIMEOUT_MS)).isTrue();
            // when
            TransactionMetadata fenced = open.fenced(300);
            // then  its commit does not pass for one that is asked a second time, nor for a mistake: others can take
            // over (KAFKA-20785)
            assertThat(refused(TransactionRules.end(fenced, producer(7, 0), true, NEW, -1, 400)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
            assertThat(refused(TransactionRules.end(fenced.ended(500), producer(7, 0), true, NEW, -1, 600)))
                    .isEqualTo(Errors.PRODUCER_FENCED);
        }
    }
}
