package io.ottla.console.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.console.clusters.Survey.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final ClusterPicture PICTURE = new ClusterPicture("id", OptionalInt.empty(), List.of());

    private final List<Taking> taken = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final Sampler sampler = new Sampler(
            this::take,
            () -> now,
            new SignOfLife(Duration.ofSeconds(10), CompletableFuture::new, () -> now),
            later::add);

    private Taking take() {
        taken.add(new Taking(
                now,
                new CompletableFuture<>(),
                new CompletableFuture<List<String>>(),
                new CompletableFuture<>(),
                new CompletableFuture<>()));
        return taken.getLast();
    }

    private Survey survey(Stage stage, int topics) {
        return new Survey(
                stage,
                now,
                PICTURE,
                List.of(),
                Map.of(),
                IntStream.range(0, topics)
                        .mapToObj(i -> new TopicSummary("topic-" + i, "", false, 1, 1, 0, 0, 1, null))
                        .toList(),
                List.of());
    }

    @SuppressWarnings("unchecked")
    private static void list(Taking taking, int topics) {
        taking.cluster().complete(PICTURE);
        ((CompletableFuture<List<String>>) taking.names()).complete(Collections.nCopies(topics, "topic"));
    }

    /** A survey that is known. */
    private Survey known(int topics) throws Exception {
        CompletableFuture<Survey> asked = CompletableFuture.supplyAsync(() -> glance());
        await().until(() -> !taken.isEmpty());
        Survey survey = survey(Stage.WHOLE, topics);
        taken.getLast().whole().complete(survey);
        assertThat(asked.get()).isEqualTo(survey);
        return survey;
    }

    private Survey glance() {
        try {
            return sampler.glance();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void shouldTakeOneForAllAsLongAsItIsFresh() throws Exception {
        // given
        Survey survey = known(3);

        // when
        now = now.plusMillis(900);

        // then
        assertThat(sampler.glance()).isSameAs(survey);
        assertThat(sampler.whole()).isSameAs(survey);
        assertThat(taken).hasSize(1);
    }

    @Test
    void shouldKeepWhatTookLongFreshForLong() {
        assertThat(Freshness.after(Duration.ofMillis(20))).isEqualTo(Duration.ofSeconds(1));
        assertThat(Freshness.after(Duration.ofMillis(700))).isEqualTo(Duration.ofSeconds(7));
        assertThat(Freshness.after(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void shouldShowWhatItHasWhileTheNextIsOnItsWay() throws Exception {
        // given
        Survey survey = known(3);

        // when
        now = now.plusSeconds(60);

        // then
        assertThat(sampler.glance()).isSameAs(survey);
        assertThat(sampler.glance()).isSameAs(survey);
        assertThat(taken).as("the second, once for both looks").hasSize(2);
    }

    @Test
    void shouldShowALargeClusterInPartsRatherThanLate() throws Exception {
        // given
        CompletableFuture<Survey> first = CompletableFuture.supplyAsync(this::glance);
        await().until(() -> !taken.isEmpty());

        // when
        list(taken.getFirst(), Taking.LARGE);

        // then
        assertThat(first.get()).returns(Stage.BROKERS, Survey::stage).returns(-1, Survey::partitions);

        // when
        taken.getFirst().described().complete(survey(Stage.TOPICS, Taking.LARGE));

        // then
        assertThat(sampler.glance()).returns(Stage.TOPICS, Survey::stage).returns(Taking.LARGE, Survey::partitions);
        assertThat(taken).hasSize(1);
    }

    @Test
    void shouldWaitForAllOfASmallCluster() throws Exception {
        // given
        CompletableFuture<Survey> asked = CompletableFuture.supplyAsync(this::glance);
        await().until(() -> !taken.isEmpty());
        list(taken.getFirst(), Taking.LARGE - 1);
        taken.getFirst().described().complete(survey(Stage.TOPICS, 1));

        // when
        Survey survey = survey(Stage.WHOLE, 1);
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
                .execute(() -> taken.getFirst().whole().complete(survey));

        // then
        assertThat(asked.get()).isSameAs(survey);
    }

    @Test
    void shouldSayOfALargeClusterThatItWasChangedSince() throws Exception {
        // given
        known(Taking.LARGE);

        // when
        sampler.outdate();

        // then
        assertThat(sampler.glance().stage()).isEqualTo(Stage.OUTDATED);
        taken.getLast().whole().complete(survey(Stage.WHOLE, 7));
        assertThat(sampler.glance()).returns(Stage.WHOLE, Survey::stage).returns(7, Survey::topicCount);
    }

    @Test
    void shouldForgetWhatMayNotBeShownAnyMore() throws Exception {
        // given
        known(Taking.LARGE);

        // when
        now = now.plus(Freshness.STALE);
        later.forEach(Runnable::run);

        // then
        CompletableFuture<Survey> asked = CompletableFuture.supplyAsync(this::glance);
        await().until(() -> taken.size() == 2);
        list(taken.getLast(), Taking.LARGE);
        assertThat(asked.get().stage()).isEqualTo(Stage.BROKERS);
    }

    @Test
    void shouldHoldNobodyUpForAClusterThatGivesNoSignOfLife() throws Exception {
        // given   nobody knows yet that it is down
        long begun = System.nanoTime();

        // when, then
        assertThatThrownBy(sampler::glance).isInstanceOf(SignOfLife.Silent.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Freshness.SIGN_OF_LIFE.minusMillis(100), Freshness.SIGN_OF_LIFE.plusSeconds(4));

        // when   it is known, and asked anew
        IllegalStateException why = new IllegalStateException("down");
        taken.getFirst().whole().completeExceptionally(why);
        begun = System.nanoTime();

        // then   why is told soon
        assertThatThrownBy(sampler::glance)
                .isInstanceOf(ExecutionException.class)
                .hasCause(why);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Freshness.SIGN_OF_LIFE);
        assertThat(taken).hasSize(2);

        // when   it only was silent for longer than anybody waits
        taken.getLast().whole().completeExceptionally(new org.apache.kafka.common.errors.TimeoutException("late"));

        // then   nobody is told so before it has its time again, and then all who ask
        begun = System.nanoTime();
        assertThatThrownBy(sampler::whole).isInstanceOf(SignOfLife.Silent.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Freshness.SIGN_OF_LIFE.minusMillis(100), Freshness.SIGN_OF_LIFE.plusSeconds(4));
        now = now.plus(Freshness.SIGN_OF_LIFE);
        begun = System.nanoTime();
        assertThatThrownBy(sampler::glance).isInstanceOf(SignOfLife.Silent.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Freshness.SIGN_OF_LIFE);

        // when   it is up again
        Survey survey = survey(Stage.WHOLE, 1);
        taken.getLast().whole().complete(survey);

        // then
        assertThat(sampler.glance()).isSameAs(survey);
    }
}
