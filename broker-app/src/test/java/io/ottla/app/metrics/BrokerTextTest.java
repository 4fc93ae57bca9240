package io.ottla.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerTextTest {
    private final Metrics metrics = new Metrics();

    private String text(boolean openMetrics, boolean withPartitions) {
        PageBuffer page = new PageBuffer(1);
        new BrokerText(page, openMetrics, withPartitions).write(metrics);
        return new String(page.toBytes(), StandardCharsets.UTF_8);
    }

    /** What the client library makes of the same. */
    private String library(boolean openMetrics, boolean withPartitions) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new BrokerCollector(metrics, withPartitions));
        ExpositionFormatWriter writer =
                openMetrics ? OpenMetricsTextFormatWriter.create() : PrometheusTextFormatWriter.create();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(out, registry.scrape());
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Lines in an order of their own, labels too, and whole numbers without a fraction. */
    private static List<String> lines(String page) {
        return page.lines()
                .filter(line -> !line.equals("# EOF"))
                .map(line -> line.startsWith("#") ? line : withPlainNumber(line))
                .map(line -> line.replaceFirst("\\{(quantile=\"[0-9.]+\"),(.*)} ", "{$2,$1} "))
                .sorted()
                .toList();
    }

    private static String withPlainNumber(String line) {
        int at = line.lastIndexOf(' ') + 1;
        String number = line.substring(at);
        return number.endsWith("Inf")
                ? line
                : line.substring(0, at)
                        + Double.toString(Double.parseDouble(number)).replaceFirst("\\.0$", "");
    }

    private void fill() {
        metrics.counter("kafka_a_total", "A count.", Labels.NONE).add(7);
        metrics.counter("kafka_a_total", "A count.", Labels.of("topic", "t")).add(Long.MAX_VALUE >> 12);
        metrics.gauge("kafka_b", "A \\ level\nof two \"lines\".", Labels.NONE, () -> -3);
        metrics.gauge("kafka_b", "…", Labels.of("topic", "a\"b\\c\nd", "z", "组"), () -> 0.25);
        metrics.gauge("kafka_c", "Not a number.", Labels.of("partition", "0"), () -> Double.NaN);
        metrics.gauge("kafka_d", "Infinite.", Labels.of("x", "1"), () -> Double.NEGATIVE_INFINITY);
        metrics.gauge("kafka_e", "Fails.", Labels.NONE, () -> {
            throw new IllegalStateException("closed");
        });
        metrics.levels("kafka_f", "Listed.", to -> {
            to.accept(Labels.of("partition", "1", "topic", "t"), 1);
            to.accept(Labels.of("partition", "2", "topic", "t"), 2);
        });
        metrics.levels("kafka_g", "None.", to -> {});
        metrics.levels("kafka_h", "Fails in the middle.", to -> {
            to.accept(Labels.of("partition", "1", "topic", "t"), 1);
            throw new IllegalStateException("closed");
        });
        for (String request : List.of("Produce", "Fetch")) {
            var spread = metrics.distribution("kafka_i", "A spread.", Labels.of("request", request));
            for (int i = 1; i <= 100; i++) {
                spread.record(i);
            }
        }
        metrics.gauge("kafka_j_info", "Behind a spread.", Labels.NONE, () -> 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWriteWhatTheClientLibraryWrites(boolean openMetrics) throws IOException {
        fill();
        // A distribution shows the last two intervals between readings, so that these two are alike.
        assertThat(lines(text(openMetrics, true)))
                .isEqualTo(lines(library(openMetrics, true)))
                .contains("kafka_i_count{request=\"Fetch\"} 100", "kafka_i{request=\"Fetch\",quantile=\"0.999\"} 100");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveOutSeriesOfPartitionsWhereTheyAreNotWanted(boolean openMetrics) throws IOException {
        fill();
        String page = text(openMetrics, false);
        assertThat(lines(page)).isEqualTo(lines(library(openMetrics, false)));
        assertThat(page).doesNotContain("partition", "kafka_c", "kafka_f");
    }

    @Test
    void shouldKeepTheSeriesOfAFamilyTogether() {
        fill();
        List<String> families = text(false, true)
                .lines()
                .filter(line -> line.startsWith("# TYPE"))
                .toList();
        assertThat(families)
                .doesNotHaveDuplicates()
                .containsExactly(
                        "# TYPE kafka_a_total counter",
                        "# TYPE kafka_b gauge",
                        "# TYPE kafka_c gauge",
                        "# TYPE kafka_d gauge",
                        "# TYPE kafka_e gauge",
                        "# TYPE kafka_f gauge",
                        "# TYPE kafka_i gauge",
                        "# TYPE kafka_i_count untyped",
                        "# TYPE kafka_j_info gauge");
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                -0.0,
                1,
                9,
                10,
                1234567890123.0,
                -1,
                -10,
                0.1,
                1e300,
                1e-300,
                9007199254740992.0,
                -9007199254740992.0,
                Double.NaN,
                Double.MIN_VALUE,
                Double.MAX_VALUE
            })
    void shouldWriteNumbersThatReadTheSame(double value) {
        PageBuffer page = new PageBuffer(0);
        page.number(value);
        double read = Double.parseDouble(new String(page.toBytes(), StandardCharsets.US_ASCII));
        assertThat(Double.valueOf(read + 0.0)).isEqualTo(Double.valueOf(value + 0.0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldWriteWholeNumbers(long value) {
        PageBuffer page = new PageBuffer(0);
        page.number(value);
        assertThat(new String(page.toBytes(), StandardCharsets.US_ASCII)).isEqualTo(Long.toString(value));
    }
}
