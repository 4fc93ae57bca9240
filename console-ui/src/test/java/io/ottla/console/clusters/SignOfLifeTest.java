package io.ottla.console.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class SignOfLifeTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<CompletableFuture<String>> asked = new ArrayList<>();
    private final SignOfLife life = new SignOfLife(LIMIT, this::ask, InstantSource.system());

    private CompletableFuture<String> ask() {
        asked.add(new CompletableFuture<>());
        return asked.getLast();
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static CompletableFuture<String> after(Duration time) {
        return CompletableFuture.supplyAsync(
                () -> "told", CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Test
    void shouldGiveUpSoonWhereNobodyAnswersAnything() {
        // when, then
        long begun = System.nanoTime();
        assertThatThrownBy(() -> life.await(new CompletableFuture<>())).isInstanceOf(SignOfLife.Silent.class);
        assertThat(since(begun)).isBetween(Freshness.SIGN_OF_LIFE.minusMillis(100), LIMIT.dividedBy(2));

        // and    whoever asks more of it meanwhile is told at once, however much it is
        begun = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> life.await(new CompletableFuture<>())).isInstanceOf(SignOfLife.Silent.class);
        }
        assertThat(since(begun)).isLessThan(Freshness.SIGN_OF_LIFE);
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldWaitForASlowAnswerOfOneThatIsUp() throws Exception {
        // given
        CompletableFuture<String> slow = after(Freshness.SIGN_OF_LIFE.plusMillis(500));
        CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS)
                .execute(() -> asked.getFirst().complete("here"));

        // when, then
        assertThat(life.await(slow)).isEqualTo("told");
        assertThat(asked).hasSize(1);

        // and    of one that has just answered nobody asks whether it is up
        assertThat(life.await(after(Duration.ofSeconds(1)))).isEqualTo("told");
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldAskAgainWhetherOneIsUpThatFallsSilentWhileSomebodyWaits() {
        // given   one that was up until just now
        assertThatThrownBy(() -> life.await(CompletableFuture.failedFuture(new IllegalStateException("no"))))
                .isInstanceOf(ExecutionException.class);

        // when, then
        long begun = System.nanoTime();
        assertThatThrownBy(() -> life.await(new CompletableFuture<>())).isInstanceOf(SignOfLife.Silent.class);
        assertThat(since(begun)).isBetween(Freshness.LATELY, LIMIT.dividedBy(2));
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldNotTakeAQuestionThatTheClientGaveUpForASignOfLife() {
        // given
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
                .execute(() -> asked.getFirst()
                        .completeExceptionally(new org.apache.kafka.common.errors.TimeoutException("nobody answered")));

        // when, then
        assertThatThrownBy(() -> life.await(new CompletableFuture<>())).isInstanceOf(SignOfLife.Silent.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldTakeARefusalForASignOfLifeButNotTheClientsOwnImpatience() {
        // when, then
        assertThatThrownBy(() -> life.await(CompletableFuture.failedFuture(
                        new org.apache.kafka.common.errors.TimeoutException("nobody answered"))))
                .isInstanceOf(ExecutionException.class);
        assertThat(life.isAlive()).isFalse();
        assertThatThrownBy(() -> life.await(CompletableFuture.failedFuture(new KafkaException(
                        "Failed to find brokers to send ListGroups",
                        new org.apache.kafka.common.errors.TimeoutException("nobody answered")))))
                .isInstanceOf(ExecutionException.class);
        assertThat(life.isAlive()).isFalse();
        assertThatThrownBy(() -> life.await(CompletableFuture.failedFuture(new IllegalStateException("no"))))
                .isInstanceOf(ExecutionException.class);
        assertThat(life.isAlive()).isTrue();
    }
}
