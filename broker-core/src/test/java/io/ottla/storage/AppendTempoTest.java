package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendTempoTest {
    private final WaitClock clock = new WaitClock();
    private final AppendTempo tempo = new AppendTempo(clock);

    /** Knows how long the thread has waited for a processor. */
    private static final class WaitClock implements Clock {
        private long waitedMs;

        @Override
        public long wallMs() {
            return 0;
        }

        @Override
        public long monotonicNs() {
            return 0;
        }

        @Override
        public long processorWaitNs() {
            return TimeUnit.MILLISECONDS.toNanos(waitedMs);
        }
    }

    private void append(long beganMs, long tookMs, long originNs) {
        long began = originNs + TimeUnit.MILLISECONDS.toNanos(beganMs);
        tempo.note(began, began + TimeUnit.MILLISECONDS.toNanos(tookMs));
    }

    /** The clock begins anywhere, and may overflow. */
    @ParameterizedTest
    @ValueSource(longs = {0, 12_345, -1_500_000_000L, Long.MAX_VALUE - 1_000_000_000L})
    void shouldCallSlowWhatIsSlowTwiceWithinASecond(long origin) {
        // given  a slow append
        append(0, 11, origin);
        assertThat(tempo.isCalm()).isTrue();
        // when   another one follows after more than a second, then   that alone says nothing
        append(1_100, 50, origin);
        assertThat(tempo.isCalm()).isTrue();
        // when   one follows at once
        append(1_500, 11, origin);
        // then
        assertThat(tempo.isCalm()).isFalse();
    }

    /** Where there are too few processors, that is why an append takes long; a thread more would make it worse. */
    @Test
    void shouldNotBlameTheDiskForThreadsWithoutProcessor() {
        // given  appends that take long because the thread has to wait
        for (int i = 0; i < 10; i++) {
            clock.waitedMs += 10;
            append(100L * i, 20, 0);
        }
        assertThat(tempo.isCalm()).isTrue();
        // when   one waits for less than half of its time
        clock.waitedMs += 9;
        append(1_000, 20, 0);
        // then
        assertThat(tempo.isCalm()).isFalse();
        // when   it gets faster, and appends take long for want of a processor alone
        for (int i = 0; i < 10; i++) {
            clock.waitedMs += 20;
            append(1_100 + 100 * i, 20, 0);
        }
        append(2_100, 1, 0);
        // then
        assertThat(tempo.isCalm()).isTrue();
    }

    @Test
    void shouldCallCalmWhatHasBeenFastForASecond() {
        // given  a slow folder
        append(0, 20, 0);
        append(20, 20, 0);
        // when   it is middling, and then fast
        append(500, 6, 0);
        append(1_100, 1, 0);
        // then
        assertThat(tempo.isCalm()).isFalse();
        append(1_504, 1, 0);
        assertThat(tempo.isCalm()).isFalse();
        append(1_510, 1, 0);
        assertThat(tempo.isCalm()).isTrue();
    }
}
