package io.ottla.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedContextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "java.home user.dir",
                "logging.level.root console.timeout ottla.metrics.partitions",
                "server.port server.address server.ssl.key-store management.open",
                "spring.context.exit"
            })
    void shouldHoldWhereBeansReadWhatIsSet(String names) {
        assertThat(PreparedContext.holds(Arrays.stream(names.split(" ")))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "management.server.port",
                "server.port spring.profiles.active",
                "server.forward-headers-strategy",
                "management.endpoints.web.exposure.include",
                "spring.application.json",
                "server.portal"
            })
    void shouldNotHoldWhereBeansMayDependOnWhatIsSet(String names) {
        assertThat(PreparedContext.holds(Arrays.stream(names.split(" ")))).isFalse();
    }
}
