package io.ottla.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Distribution distribution = new Distribution(1);

    @Test
    void shouldShowNothingWhereNothingWasRecorded() {
        assertThat(distribution.read()).isEqualTo(new Distribution.Reading(0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void shouldKnowSmallValuesExactly() {
        // given  1 … 100, once each
        for (int value = 1; value <= 100; value++) {
            distribution.record(value);
        }

        // then
        assertThat(distribution.read()).isEqualTo(new Distribution.Reading(100, 50, 75, 95, 98, 99, 100));
    }

    @Property(tries = 200)
    void shouldKnowEveryQuantileToAHundredth(
            @ForAll @Size(min = 1, max = 300) List<@LongRange(min = 0, max = Long.MAX_VALUE) Long> values) {
        // given
        Distribution of = new Distribution(1);
        values.forEach(of::record);

        // when
        Distribution.Reading reading = of.read();

        // then
        List<Long> sorted = values.stream().sorted().toList();
        assertThat(reading.count()).isEqualTo(values.size());
        assertThat(reading.p50()).isCloseTo(quantile(sorted, 0.5), Percentage.withPercentage(0.8));
        assertThat(reading.p75()).isCloseTo(quantile(sorted, 0.75), Percentage.withPercentage(0.8));
        assertThat(reading.p95()).isCloseTo(quantile(sorted, 0.95), Percentage.withPercentage(0.8));
        assertThat(reading.p999()).isCloseTo(quantile(sorted, 0.999), Percentage.withPercentage(0.8));
    }

    private static double quantile(List<Long> sorted, double share) {
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    @Test
    void shouldShowValuesInTheUnitThatWasAskedFor() {
        // given  nanoseconds that are shown as milliseconds
        Distribution times = new Distribution(1e-6);

        // when
        times.record(2_500_000);

        // then
        assertThat(times.read().p50()).isCloseTo(2.5, within(0.02));
    }

    @Test
    void shouldCountWhatIsLessThanNothingAsNothing() {
        distribution.record(-5);
        distribution.record(Long.MIN_VALUE);

        assertThat(distribution.read()).isEqualTo(new Distribution.Reading(2, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void shouldForgetWhatIsOlderThanTheReadingBeforeTheLast() {
        // given
        distribution.record(10);

        // then   the first and the second reading show it, the third does not; the count stays
        assertThat(distribution.read().p50()).isEqualTo(10);
        distribution.record(20);
        assertThat(distribution.read().p50()).isEqualTo(10);
        distribution.record(30);
        assertThat(distribution.read()).isEqualTo(new Distribution.Reading(3, 20, 30, 30, 30, 30, 30));
        assertThat(distribution.read().p50()).isEqualTo(30);
        assertThat(distribution.read()).isEqualTo(new Distribution.Reading(3, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void shouldLoseNoneOfManyThreadsValues() throws Exception {
        // given  threads that all meet new sizes at the same time
        int threads = 4;
        int each = 50_000;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                all.add(pool.submit(() -> {
                    for (int at = 0; at < each; at++) {
                        distribution.record(1L << at % 63);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        // then
        assertThat(distribution.read().count()).isEqualTo((long) threads * each);
    }

    @Test
    void shouldAllocateForTheFirstValueOfASizeOnly() {
        // given
        distribution.record(1_000_000);

        // when
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int at = 0; at < 1_000; at++) {
            distribution.record(600_000 + at * 400);
        }
        long after = THREADS.getCurrentThreadAllocatedBytes();

        // then
        assertThat(after - before).isLessThan(64);
    }

    @Test
    void shouldTakeLittleMemoryUntilItIsUsed() {
        // given  as many as a broker has: seven for each API, and what the rooms have
        int many = 500;
        Metrics metrics = new Metrics();
        record(metrics, many, -1);
        long before = THREADS.getCurrentThreadAllocatedBytes();

        // when
        Metrics unused = new Metrics();
        record(unused, many, -1);
        long empty = THREADS.getCurrentThreadAllocatedBytes() - before;
        record(unused, many, 1_000_000);
        long used = THREADS.getCurrentThreadAllocatedBytes() - before - empty;

        // then   half a KiB each with its name, and as much for each power of two that is met
        assertThat(empty / many).isLessThan(1_000);
        assertThat(used / many).isLessThan(1_000);
    }

    /** @param value none is recorded where it is negative */
    private static void record(Metrics metrics, int many, long value) {
        for (int at = 0; at < many; at++) {
            Distribution made = metrics.distribution("times", "", Labels.of("request", Integer.toString(at)));
            if (value >= 0) {
                made.record(value);
            }
        }
    }
}
