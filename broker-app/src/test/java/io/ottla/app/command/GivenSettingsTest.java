package io.ottla.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class GivenSettingsTest {
    @Test
    void shouldHideKafkasVariablesFromSpringAndPutWhatWasGivenFirst() {
        // given
        StandardEnvironment environment = new StandardEnvironment();
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment
                .getPropertySources()
                .replace(
                        name,
                        new SystemEnvironmentPropertySource(
                                name,
                                Map.of("KAFKA_LISTENERS", "x", "SERVER_PORT", "1", "SPRING_APPLICATION_NAME", "n")));

        // when
        new GivenSettings(Map.of("server.port", "2"))
                .onApplicationEvent(new ApplicationEnvironmentPreparedEvent(
                        new DefaultBootstrapContext(), new SpringApplication(), new String[0], environment));

        // then
        assertThat(environment.getProperty("kafka.listeners")).isNull();
        assertThat(environment.getProperty("KAFKA_LISTENERS")).isNull();
        assertThat(environment.getProperty("server.port")).isEqualTo("2");
        assertThat(environment.getProperty("spring.application.name")).isEqualTo("n");
    }
}
