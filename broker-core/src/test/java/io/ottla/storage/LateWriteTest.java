package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A marker comes while a batch waits for the coordinator's word (KIP-890). */
class LateWriteTest {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(0);
    private static final long PRODUCER = 7;

    @TempDir
    Path root;

    private TestingLogs logs;
    private SegmentedLog log;

    @BeforeEach
    void begin() {
        logs = new TestingLogs(root, Disk.system());
        log = logs.create(TopicProperties.DEFAULTS);
    }

    private UnverifiedTransaction ask(int epoch, boolean hasOwnEpoch) {
        return (UnverifiedTransaction) log.transaction(PRODUCER, (short) epoch, hasOwnEpoch);
    }

    private static VerifiedTransaction verified(UnverifiedTransaction asked) {
        List<Verification> given = new ArrayList<>();
        UnverifiedTransaction.verify(
                List.of(asked),
                (partitions, answer) -> {
                    Map<TopicPartition, Failure> none = new HashMap<>();
                    partitions.forEach(partition -> none.put(partition, null));
                    answer.accept(none);
                },
                given::addAll);
        return (VerifiedTransaction) given.getFirst();
    }

    private AppendResult write(int epoch, VerifiedTransaction leave) {
        CheckedBatches batches = TestingBatches.transactional(PRODUCER, epoch, 0, 1, logs.clock.wallMs());
        return log.appendAsLeader(batches, EPOCH, leave);
    }

    private void end(int epoch, int version) {
        assertThat(log.appendAsLeader(
                        TestingBatches.marker(PRODUCER, epoch, false, 0, logs.clock.wallMs()),
                        EPOCH,
                        new AppendOrigin.Coordinator(version)))
                .isInstanceOf(AppendResult.Appended.class);
    }

    /** However the client that writes and the one that ends are mixed. */
    @ParameterizedTest
    @CsvSource({"false, 0, 0", "false, 2, 1", "true, 0, 0", "true, 0, 1", "true, 2, 2"})
    void shouldBeginNoTransactionThatNobodyEnds(boolean hasOwnEpoch, int version, int markersEpoch) {
        // given
        UnverifiedTransaction asked = ask(1, hasOwnEpoch);
        // when
        end(markersEpoch, version);
        // then
        assertThat(write(1, verified(asked)))
                .isInstanceOfSatisfying(
                        AppendResult.Refused.class,
                        refused -> assertThat(refused.failure().error())
                                .isIn(Errors.INVALID_TXN_STATE, Errors.INVALID_PRODUCER_EPOCH));
        assertThat(log.firstUnstableOffset()).isEmpty();
    }

    @Test
    void shouldBeginTheNextOneWhileTheMarkerOfTheOneBeforeComes() {
        // given  the next one has the epoch of that marker
        UnverifiedTransaction asked = ask(1, true);
        end(1, 2);
        // when, then
        assertThat(write(1, verified(asked))).isInstanceOf(AppendResult.Appended.class);
    }
}
