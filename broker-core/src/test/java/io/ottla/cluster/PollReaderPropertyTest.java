package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.cluster.PollReader.Reading;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageDifference;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.TestingImageMaker;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What a controller keeps of its history, and what a broker makes of it. */
class PollReaderPropertyTest {
    @Property(tries = 500)
    void shouldFollowAnyHistoryThroughLostRepeatedAndOldAnswers(@ForAll long seed) {
        Random random = new Random(seed);
        TestingImageMaker maker = new TestingImageMaker(seed);
        PollReader reader = new PollReader();
        ClusterImage followed = ClusterImage.EMPTY;
        ClusterImage published = ClusterImage.EMPTY;
        StepHistory history = new StepHistory(new ControllerEpoch(1));
        PollAnswer.News held = null;
        for (int i = 0; i < 100; i++) {
            int what = random.nextInt(12);
            if (what < 6) {
                published = publish(history, published, maker);
            } else if (what == 6) {
                history = new StepHistory(new ControllerEpoch(history.epoch().value() + 1));
            } else {
                PollAnswer.News news = history.since(reader.known(), false);
                if (what == 7) {
                    held = news;
                    continue;
                }
                // Two polls under way may both bring the same.
                PollAnswer.News[] both = {what == 8 && held != null ? held : news, what == 9 ? news : null};
                for (PollAnswer.News one : both) {
                    if (one != null && reader.read(one) instanceof Reading.Steps(List<ImageStep> steps)) {
                        followed = apply(followed, steps);
                    }
                }
            }
        }

        // then   one answer more, two after a gap, and the broker knows all
        for (int i = 0; i < 2; i++) {
            if (reader.read(history.since(reader.known(), false)) instanceof Reading.Steps(List<ImageStep> steps)) {
                followed = apply(followed, steps);
            }
        }
        if (history.image() != null) {
            assertThat(followed).isEqualTo(history.image());
        }
    }

    private static ClusterImage publish(StepHistory history, ClusterImage published, TestingImageMaker maker) {
        long number = history.image() == null ? 0 : history.image().version().number();
        ImageVersion version = new ImageVersion(history.epoch(), number + 1);
        List<MetadataChange> changes = List.of(maker.change(published));
        ClusterImage after = published.with(version, changes);
        history.add(new ImageStep(published, after, changes));
        return after;
    }

    private static ClusterImage apply(ClusterImage before, List<ImageStep> steps) {
        ClusterImage at = before;
        for (ImageStep step : steps) {
            assertThat(step.before()).isEqualTo(at);
            assertThat(step.after().version()).isGreaterThan(at.version());
            assertThat(at.with(step.after().version(), step.changes()))
                    .isEqualTo(step.after().of(at.clusterId()));
            at = step.after();
        }
        return at;
    }

    @Example
    void shouldTakeNothingOfADeposedController() {
        // given  a broker that has heard of controller epoch 2
        PollReader reader = new PollReader();
        reader.read(new PollAnswer.News(new ControllerEpoch(2), null, List.of(), false));

        // when, then
        StepHistory old = new StepHistory(new ControllerEpoch(1));
        publish(old, ClusterImage.EMPTY, new TestingImageMaker(1));
        assertThat(reader.read(old.since(ImageVersion.NONE, false))).isInstanceOf(Reading.Deposed.class);
        assertThat(reader.known()).isEqualTo(ImageVersion.NONE);
    }

    @Example
    void shouldAskForEverythingBehindAGap() {
        // given  a broker at the first step
        StepHistory history = new StepHistory(new ControllerEpoch(1));
        ClusterImage image = ClusterImage.EMPTY;
        PollReader reader = new PollReader();
        for (int number = 1; number <= 3; number++) {
            List<MetadataChange> changes = List.of(new MetadataChange.ControllerSet(new BrokerId(number)));
            ClusterImage after = image.with(new ImageVersion(history.epoch(), number), changes);
            history.add(new ImageStep(image, after, changes));
            image = after;
            if (number == 1) {
                reader.read(history.since(ImageVersion.NONE, false));
            }
        }
        assertThat(reader.known().number()).isEqualTo(1);

        // when   the third comes without the second
        PollAnswer.News third = history.since(new ImageVersion(history.epoch(), 2), false);
        assertThat(reader.read(third)).isInstanceOf(Reading.Gap.class);

        // then   all is asked for, once
        assertThat(reader.known()).isEqualTo(ImageVersion.NONE);
        assertThat(reader.read(history.since(reader.known(), false)))
                .isInstanceOfSatisfying(
                        Reading.Steps.class,
                        read -> assertThat(read.steps().getLast().after()).isEqualTo(history.image()));
        assertThat(reader.known()).isEqualTo(history.image().version());
    }

    @Example
    void shouldTakeAWholeImageAndWhatFollowsItForOneStep() {
        // given  an image that the history made for somebody, and steps since
        StepHistory history = new StepHistory(new ControllerEpoch(1));
        ClusterImage image = ClusterImage.EMPTY;
        for (int number = 1; number <= 4; number++) {
            List<MetadataChange> changes = List.of(new MetadataChange.ControllerSet(new BrokerId(number)));
            ClusterImage after = image.with(new ImageVersion(history.epoch(), number), changes);
            history.add(new ImageStep(image, after, changes));
            image = after;
            if (number == 1) {
                history.since(ImageVersion.NONE, false);
            }
        }
        // when   a broker that has just been started is answered
        PollReader reader = new PollReader();
        PollAnswer.News news = history.since(reader.known(), false);
        assertThat(news.whole().image().version().number()).isEqualTo(1);
        assertThat(news.steps()).hasSize(3);
        Reading reading = reader.read(news);
        // then   it sees the end only, and lives through nothing that came before
        assertThat(reading).isEqualTo(new Reading.Steps(
                List.of(new ImageStep(ClusterImage.EMPTY, image, ImageDifference.between(ClusterImage.EMPTY, image)))));
        assertThat(reader.known()).isEqualTo(image.version());
    }

    @Example
    void shouldKeepABoundedHistoryAndOneImageAsLongAsItServes() {
        // given
        StepHistory history = new StepHistory(new ControllerEpoch(1));
        ClusterImage image = ClusterImage.EMPTY;
        PublishedImage first = null;
        for (int number = 1; number <= StepHistory.MOST_STEPS + 10; number++) {
            ClusterImage after = image.at(new ImageVersion(history.epoch(), number));
            history.add(new ImageStep(image, after, ImageDifference.between(image, after)));
            image = after;
            if (number == 5) {
                first = history.since(ImageVersion.NONE, false).whole();
            } else if (number == 500) {
                // then   an image made earlier serves, with the steps since
                PollAnswer.News news = history.since(ImageVersion.NONE, false);
                assertThat(news.whole()).isSameAs(first);
                assertThat(news.steps()).hasSize(495);
            }
        }
        assertThat(history.since(new ImageVersion(history.epoch(), 10), false).steps())
                .hasSize(StepHistory.MOST_STEPS);
        assertThat(history.since(new ImageVersion(history.epoch(), 9), false).whole())
                .isNotNull();
        assertThat(history.since(ImageVersion.NONE, false).whole()).isNotSameAs(first);
        assertThat(history.since(image.version(), false).isEmpty()).isTrue();
    }
}
