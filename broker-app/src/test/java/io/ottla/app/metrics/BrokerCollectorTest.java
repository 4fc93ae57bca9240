package io.ottla.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BrokerCollectorTest {
    private final Metrics metrics = new Metrics();

    @Test
    void shouldShowEachMeterUnderExactlyItsName() throws IOException {
        // given
        metrics.counter("kafka_server_brokertopicmetrics_bytesin_total", "Bytes in.", Labels.NONE)
                .add(7);
        metrics.gauge("kafka_server_kafkaserver_brokerstate", "State.", Labels.NONE, () -> 3);
        metrics.gauge("kafka_broker_info", "A name that ends like a reserved one.", Labels.NONE, () -> 1);

        // when
        String page = scrape(true);

        // then
        assertThat(page)
                .contains("# TYPE kafka_server_brokertopicmetrics_bytesin_total counter\n")
                .contains("\nkafka_server_brokertopicmetrics_bytesin_total 7.0\n")
                .contains("\nkafka_server_kafkaserver_brokerstate 3.0\n")
                .contains("\nkafka_broker_info 1.0\n");
    }

    @Test
    void shouldShowSeriesOfOneNameThatHaveDifferentLabelNames() throws IOException {
        // given
        String name = "kafka_server_brokertopicmetrics_bytesin_total";
        metrics.counter(name, "Bytes in.", Labels.NONE).add(9);
        metrics.counter(name, "Bytes in.", Labels.of("topic", "a\"b")).add(4);

        // when
        String page = scrape(true);

        // then
        assertThat(page).contains("\n" + name + " 9.0\n").contains("\n" + name + "{topic=\"a\\\"b\"} 4.0\n");
    }

    @Test
    void shouldShowADistributionAsCountAndQuantilesInTheSpellingOfDashboards() throws IOException {
        // given
        String name = "kafka_network_requestmetrics_totaltimems";
        var distribution = metrics.distribution(name, "Total time.", Labels.of("request", "Produce"));
        for (int i = 1; i <= 100; i++) {
            distribution.record(i);
        }

        // when
        String page = scrape(true);

        // then
        assertThat(page).contains("\n" + name + "_count{request=\"Produce\"} 100.0\n");
        for (String quantile : new String[] {"0.50", "0.75", "0.95", "0.98", "0.99", "0.999"}) {
            assertThat(page).contains("\n" + name + "{quantile=\"" + quantile + "\",request=\"Produce\"} ");
        }
        assertThat(page)
                .contains("quantile=\"0.50\",request=\"Produce\"} 50.0\n")
                .doesNotContain(name + "_sum");
    }

    @Test
    void shouldLeaveOutSeriesOfPartitionsWhereTheyAreNotWanted() throws IOException {
        // given
        metrics.gauge("kafka_log_log_size", "Size.", Labels.of("topic", "t", "partition", "0"), () -> 1);
        metrics.gauge("kafka_topic_partitions", "Partitions.", Labels.of("topic", "t"), () -> 1);

        // when
        String page = scrape(false);

        // then
        assertThat(page).contains("kafka_topic_partitions").doesNotContain("kafka_log_log_size");
    }

    @Test
    void shouldNotShowASeriesThatWasTakenAway() throws IOException {
        // given
        BrokerCollector collector = new BrokerCollector(metrics, true);
        Labels labels = Labels.of("topic", "t", "partition", "0");
        metrics.gauge("kafka_log_log_size", "Size.", labels, () -> 1);
        assertThat(write(collector)).contains("kafka_log_log_size");

        // when
        metrics.remove("kafka_log_log_size", labels);

        // then
        assertThat(write(collector)).doesNotContain("kafka_log_log_size");
    }

    @Test
    void shouldShowTheOthersWhereOneGaugeFails() throws IOException {
        // given
        metrics.gauge("kafka_a", "Fails.", Labels.NONE, () -> {
            throw new IllegalStateException("closed");
        });
        metrics.gauge("kafka_b", "Works.", Labels.NONE, () -> 2);

        // when
        String page = scrape(true);

        // then
        assertThat(page).contains("\nkafka_a NaN\n").contains("\nkafka_b 2.0\n");
    }

    @Test
    void shouldShowTheJvmUnderTheNamesOfDashboards() throws IOException {
        // given
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new JvmCollector());

        // when
        String page = write(registry);

        // then
        assertThat(page)
                .contains("\njvm_memory_used_bytes{area=\"heap\"} ")
                .contains("\njvm_memory_bytes_max{area=\"heap\"} ")
                .contains("\njvm_gc_collection_seconds_count{gc=\"")
                .contains("\njvm_gc_collection_seconds_sum{gc=\"")
                .contains("\njvm_threads_current ")
                .contains("\nprocess_cpu_seconds_total ")
                .contains("\nprocess_open_fds ");
    }

    private String scrape(boolean withPartitions) throws IOException {
        return write(new BrokerCollector(metrics, withPartitions));
    }

    private static String write(BrokerCollector collector) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(collector);
        return write(registry);
    }

    private static String write(PrometheusRegistry registry) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, registry.scrape());
        return out.toString(StandardCharsets.UTF_8);
    }
}
