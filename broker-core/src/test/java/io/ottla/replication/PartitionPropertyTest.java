package io.ottla.replication;

import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.metrics.Metrics;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.protocol.Errors;

/** A partition against a model of it, over random histories. */
class PartitionPropertyTest {
    @Property(tries = 500)
    void shouldEndEachWaiterOnceAndNeverBeforeItsOffsetIsCommitted(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps) {
        TopicPartition name = new TopicPartition("t", 0);
        TestingLog log =
                new TestingLog(name, TopicId.ZERO, new TestingFolder(Path.of("data")), TopicProperties.DEFAULTS);
        Partition partition = new Partition(
                name, TopicId.ZERO, SELF, new TopicMeters(new Metrics()).of("t"), new TestingSurroundings());
        Random random = new Random(seed);
        List<TestingWaiter> waiters = new ArrayList<>();
        partition.apply(state(1, 1, 1, new int[] {1, 2}, new int[] {1, 2}));
        partition.opened(log);
        log.holdAcknowledgement();
        int epoch = 1;
        int version = 1;
        boolean leads = true;
        boolean acknowledged = false;
        long followerEnd = -1;
        boolean alone = false;
        long committed = 0;
        long flushed = 0;
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(7)) {
                case 0, 1 -> {
                    int records = 1 + random.nextInt(3);
                    if (partition.role() instanceof Role.Leading leading) {
                        AppendResult result =
                                partition.append(leading, TestingBatches.of(records), AppendOrigin.CLIENT, true);
                        assertThat(result).isInstanceOf(AppendResult.Appended.class);
                        TestingWaiter waiter = new TestingWaiter(partition, log.logEndOffset());
                        waiters.add(waiter);
                        partition.await(waiter, leading, waiter.wanted);
                    } else {
                        assertThat(leads).isFalse();
                    }
                }
                case 2 -> {
                    flushed = Math.min(log.logEndOffset(), flushed + random.nextInt(4));
                    log.acknowledgeUpTo(flushed);
                }
                case 3 -> {
                    long end = random.nextLong(log.logEndOffset() + 1);
                    int believed = random.nextInt(4) == 0 ? epoch - 1 : epoch;
                    partition.followerFetched(TestingImages.OTHER, -1, believed, end, 0, 0);
                    if (leads && believed == epoch) {
                        acknowledged = true;
                        followerEnd = end;
                    }
                }
                case 4 -> {
                    epoch++;
                    leads = random.nextBoolean();
                    alone = false;
                    acknowledged = false;
                    followerEnd = -1;
                    partition.apply(state(leads ? 1 : 2, epoch, ++version, new int[] {1, 2}, new int[] {1, 2}));
                    // every wait of the old leadership is over
                    assertThat(waiters)
                            .allSatisfy(waiter -> assertThat(waiter.ends).hasValue(1));
                }
                case 5 -> {
                    if (leads) {
                        alone = !alone;
                        partition.apply(
                                state(1, epoch, ++version, new int[] {1, 2}, alone ? new int[] {1} : new int[] {1, 2}));
                    }
                }
                default -> {
                    if (!waiters.isEmpty()) {
                        TestingWaiter waiter = waiters.get(random.nextInt(waiters.size()));
                        int before = waiter.ends.get();
                        partition.abandon(waiter);
                        assertThat(waiter.ends).hasValue(1);
                        if (before == 0) {
                            assertThat(waiter.how).isEqualTo(Errors.REQUEST_TIMED_OUT);
                        }
                    }
                }
            }
            if (leads && (alone || acknowledged)) {
                long least = alone ? flushed : Math.min(flushed, followerEnd);
                committed = Math.max(committed, least);
            }
            assertThat(partition.highWatermark()).isEqualTo(committed);
            for (TestingWaiter waiter : waiters) {
                if (waiter.ends.get() == 0) {
                    assertThat(waiter.wanted).as("a waiter that waits still").isGreaterThan(committed);
                } else {
                    assertThat(waiter.ends).hasValue(1);
                    if (waiter.how == Errors.NONE) {
                        assertThat(waiter.wanted).isLessThanOrEqualTo(waiter.highWatermarkAtEnd);
                    }
                }
            }
        }
        partition.gone();
        assertThat(waiters).allSatisfy(waiter -> assertThat(waiter.ends).hasValue(1));
        assertThat(partition.waitingAcks()).isZero();
    }
}
