package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.cluster.PollReader.Reading;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageDifference;
import io.ottla.metadata.ImagePart;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
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

    private static PollAnswer.Part part(ImageVersion version, int number, int parts, MetadataChange... changes) {
        return new PollAnswer.Part(
                version.controllerEpoch(), version, number, parts, new ImagePart("cluster", List.of(changes)));
    }

    private static MetadataChange controller(int id) {
        return new MetadataChange.ControllerSet(new BrokerId(id));
    }

    @Example
    void shouldTakeAnImageThatComesInPartsOnceItIsWhole() {
        // given
        PollReader reader = new PollReader();
        ImageVersion first = new ImageVersion(new ControllerEpoch(3), 7);
        ImageVersion second = new ImageVersion(new ControllerEpoch(3), 9);
        assertThat(reader.gathering()).isEqualTo(ImageVersion.NONE);
        // when   a part comes of one image, and then another image is told instead
        assertThat(reader.read(part(first, 0, 3, controller(1)))).isEqualTo(new Reading.Steps(List.of()));
        assertThat(reader.gathering()).isEqualTo(first);
        reader.read(part(second, 0, 2, controller(2)));
        // then   it begins anew, and what comes twice, or late, is left out
        assertThat(reader.gathering()).isEqualTo(second);
        reader.read(part(first, 1, 3, controller(1)));
        reader.read(part(second, 0, 2, controller(2)));
        assertThat(reader.gathered()).isEqualTo(1);
        assertThat(reader.known()).isEqualTo(ImageVersion.NONE);
        // when   the last one comes
        Reading.Steps read = (Reading.Steps) reader.read(part(second, 1, 2, controller(4)));
        // then
        assertThat(read.steps()).hasSize(1);
        ClusterImage after = read.steps().getFirst().after();
        assertThat(after.version()).isEqualTo(second);
        assertThat(after.controller()).isEqualTo(new BrokerId(4));
        assertThat(after.clusterId()).isEqualTo("cluster");
        assertThat(reader.known()).isEqualTo(second);
        assertThat(reader.gathering()).isEqualTo(ImageVersion.NONE);
        assertThat(reader.gathered()).isZero();
    }

    @Example
    void shouldTakeNoPartOfADeposedControllerAndNoneThatThereIsNot() {
        PollReader reader = new PollReader();
        ImageVersion image = new ImageVersion(new ControllerEpoch(3), 7);
        reader.read(part(image, 0, 2, controller(1)));
        assertThat(reader.read(part(new ImageVersion(new ControllerEpoch(2), 8), 0, 2)))
                .isInstanceOf(Reading.Deposed.class);
        assertThat(reader.read(part(image, 2, 2))).isInstanceOf(Reading.Gap.class);
        assertThat(reader.read(part(image, -1, 2))).isInstanceOf(Reading.Gap.class);
        assertThat(reader.read(part(image, 0, PollReader.MOST_PARTS + 1))).isInstanceOf(Reading.Gap.class);
        assertThat(reader.gathered()).isZero();
        // and    a part that does not fit on what came before
        reader.read(part(image, 0, 2, controller(1)));
        assertThat(reader.read(part(
                        image,
                        1,
                        2,
                        new MetadataChange.PartitionSet(
                                "unknown", 4, PartitionImage.unborn(List.of(), List.of(), List.of())))))
                .isInstanceOf(Reading.Gap.class);
    }

    @Example
    void shouldTellAStepThatIsTooLargeByTheWholeImage() {
        // given
        StepHistory history = new StepHistory(new ControllerEpoch(4));
        ClusterImage small = ClusterImage.EMPTY.at(new ImageVersion(history.epoch(), 1));
        history.add(new ImageStep(ClusterImage.EMPTY, small, List.of()));
        // when   400,000 partitions come at once
        ClusterImage large = TestingImageMaker.large(400, 1_000, 10).at(new ImageVersion(history.epoch(), 2));
        history.add(new ImageStep(small, large, ImageDifference.between(small, large)));
        // then
        PollAnswer.News news = history.since(small.version(), false);
        assertThat(news.steps()).isEmpty();
        assertThat(news.whole().image()).isSameAs(large);
        assertThat(history.since(large.version(), false).isEmpty()).isTrue();
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
        assertThat(reading)
                .isEqualTo(new Reading.Steps(List.of(
                        new ImageStep(ClusterImage.EMPTY, image, ImageDifference.between(ClusterImage.EMPTY, image)))));
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
