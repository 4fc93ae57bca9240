package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import io.ottla.config.TopicProperties;
import io.ottla.record.BatchFilter;
import io.ottla.record.CheckedBatches;
import io.ottla.record.RecordBatch;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProducerAndRetentionTest {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(1);

    @TempDir
    Path root;

    private TestingLogs logs;
    private long now;

    @BeforeEach
    void begin() {
        logs = new TestingLogs(root, Disk.system());
        now = logs.clock.wallMs();
    }

    private static AppendResult append(PartitionLog log, CheckedBatches batches) {
        return log.appendAsLeader(batches, EPOCH, TestingBatches.origin(log, batches));
    }

    private static Errors error(AppendResult result) {
        return ((AppendResult.Refused) result).failure().error();
    }

    @Test
    void shouldAnswerTheLastFiveBatchesWithTheirFirstOffset() {
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        for (int i = 0; i < 6; i++) {
            append(log, TestingBatches.idempotent(5, 0, i * 2, 2, now));
        }
        for (int i = 1; i < 6; i++) {
            assertThat(append(log, TestingBatches.idempotent(5, 0, i * 2, 2, now)))
                    .isEqualTo(new AppendResult.Duplicate(i * 2L, i * 2L + 1, now + 1));
        }
        assertThat(error(append(log, TestingBatches.idempotent(5, 0, 0, 2, now))))
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(log.logEndOffset()).isEqualTo(12);
    }

    @Test
    void shouldAnswerTheLastFiveBatchesAlsoAfterARestart() throws IOException {
        // given  a log that was closed behind six batches
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        for (int i = 0; i < 6; i++) {
            append(log, TestingBatches.idempotent(5, 0, i * 2, 2, now));
        }
        for (int restarts = 0; restarts < 2; restarts++) {
            log.close();
            log = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(true, 0, 12, 0));
            // when, then
            for (int i = 1; i < 6; i++) {
                assertThat(append(log, TestingBatches.idempotent(5, 0, i * 2, 2, now)))
                        .isEqualTo(new AppendResult.Duplicate(i * 2L, i * 2L + 1, now + 1));
            }
            assertThat(error(append(log, TestingBatches.idempotent(5, 0, 0, 2, now))))
                    .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        }
    }

    @Test
    void shouldKnowARetryAgainWhoseBatchASnapshotOfKafkasDoesNotHave() throws IOException {
        // given  a log that was closed behind six batches by Kafka, whose snapshot keeps the last one
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        for (int i = 0; i < 6; i++) {
            append(log, TestingBatches.idempotent(5, 0, i * 2, 2, now));
        }
        log.close();
        leaveToItWhatKafkaWrites(snapshot(12));
        for (int restarts = 0; restarts < 2; restarts++) {
            log = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(true, 0, 12 + restarts, 0));
            // when, then  the last ones are sent again
            assertThat(append(log, TestingBatches.idempotent(5, 0, 10, 2, now)))
                    .isEqualTo(new AppendResult.Duplicate(10, 11, now + 1));
            assertThat(append(log, TestingBatches.idempotent(5, 0, 8, 2, now)))
                    .isEqualTo(new AppendResult.Duplicate(-1, 11, -1));
            assertThat(append(log, TestingBatches.idempotent(5, 0, 2, 2, now)))
                    .isEqualTo(new AppendResult.Duplicate(-1, 11, -1));
            // and  neither a part of what is known, nor what comes after a gap, counts as such
            assertThat(error(append(log, TestingBatches.idempotent(5, 0, 8, 3, now))))
                    .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            assertThat(error(append(log, TestingBatches.idempotent(5, 0, 14, 1, now))))
                    .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            // and  a snapshot of our own that follows does not claim to know more
            append(log, TestingBatches.idempotent(6, 0, restarts, 1, now));
            log.close();
        }
        log = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(true, 0, 14, 0));
        // when  it goes on, until nothing that is missing can be in flight any more
        for (int i = 6; i < 10; i++) {
            assertThat(append(log, TestingBatches.idempotent(5, 0, i * 2, 2, now)))
                    .isInstanceOf(AppendResult.Appended.class);
        }
        // then
        assertThat(error(append(log, TestingBatches.idempotent(5, 0, 8, 2, now))))
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(log.logEndOffset()).isEqualTo(22);
    }

    private Path snapshot(long offset) {
        return SegmentFiles.file(logs.path(), offset, SegmentFiles.SNAPSHOT);
    }

    private static void leaveToItWhatKafkaWrites(Path snapshot) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(snapshot));
        ByteBuffer entries = all.slice(0, 10 + all.getInt(6) * 46);
        CRC32C crc = new CRC32C();
        crc.update(entries.duplicate().position(6));
        entries.putInt(2, (int) crc.getValue());
        byte[] bytes = new byte[entries.remaining()];
        entries.get(bytes);
        Files.write(snapshot, bytes);
    }

    @Test
    void shouldCheckSequencesAndEpochs() {
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        // a producer that nobody knows may begin anywhere
        assertThat(append(log, TestingBatches.idempotent(5, 1, 7, 1, now))).isInstanceOf(AppendResult.Appended.class);
        assertThat(error(append(log, TestingBatches.idempotent(5, 1, 9, 1, now))))
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(error(append(log, TestingBatches.idempotent(5, 0, 8, 1, now))))
                .isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(error(append(log, TestingBatches.idempotent(5, 2, 3, 1, now))))
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(append(log, TestingBatches.idempotent(5, 2, 0, 1, now))).isInstanceOf(AppendResult.Appended.class);
        // forgotten after its time
        logs.clock.advance(86_400_001);
        log.expireProducers(logs.clock.wallMs(), 86_400_000);
        assertThat(log.activeProducers()).isEmpty();
        assertThat(append(log, TestingBatches.idempotent(5, 2, 50, 1, logs.clock.wallMs())))
                .isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void shouldLetNothingOvertakeWhatAProducerHasSentToTheFormerLeader() {
        // given  a producer whose first batch waits for the former leader's answer, and its second one comes here
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        log.beginEpoch(EPOCH);
        CheckedBatches second = TestingBatches.idempotent(5, 0, 2, 2, now);
        assertThat(error(append(log, second))).isEqualTo(Errors.UNKNOWN_PRODUCER_ID);
        // when   the first one is tried here, too
        append(log, TestingBatches.idempotent(5, 0, 0, 2, now));
        // then
        assertThat(append(log, TestingBatches.idempotent(5, 0, 2, 2, now))).isInstanceOf(AppendResult.Appended.class);
        // and    who was forgotten may go on where it stands, when nobody waits for the former leader any more
        logs.clock.advance(60_000);
        assertThat(append(log, TestingBatches.idempotent(6, 0, 7, 2, now))).isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void shouldHaveWhoWasPutOffGoOnInOrder() {
        // given  a producer that was forgotten, and has sent three batches to a new leader
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        log.beginEpoch(EPOCH);
        for (int sequence : new int[] {9, 7, 11}) {
            assertThat(error(append(log, TestingBatches.idempotent(5, 0, sequence, 2, now))))
                    .isEqualTo(Errors.UNKNOWN_PRODUCER_ID);
        }
        // when   it tries again after the time in which it is put off
        logs.clock.advance(60_000);
        // then   what was sent first has to come first
        assertThat(error(append(log, TestingBatches.idempotent(5, 0, 9, 2, now))))
                .isEqualTo(Errors.UNKNOWN_PRODUCER_ID);
        assertThat(append(log, TestingBatches.idempotent(5, 0, 7, 2, now))).isInstanceOf(AppendResult.Appended.class);
        assertThat(append(log, TestingBatches.idempotent(5, 0, 9, 2, now))).isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void shouldPutNobodyOffWhereNobodyLedBefore() {
        // given
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        LeaderEpoch first = new LeaderEpoch(0);
        log.beginEpoch(first);
        // when, then
        assertThat(log.appendAsLeader(TestingBatches.idempotent(5, 0, 7, 2, now), first, AppendOrigin.CLIENT))
                .isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void shouldLetNothingOvertakeWhatWasRefused() {
        // given  a leader that refused a batch and takes the next one
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        append(log, TestingBatches.idempotent(6, 0, 0, 2, now));
        log.appendsWereRefused();
        assertThat(error(append(log, TestingBatches.idempotent(5, 0, 2, 2, now))))
                .isEqualTo(Errors.UNKNOWN_PRODUCER_ID);
        // and    who is known goes on
        assertThat(append(log, TestingBatches.idempotent(6, 0, 2, 2, now))).isInstanceOf(AppendResult.Appended.class);
        // when   the refused one is tried again
        assertThat(append(log, TestingBatches.idempotent(5, 0, 0, 2, now))).isInstanceOf(AppendResult.Appended.class);
        // then
        assertThat(append(log, TestingBatches.idempotent(5, 0, 2, 2, now))).isInstanceOf(AppendResult.Appended.class);
        logs.clock.advance(60_000);
        assertThat(append(log, TestingBatches.idempotent(7, 0, 2, 2, now))).isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void shouldNotTakeForADuplicateWhatNeverWasHere() throws IOException {
        // given  a producer whose first batch was refused, and another one was taken behind it
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        append(log, TestingBatches.idempotent(6, 0, 4, 2, now));
        CheckedBatches first = TestingBatches.idempotent(6, 0, 2, 2, now);
        assertThat(error(append(log, first))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        // when   the log is opened anew before it tries the first one again
        log.close();
        log = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(true, 0, 2, 0));
        // then
        assertThat(error(append(log, TestingBatches.idempotent(6, 0, 2, 2, now))))
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(append(log, TestingBatches.idempotent(6, 0, 4, 2, now)))
                .isEqualTo(new AppendResult.Duplicate(0, 1, now + 1));
    }

    @Test
    void shouldWrapSequences() {
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        append(log, TestingBatches.idempotent(5, 0, Integer.MAX_VALUE - 1, 3, now));
        assertThat(append(log, TestingBatches.idempotent(5, 0, Integer.MAX_VALUE - 1, 3, now)))
                .isEqualTo(new AppendResult.Duplicate(0, 2, now + 2));
        assertThat(append(log, TestingBatches.idempotent(5, 0, 1, 1, now))).isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void shouldKeepTransactionsInViewUntilTheirMarkerIsReplicatedAndOverARestart() throws IOException {
        // given  two transactions, one aborted, one open
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        append(log, TestingBatches.transactional(1, 0, 0, 2, now));
        append(log, TestingBatches.transactional(2, 0, 0, 2, now));
        assertThat(error(append(log, TestingBatches.idempotent(2, 0, 2, 1, now))))
                .isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(log.firstUnstableOffset()).isEqualTo(OptionalLong.of(0));
        log.appendAsLeader(TestingBatches.marker(1, 0, false, 4, now), EPOCH, AppendOrigin.COORDINATOR);
        assertThat(error(log.appendAsLeader(
                        TestingBatches.marker(1, 0, false, 3, now), EPOCH, AppendOrigin.COORDINATOR)))
                .isEqualTo(Errors.TRANSACTION_COORDINATOR_FENCED);
        assertThat(log.firstUnstableOffset()).isEqualTo(OptionalLong.of(0));
        log.advanceHighWatermark(5);
        assertThat(log.firstUnstableOffset()).isEqualTo(OptionalLong.of(2));
        // when
        for (boolean clean : new boolean[] {true, false}) {
            log.close();
            log = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(clean, 0, 5, 0));
            // then
            assertThat(log.firstUnstableOffset()).isEqualTo(OptionalLong.of(2));
            assertThat(log.abortedTransactions(0, 5)).containsExactly(new AbortedTransaction(1, 0));
            assertThat(log.abortedTransactions(5, 6)).isEmpty();
        }
        log.appendAsLeader(TestingBatches.marker(2, 0, true, 4, now), EPOCH, AppendOrigin.COORDINATOR);
        log.advanceHighWatermark(6);
        assertThat(log.firstUnstableOffset()).isEmpty();
    }

    @Test
    void shouldNotTakeATransactionForOpenThatEndedBeforeTheLogsStart() throws IOException {
        // given  a snapshot in which it is open, its end behind that, and the log's start behind both
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        append(log, TestingBatches.transactional(1, 0, 0, 2, now));
        log.advanceHighWatermark(2);
        log.rollSoon();
        log.appendAsLeader(TestingBatches.marker(1, 0, false, 4, now), EPOCH, AppendOrigin.COORDINATOR);
        append(log, TestingBatches.plain(2, now, 10));
        log.advanceHighWatermark(5);
        assertThat(log.advanceLogStart(4)).isTrue();
        assertThat(snapshot(2)).exists();
        // when
        log.abandon();
        log = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(false, 2, 5, 4));
        // then
        assertThat(log.firstUnstableOffset()).isEmpty();
        assertThat(log.activeProducers()).singleElement().isEqualTo(new ProducerView(1, (short) 0, 1, now, 4, -1));
    }

    @Test
    void shouldKnowATransactionThatBeganInTheBatchWithTheLogsStart() throws IOException {
        // given
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        append(log, TestingBatches.transactional(1, 0, 0, 3, now));
        log.advanceHighWatermark(3);
        assertThat(log.advanceLogStart(1)).isTrue();
        // when
        log.abandon();
        log = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(false, 0, 3, 1));
        // then
        assertThat(log.firstUnstableOffset()).hasValue(1);
        log.appendAsLeader(TestingBatches.marker(1, 0, false, 4, now), EPOCH, AppendOrigin.COORDINATOR);
        assertThat(log.abortedTransactions(1, 4)).containsExactly(new AbortedTransaction(1, 0));
    }

    @Test
    void shouldKeepAProducerOfWhomCompactionLeftTheEpochAlone() {
        // given
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        ByteBuffer marker = TestingBatches.marker(5, 3, false, 1, now).buffer();
        assertThat(log.appendAsFollower(BatchFilter.empty(new RecordBatch().wrap(marker, 0))))
                .isInstanceOf(AppendResult.Appended.class);
        // when
        log.expireProducers(now, 86_400_000);
        // then
        assertThat(log.activeProducers()).singleElement().isEqualTo(new ProducerView(5, (short) 3, -1, now, -1, -1));
        assertThat(error(append(log, TestingBatches.idempotent(5, 2, 0, 1, now))))
                .isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void shouldDeleteTheOldestByTimeAndNeverPastTheHighWatermark() {
        // given  segments a day apart
        TopicProperties properties =
                new TestingTopic().segmentBytes(300).retentionMs(86_400_000).properties();
        SegmentedLog log = logs.create(properties);
        for (int i = 0; i < 10; i++) {
            append(log, TestingBatches.plain(2, logs.clock.wallMs(), 60));
            logs.clock.advance(40_000_000);
        }
        // when, then
        log.retain();
        assertThat(log.logStartOffset()).isZero();
        log.advanceHighWatermark(5);
        try (TestingLines lines = TestingLines.of(Retention.class)) {
            log.retain();
            assertThat(lines.all())
                    .singleElement()
                    .asString()
                    .matches("INFO Deleting 2 segments of t-0, \\d+ bytes, offsets 0 to 3: the log starts at 4 now");
        }
        assertThat(log.logStartOffset()).isEqualTo(4);
        log.advanceHighWatermark(20);
        log.retain();
        assertThat(log.logStartOffset()).isEqualTo(16);
        // an active segment that is too old goes once the log has gone on in a new one
        logs.clock.advance(200_000_000);
        log.retain();
        assertThat(log.logStartOffset()).isEqualTo(20);
        assertThat(log.segments()).isOne();
        assertThat(log.logEndOffset()).isEqualTo(20);
    }

    @Test
    void shouldRollByTimeAndByIndex() {
        SegmentedLog byTime = logs.create(new TestingTopic().segmentMs(1000).properties());
        append(byTime, TestingBatches.plain(1, now, 10));
        append(byTime, TestingBatches.plain(1, now + 1000, 10));
        assertThat(byTime.segments()).isOne();
        append(byTime, TestingBatches.plain(1, now + 1001, 10));
        assertThat(byTime.segments()).isEqualTo(2);
    }

    @Test
    void shouldAcknowledgeOnlyWhatIsOnDiskWhereTheTopicFlushesEachMessage() {
        // given  flushes that wait
        TestingThreads threads = logs.threads;
        SegmentedLog log = logs.create(new TestingTopic().flushMessages(1).properties());
        long[] told = {0};
        log.listen(new PartitionLog.Listener() {
            @Override
            public void onAcknowledgeable(PartitionLog which) {
                told[0] = which.acknowledgeableOffset();
            }

            @Override
            public void onLogStartMoved(PartitionLog which) {}

            @Override
            public void onSuspect(PartitionLog which, long offset) {}

            @Override
            public void onFailed(PartitionLog which) {}
        });
        threads.holdFlushes();
        append(log, TestingBatches.plain(3, now, 10));
        append(log, TestingBatches.plain(3, now, 10));
        assertThat(log.acknowledgeableOffset()).isZero();
        // when
        threads.runFlushes();
        // then  one fsync has served both
        assertThat(log.acknowledgeableOffset()).isEqualTo(6);
        assertThat(told[0]).isEqualTo(6);
    }

    @Test
    void shouldAcknowledgeWhatRecoveryFoundWithoutFurtherAppends() {
        // given  records that a process left unflushed
        TopicProperties eachMessage = new TestingTopic().flushMessages(1).properties();
        logs.threads.holdFlushes();
        append(logs.create(eachMessage), TestingBatches.plain(3, now, 10));
        // when  another opens the log and listens
        SegmentedLog log = logs.open(eachMessage, LogOpener.Known.NOTHING);
        assertThat(log.acknowledgeableOffset()).isZero();
        log.listen(SilentListener.INSTANCE);
        logs.threads.runFlushes();
        // then
        assertThat(log.acknowledgeableOffset()).isEqualTo(3);
    }
}
