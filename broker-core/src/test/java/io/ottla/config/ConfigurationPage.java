package io.ottla.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Writes {@code docs/configuration.md} from the tables of settings. */
final class ConfigurationPage {
    private final StringBuilder page = new StringBuilder();

    private ConfigurationPage() {}

    static String write() {
        ConfigurationPage page = new ConfigurationPage();
        page.head();
        page.section("Settings of the broker", ConfigCatalog.broker(), "Changed while running");
        page.section("Settings of topics", ConfigCatalog.topic(), "The broker's setting that is its default");
        page.section("Settings of groups", ConfigCatalog.group(), "The broker's setting that is its default");
        page.section("Settings of subscriptions to clients' metrics", ConfigCatalog.clientMetrics(), "");
        page.process();
        return page.page.toString();
    }

    private void head() {
        page.append("""
                # Configuration

                Made from the tables in `broker-core/src/main/resources/io/ottla/config` (of the last section in
                `broker-core/src/test/resources/io/ottla/config`) by `ConfigurationPageTest`; to change it, change those and run the
                test with `-Dottla.docs.write=true`.

                Names are Kafka's, and so are the defaults of 3.9, but for these: `listeners` binds to the loopback address,
                `log.dir` lies below the working directory, groups speak both protocols as in Kafka 4, and a silent broker is
                given up after 3 s (`broker.session.timeout.ms`). A setting is given in the properties file, as
                `KAFKA_…` in the environment, or as `--override name=value`; a later one of these wins over an earlier.
                In the environment `_` stands for a dot, `__` for an underscore and `___` for a dash: `KAFKA_LOG_DIRS` is
                `log.dirs`. `KAFKA_CFG_…` is read in the same way; where both name one setting and differ, the broker does
                not start. Names that begin with `spring.`, `server.`, `management.`, `logging.`, `console.` or `ottla.` are those
                of the process around the broker, see the last section.

                A name that Kafka had once keeps its meaning, with a warning. A name that nobody knows is warned of with the
                nearest one that is known. Values that can't be read stop the start, all of them listed at once.

                The last column says what the setting does here:

                - **effective**, with the tests that show it;
                - **later**, with the part of the broker that will heed it; set, it is warned of;
                - **protecting, later**: it is meant to keep somebody out, and nothing does so yet, so that setting it to anything
                  but its default stops the start;
                - **without effect**, and why.

                What is not read-only can be changed while the broker runs, with `bin/kafka-configs.sh` or any client of Kafka's
                Admin API; so can the settings of topics and groups, and the levels of loggers (`broker-loggers`; those hold
                until the broker stops). A change is in force when it is answered, and lies in ZooKeeper where Kafka 3.9
                keeps it; a group's lies in `/config/groups/<id>`. *per-broker* says that it can be changed for one broker,
                *cluster-wide* that it can be for all as well. Passwords are kept encrypted by `password.encoder.secret`, in
                Kafka's format. To change that secret, start each broker with the new one, and the one before as
                `password.encoder.old.secret`: its passwords are encrypted anew.

                `listener.name.<name>.<setting>` says a setting for one listener alone: `max.connections`,
                `max.connection.creation.rate`, and what protects it (`ssl.…`, `sasl.…`, `principal.builder.class`,
                `connections.max.reauth.ms`). All others hold for all listeners; said for one, they are warned of.
                """);
    }

    private void process() {
        page.append("""

                ## Settings of the process around the broker

                Console, REST surface, metrics and logs, in the same file and in the same three ways; [the console](console.md) says
                more of each. In the environment, names are in capitals with `_` for a dot and without dashes:
                `CONSOLE_READONLY`, `MANAGEMENT_OPEN`. What else begins with `spring.`, `server.`, `management.` or `logging.` is Spring
                Boot's own. All of them are read-only.

                `management.server.port` gives the actuator a port of its own, on every address of the machine unless `management.server.address`
                says which: `/actuator` is there then and no longer beside the console; `/metrics`, `/livez` and `/readyz` are on both ports,
                and both ask for the same login. `bin/healthcheck` and the chart go on asking `server.port`.

                | Name | Type | Default | What it does |
                |---|---|---|---|
                """);
        for (String line : lines("process.settings")) {
            String[] cells = line.split("\\s*\\|\\s*", 4);
            page.append("| ")
                    .append(String.join(
                            " | ", code(cells[0]), cells[1], cells[2].isEmpty() ? "" : code(cells[2]), cells[3]))
                    .append(" |\n");
        }
    }

    /** Those of a table that are no remarks. */
    private static List<String> lines(String table) {
        try (InputStream in = ConfigurationPage.class.getResourceAsStream(table)) {
            return new String(Objects.requireNonNull(in, table).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void section(String title, ConfigCatalog catalog, String scopeTitle) {
        page.append("\n## ").append(title).append('\n');
        boolean ofBroker = catalog == ConfigCatalog.broker();
        String heading = null;
        for (ConfigDefinition definition : catalog.all()) {
            if (heading == null || ofBroker && !heading.equals(definition.section())) {
                heading = definition.section();
                page.append(ofBroker ? "\n### " + heading + "\n" : "")
                        .append("\n| Name | Type | Default | Range | ")
                        .append(scopeTitle)
                        .append(" | What it does | Here |\n|---|---|---|---|---|---|---|\n");
            }
            row(definition, ofBroker);
        }
    }

    private void row(ConfigDefinition definition, boolean ofBroker) {
        String scope = ofBroker ? definition.scope().text() : code(definition.brokerName());
        page.append("| ")
                .append(String.join(
                        " | ",
                        List.of(
                                code(definition.name()),
                                definition.type().name().toLowerCase(Locale.ROOT),
                                defaultOf(definition),
                                definition.range().text().replace("|", "\\|"),
                                scope,
                                definition.documentation(),
                                effect(definition.effect()))))
                .append(" |\n");
    }

    private static String code(String text) {
        return text == null ? "" : "`" + text + "`";
    }

    private static String defaultOf(ConfigDefinition definition) {
        String text = definition.defaultText();
        if (text == null) {
            return "";
        }
        return text.isEmpty() ? "*empty*" : code(text);
    }

    private static String effect(ConfigEffect effect) {
        return switch (effect) {
            case ConfigEffect.Effective effective -> "effective: `" + String.join("`, `", effective.tests()) + "`";
            case ConfigEffect.Later later -> "later: " + later.topic();
            case ConfigEffect.Protecting later -> "protecting, later: " + later.topic();
            case ConfigEffect.Without without -> "without effect: " + without.why();
        };
    }
}
