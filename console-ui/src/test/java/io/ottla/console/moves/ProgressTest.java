package io.ottla.console.moves;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ProgressTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Example
    void shouldEstimateFromTheMeanRate() {
        Progress progress = new Progress(6_000, 4_500, MINUTE);

        assertThat(progress.percent()).hasValue(25);
        assertThat(progress.bytesPerSecond()).hasValue(25);
        assertThat(progress.remaining()).contains(Duration.ofMinutes(3));
    }

    @Example
    void shouldReachAHundredOnlyAtTheEnd() {
        assertThat(new Progress(1_000_000, 1, MINUTE).percent()).hasValue(99);
        assertThat(new Progress(1_000_000, 0, MINUTE).percent()).hasValue(100);
        assertThat(new Progress(1_000_000, 0, MINUTE).remaining()).contains(Duration.ZERO);
        assertThat(new Progress(0, 0, Duration.ZERO).percent()).hasValue(100);
    }

    @Example
    void shouldSayNothingOfWhatIsUnknown() {
        assertThat(new Progress(-1, 5, MINUTE).percent()).isEmpty();
        assertThat(new Progress(5, -1, MINUTE).percent()).isEmpty();
        assertThat(new Progress(5, -1, MINUTE).remaining()).isEmpty();
        assertThat(new Progress(5, 5, MINUTE).bytesPerSecond()).isEmpty();
        assertThat(new Progress(5, 5, MINUTE).remaining()).isEmpty();
        assertThat(new Progress(5, 4, Duration.ZERO).bytesPerSecond()).isEmpty();
    }

    @Example
    void shouldCallNothingDoneWhereMoreIsLeftThanThereWas() {
        assertThat(new Progress(5, 9, MINUTE).percent()).hasValue(0);
        assertThat(new Progress(5, 9, MINUTE).copied()).isZero();
        assertThat(new Progress(0, 9, MINUTE).percent()).hasValue(0);
    }

    @Property(tries = 1000)
    void shouldStayBetweenNothingAndAll(@ForAll long start, @ForAll long left, @ForAll long nanos) {
        Progress progress = new Progress(start, left, Duration.ofNanos(nanos));

        progress.percent().ifPresent(percent -> assertThat(percent).isBetween(0, 100));
        assertThat(progress.copied()).isNotNegative();
        progress.remaining()
                .ifPresent(remaining -> assertThat(remaining).isBetween(Duration.ZERO, Duration.ofDays(365)));
    }
}
