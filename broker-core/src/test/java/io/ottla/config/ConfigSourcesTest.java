package io.ottla.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ConfigSources.Gathered;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSourcesTest {
    private static Gathered environment(Map<String, String> environment) {
        return ConfigSources.gather(Map.of(), List.of(), environment);
    }

    private static SourcedValue at(String value, int line) {
        return new SourcedValue(value, "my.properties line " + line);
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_LOG_DIRS, log.dirs",
        "KAFKA_BROKER_ID, broker.id",
        "KAFKA_LISTENER_NAME_IN__SIDE_MAX_CONNECTIONS, listener.name.in_side.max.connections",
        "KAFKA_LISTENER_NAME_IN___SIDE_MAX_CONNECTIONS, listener.name.in-side.max.connections",
        "KAFKA_A__B___C_D, a_b-c.d",
        "KAFKA_CFG_LOG_DIRS, log.dirs",
        "KAFKA_CFG_ZOOKEEPER_CLIENTCNXNSOCKET, zookeeper.clientCnxnSocket",
        "KAFKA_ZOOKEEPER_CLIENTCNXNSOCKET, zookeeper.clientCnxnSocket",
        "KAFKA_ZOOKEEPER_EMBEDDED_PORT, zookeeper.embedded.port",
        "KAFKA_PORT, port",
        "KAFKA_ADVERTISED_PORT, advertised.port",
    })
    void shouldMapVariablesByApachesRule(String variable, String setting) {
        Gathered gathered = environment(Map.of(variable, "1"));

        assertThat(gathered.broker()).isEqualTo(Map.of(setting, new SourcedValue("1", variable)));
        assertThat(gathered.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KAFKA_VERSION",
                "KAFKA_HEAP_OPTS",
                "KAFKA_LOG4J_OPTS",
                "KAFKA_OPTS",
                "KAFKA_JMX_OPTS",
                "KAFKA_JVM_PERFORMANCE_OPTS",
                "KAFKA_GC_LOG_OPTS",
                "KAFKA_LOG4J_ROOT_LOGLEVEL",
                "KAFKA_LOG4J_LOGGERS",
                "KAFKA_TOOLS_LOG4J_LOGLEVEL",
                "KAFKA_JMX_HOSTNAME",
                "KAFKA_",
                "PATH",
                "OTTLA_OPTS"
            })
    void shouldLeaveTheScriptsVariablesAlone(String variable) {
        assertThat(environment(Map.of(variable, "x")).broker()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_PORT, tcp://10.0.0.1:9092",
        "KAFKA_SERVICE_HOST, 10.0.0.1",
        "KAFKA_SERVICE_PORT, 9092",
        "KAFKA_SERVICE_PORT_CLIENT, 9092",
        "KAFKA_PORT_9092_TCP, tcp://10.0.0.1:9092",
        "KAFKA_PORT_9092_TCP_ADDR, 10.0.0.1",
        "KAFKA_HEADLESS_SERVICE_HOST, None"
    })
    void shouldLeaveKubernetesServiceLinksAlone(String variable, String value) {
        Gathered gathered = environment(Map.of(variable, value));

        assertThat(gathered.broker()).isEmpty();
        assertThat(gathered.warnings()).singleElement().asString().startsWith(variable);
    }

    @Test
    void shouldRefuseVariablesThatSayDifferentThings() {
        assertThat(environment(Map.of("KAFKA_LOG_DIRS", "/a", "KAFKA_CFG_LOG_DIRS", "/b"))
                        .problems())
                .containsExactly("log.dirs: Expected one value from the environment, but KAFKA_CFG_LOG_DIRS and "
                        + "KAFKA_LOG_DIRS say different things; remove one of them");
        assertThat(environment(Map.of("KAFKA_LOG_DIRS", "/a", "KAFKA_CFG_LOG_DIRS", "/a"))
                        .problems())
                .isEmpty();
    }

    @Test
    void shouldLetOverridesGoBeforeTheEnvironmentAndThatBeforeTheFile() {
        Gathered gathered = ConfigSources.gather(
                Map.of("broker.id", at("1", 1), "log.dirs", at("/file", 2), "num.partitions", at("1", 3)),
                List.of("broker.id=3", "zookeeper.connect=a=b", "broker.id=4"),
                Map.of("KAFKA_BROKER_ID", "2", "KAFKA_LOG_DIRS", "/env"));

        assertThat(gathered.broker())
                .isEqualTo(Map.of(
                        "broker.id", new SourcedValue("4", "--override"),
                        "log.dirs", new SourcedValue("/env", "KAFKA_LOG_DIRS"),
                        "num.partitions", at("1", 3),
                        "zookeeper.connect", new SourcedValue("a=b", "--override")));
    }

    @Test
    void shouldNameTheOriginOfABadValue() {
        Gathered gathered = environment(Map.of("KAFKA_BROKER_ID", "x"));

        assertThat(((BrokerConfig.Outcome.Refused) BrokerConfig.read(gathered.broker()))
                        .problems()
                        .text())
                .isEqualTo("The configuration has 1 problem:\n"
                        + "  broker.id = x: Expected a whole number of type INT (from KAFKA_BROKER_ID)");
    }

    @Test
    void shouldHandOutSpringsNamesSeparately() {
        Gathered gathered = ConfigSources.gather(
                Map.of(
                        "spring.main.banner-mode", at("off", 1),
                        "server.port", at("8080", 2),
                        "management.server.port", at("8081", 3),
                        "logging.level.io.ottla", at("debug", 4),
                        "console.enabled", at("false", 5),
                        "server.max.startup.time.ms", at("5", 6),
                        "serverless", at("x", 7)),
                List.of(),
                Map.of());

        assertThat(gathered.spring())
                .containsOnlyKeys(
                        "spring.main.banner-mode",
                        "server.port",
                        "management.server.port",
                        "logging.level.io.ottla",
                        "console.enabled");
        assertThat(gathered.broker()).containsOnlyKeys("server.max.startup.time.ms", "serverless");
    }

    @ParameterizedTest
    @ValueSource(strings = {"log.dirs", "=x", ""})
    void shouldRefuseOverridesThatAreNone(String override) {
        assertThat(ConfigSources.gather(Map.of(), List.of(override), Map.of()).problems())
                .singleElement()
                .asString()
                .contains("Expected name=value");
    }
}
