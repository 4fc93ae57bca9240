package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.replication.Replicas;
import io.ottla.replication.Role;
import io.ottla.replication.TestingFolder;
import io.ottla.replication.TestingImages;
import io.ottla.replication.TestingLogStore;
import io.ottla.replication.TestingTimer;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.TopicId;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ImageApplierTest {
    private final Metrics metrics = new Metrics();
    private final TestingTimer time = new TestingTimer();
    private final List<String> told = new ArrayList<>();
    private MetadataSource.Sink source;

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
        CompletionStage<Void> done = source.take(step(ClusterImage.EMPTY, image(1, 1, 7)));

        // then
        assertThat(told).containsExactly("first sees 0", "second sees 0");
        assertThat(applier[0].image()).isEqualTo(image(1, 1, 7));
        assertThat(done.toCompletableFuture()).isCompleted();
    }

    @Test
    void shouldShowAnImageWhenAllListenersActByIt() {
        // given  one that takes its time
        CompletableFuture<Void> slow = new CompletableFuture<>();
        ImageApplier applier = applier(step -> slow, step -> CompletableFuture.completedFuture(null));

        // when, then
        CompletionStage<Void> done = source.take(step(ClusterImage.EMPTY, image(1, 1, 7)));
        assertThat(done.toCompletableFuture()).isNotDone();
        assertThat(applier.image()).isEqualTo(ClusterImage.EMPTY);
        slow.complete(null);
        assertThat(done.toCompletableFuture()).isCompleted();
        assertThat(applier.image()).isEqualTo(image(1, 1, 7));
    }

    @Test
    void shouldTellOfStepsAtOnceAndShowThemInTheirOrder() {
        // given  a step that takes its time, and one after it that does not
        Deque<CompletableFuture<Void>> stages =
                new ArrayDeque<>(List.of(new CompletableFuture<Void>(), CompletableFuture.<Void>completedFuture(null)));
        CompletableFuture<Void> slow = stages.getFirst();
        List<ImageStep> steps = new ArrayList<>();
        ImageApplier applier = applier(step -> {
            steps.add(step);
            return stages.removeFirst();
        });
        source.take(step(ClusterImage.EMPTY, image(1, 1, 7)));

        // when   the second comes
        CompletionStage<Void> second = source.take(step(image(1, 1, 7), image(1, 2, 8)));

        // then   the listener has been told of it, but it is shown only behind the first
        assertThat(steps).hasSize(2);
        assertThat(steps.getLast().before()).isEqualTo(image(1, 1, 7));
        assertThat(second.toCompletableFuture()).isNotDone();
        assertThat(applier.image()).isEqualTo(ClusterImage.EMPTY);
        slow.complete(null);
        assertThat(second.toCompletableFuture()).isCompleted();
        assertThat(applier.image()).isEqualTo(image(1, 2, 8));
    }

    @Test
    void shouldNotHideTheClusterBehindAListenerThatHangs() {
        // given  one that never ends
        ImageApplier applier = applier(step -> new CompletableFuture<>());
        CompletionStage<Void> done = source.take(step(ClusterImage.EMPTY, image(1, 1, 7)));

        // when, then
        time.advance(ImageApplier.PATIENCE_MS - 1);
        assertThat(applier.image()).isEqualTo(ClusterImage.EMPTY);
        time.advance(1);
        assertThat(applier.image()).isEqualTo(image(1, 1, 7));
        assertThat(done.toCompletableFuture()).isCompleted();
        assertThat(metrics.counter("ottla_metadata_steps_shown_early_total", "", Labels.NONE)
                        .value())
                .isEqualTo(1);
    }

    @Test
    void shouldShowNoLeaderWhoseLogIsNotOpen() {
        // given  a broker whose logs take a while to open
        TestingLogStore store = new TestingLogStore(new TestingFolder(Path.of("data")));
        store.gate = new CompletableFuture<>();
        Replicas replicas =
                new Replicas(TestingImages.SELF, store, set -> TopicProperties.DEFAULTS, Runnable::run, metrics);
        ImageApplier applier = applier(replicas);
        ImageStep birth = TestingImages.step(
                ClusterImage.EMPTY.at(new ImageVersion(new ControllerEpoch(1), 1)),
                new MetadataChange.TopicSet(TestingImages.topic("t", new TopicId(1, 1), TestingImages.alone(1))));

        // when   a topic is made
        source.take(birth);

        // then   nobody is told of its leader before that can take records
        assertThat(replicas.partition("t", 0).role()).isInstanceOf(Role.Opening.class);
        assertThat(applier.image().topic("t")).isNull();
        store.gate.complete(null);
        assertThat(replicas.partition("t", 0).role()).isInstanceOf(Role.Leading.class);
        assertThat(applier.image().topic("t")).isNotNull();
        assertThat(time.waiting()).isZero();
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
        CompletionStage<Void> done = source.take(step(ClusterImage.EMPTY, image(1, 1, 7)));

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
        source.take(step(ClusterImage.EMPTY, image(1, 1, 7)));
        source.take(step(image(1, 1, 7), image(1, 2, 8)));

        // when   the first comes again, and a new controller begins from nothing
        source.take(step(ClusterImage.EMPTY, image(1, 1, 7)));
        source.take(step(ClusterImage.EMPTY, image(2, 1, 9)));

        // then
        assertThat(steps).hasSize(3);
        assertThat(steps.getLast().before()).isEqualTo(image(1, 2, 8));
        assertThat(steps.getLast().changes()).containsExactly(new MetadataChange.ControllerSet(new BrokerId(9)));
        assertThat(applier.image()).isEqualTo(image(2, 1, 9));
    }

    private ImageApplier applier(ImageListener... listeners) {
        ImageApplier applier = new ImageApplier(List.of(listeners), Runnable::run, time, time, metrics);
        source = applier;
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
