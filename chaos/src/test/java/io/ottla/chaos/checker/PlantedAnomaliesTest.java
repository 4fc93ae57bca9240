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
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Rebalance;
import io.ottla.chaos.history.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One anomaly a history: it is named, with its place, and nothing else is. */
class PlantedAnomaliesTest {
    private final TestingHistory history = new TestingHistory();

    private void shouldFind(Anomaly anomaly, LogName log, long offset, long value) {
        assertThat(history.judge().findings())
                .extracting(Finding::anomaly, Finding::log, Finding::offset, Finding::value)
                .containsExactly(tuple(anomaly, log, offset, value));
    }

    @Test
    void shouldCallAValueLostBehindWhichAnotherOneWasRead() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1), sent(A, 12, 2)).work(2, poll(read(A, 0, 10)));
        history.work(3, poll(read(A, 2, 12)));

        shouldFind(Anomaly.LOST_WRITE, A, 1, 11);
    }

    @Test
    void shouldCallAValueLostWhoseOffsetHoldsAnotherOne() {
        history.work(1, sent(A, 10, 0)).work(2, unknown(A, 11)).work(3, poll(read(A, 0, 11)));

        assertThat(history.judge().findings())
                .extracting(Finding::anomaly, Finding::offset, Finding::value)
                .containsExactlyInAnyOrder(
                        tuple(Anomaly.INCONSISTENT_OFFSETS, 0L, 10L), tuple(Anomaly.LOST_WRITE, 0L, 10L));
    }

    @Test
    void shouldCallTheRestOfATransactionLostOfWhichAPartWasRead() {
        history.transaction(
                        1,
                        Outcome.UNKNOWN,
                        new Step.Send(A, 10, Outcome.UNKNOWN, 0, Step.UNTOLD),
                        new Step.Send(B, 11, Outcome.UNKNOWN, 0, Step.UNTOLD))
                .work(2, sent(B, 12, 2))
                .work(3, poll(read(A, 0, 10), read(B, 2, 12)));

        shouldFind(Anomaly.LOST_WRITE, B, 0, 11);
    }

    @Test
    void shouldCallAValueUnseenBehindWhichNobodyHasRead() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).finalReads().work(2, poll(read(A, 0, 10)));

        shouldFind(Anomaly.UNSEEN, A, 1, 11);
    }

    @Test
    void shouldCallTheRestOfATransactionUnseenWhereNobodyWasToldWhereItIs() {
        history.transaction(1, Outcome.UNKNOWN, unknown(A, 10), unknown(B, 11))
                .work(2, poll(read(A, 0, 10)))
                .finalReads()
                .work(3, poll(read(A, 0, 10)));

        assertThat(history.judge().findings())
                .extracting(Finding::anomaly, Finding::log, Finding::value)
                .containsExactlyInAnyOrder(tuple(Anomaly.UNSEEN, B, 11L), tuple(Anomaly.TORN, B, 11L));
    }

    @Test
    void shouldFindThatWhatWasReadIsGoneInTheEnd() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1))
                .work(2, poll(read(A, 0, 10), read(A, 1, 11)))
                .finalReads();
        history.assign(9, true, A);

        assertThat(history.judge().findings())
                .extracting(Finding::anomaly, Finding::offset, Finding::value)
                .containsExactlyInAnyOrder(tuple(Anomaly.VANISHED, 0L, 10L), tuple(Anomaly.VANISHED, 1L, 11L));
    }

    @Test
    void shouldFindThatTheEndOfALogIsGoneThatWasRead() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1))
                .work(2, poll(read(A, 0, 10), read(A, 1, 11)))
                .finalReads();
        history.assign(9, true, A).work(9, poll(read(A, 0, 10)));

        shouldFind(Anomaly.VANISHED, A, 1, 11);
    }

    @Test
    void shouldFindThatWhatWasReadIsGoneAlsoWhereNobodyWasToldItsOutcome() {
        history.work(1, unknown(A, 10)).work(2, poll(read(A, 0, 10))).finalReads();
        history.assign(9, true, A);

        shouldFind(Anomaly.VANISHED, A, 0, 10);
    }

    @Test
    void shouldFindThatOneOfSeveralFinalReadingsIsShort() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).finalReads();
        history.assign(8, true, A).work(8, poll(read(A, 0, 10), read(A, 1, 11)));
        history.finalReads().assign(9, true, A).work(9, poll(read(A, 0, 10)));

        shouldFind(Anomaly.VANISHED, A, 1, 11);
        assertThat(history.judge().findings().getFirst().what()).endsWith("but not by final reading [2] of 2");
    }

    @Test
    void shouldNotTakeForAFinalReaderWhoPolledBefore() {
        history.work(1, sent(A, 10, 0));
        Event.Operation before = new Event.Operation(2, 0, 9_000, new Action.Work(List.of(poll(read(A, 0, 10)))));
        history.finalReads().event(before).assign(9, true, A);

        shouldFind(Anomaly.VANISHED, A, 0, 10);
    }

    @Test
    void shouldFindTwoValuesAtAnOffsetOfWhichEachLeaderHasOne() {
        history.work(1, unknown(A, 10), unknown(A, 11)).finalReads();
        history.assign(8, true, A).work(8, poll(read(A, 0, 10)));
        history.finalReads().assign(9, true, A).work(9, poll(read(A, 0, 11)));

        assertThat(history.judge().byAnomaly())
                .containsOnly(entry(Anomaly.INCONSISTENT_OFFSETS, 1L), entry(Anomaly.VANISHED, 2L));
    }

    @Test
    void shouldFindAMemberThatBeganBelowWhatItsGroupHadCommitted() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1), sent(A, 12, 2))
                .subscribe(2, A)
                .work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10), read(A, 1, 11)))
                .commit(2, A, 2)
                .subscribe(3, A)
                .work(3, rebalanced(Rebalance.Change.ASSIGNED, A))
                .work(3, poll(read(A, 1, 11)));

        shouldFind(Anomaly.COMMIT_LOST, A, 1, 11);
    }

    @Test
    void shouldFindAMemberThatWasGivenBackAPartitionBelowItsOwnCommit() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1))
                .subscribe(2, A)
                .work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10), read(A, 1, 11)))
                .commit(2, A, 1)
                .commit(2, A, 2)
                .work(2, rebalanced(Rebalance.Change.REVOKED, A), rebalanced(Rebalance.Change.ASSIGNED, A))
                .work(2, poll(read(A, 1, 11)));

        shouldFind(Anomaly.COMMIT_LOST, A, 1, 11);
    }

    @Test
    void shouldFindAValueAtTwoOffsets() {
        history.work(1, sent(A, 10, 0)).work(2, poll(read(A, 0, 10), read(A, 1, 10)));

        shouldFind(Anomaly.DUPLICATE, A, 1, 10);
    }

    @Test
    void shouldFindADuplicateThatTwoReadersHaveSeenHalfOfEach() {
        history.work(1, unknown(A, 10)).work(2, poll(read(A, 0, 10))).work(3, poll(read(A, 5, 10)));

        shouldFind(Anomaly.DUPLICATE, A, 5, 10);
    }

    @Test
    void shouldFindSendsOfOneOperationInTheWrongOrder() {
        history.work(1, sent(A, 10, 1), sent(A, 11, 0)).work(2, poll(read(A, 0, 11), read(A, 1, 10)));

        shouldFind(Anomaly.REORDERED_WITHIN, A, 0, 11);
    }

    @Test
    void shouldFindSendsOfTwoOperationsInTheWrongOrder() {
        history.work(1, sent(A, 10, 1), sent(B, 20, 0)).work(1, sent(B, 21, 1)).work(1, sent(A, 11, 0));
        history.work(2, poll(read(A, 0, 11), read(A, 1, 10), read(B, 0, 20), read(B, 1, 21)));

        shouldFind(Anomaly.REORDERED, A, 0, 11);
    }

    @Test
    void shouldPlaceASendWithoutAcknowledgementWhereItWasRead() {
        history.work(1, unknown(A, 10)).work(1, sent(A, 11, 0)).work(2, poll(read(A, 0, 11), read(A, 1, 10)));

        shouldFind(Anomaly.REORDERED, A, 0, 11);
    }

    @Test
    void shouldFindTwoValuesAtOneOffset() {
        history.work(1, unknown(A, 10), unknown(A, 11))
                .work(2, poll(read(A, 0, 10)))
                .work(3, poll(read(A, 0, 11)));

        shouldFind(Anomaly.INCONSISTENT_OFFSETS, A, 0, 10);
    }

    @Test
    void shouldFindARefusedValueOnceHoweverOftenItIsRead() {
        history.work(1, refused(A, 10)).work(2, poll(read(A, 0, 10))).work(3, poll(read(A, 0, 10)));

        shouldFind(Anomaly.ABORTED_READ, A, 0, 10);
    }

    @Test
    void shouldFindAValueOfAnAbortedTransaction() {
        history.transaction(1, Outcome.REFUSED, sent(A, 10, 0)).work(2, poll(read(A, 0, 10)));

        shouldFind(Anomaly.ABORTED_READ, A, 0, 10);
    }

    @Test
    void shouldFindATransactionThatReadsItself() {
        history.transaction(1, Outcome.DONE, sent(A, 10, 0), poll(read(A, 0, 10)));

        shouldFind(Anomaly.PRECOMMITTED_READ, A, 0, 10);
    }

    @Test
    void shouldFindAValueThatNobodySent() {
        history.work(1, sent(A, 10, 0)).work(2, poll(read(A, 0, 10), read(A, 1, 77)));

        shouldFind(Anomaly.NEVER_SENT, A, 1, 77);
    }

    @Test
    void shouldFindAValueInAPartitionToWhichItWasNotSent() {
        history.work(1, sent(A, 10, 0)).work(2, poll(read(A, 0, 10), read(B, 0, 10)));

        shouldFind(Anomaly.NEVER_SENT, B, 0, 10);
    }

    @Test
    void shouldFindTransactionsThatHaveReadEachOther() {
        history.transaction(1, Outcome.DONE, sent(A, 10, 0), poll(read(B, 0, 20)))
                .transaction(2, Outcome.DONE, sent(B, 20, 0), poll(read(A, 0, 10)));
        // One before both, one after both: in no circle.
        history.transaction(3, Outcome.DONE, sent(A, 11, 2), poll(read(B, 0, 20)))
                .transaction(4, Outcome.DONE, poll(read(A, 0, 10), read(A, 2, 11)));

        shouldFind(Anomaly.CYCLE, A, 0, 10);
    }

    @Test
    void shouldFindARecordThatOneOperationPassedOver() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1), sent(A, 12, 2)).work(3, poll(read(A, 1, 11)));
        history.assign(2, false, A).work(2, poll(read(A, 0, 10)), poll(read(A, 2, 12)));

        shouldFind(Anomaly.POLL_SKIP_WITHIN, A, 2, 12);
    }

    @Test
    void shouldFindARecordThatWasPassedOverBetweenOperations() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1), sent(A, 12, 2)).work(3, poll(read(A, 1, 11)));
        history.assign(2, false, A).work(2, poll(read(A, 0, 10))).work(2, poll(read(A, 2, 12)));

        shouldFind(Anomaly.POLL_SKIP, A, 2, 12);
    }

    @Test
    void shouldFindARecordThatWasPassedOverWhileThePartitionStayedAssigned() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1), sent(A, 12, 2)).work(3, poll(read(A, 1, 11)));
        history.assign(2, false, A)
                .work(2, poll(read(A, 0, 10)))
                .assign(2, false, A, B)
                .work(2, poll(read(A, 2, 12)));

        shouldFind(Anomaly.POLL_SKIP, A, 2, 12);
    }

    @Test
    void shouldFindAFirstRecordThatWasPassedOver() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).work(3, poll(read(A, 0, 10)));
        history.assign(2, true, A).work(2, poll(read(A, 1, 11)));

        shouldFind(Anomaly.POLL_SKIP, A, 1, 11);
    }

    @Test
    void shouldFindThatWhoTookAPartitionDidNotBeginAtItsFirstRecord() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1), sent(B, 20, 0)).work(3, poll(read(A, 0, 10)));
        history.assign(2, false, B).work(2, poll(read(B, 0, 20))).assign(2, false, A, B);
        history.work(2, poll(read(A, 1, 11)));

        shouldFind(Anomaly.POLL_SKIP, A, 1, 11);
    }

    @Test
    void shouldFindAnOperationThatWentBack() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1));
        history.assign(2, false, A).work(2, poll(read(A, 0, 10), read(A, 1, 11), read(A, 0, 10)));

        shouldFind(Anomaly.BACKWARD_POLL_WITHIN, A, 0, 10);
    }

    @Test
    void shouldFindARecordThatWasReadTwice() {
        history.work(1, sent(A, 10, 0)).assign(2, false, A).work(2, poll(read(A, 0, 10)), poll(read(A, 0, 10)));

        shouldFind(Anomaly.BACKWARD_POLL_WITHIN, A, 0, 10);
    }

    @Test
    void shouldFindAConsumerThatWentBackBetweenOperations() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1));
        history.assign(2, false, A)
                .work(2, poll(read(A, 0, 10), read(A, 1, 11)))
                .work(2, poll(read(A, 0, 10)));

        shouldFind(Anomaly.BACKWARD_POLL, A, 0, 10);
    }

    @Test
    void shouldFindAMemberOfAGroupThatWentBackWithoutARebalance() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).subscribe(2, A);
        history.work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10), read(A, 1, 11)))
                .work(2, poll(read(A, 0, 10)));

        shouldFind(Anomaly.BACKWARD_POLL, A, 0, 10);
    }

    @Test
    void shouldFindAMemberOfAGroupThatWentBackWhileAnotherPartitionWasRebalanced() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).subscribe(2, A);
        history.work(2, rebalanced(Rebalance.Change.ASSIGNED, A, read(A, 0, 10), read(A, 1, 11)))
                .work(2, rebalanced(Rebalance.Change.REVOKED, B, read(A, 0, 10)));

        shouldFind(Anomaly.BACKWARD_POLL, A, 0, 10);
    }

    @Test
    void shouldFindATransactionOfWhichOneReplicaHasAPart() {
        history.transaction(1, Outcome.DONE, sent(A, 10, 0), sent(B, 11, 0)).finalReads();
        history.assign(8, true, A, B).work(8, poll(read(A, 0, 10), read(B, 0, 11)));
        history.finalReads().assign(9, true, A, B).work(9, poll(read(A, 0, 10)));

        assertThat(history.judge().findings())
                .extracting(Finding::anomaly, Finding::log, Finding::value)
                .containsExactlyInAnyOrder(tuple(Anomaly.VANISHED, B, 11L), tuple(Anomaly.TORN, B, 11L));
        assertThat(history.judge().findings().getLast().what()).startsWith("final reading 2 has value 10 of a-0");
    }

    @Test
    void shouldFindAPartOfAnAbortedTransaction() {
        history.transaction(1, Outcome.REFUSED, sent(A, 10, 0), sent(B, 11, 0)).finalReads();
        history.assign(9, true, A, B).work(9, poll(read(A, 0, 10)));

        assertThat(history.judge().findings())
                .extracting(Finding::anomaly, Finding::log, Finding::value)
                .containsExactlyInAnyOrder(tuple(Anomaly.ABORTED_READ, A, 10L), tuple(Anomaly.TORN, B, 11L));
    }

    @Test
    void shouldFindARecordThatAGroupCopiedTwice() {
        history.work(1, sent(A, 10, 0)).subscribe(2, A).subscribe(3, A);
        history.transaction(2, Outcome.DONE, poll(read(A, 0, 10)), moved(A, 1), sent(B, 20, 0));
        history.transaction(3, Outcome.DONE, poll(read(A, 0, 10)), moved(A, 1), sent(B, 21, 2));
        history.work(4, poll(read(B, 0, 20), read(B, 2, 21)));

        shouldFind(Anomaly.COPIED_AGAIN, A, 0, 10);
    }

    @Test
    void shouldFindARecordThatAGroupCopiedAgainThoughNobodyWasTold() {
        history.work(1, sent(A, 10, 0)).subscribe(2, A).subscribe(3, A);
        history.transaction(2, Outcome.UNKNOWN, poll(read(A, 0, 10)), moved(A, 1), unknown(B, 20));
        history.transaction(3, Outcome.DONE, poll(read(A, 0, 10)), moved(A, 1), sent(B, 21, 2));
        history.work(4, poll(read(B, 0, 20), read(B, 2, 21)));

        shouldFind(Anomaly.COPIED_AGAIN, A, 0, 10);
    }

    @Test
    void shouldFindThatOffsetsMovedWithoutTheOutput() {
        history.work(1, sent(A, 10, 0), sent(A, 11, 1)).subscribe(2, A).subscribe(3, A);
        history.transaction(2, Outcome.REFUSED, poll(read(A, 0, 10)), moved(A, 1), unknown(B, 20));
        history.transaction(3, Outcome.DONE, poll(read(A, 1, 11)), moved(A, 2), sent(B, 21, 2));
        history.finalReads().work(4, poll(read(A, 0, 10), read(A, 1, 11), read(B, 2, 21)));

        shouldFind(Anomaly.NOT_COPIED, A, 0, 10);
    }

    @Test
    void shouldFindThatTheOutputMovedWithoutOffsets() {
        history.work(1, sent(A, 10, 0)).subscribe(2, A);
        history.transaction(2, Outcome.DONE, poll(read(A, 0, 10)), moved(A, 1), sent(B, 20, 0));
        history.standing(A, 0).finalReads().work(4, poll(read(A, 0, 10), read(B, 0, 20)));

        shouldFind(Anomaly.OFFSET_APART, A, 0, Step.UNTOLD);
    }

    @Test
    void shouldFindThatOffsetsMovedThoughTheTransactionWasAborted() {
        history.work(1, sent(A, 10, 0)).subscribe(2, A);
        history.transaction(2, Outcome.REFUSED, poll(read(A, 0, 10)), moved(A, 1), unknown(B, 20));
        history.standing(A, 1).finalReads().work(4, poll(read(A, 0, 10)));

        shouldFind(Anomaly.OFFSET_APART, A, 1, Step.UNTOLD);
    }

    @Test
    void shouldFindThatOffsetsAreLostThatMovedWithATransaction() {
        history.work(1, sent(A, 10, 0)).subscribe(2, A).subscribe(3, A);
        history.transaction(2, Outcome.DONE, poll(read(A, 0, 10)), moved(A, 1), sent(B, 20, 0));
        history.work(3, rebalanced(Rebalance.Change.ASSIGNED, A))
                .work(3, poll(read(A, 0, 10)))
                .work(4, poll(read(B, 0, 20)));

        shouldFind(Anomaly.COMMIT_LOST, A, 0, 10);
    }

    @Test
    void shouldPassOnThatATransactionHangs() {
        history.hanging(A, 5);

        shouldFind(Anomaly.HANGING, A, 5, Step.UNTOLD);
    }

    @Test
    void shouldPassOnThatTheClusterDidNotComeBack() {
        history.breakdown("broker 2 ended by itself");

        shouldFind(Anomaly.BREAKDOWN, null, Step.UNTOLD, Step.UNTOLD);
    }
}
