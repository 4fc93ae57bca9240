package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions that are open for longer than any coordinator lets them be (KIP-664). */
class HangingTransactionTest {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(0);
    private static final long LATE_MS = 900_000 + 300_000;

    @TempDir
    Path root;

    private TestingLogs logs;
    private SegmentedLog log;

    @BeforeEach
    void begin() {
        logs = new TestingLogs(root, Disk.system());
        log = logs.create(TopicProperties.DEFAULTS);
    }

    private void write(long producerId, int sequence, long timestamp) {
        CheckedBatches batches = TestingBatches.transactional(producerId, 0, sequence, 1, timestamp);
        assertThat(log.appendAsLeader(batches, EPOCH, TestingBatches.origin(log, batches)))
                .isInstanceOf(AppendResult.Appended.class);
    }

    private void end(long producerId) {
        log.appendAsLeader(
                TestingBatches.marker(producerId, 0, false, 0, logs.clock.wallMs()), EPOCH, AppendOrigin.COORDINATOR);
    }

    @Test
    void shouldCountFromTheBeginningOfTheOneThatIsOpenForLongest() {
        // given  two, a minute apart, of which the first goes on writing
        write(1, 0, logs.clock.wallMs());
        logs.clock.advance(60_000);
        write(2, 0, logs.clock.wallMs());
        logs.clock.advance(LATE_MS - 60_000);
        write(1, 1, logs.clock.wallMs());
        assertThat(log.hasLateTransaction()).isFalse();
        // when, then
        logs.clock.advance(1);
        assertThat(log.hasLateTransaction()).isTrue();
        end(1);
        assertThat(log.hasLateTransaction()).isFalse();
        logs.clock.advance(60_000);
        assertThat(log.hasLateTransaction()).isTrue();
        end(2);
        assertThat(log.hasLateTransaction()).isFalse();
    }

    @Test
    void shouldNotMindRecordsThatAreOldWhenTheyAreSent() {
        write(1, 0, logs.clock.wallMs() - 100 * LATE_MS);
        assertThat(log.hasLateTransaction()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKnowItStillAfterARestart(boolean clean) throws IOException {
        // given
        write(1, 0, logs.clock.wallMs());
        logs.clock.advance(LATE_MS + 1);
        // when
        if (clean) {
            log.close();
        } else {
            log.abandon();
        }
        logs.renewFolder();
        log = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(clean, 0, 1, 0));
        // then
        assertThat(log.hasLateTransaction()).isTrue();
        log.truncateTo(0).toCompletableFuture().join();
        assertThat(log.hasLateTransaction()).isFalse();
    }
}
