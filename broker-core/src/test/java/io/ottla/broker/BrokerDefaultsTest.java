package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ConfigCatalog;
import io.ottla.config.ConfigDefinition;
import io.ottla.config.ConfigEffect;
import io.ottla.config.DynamicScope;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every setting of brokers that is the default of a topic's and can be changed while they run: set for all brokers, it
 * changes at once what a running broker does with topics that say nothing of their own.
 */
final class BrokerDefaultsTest {
    @TempDir
    static Path folder;

    private static TopicScene scene;
    private final TopicBehaviours behaviours = new TopicBehaviours();

    @BeforeAll
    static void start() throws Exception {
        scene = new TopicScene(folder, true);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    /** The topics' names of them. */
    static Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (ConfigDefinition definition : ConfigCatalog.topic().all()) {
            ConfigDefinition ofBroker = definition.brokerName() == null
                    ? null
                    : ConfigCatalog.broker().get(definition.brokerName());
            if (ofBroker != null
                    && ofBroker.effect() instanceof ConfigEffect.Effective(var tests)
                    && tests.contains("BrokerDefaultsTest")
                    && ofBroker.scope() == DynamicScope.CLUSTER_WIDE) {
                names.add(definition.name());
            }
        }
        return names;
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldActAtOnceOnTopicsThatSayNothing(String name) throws Exception {
        TopicBehaviours.Behaviour behaviour = behaviours.of(name);
        assertThat(behaviour).as("what shows the effect of " + name).isNotNull();
        scene.begin(TopicBehaviours.partitions(name));
        behaviour.show(scene);
    }
}
