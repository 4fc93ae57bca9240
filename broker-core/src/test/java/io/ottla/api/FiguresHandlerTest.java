package io.ottla.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.types.Figures;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresHandlerTest {
    private final Metrics metrics = new Metrics();

    @Test
    void shouldTellTheNamedSeriesAndNoneOfSinglePartitionsOrOtherTopics() {
        // given
        metrics.counter("in_total", "", Labels.NONE).add(7);
        metrics.counter("in_total", "", Labels.of("topic", "a")).add(5);
        metrics.counter("in_total", "", Labels.of("topic", "b")).add(2);
        metrics.gauge("size", "", Labels.of("topic", "a", "partition", "0"), () -> 1);
        metrics.gauge("idle", "", Labels.NONE, () -> 0.5);
        metrics.distribution("time", "", Labels.NONE).record(1);
        metrics.counter("other_total", "", Labels.NONE).add(1);

        // when
        Figures told =
                FiguresHandler.read(metrics, List.of("in_total", "size", "idle", "time", "nothing"), List.of("a"));

        // then
        assertThat(told.series())
                .containsExactlyInAnyOrder(
                        new Figures.Series("in_total", List.of(), 7),
                        new Figures.Series("in_total", List.of("topic", "a"), 5),
                        new Figures.Series("idle", List.of(), 0.5));
        assertThat(told.cpuNs()).isPositive();
    }
}
