package io.ottla.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
    private static final Path ROOT = Files.exists(Path.of("docs")) ? Path.of("") : Path.of("..");
    private static final Path PAGE = ROOT.resolve("docs/configuration.md");

    @Test
    void shouldBeWhatTheTablesSay() throws IOException {
        String page = ConfigurationPage.write();
        if (Boolean.getBoolean("ottla.docs.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md is old: run this test with -Dottla.docs.write=true")
                .isEqualTo(page);
    }

    @Test
    void shouldHaveARowForEverySettingOfKafka39() throws IOException {
        String page = Files.readString(PAGE);

        for (String kind : new String[] {"broker", "topic"}) {
            for (KafkaFacts.Fact fact : KafkaFacts.of(kind)) {
                assertThat(page).as(fact.name()).contains("| `" + fact.name() + "` | ");
            }
        }
    }

    @Test
    void shouldNameForEachEffectTestsThatExist() throws IOException {
        // given  the test classes of all modules
        Set<String> tests;
        try (Stream<Path> files = Files.walk(ROOT)) {
            tests = files.filter(file -> file.toString().contains("src/test/java"))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Test.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        // then   whatever shows an effect is one of them
        for (ConfigCatalog catalog : new ConfigCatalog[] {
            ConfigCatalog.broker(), ConfigCatalog.topic(), ConfigCatalog.group(), ConfigCatalog.clientMetrics()
        }) {
            for (ConfigDefinition definition : catalog.all()) {
                if (definition.effect() instanceof ConfigEffect.Effective effective) {
                    assertThat(effective.tests()).as(definition.name()).isNotEmpty();
                    assertThat(tests).as(definition.name()).containsAll(effective.tests());
                }
            }
        }
    }
}
