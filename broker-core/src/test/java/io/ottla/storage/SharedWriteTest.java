package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SharedWriteTest {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int writes;
    private Runnable during = () -> {};
    private final SharedWrite write = new SharedWrite(tasks::add, () -> {
        writes++;
        during.run();
    });

    @Test
    void shouldServeAllWhoAskedBeforeItBegan() {
        // given
        CompletableFuture<Void> one = write.request().toCompletableFuture();
        CompletableFuture<Void> other = write.request().toCompletableFuture();

        // when
        tasks.remove().run();

        // then
        assertThat(writes).isEqualTo(1);
        assertThat(one).isDone();
        assertThat(other).isDone();
        assertThat(tasks).isEmpty();
    }

    @Test
    void shouldWriteAgainForWhoAsksMeanwhile() {
        // given
        CompletableFuture<Void> first = write.request().toCompletableFuture();
        CompletableFuture<?>[] late = new CompletableFuture<?>[1];
        during = () -> {
            if (late[0] == null) {
                late[0] = write.request().toCompletableFuture();
                assertThat(late[0]).isNotDone();
            } else {
                assertThat(first).isDone();
                assertThat(late[0]).isNotDone();
            }
        };

        // when
        tasks.remove().run();

        // then
        assertThat(writes).isEqualTo(2);
        assertThat(late[0]).isDone();
        write.request();
        assertThat(tasks).hasSize(1);
    }
}
