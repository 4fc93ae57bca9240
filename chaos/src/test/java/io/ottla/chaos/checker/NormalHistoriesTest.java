package io.ottla.chaos.checker;

import static io.ottla.chaos.checker.TestingHistory.A;
import static io.ottla.chaos.checker.TestingHistory.B;
import static io.ottla.chaos.checker.TestingHistory.moved;
import static io.ottla.chaos.checker.TestingHistory.poll;
import static io.ottla.chaos.checker.TestingHistory.read;
import static io.ottla.chaos.checker.TestingHistory.rebalanced;
import static io.ottla.chaos.checker.TestingHistory.refused;
import static io.ottla.chaos.checker.TestingHistory.sent;
import static io.ottla.chaos.checker.TestingHistory.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Rebalance;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What may be in a history: nothing is found, and it is told what was odd. */
class NormalHistoriesTest {
    private final TestingHistory history = new TestingHistory();

    private void shouldBeClean(Map<Normal, Long> normal) {
        Judgement judgement = history.judge();
        assertThat(judgement.findings()).isEmpty();
        assertThat(judgement.normal()).isEqualTo(normal);
    }

    @Test
    void shouldCountWhatThereIs() {
        history.work(1, sent(A, 10, 0), refused(A, 11), unknown(A, 12)).finalReads();
        history.assign(2, true, A).work(2, poll(read(A, 0, 10)));

        shouldBeClean(Map.of(Normal.REFUSED_GONE, 1L, Normal.UNKNOWN_GONE, 1L));
        assertThat(history.judge().counts()).isEqualTo(new Judgement.Counts(3, 1, 1, 1, 1));
    }

    @Test
    void shouldLetASendBeThereWhoseOutcomeNobodyKnows() {
        history.work(1, unknown(A, 10)).work(2, poll(read(A, 0, 10)));

        shouldBeClean(Map.of(Normal.UNKNOWN_KEPT, 1L));
    }

    @Test
    void shouldLetATransactionBeGoneWhoseOutcomeNobodyKnows() {
        history.transaction(1, Outcome.UNKNOWN, unknown(A, 10), unknown(B, 11)).finalReads();

        shouldBeClean(Map.of(Normal.UNKNOWN_GONE, 2L));
    }

