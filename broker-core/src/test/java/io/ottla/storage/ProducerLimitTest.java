package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import io.ottla.config.ProducerStateProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.record.CheckedBatches;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partition that knows as many producers as it may. */
class ProducerLimitTest {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(0);
    private static final int MOST = 3;
    private static final int EXPIRATION_MS = 10_000;

    @TempDir
    Path root;

    private final Counter refusals = new Metrics().counter("refused_total", "", Labels.NONE);
    private int most = MOST;
    private TestingLogs logs;
    private SegmentedLog log;

    @BeforeEach
    void begin() {
        logs = new TestingLogs(root, Disk.system());
        logs.settings = logs.settings.withProducers(new ProducerStateProperties(EXPIRATION_MS, 1000, MOST, 900_000));
        logs.producerLimit = new ProducerLimit(() -> most, refusals);
        logs.renewFolder();
        log = logs.create(TopicProperties.DEFAULTS);
    }

    private AppendResult append(CheckedBatches batches) {
        return log.appendAsLeader(batches, EPOCH, TestingBatches.origin(log, batches));
    }

    private AppendResult write(long producerId, int sequence) {
        return append(TestingBatches.idempotent(producerId, 0, sequence, 1, logs.clock.wallMs()));
    }

    private void fill() {
        for (int producer = 1; producer <= MOST; producer++) {
            assertThat(write(producer, 0)).isInstanceOf(AppendResult.Appended.class);
        }
        assertThat(log.producerCount()).isEqualTo(MOST);
    }

    private void reopen(boolean clean) throws IOException {
        if (clean) {
            log.close();
        } else {
            log.abandon();
        }
        logs.renewFolder();
        log = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(clean, 0, log.logEndOffset(), 0));
    }

    @Test
    void shouldRefuseANewProducerAndSayWhatToDo() {
        fill();
        // when, then
        assertThat(write(9, 0)).isInstanceOfSatisfying(AppendResult.Refused.class, refused -> {
            assertThat(refused.failure().error()).isEqualTo(Errors.POLICY_VIOLATION);
            assertThat(refused.failure().text())
                    .contains("at most 3 producers in t-0", "max.producer.ids.per.partition", "producer 9");
        });
        assertThat(refusals.value()).isOne();
        assertThat(log.logEndOffset()).isEqualTo(MOST);
    }

    @Test
    void shouldLetThoseGoOnWhoAreKnownAndThoseWithoutAnId() {
        fill();
        // when, then  what they send anew, once more, or in the next epoch
        assertThat(write(1, 1)).isInstanceOf(AppendResult.Appended.class);
        assertThat(write(1, 1)).isInstanceOf(AppendResult.Duplicate.class);
        assertThat(append(TestingBatches.idempotent(2, 1, 0, 1, logs.clock.wallMs())))
                .isInstanceOf(AppendResult.Appended.class);
        assertThat(append(TestingBatches.plain(1, logs.clock.wallMs(), 10))).isInstanceOf(AppendResult.Appended.class);
        assertThat(refusals.value()).isZero();
    }

    @Test
    void shouldForgetWhoIsExpiredBeforeItRefuses() {
        fill();
        logs.clock.advance(EXPIRATION_MS - 1);
        assertThat(write(1, 1)).isInstanceOf(AppendResult.Appended.class);
        assertThat(write(8, 0)).isInstanceOf(AppendResult.Refused.class);
        // when   others than the first are silent for too long, by the next time that they are looked for
        logs.clock.advance(1000);
        // then
        assertThat(write(8, 0)).isInstanceOf(AppendResult.Appended.class);
        assertThat(log.activeProducers()).extracting(ProducerView::producerId).containsExactlyInAnyOrder(1L, 8L);
        assertThat(log.producerCount()).isEqualTo(2);
    }

    @Test
    void shouldNeverForgetWhoHasATransactionOpen() {
        // given
        for (int producer = 1; producer <= MOST; producer++) {
            append(TestingBatches.transactional(producer, 0, 0, 1, logs.clock.wallMs()));
        }
        logs.clock.advance(10L * EXPIRATION_MS);
        // when, then
        assertThat(write(8, 0)).isInstanceOf(AppendResult.Refused.class);
        assertThat(log.producerCount()).isEqualTo(MOST);
        // and    the end of one makes room once it is silent for long enough
        log.appendAsLeader(TestingBatches.marker(1, 0, true, 0, logs.clock.wallMs()), EPOCH, AppendOrigin.COORDINATOR);
        logs.clock.advance(EXPIRATION_MS);
        assertThat(write(8, 0)).isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void shouldLearnWhatTheLogSaysHoweverManyThereAre() throws IOException {
        fill();
        // when   the leader has taken more, or the broker's coordinators write
        for (int producer = 10; producer < 15; producer++) {
            long end = log.logEndOffset();
            var batch = TestingBatches.idempotent(producer, 0, 0, 1, logs.clock.wallMs())
                    .buffer();
            new io.ottla.record.RecordBatch().wrap(batch, 0).stamp(end, 0);
            assertThat(log.appendAsFollower(batch)).isInstanceOf(AppendResult.Appended.class);
        }
        log.appendAsLeader(
                TestingBatches.transactional(20, 0, 0, 1, logs.clock.wallMs()),
                EPOCH,
                new AppendOrigin.Offsets(TestingBatches.verified(log, 20, (short) 0)));
        // then
        assertThat(log.producerCount()).isEqualTo(MOST + 6);
        for (boolean clean : List.of(true, false)) {
            reopen(clean);
            assertThat(log.producerCount()).isEqualTo(MOST + 6);
            assertThat(write(12, 0)).isInstanceOf(AppendResult.Duplicate.class);
            assertThat(write(99, 0)).isInstanceOf(AppendResult.Refused.class);
        }
    }

    @Test
    void shouldFollowTheSettingWhileItRuns() {
        fill();
        assertThat(write(8, 0)).isInstanceOf(AppendResult.Refused.class);
        most = MOST + 1;
        assertThat(write(8, 0)).isInstanceOf(AppendResult.Appended.class);
        most = 1;
        assertThat(write(9, 0)).isInstanceOf(AppendResult.Refused.class);
        assertThat(write(8, 1)).isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void shouldWriteALineAMinuteAndNoMore() {
        fill();
        try (TestingLines lines = TestingLines.of(ProducerAdmission.class)) {
            for (int i = 0; i < 50; i++) {
                write(100 + i, 0);
            }
            assertThat(lines.all())
                    .singleElement()
                    .isEqualTo(
                            "WARN t-0 knows 3 producers, as many as it may (max.producer.ids.per.partition):"
                                    + " batches of new ones are refused, 1 since the last such line, the last one of producer 100");
            most = 2; // nobody is forgotten meanwhile
            logs.clock.advance(60_000);
            for (int producer = 1; producer <= MOST; producer++) {
                write(producer, 1);
            }
            write(150, 0);
            assertThat(lines.all())
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("50 since the last such line", "producer 150");
        }
        assertThat(refusals.value()).isEqualTo(51);
    }
}
