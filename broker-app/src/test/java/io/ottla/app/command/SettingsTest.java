package io.ottla.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.SourcedValue;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void shouldPartSpringsNamesFromTheBrokers() {
        // given
        Map<String, String> file = Map.of(
                "num.partitions", "3", "server.port", "9999", "ottla.metrics.partitions", "false", "console.x", "y");

        // when
        Settings settings = accepted(file, List.of(), Map.of());

        // then
        assertThat(settings.broker().topicDefaults().numPartitions()).isEqualTo(3);
        assertThat(settings.spring()).containsOnlyKeys("server.port", "ottla.metrics.partitions", "console.x");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldTakeOverrideOverEnvironmentOverFile() {
        // given
        Map<String, String> file = Map.of("num.partitions", "1", "server.port", "1", "broker.id", "1");
        Map<String, String> environment =
                Map.of("KAFKA_NUM_PARTITIONS", "2", "KAFKA_SERVER_PORT", "2", "KAFKA_BROKER_ID", "2");

        // when
        Settings settings = accepted(file, List.of("num.partitions=3", "server.port=3"), environment);

        // then
        assertThat(settings.broker().topicDefaults().numPartitions()).isEqualTo(3);
        assertThat(settings.spring().get("server.port").value()).isEqualTo("3");
        assertThat(settings.broker().identity().brokerId()).isEqualTo(2);
    }

    @Test
    void shouldListEverythingThatIsWrongAtOnce() {
        // given
        Map<String, String> file = Map.of(
                "num.partitions",
                "none",
                "log.segment.bytes",
                "1",
                "server.port",
                "http",
                "server.address",
                "no such host",
                "logging.level.root",
                "FOO");

        // when
        var outcome = Settings.read(placed(file), List.of("oops"), Map.of("LOGGING_LEVEL_IO_OTTLA", "loud"));

        // then
        assertThat(outcome).isInstanceOf(Settings.Outcome.Refused.class);
        List<String> lines = ((Settings.Outcome.Refused) outcome).problems().lines();
        assertThat(lines).hasSize(7);
        assertThat(String.join("\n", lines))
                .contains("num.partitions", "log.segment.bytes", "server.port = http", "server.address", "oops")
                .contains(
                        "logging.level.root = FOO: Expected TRACE, DEBUG, INFO, WARN, ERROR or OFF (from my.properties)")
                .contains("logging.level.io.ottla = loud: ", "(from LOGGING_LEVEL_IO_OTTLA)");
    }

    @Test
    void shouldRefuseATimeThatIsNoneAndAPasswordThatIsTooShort() {
        // when
        var outcome = Settings.read(
                placed(Map.of("ottla.readiness.patience", "soon")),
                List.of(),
                Map.of("CONSOLE_ADMIN_PASSWORD", "hunter2"));

        // then   the password is not in it
        assertThat(((Settings.Outcome.Refused) outcome).problems().lines())
                .containsExactlyInAnyOrder(
                        "ottla.readiness.patience = soon: Expected a time such as 30m, 90s or 0s (from my.properties)",
                        "console.admin.password: Expected 8 characters to 72 bytes, or {bcrypt} and a hash"
                                + " (from CONSOLE_ADMIN_PASSWORD)");
        accepted(
                Map.of("ottla.readiness.patience", "0s"),
                List.of(),
                Map.of("CONSOLE_ADMIN_PASSWORD", "hunter2hunter2"));
    }

    @Test
    void shouldRefuseWhatTheConsoleCanNotBeToldBeforeAnythingIsMade() {
        // when
        var outcome = Settings.read(
                placed(Map.of("console.lag.refresh", "2x", "console.audit.topic", "a b", "console.timeout", "1h")),
                List.of("console.masking[0].always=perhaps"),
                Map.of());

        // then
        assertThat(((Settings.Outcome.Refused) outcome).problems().lines())
                .contains("console.lag.refresh = 2x: Expected a time such as 30s, 5m or 1d (from my.properties)")
                .contains(
                        "console.timeout: Expected one second to five minutes, but got 3600000 ms (from my.properties)")
                .anySatisfy(line -> assertThat(line)
                        .startsWith("console.masking[0].always = perhaps: Expected true or false (from "));

        // when, then  one by one
        for (Map<String, String> wrong : List.of(
                Map.of("console.timeout", "1h"),
                Map.of("console.lag.retain", "1s"),
                Map.of("console.leader-election.schedule", "often"),
                Map.of("console.clusters.east.name", "East"))) {
            assertThat(((Settings.Outcome.Refused) Settings.read(placed(wrong), List.of(), Map.of()))
                            .problems()
                            .lines())
                    .singleElement()
                    .asString()
                    .contains("Expected")
                    .startsWith(wrong.keySet().iterator().next().replaceAll("[.]name$", ""));
        }
        accepted(
                Map.of("console.timeout", "20s", "console.masking[0].topics", "*", "console.masking[0].fields", "a"),
                List.of("console.leader-election.schedule=6h"),
                Map.of("CONSOLE_LAG_REFRESH", "5s"));
        accepted(
                Map.of("console.timeout", "${console.name}", "console.name", "${patience-of-nobody:20s}"),
                List.of(),
                Map.of());
    }

    @Test
    void shouldShipAServerPropertiesThatSaysNothingButTheDefaults() throws IOException {
        // given
        Properties shipped = new Properties();
        try (InputStream in = SettingsTest.class.getResourceAsStream("/server.properties")) {
            shipped.load(in);
        }
        Map<String, String> file = new TreeMap<>();
        shipped.forEach((name, value) -> file.put((String) name, (String) value));

        // when
        Settings settings = accepted(file, List.of(), Map.of());
        Settings defaults = accepted(Map.of(), List.of(), Map.of());

        // then
        assertThat(settings.broker().identity()).isEqualTo(defaults.broker().identity());
        assertThat(settings.broker().network().listeners())
                .isEqualTo(defaults.broker().network().listeners());
        assertThat(settings.broker().zooKeeper()).isEqualTo(defaults.broker().zooKeeper());
        assertThat(settings.broker().logDirs().stream()
                        .map(path -> path.normalize())
                        .toList())
                .isEqualTo(defaults.broker().logDirs().stream()
                        .map(path -> path.normalize())
                        .toList());
        assertThat(settings.warnings()).isEmpty();
    }

    private static Map<String, SourcedValue> placed(Map<String, String> file) {
        Map<String, SourcedValue> placed = new TreeMap<>();
        file.forEach((name, value) -> placed.put(name, new SourcedValue(value, "my.properties")));
        return placed;
    }

    private static Settings accepted(
            Map<String, String> file, List<String> overrides, Map<String, String> environment) {
        var outcome = Settings.read(placed(file), overrides, environment);
        assertThat(outcome).isInstanceOf(Settings.Outcome.Accepted.class);
        return ((Settings.Outcome.Accepted) outcome).settings();
    }
}
