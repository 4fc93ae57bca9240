package io.ottla.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private final List<String> written = new ArrayList<>();
    private long nowNs;

    private final Clock clock = new Clock() {
        @Override
        public long wallMs() {
            return 0;
        }

        @Override
        public long monotonicNs() {
            return nowNs;
        }
    };

    private final LogLines lines = new LogLines(clock, 2);

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            lines.write(more -> written.add("line" + more));
        }
    }

    @Test
    void shouldSayAtTheNextLineHowManyWereLeftOut() {
        // given  a burst
        write(39);
        assertThat(written).containsExactly("line", "line");

        // when   there is room again
        nowNs += 11_500_000_000L;
        write(2);

        // then   the first line tells of what is missing, the second of nothing
        assertThat(written).containsExactly("line", "line", "line (37 more like this in the last 12 seconds)", "line");
    }

    @Test
    void shouldCountAnewAfterwards() {
        write(3);
        nowNs += 500_000_000L;
        write(3);
        nowNs += 500_000_000L;
        write(1);
        assertThat(written)
                .containsExactly(
                        "line",
                        "line",
                        "line (1 more like this in the last 1 second)",
                        "line (2 more like this in the last 1 second)");
    }

    @Test
    void shouldSayNothingOfLinesThatWereWritten() {
        for (int i = 0; i < 5; i++) {
            write(1);
            nowNs += 500_000_000L;
        }
        assertThat(written).hasSize(5).containsOnly("line");
    }
}
