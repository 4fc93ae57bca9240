package io.ottla.console.moves;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Positive;

class ProgressTest {
    private static final OptionalDouble RATE = OptionalDouble.of(1);

    @Example
    void shouldEstimateFromTheRate() {
        Progress progress = new Progress(6_000, 4_500, OptionalDouble.of(25));

        assertThat(progress.percent()).hasValue(25);
        assertThat(progress.remaining()).contains(Duration.ofMinutes(3));
    }

    @Example
    void shouldReachAHundredOnlyAtTheEnd() {
        assertThat(new Progress(1_000_000, 1, RATE).percent()).hasValue(99);
        assertThat(new Progress(1_000_000, 0, RATE).percent()).hasValue(100);
        assertThat(new Progress(1_000_000, 0, RATE).remaining()).contains(Duration.ZERO);
        assertThat(new Progress(0, 0, OptionalDouble.empty()).percent()).hasValue(100);
    }

    @Example
    void shouldSayNothingOfWhatIsUnknown() {
        assertThat(new Progress(-1, 5, RATE).percent()).isEmpty();
        assertThat(new Progress(5, -1, RATE).percent()).isEmpty();
        assertThat(new Progress(5, -1, RATE).remaining()).isEmpty();
        assertThat(new Progress(5, 5, OptionalDouble.empty()).remaining()).isEmpty();
    }

    @Example
    void shouldCallNothingDoneWhereMoreIsLeftThanThereWas() {
        assertThat(new Progress(5, 9, RATE).percent()).hasValue(0);
        assertThat(new Progress(5, 9, RATE).copied()).isZero();
        assertThat(new Progress(0, 9, RATE).percent()).hasValue(0);
    }

    @Property(tries = 1000)
    void shouldStayBetweenNothingAndAll(@ForAll long start, @ForAll long left, @ForAll @Positive double rate) {
        Progress progress = new Progress(start, left, OptionalDouble.of(rate));

        progress.percent().ifPresent(percent -> assertThat(percent).isBetween(0, 100));
        assertThat(progress.copied()).isNotNegative();
        progress.remaining()
                .ifPresent(remaining -> assertThat(remaining).isBetween(Duration.ZERO, Duration.ofDays(365)));
    }
}
