package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ImageApplierTest {
    private final Metrics metrics = new Metrics();
    private final List<String> told = new ArrayList<>();
    private final LocalMetadataSource source = new LocalMetadataSource();

    @Test
    void shouldTellListenersInTheirOrderAndThenShowTheImage() {
        // given  listeners that look at the view while they are told
        ImageApplier[] applier = new ImageApplier[1];
        ImageListener first = step -> {
            told.add("first sees " + applier[0].image().version().number());
            return CompletableFuture.completedFuture(null);
        };
        ImageListener second = step -> {
            told.add("second sees " + applier[0].image().version().number());
            return CompletableFuture.completedFuture(null);
        };
        applier[0] = applier(first, second);

        // when
        CompletionStage<Void> done = source.apply(step(ClusterImage.EMPTY, image(1, 1, 7)));

        // then
        assertThat(told).containsExactly("first sees 0", "second sees 0");
        assertThat(applier[0].image()).isEqualTo(image(1, 1, 7));
        assertThat(done.toCompletableFuture()).isCompleted();
    }

    @Test
    void shouldBeDoneWhenAllListenersAre() {
        // given  one that takes its time
        CompletableFuture<Void> slow = new CompletableFuture<>();
        applier(step -> slow, step -> CompletableFuture.completedFuture(null));

        // when, then
        CompletionStage<Void> done = source.apply(step(ClusterImage.EMPTY, image(1, 1, 7)));
        assertThat(done.toCompletableFuture()).isNotDone();
        slow.complete(null);
        assertThat(done.toCompletableFuture()).isCompleted();
    }

    @Test
    void shouldCountAFailingListenerAndGoOn() {
        // given
        applier(
                step -> {
                    throw new IllegalStateException("at once");
                },
                step -> CompletableFuture.failedFuture(new IllegalStateException("later")),
                step -> {
                    told.add("third");
                    return CompletableFuture.completedFuture(null);
                });

        // when
        CompletionStage<Void> done = source.apply(step(ClusterImage.EMPTY, image(1, 1, 7)));

        // then
        assertThat(done.toCompletableFuture()).isCompleted();
        assertThat(told).containsExactly("third");
        assertThat(metrics.counter("kafka_server_brokermetadatametrics_metadataapplyerror_total", "", Labels.NONE)
                        .value())
                .isEqualTo(2);
    }

    @Test
    void shouldIgnoreWhatIsOlderAndWorkOutWhatIsNewWhenAStepBeginsElsewhere() {
        // given  a broker at the second step of controller epoch 1
        List<ImageStep> steps = new ArrayList<>();
        ImageApplier applier = applier(step -> {
            steps.add(step);
            return CompletableFuture.completedFuture(null);
        });
        source.apply(step(ClusterImage.EMPTY, image(1, 1, 7)));
        source.apply(step(image(1, 1, 7), image(1, 2, 8)));

        // when   the first comes again, and a new controller begins from nothing
        source.apply(step(ClusterImage.EMPTY, image(1, 1, 7)));
        source.apply(step(ClusterImage.EMPTY, image(2, 1, 9)));

        // then
        assertThat(steps).hasSize(3);
        assertThat(steps.getLast().before()).isEqualTo(image(1, 2, 8));
        assertThat(steps.getLast().changes()).containsExactly(new MetadataChange.ControllerSet(new BrokerId(9)));
        assertThat(applier.image()).isEqualTo(image(2, 1, 9));
    }

    @Test
    void shouldNotLoseAStepThatNobodyFollows() {
        assertThatThrownBy(() -> source.apply(step(ClusterImage.EMPTY, image(1, 1, 7))))
                .isInstanceOf(IllegalStateException.class);
    }

    private ImageApplier applier(ImageListener... listeners) {
        ImageApplier applier = new ImageApplier(List.of(listeners), Runnable::run, Clock.system(), metrics);
        source.follow(applier);
        return applier;
    }

    private static ClusterImage image(int epoch, long number, int controller) {
        return ClusterImage.EMPTY
                .with(new MetadataChange.ControllerSet(new BrokerId(controller)))
                .at(new ImageVersion(new ControllerEpoch(epoch), number));
    }

    private static ImageStep step(ClusterImage before, ClusterImage after) {
        return new ImageStep(before, after, List.of(new MetadataChange.ControllerSet(after.controller())));
    }
}
