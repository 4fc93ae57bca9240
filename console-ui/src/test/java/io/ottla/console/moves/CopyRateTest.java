package io.ottla.console.moves;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.Example;

class CopyRateTest {
    private final CopyRate rate = new CopyRate();

    private void note(long second, long copied) {
        rate.note(Instant.ofEpochSecond(second), copied);
    }

    @Example
    void shouldNotTakeTheBurstAtTheBeginningForHowItGoesOn() {
        // given  a hundred megabytes at once, and then a megabyte a second
        note(0, 0);
        note(2, 100_000_000);
        assertThat(rate.bytesPerSecond()).isEmpty();
        note(7, 105_000_000);
        note(12, 110_000_000);
        assertThat(rate.bytesPerSecond()).isEmpty();

        // when, then
        note(17, 115_000_000);
        assertThat(rate.bytesPerSecond()).hasValue(1_000_000);
    }

    @Example
    void shouldFollowAThrottleWithinAMinute() {
        // given
        for (int second = 0; second <= 100; second += 5) {
            note(second, second * 1_000L);
        }
        assertThat(rate.bytesPerSecond()).hasValue(1_000);

        // when   it is throttled
        for (int second = 105; second <= 160; second += 5) {
            note(second, 100_000 + (second - 100) * 10L);
        }

        // then
        assertThat(rate.bytesPerSecond()).hasValue(10);
    }

    @Example
    void shouldTellWhatItCanToWhoLooksSeldom() {
        note(0, 0);
        note(40, 4_000);
        assertThat(rate.bytesPerSecond()).hasValue(100);
        note(3_640, 40_000);
        assertThat(rate.bytesPerSecond()).hasValue(10);
    }

    @Example
    void shouldTellNothingWhereNothingIsCopied() {
        note(0, 0);
        note(20, 0);
        note(60, 0);
        assertThat(rate.bytesPerSecond()).isEmpty();
    }
}
