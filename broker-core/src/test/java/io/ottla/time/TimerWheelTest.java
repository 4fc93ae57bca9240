package io.ottla.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.concurrent.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private final Clock clock = Clock.system();
    private final TimerWheel wheel = new TimerWheel(clock, Threads.single("wheel-under-test"));

    @AfterEach
    void close() {
        wheel.close();
    }

    @Test
    void shouldRunATaskOnceAndNotBeforeItsDelay() throws Exception {
        // given  a task that notes when it ran
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch ran = new CountDownLatch(1);
        long begun = clock.monotonicMs();
        long[] at = new long[1];

        // when   it is scheduled
        Timer.Timeout timeout = wheel.schedule(50, () -> {
            at[0] = clock.monotonicMs();
            runs.incrementAndGet();
            ran.countDown();
        });

        // then   it runs once its delay is over, and can't be taken back any more
        assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(at[0] - begun).isBetween(50L, 2_000L);
        assertThat(timeout.cancel()).isFalse();
        assertThat(runs).hasValue(1);
        await().untilAsserted(() -> assertThat(wheel.pending()).isZero());
    }

    @Test
    void shouldNotRunWhatWasTakenBack() throws Exception {
        // given  a task that is taken back and one that is due later
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch later = new CountDownLatch(1);
        Timer.Timeout timeout = wheel.schedule(20, runs::incrementAndGet);
        assertThat(timeout.cancel()).isTrue();
        assertThat(timeout.cancel()).isFalse();

        // when   the later one has run
        wheel.schedule(60, later::countDown);
        assertThat(later.await(5, TimeUnit.SECONDS)).isTrue();

        // then   the first never did
        assertThat(runs).hasValue(0);
    }

    @Test
    void shouldWakeForATaskThatIsDueBeforeTheOneItSleepsFor() throws Exception {
        // given  a thread that sleeps for long
        Timer.Timeout far = wheel.schedule(3_600_000, () -> {});

        // when   something is due soon
        CountDownLatch ran = new CountDownLatch(1);
        wheel.schedule(10, ran::countDown);

        // then   it does not wait for the far one
        assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(far.cancel()).isTrue();
    }

    @Test
    void shouldGoOnAfterATaskThatBreaks() throws Exception {
        wheel.schedule(0, () -> {
            throw new IllegalStateException("on purpose");
        });
        CountDownLatch ran = new CountDownLatch(1);
        wheel.schedule(20, ran::countDown);

        assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldRefuseANegativeDelay() {
        assertThatThrownBy(() -> wheel.schedule(-1, () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void shouldRunEveryTaskThatManyThreadsScheduleAndKeep() throws Exception {
        // given  threads that schedule and take back at random
        int each = 20_000;
        ConcurrentLinkedQueue<Long> early = new ConcurrentLinkedQueue<>();
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger kept = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Random random = new Random(t);
            threads.add(Threads.named("scheduler").newThread(() -> {
                for (int i = 0; i < each; i++) {
                    long delay = random.nextInt(120);
                    long begun = clock.monotonicMs();
                    Timer.Timeout timeout = wheel.schedule(delay, () -> {
                        if (clock.monotonicMs() - begun < delay) {
                            early.add(delay);
                        }
                        ran.incrementAndGet();
                    });
                    if (random.nextBoolean() || !timeout.cancel()) {
                        kept.incrementAndGet();
                    }
                }
            }));
        }

        // when   all have done so
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        // then   every kept one runs within moments, none before its time
        await().atMost(5, TimeUnit.SECONDS).untilAsserted(() -> assertThat(ran).hasValue(kept.get()));
        assertThat(early).isEmpty();
        assertThat(wheel.pending()).isZero();
    }
}
