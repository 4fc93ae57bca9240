package io.ottla.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupConfigsTest {
    private final GroupConfigs groups = BrokerConfig.defaults().groupConfigs();

    @Test
    void shouldHaveKafkasDefaultsWhereNobodySaysOtherwise() {
        assertThat(groups.consumer(Map.of())).isEqualTo(ConsumerGroupProperties.DEFAULTS);
    }

    @Test
    void shouldPutTheGroupsOverTheBrokers() {
        GroupConfigs lenient = BrokerConfig.of(Map.of(
                        "group.consumer.min.session.timeout.ms", "1000",
                        "group.consumer.session.timeout.ms", "30000",
                        "group.consumer.min.heartbeat.interval.ms", "100",
                        "group.consumer.heartbeat.interval.ms", "4000"))
                .groupConfigs();

        assertThat(lenient.consumer(Map.of())).isEqualTo(new ConsumerGroupProperties(30_000, 4_000, 1_000));
        assertThat(lenient.consumer(Map.of(
                        "consumer.session.timeout.ms", "2000",
                        "consumer.heartbeat.interval.ms", "200",
                        "consumer.assignment.interval.ms", "0")))
                .isEqualTo(new ConsumerGroupProperties(2_000, 200, 0));
    }

    @Test
    void shouldLeaveOutWhatCanNotBeReadAndKeepToTheBounds() {
        assertThat(groups.consumer(Map.of(
                        "consumer.session.timeout.ms", "1",
                        "consumer.heartbeat.interval.ms", "99999",
                        "consumer.assignment.interval.ms", "soon",
                        "unknown", "1")))
                .isEqualTo(new ConsumerGroupProperties(45_000, 15_000, 1_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "consumer.session.timeout.ms | 44999 | group.consumer.min.session.timeout.ms, which is 45000",
                "consumer.session.timeout.ms | 60001 | group.consumer.max.session.timeout.ms, which is 60000",
                "consumer.heartbeat.interval.ms | 4999 | group.consumer.min.heartbeat.interval.ms, which is 5000",
                "consumer.heartbeat.interval.ms | 15001 | group.consumer.max.heartbeat.interval.ms, which is 15000",
                "consumer.heartbeat.interval.ms | x | Invalid value x for configuration consumer.heartbeat.interval.ms",
                "consumer.assignment.interval.ms | -1 | Invalid value -1",
                "share.record.lock.duration.ms | 1000 | group.share.min.record.lock.duration.ms, which is 15000",
                "streams.session.timeout.ms | 4000 | Expected streams.session.timeout.ms above streams.heartbeat",
                "share.isolation.level | none | Invalid value none",
                "consumer.sesion.timeout.ms | 1 | did you mean consumer.session.timeout.ms?",
                "consumer.session.timeout.ms | null | Expected a value of consumer.session.timeout.ms, but it is null"
            })
    void shouldSayWhyAGroupCanNotHaveASetting(String name, String value, String reason) {
        Map<String, String> asked = new HashMap<>();
        asked.put(name, value);

        assertThat(groups.refusal(asked, asked.keySet()).error()).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(groups.refusal(asked, asked.keySet()).text()).contains(reason);
    }

    @Test
    void shouldTakeWhatLiesWithinTheBounds() {
        Map<String, String> within = Map.of(
                "consumer.session.timeout.ms", "60000",
                "consumer.heartbeat.interval.ms", "15000",
                "share.auto.offset.reset", "earliest");

        assertThat(groups.refusal(within, within.keySet())).isNull();
    }

    @Test
    void shouldHoldTheSessionAboveTheHeartbeats() {
        GroupConfigs wide = BrokerConfig.of(Map.of(
                        "group.consumer.min.session.timeout.ms", "1000",
                        "group.consumer.min.heartbeat.interval.ms", "1000"))
                .groupConfigs();

        Map<String, String> equal =
                Map.of("consumer.session.timeout.ms", "10000", "consumer.heartbeat.interval.ms", "10000");

        assertThat(wide.refusal(equal, equal.keySet()).text())
                .contains("Expected consumer.session.timeout.ms above consumer.heartbeat.interval.ms");
    }
}
