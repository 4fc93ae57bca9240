package io.ottla.console.rates;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.BrokerFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final String OTHER = "kafka_server_kafkaserver_uptimems";

    private Instant now = Instant.EPOCH;
    private int asked;
    private double bytes = 1_000;
    private double cpu = 10;
    private boolean restarted;
    private boolean silent;
    private List<String> topics = List.of();

    private final Rates rates = new Rates(this::figures, () -> now);

    private Map<Integer, BrokerFigures.Told> figures(List<String> names, List<String> about) {
        asked++;
        topics = about;
        double counted = restarted ? 5 : bytes;
        Map<Integer, BrokerFigures.Told> told = new HashMap<>(Map.of(
                1,
                new BrokerFigures.Told(
                        "1.2.3",
                        cpu,
                        List.of(
                                series(Look.BYTES_IN, counted),
                                series(Look.BYTES_IN, counted, "topic", "orders"),
                                series(OTHER, 60_000),
                                series("kafka_server_socket_server_metrics_connection_count", 3, "listener", "A"),
                                series("kafka_server_socket_server_metrics_connection_count", 4, "listener", "B"))),
                2,
                new BrokerFigures.Told(
                        "1.2.3", Double.NaN, List.of(series(Look.BYTES_IN, counted, "topic", "orders")))));
        if (silent) {
            told.remove(2);
        }
        return told;
    }

    private static BrokerFigures.Series series(String name, double value, String... labels) {
        return new BrokerFigures.Series(name, List.of(labels), value);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void shouldTellWhatHasGrownSinceTheLookBefore() {
        // given
        BrokerRates first = rates.brokers().get(1);
        pass(Duration.ofSeconds(5));
        bytes += 10_000;
        cpu += 2.5;

        // when
        BrokerRates second = rates.brokers().get(1);

        // then
        assertThat(first.bytesIn()).isNaN();
        assertThat(first.version()).isEqualTo("1.2.3");
        assertThat(first.uptime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(first.connections()).isEqualTo(7);
        assertThat(second.bytesIn()).isEqualTo(2_000);
        assertThat(second.cpu()).isEqualTo(0.5);
        assertThat(second.bytesOut()).isNaN();
        assertThat(rates.brokers().get(2).cpu()).isNaN();
    }

    @Test
    void shouldAskNoOftenerThanEveryTwoSecondsAndForgetOldLooks() {
        for (int i = 0; i < 10; i++) {
            rates.brokers();
            pass(Duration.ofMillis(500));
        }
        assertThat(asked).isEqualTo(3);

        // when   nobody has looked for long
        pass(Duration.ofHours(1));
        bytes += 1e9;

        // then   what was does not count for what is
        assertThat(rates.brokers().get(1).bytesIn()).isNaN();
    }

    @Test
    void shouldTellNothingOfABrokerThatBeganAnew() {
        rates.brokers();
        pass(Duration.ofSeconds(3));
        restarted = true;

        assertThat(rates.brokers().get(1).bytesIn()).isNaN();
    }

    @Test
    void shouldAddUpATopicAtAllBrokersAndAskOnlyForThoseThatAreLookedAt() {
        // given
        assertThat(rates.topics(List.of("orders")).get("orders").bytesIn()).isNaN();
        pass(Duration.ofSeconds(2));
        bytes += 100;

        // when, then
        assertThat(rates.topics(List.of("orders")).get("orders").bytesIn()).isEqualTo(100);
        assertThat(topics).containsExactly("orders");
        assertThat(rates.topics(List.of("quiet")).get("quiet")).isEqualTo(TopicRates.UNKNOWN);
        pass(Duration.ofMinutes(1));
        rates.brokers();
        assertThat(topics).isEmpty();
    }

    @Test
    void shouldTellNoRateOfATopicBeforeItWasAskedForTwice() {
        // given  brokers that somebody looks at, but not at a topic that has counted for long
        bytes = 1e9;
        rates.brokers();
        pass(Duration.ofSeconds(12));
        rates.brokers();
        pass(Duration.ofSeconds(2));

        // when, then   what it has counted in all its time is no rate
        assertThat(rates.topics(List.of("orders")).get("orders")).isEqualTo(TopicRates.UNKNOWN);
        pass(Duration.ofMillis(500));
        assertThat(rates.topics(List.of("orders")).get("orders")).isEqualTo(TopicRates.UNKNOWN);
        pass(Duration.ofMillis(1_500));
        bytes += 100;
        assertThat(rates.topics(List.of("orders")).get("orders").bytesIn()).isEqualTo(100);
    }

    @Test
    void shouldTellNoRateOfATopicBeforeEachBrokerOfItHasToldTwice() {
        // given  a broker that does not answer at first
        silent = true;
        rates.topics(List.of("orders", "quiet"));
        pass(Duration.ofSeconds(2));
        silent = false;

        // when, then
        assertThat(rates.topics(List.of("orders")).get("orders").bytesIn()).isNaN();
        assertThat(rates.topics(List.of("quiet")).get("quiet").bytesIn()).isZero();
        pass(Duration.ofSeconds(2));
        bytes += 100;
        assertThat(rates.topics(List.of("orders")).get("orders").bytesIn()).isEqualTo(75);
    }

    @Test
    void shouldKnowNothingWhereTheProcessTellsNothing() {
        Rates none = new Rates(null, () -> now);

        assertThat(none.brokers()).isEmpty();
        assertThat(none.topics(List.of("t")).get("t").bytesIn()).isNaN();
    }
}
