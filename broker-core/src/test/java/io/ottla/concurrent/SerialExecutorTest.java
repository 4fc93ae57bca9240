package io.ottla.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerialExecutorTest {
    @Test
    void shouldRunTasksInTheirOrderOneAtATime() throws Exception {
        try (BoundedPool pool = new BoundedPool("serial", 4, 1000)) {
            // given  tasks that write to something that is not thread-safe
            SerialExecutor serial = new SerialExecutor(pool);
            List<Integer> seen = new ArrayList<>();
            CountDownLatch done = new CountDownLatch(1);

            // when   there are many
            for (int i = 0; i < 10_000; i++) {
                int task = i;
                serial.execute(() -> seen.add(task));
            }
            serial.execute(done::countDown);

            // then   none is lost or out of order
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(seen).hasSize(10_000).isSorted();
        }
    }

    @Test
    void shouldGoOnAfterATaskThatBreaks() {
        SerialExecutor serial = new SerialExecutor(Runnable::run);
        List<String> seen = new ArrayList<>();
        serial.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        serial.execute(() -> seen.add("next"));

        assertThat(seen).containsExactly("next");
    }

    @Test
    void shouldRunOnTheCallerOnlyWhereItIsIdle() {
        // given  an executor whose threads run when the test lets them
        List<Runnable> threads = new ArrayList<>();
        SerialExecutor serial = new SerialExecutor(threads::add);
        List<String> seen = new ArrayList<>();
        // when   it is idle, and a task that runs on the caller gives another
        boolean ran = serial.tryRun(() -> {
            seen.add("first");
            serial.execute(() -> seen.add("second"));
            assertThat(serial.tryRun(() -> seen.add("never"))).isFalse();
        });
        // then   the other is left to the threads, and so is what comes before they have run it
        assertThat(ran).isTrue();
        assertThat(seen).containsExactly("first");
        assertThat(serial.tryRun(() -> seen.add("never"))).isFalse();
        threads.removeFirst().run();
        assertThat(seen).containsExactly("first", "second");
        assertThat(serial.tryRun(() -> seen.add("third"))).isTrue();
        assertThat(threads).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSayWhenItsThreadsRefuse(boolean byAnError) {
        // given  an executor that refuses once
        List<Runnable> taken = new ArrayList<>();
        boolean[] refusing = {true};
        SerialExecutor serial = new SerialExecutor(task -> {
            if (refusing[0]) {
                if (byAnError) {
                    throw new AssertionError("a check of who calls");
                }
                throw new RejectedExecutionException("full");
            }
            taken.add(task);
        });

        // when   it does, and then takes one
        List<String> seen = new ArrayList<>();
        assertThatThrownBy(() -> serial.execute(() -> seen.add("refused")))
                .isInstanceOf(byAnError ? AssertionError.class : RejectedExecutionException.class);
        refusing[0] = false;
        serial.execute(() -> seen.add("taken"));
        taken.forEach(Runnable::run);

        // then   the refused one was not kept
        assertThat(seen).containsExactly("taken");
        assertThat(serial.waiting()).isZero();
    }

    @Test
    void shouldRunWhatItTookWhileAnotherTaskWasBeingRefused() {
        // given  threads that refuse, and somebody who gives a task before that is known
        List<String> seen = new ArrayList<>();
        SerialExecutor[] serial = new SerialExecutor[1];
        serial[0] = new SerialExecutor(turn -> {
            serial[0].execute(() -> seen.add("taken"));
            throw new RejectedExecutionException("full");
        });

        // when   a task is refused
        assertThatThrownBy(() -> serial[0].execute(() -> seen.add("refused")))
                .isInstanceOf(RejectedExecutionException.class);

        // then   the other one has run
        assertThat(seen).containsExactly("taken");
        assertThat(serial[0].waiting()).isZero();
    }

    @Test
    void shouldRunOnTheCallerWhatItsThreadsRefuseLater() {
        // given  threads that refuse all
        List<Integer> seen = new ArrayList<>();
        SerialExecutor serial = new SerialExecutor(turn -> {
            throw new AssertionError("a check of who calls");
        });

        // when   a task that runs on the caller gives more than a turn's worth
        serial.tryRun(() -> {
            for (int i = 0; i < 200; i++) {
                int task = i;
                serial.execute(() -> seen.add(task));
            }
        });

        // then   all have run, and it takes more
        assertThat(seen).hasSize(200).isSorted();
        assertThat(serial.tryRun(() -> seen.add(200))).isTrue();
    }

    @Test
    void shouldRefuseBeyondThePoolsBound() throws Exception {
        try (BoundedPool pool = new BoundedPool("bounded", 1, 1)) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            assertThat(pool.offer(() -> {
                        begun.countDown();
                        try {
                            release.await();
                        } catch (InterruptedException interrupted) {
                            Thread.currentThread().interrupt();
                        }
                    }))
                    .isTrue();
            assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

            assertThat(pool.offer(() -> {})).isTrue();
            assertThat(pool.waiting()).isEqualTo(1);
            assertThat(pool.offer(() -> {})).isFalse();
            release.countDown();
        }
    }
}
