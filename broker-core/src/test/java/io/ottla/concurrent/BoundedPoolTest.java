package io.ottla.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BoundedPoolTest {
    private final AtomicInteger running = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    @Test
    void shouldWorkOnAsManyTasksAtATimeAsItMay() {
        try (BoundedPool pool = new BoundedPool("testing", 2, 100)) {
            // given  more tasks than threads
            for (int i = 0; i < 10; i++) {
                pool.execute(this::run);
            }
            await().until(() -> running.get() == 2);
            assertThat(pool.waiting()).isEqualTo(8);

            // when, then  with more threads more run at once
            pool.resize(5);
            await().until(() -> running.get() == 5);

            // when   it has fewer, then those too many end with their task, and all tasks are done
            pool.resize(1);
            assertThat(pool.threads()).isEqualTo(1);
            end.countDown();
            await().until(() -> running.get() == 0 && pool.waiting() == 0);
        }
    }

    @Test
    void shouldRefuseWhatItHasNoRoomFor() {
        try (BoundedPool pool = new BoundedPool("testing", 1, 1)) {
            assertThat(pool.offer(this::run)).isTrue();
            await().until(() -> running.get() == 1);
            assertThat(pool.offer(this::run)).isTrue();
            assertThat(pool.offer(this::run)).isFalse();
            end.countDown();
        }
    }

    private void run() {
        running.incrementAndGet();
        try {
            end.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        running.decrementAndGet();
    }
}