    @Test
    void shouldNotHoldItAgainstAHistoryThatItEndsBeforeAllWasRead() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).work(2, poll(read(A, 0, 10)));

        shouldBeClean(Map.of(Normal.NOT_READ_YET, 1L));
    }

    @Test
    void shouldLetOffsetsBeMissingBetweenRecords() {
        // A marker of a transaction, or a record of one that was aborted.
        history.work(1, sent(A, 10, 0), sent(A, 11, 3))
                .assign(2, true, A)
                .work(2, poll(read(A, 0, 10), read(A, 3, 11)));

        shouldBeClean(Map.of());
    }

    @Test
    void shouldLetAMemberOfAGroupGoBackAfterARebalance() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).subscribe(2, A);
        history.work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10), read(A, 1, 11)))
                .work(2, rebalanced(Rebalance.Change.LOST, A))
                .work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10), read(A, 1, 11)));

        shouldBeClean(Map.of(Normal.REBALANCED_BACKWARD, 1L));
    }

    @Test
    void shouldLetAMemberOfAGroupBeginAtWhatWasCommitted() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).subscribe(2, A);
        history.work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10), read(A, 1, 11)))
                .commit(2, A, 1);
        history.subscribe(3, A)
                .work(3, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 1, 11)))
                .crash(3)
                .commit(2, A, 2)
                .work(2, poll());

        shouldBeClean(Map.of());
    }

    @Test
    void shouldNotHoldACommitAgainstAMemberThatWasAcknowledgedAfterItAsked() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).subscribe(2, A).subscribe(3, A);
        history.work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10)));
        Event.Operation asked = new Event.Operation(
                3, 3_000, 9_000, new Action.Work(List.of(rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10)))));
        history.commit(2, A, 1).event(asked).work(2, poll(read(A, 1, 11)));

        shouldBeClean(Map.of());
    }

    @Test
    void shouldLetAnotherGroupBeginAtItsOwn() {
        history.work(1, sent(A, 10, 0)).subscribe(2, A);
        history.work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10)))
                .commit(2, A, 1)
                .did(3, new Action.Subscribe("another", List.of(A.topic())))
                .work(3, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10)));

        shouldBeClean(Map.of());
    }

    @Test
    void shouldBeContentWithFinalReadingsThatAreGivenEverything() {
        history.work(1, sent(A, 10, 0), unknown(A, 11)).work(2, poll(read(A, 0, 10), read(A, 1, 11)));
        for (int client : new int[] {7, 8, 9}) {
            history.finalReads().assign(client, true, A).work(client, poll(read(A, 0, 10), read(A, 1, 11)));
        }

        shouldBeClean(Map.of(Normal.UNKNOWN_KEPT, 1L));
    }

    @Test
    void shouldLetAMemberOfAGroupPassOverWhatAnotherHasReadMeanwhile() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1), sent(A, 12, 2))
                .subscribe(2, A)
                .subscribe(3, A);
        history.work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10)))
                .work(3, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 1, 11)))
                .work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 2, 12)));

        shouldBeClean(Map.of(Normal.REBALANCED_SKIP, 1L));
    }

    @Test
    void shouldExcuseWhatWasRebalancedWithinOneOperation() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).subscribe(2, A);
        history.work(
                2,
                rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10), read(A, 1, 11)),
                rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10)));

        shouldBeClean(Map.of(Normal.REBALANCED_BACKWARD, 1L));
    }

    @Test
    void shouldLetAConsumerBeginAnew() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1))
                .assign(2, true, A)
                .work(2, poll(read(A, 0, 10), read(A, 1, 11)));
        history.assign(2, true, A).work(2, poll(read(A, 0, 10)));
        history.assign(2, false, B).assign(2, false, A).work(2, poll(read(A, 0, 10)));
        history.crash(2).assign(2, false, A).work(2, poll(read(A, 0, 10)));

        shouldBeClean(Map.of());
    }

    @Test
    void shouldNotCompareProducersWithWhatTheyWereBeforeACrash() {
        history.work(1, unknown(A, 10)).crash(1).work(1, sent(A, 11, 0));
        history.work(2, poll(read(A, 0, 11), read(A, 1, 10)));

        shouldBeClean(Map.of(Normal.UNKNOWN_KEPT, 1L));
    }

    @Test
    void shouldLetOthersWriteBetweenTheSendsOfATransaction() {
        history.transaction(1, Outcome.DONE, sent(A, 10, 0), sent(A, 11, 2)).work(2, sent(A, 12, 1));
        history.work(3, poll(read(A, 0, 10), read(A, 1, 12), read(A, 2, 11)));

        shouldBeClean(Map.of(Normal.SEND_SKIP_WITHIN, 1L));
    }

    @Test
    void shouldLetWritesBeInACircle() {
        history.transaction(1, Outcome.DONE, sent(A, 10, 0), sent(B, 11, 1));
        history.transaction(2, Outcome.DONE, sent(A, 20, 1), sent(B, 21, 0));
        history.work(3, poll(read(A, 0, 10), read(A, 1, 20), read(B, 0, 21), read(B, 1, 11)));

        shouldBeClean(Map.of());
    }

    @Test
    void shouldLetAnAbortedTransactionReadAgainWhereItBegan() {
        history.work(1, sent(A, 10, 0)).assign(2, false, A);
        history.transaction(2, Outcome.REFUSED, poll(read(A, 0, 10)), refused(B, 20));
        history.transaction(2, Outcome.DONE, poll(read(A, 0, 10)), sent(B, 21, 2))
                .work(3, poll(read(B, 2, 21)));

        shouldBeClean(Map.of(Normal.REFUSED_GONE, 1L));
    }

    @Test
    void shouldTellOfWhatOneMemberHasConsumedInTwoTransactions() {
        history.work(1, sent(A, 10, 0)).subscribe(2, A);
        history.transaction(2, Outcome.DONE, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10)))
                .transaction(2, Outcome.DONE, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10)));

        shouldBeClean(Map.of(Normal.CONSUMED_AGAIN, 1L, Normal.REBALANCED_BACKWARD, 1L));
    }

    @Test
    void shouldMeasureTheLongestTimeWithoutAnAcknowledgement() {
        // given  acknowledgements of two partitions, which stay away from one of them for longer
        history.acknowledged(A, 1, 0, 1_000)
                .acknowledged(A, 2, 1, 5_000)
                .acknowledged(B, 3, 0, 6_000)
                .acknowledged(A, 4, 2, 9_500)
                .acknowledged(B, 5, 1, 30_000);
        // when  a fault begins before the second one and ends before the last
        history.fault("kill", 4_000, 9_600).fault("none", 40_000, 41_500);

        // then  the way to the first acknowledgement after its end counts, what was before its beginning does not
        assertThat(history.judge().gaps())
                .extracting(Gap::longestUs, Gap::worst, Gap::worstUs)
                .containsExactly(tuple(20_500L, B, 24_000L), tuple(1_500L, A, 1_500L));
    }

    @Test
    void shouldLetAGroupCopyAgainWhatATransactionDidNotCommit() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).subscribe(2, A).subscribe(3, A);
        history.transaction(2, Outcome.REFUSED, poll(read(A, 0, 10)), moved(A, 1), unknown(B, 20));
        history.transaction(2, Outcome.UNKNOWN, poll(read(A, 0, 10)), moved(A, 1), unknown(B, 21));
        history.transaction(3, Outcome.DONE, poll(read(A, 0, 10)), moved(A, 1), sent(B, 22, 4));
        history.transaction(2, Outcome.UNKNOWN, poll(read(A, 1, 11)), moved(A, 2), unknown(B, 23));
        history.standing(A, 2).finalReads();
        history.work(4, poll(read(A, 0, 10), read(A, 1, 11), read(B, 4, 22), read(B, 6, 23)));

        shouldBeClean(Map.of(Normal.REFUSED_GONE, 1L, Normal.UNKNOWN_GONE, 1L));
    }
}
