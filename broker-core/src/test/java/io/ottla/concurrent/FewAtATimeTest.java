package io.ottla.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FewAtATimeTest {
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private final List<Integer> done = new ArrayList<>();

    @Test
    void shouldTakeUpFewOfTheExecutorsPlaces() {
        FewAtATime few = new FewAtATime(queue::add, 2);
        for (int i = 0; i < 100; i++) {
            int number = i;
            few.execute(() -> done.add(number));
        }
        assertThat(queue).hasSize(2);
        queue.remove().run();
        assertThat(done).hasSize(100).isSorted();
        queue.remove().run();
        assertThat(queue).isEmpty();
        // and    the next one finds its place
        few.execute(() -> done.add(100));
        queue.remove().run();
        assertThat(done).hasSize(101);
    }

    @Test
    void shouldRunHereWhatTheExecutorRefuses() {
        FewAtATime few = new FewAtATime(
                task -> {
                    throw new RejectedExecutionException();
                },
                2);
        few.execute(() -> few.execute(() -> done.add(2)));
        few.execute(() -> done.add(3));
        assertThat(done).containsExactly(2, 3);
    }

    @Test
    void shouldGoOnAfterATaskThatFails() {
        FewAtATime few = new FewAtATime(queue::add, 1);
        few.execute(() -> {
            throw new IllegalStateException();
        });
        few.execute(() -> done.add(1));
        try {
            queue.remove().run();
        } catch (IllegalStateException expected) {
            done.add(0);
        }
        few.execute(() -> done.add(2));
        queue.remove().run();
        assertThat(done).containsExactly(0, 1, 2);
    }
}
