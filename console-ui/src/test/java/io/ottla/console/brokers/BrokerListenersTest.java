package io.ottla.console.brokers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.Setting;
import java.util.List;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.junit.jupiter.api.Test;

class BrokerListenersTest {
    private static Setting setting(String name, String value) {
        return new Setting(
                name, value, ConfigSource.STATIC_BROKER_CONFIG, "", true, false, true, "LIST", "", List.of());
    }

    private static List<String> listeners(String listeners, String advertised) {
        return BrokersController.listeners(
                List.of(setting("listeners", listeners), setting("advertised.listeners", advertised)), 19092);
    }

    @Test
    void shouldTellNoPortThatNobodyListensOn() {
        assertThat(listeners("A://h:9092, B://h:9010", "")).containsExactly("A://h:9092", "B://h:9010");
        assertThat(listeners("A://127.0.0.1:0", "")).containsExactly("A://127.0.0.1:19092");
        assertThat(listeners("A://h:0,B://:0,C://h:9093", "")).containsExactly("A://h", "B://", "C://h:9093");
        assertThat(listeners("A://h:0", "A://proxy:19092")).containsExactly("A://h");
        assertThat(listeners("", "")).isEmpty();
    }
}
