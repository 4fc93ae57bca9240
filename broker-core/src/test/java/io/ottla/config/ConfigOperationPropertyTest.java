package io.ottla.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ConfigOperation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.config.ConfigResource;

/** Operations against a model in which lists are sets that keep their order. */
class ConfigOperationPropertyTest {
    private static final String LIST = "cleanup.policy";
    private static final String TEXT = "retention.ms";

    @Provide
    Arbitrary<List<ConfigOperation>> operations() {
        Arbitrary<String> lists =
                Arbitraries.of("a", "b", "c", " a", "").list().ofMaxSize(4).map(l -> String.join(",", l));
        return Combinators.combine(Arbitraries.of(LIST, TEXT), Arbitraries.of(Kind.class), lists)
                .as(ConfigOperation::new)
                .list()
                .ofMaxSize(8);
    }

    @Property(tries = 1000)
    void shouldEqualTheModel(@ForAll("operations") List<ConfigOperation> operations) {
        Map<String, String> real = new TreeMap<>();
        Map<String, Object> model = new TreeMap<>();
        for (ConfigOperation operation : operations) {
            ConfigOperation.Outcome outcome = ConfigOperation.apply(
                    real, List.of(operation), name -> ConfigCatalog.find(ConfigResource.Type.TOPIC, name));
            boolean allowed =
                    operation.name().equals(LIST) || operation.kind() == Kind.SET || operation.kind() == Kind.DELETE;

            assertThat(outcome instanceof ConfigOperation.Outcome.Altered).isEqualTo(allowed);
            if (outcome instanceof ConfigOperation.Outcome.Altered(Map<String, String> after)) {
                real = after;
                change(model, operation);
            }
            assertThat(real.keySet()).isEqualTo(model.keySet());
            Map<String, String> now = real;
            model.forEach((name, value) -> assertThat(
                            value instanceof SequencedSet<?> ? new ArrayList<>(set(now.get(name))) : now.get(name))
                    .isEqualTo(value instanceof SequencedSet<?> elements ? new ArrayList<>(elements) : value));
        }
        // and    all at once come to the same, where each of them can be done
        if (operations.stream().allMatch(each -> each.name().equals(LIST))) {
            assertThat(ConfigOperation.apply(
                            Map.of(), operations, name -> ConfigCatalog.find(ConfigResource.Type.TOPIC, name)))
                    .isEqualTo(new ConfigOperation.Outcome.Altered(real));
        }
    }

    private static void change(Map<String, Object> model, ConfigOperation operation) {
        switch (operation.kind()) {
            case SET -> model.put(operation.name(), operation.value());
            case DELETE -> model.remove(operation.name());
            case APPEND -> list(model).addAll(set(operation.value()));
            case SUBTRACT -> list(model).removeAll(set(operation.value()));
        }
    }

    /** Kafka's default of the policy is to delete. */
    private static SequencedSet<String> list(Map<String, Object> model) {
        Object present = model.getOrDefault(LIST, "delete");
        SequencedSet<String> set = present instanceof String text ? set(text) : new LinkedHashSet<>();
        if (present instanceof SequencedSet<?> elements) {
            elements.forEach(element -> set.add((String) element));
        }
        model.put(LIST, set);
        return set;
    }

    private static SequencedSet<String> set(String text) {
        SequencedSet<String> set = new LinkedHashSet<>();
        Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .forEach(set::add);
        return set;
    }
}
