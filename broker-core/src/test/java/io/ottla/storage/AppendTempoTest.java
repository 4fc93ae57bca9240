package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendTempoTest {
    private final AppendTempo tempo = new AppendTempo();

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
