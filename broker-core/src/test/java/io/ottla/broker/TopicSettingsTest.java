package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ConfigCatalog;
import io.ottla.config.ConfigDefinition;
import io.ottla.config.ConfigEffect;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every setting of topics that kafka-clients or our own table knows: it changes what a running broker does with a topic,
 * seen by real clients and in the files, without a restart; or its row in the table names the part that will heed it, or
 * why nothing does.
 */
final class TopicSettingsTest {
    private static final String SELF = "TopicSettingsTest";

    @TempDir
    static Path folder;

    private static TopicScene scene;
    private final TopicBehaviours behaviours = new TopicBehaviours();

    @BeforeAll
    static void start() throws Exception {
        scene = new TopicScene(folder, false);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    static Set<String> names() throws IllegalAccessException {
        Set<String> names = new TreeSet<>();
        for (Field field : TopicConfig.class.getFields()) {
            if (field.getName().endsWith("_CONFIG")) {
                names.add((String) field.get(null));
            }
        }
        assertThat(names).hasSizeGreaterThan(30);
        ConfigCatalog.topic().all().forEach(definition -> names.add(definition.name()));
        return names;
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldActAtOnceOrSayWhichPartWill(String name) throws Exception {
        ConfigDefinition definition = ConfigCatalog.topic().get(name);
        assertThat(definition).as("the row of " + name).isNotNull();
        TopicBehaviours.Behaviour behaviour = behaviours.of(name);
        switch (definition.effect()) {
            case ConfigEffect.Effective(var tests)
            when !tests.contains(SELF) ->
                assertThat(behaviour)
                        .as("what shows an effect that is shown elsewhere")
                        .isNull();
            case ConfigEffect.Effective _ -> {
                assertThat(behaviour).as("what shows the effect of " + name).isNotNull();
                scene.begin(TopicBehaviours.partitions(name));
                behaviour.show(scene);
            }
            case ConfigEffect.Later later -> {
                assertThat(later.topic()).isNotBlank();
                assertThat(behaviour)
                        .as("what shows an effect that the row denies")
                        .isNull();
            }
            case ConfigEffect.Protecting protecting -> {
                assertThat(protecting.topic()).isNotBlank();
                assertThat(behaviour)
                        .as("what shows an effect that the row denies")
                        .isNull();
            }
            case ConfigEffect.Without without -> {
                assertThat(without.why()).isNotBlank();
                assertThat(behaviour)
                        .as("what shows an effect that the row denies")
                        .isNull();
            }
        }
    }
}
