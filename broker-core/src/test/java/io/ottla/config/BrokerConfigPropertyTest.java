package io.ottla.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.BrokerConfig.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BrokerConfigPropertyTest {
    @Provide
    Arbitrary<Map<String, String>> settings() {
        List<String> names = new ArrayList<>();
        for (ConfigDefinition definition : ConfigCatalog.broker().all()) {
            names.add(definition.name());
        }
        names.addAll(List.of("port", "host.name", "advertised.port", "listener.name.x.max.connections", "acme"));
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.integers().map(String::valueOf),
                Arbitraries.of("true", "false", "PLAINTEXT://a:1", "", ",", "a:b", "delete", "\u0000", "1e9"),
                Arbitraries.strings().ofMaxLength(20));
        return Arbitraries.maps(Arbitraries.of(names), values).ofMaxSize(8);
    }

    @Property(tries = 500)
    void shouldReadOrRefuseEverythingAndNeverBreak(@ForAll("settings") Map<String, String> given) {
        switch (BrokerConfig.read(given, "a test")) {
            case Outcome.Accepted accepted -> {
                assertThat(accepted.config().network().listeners()).isNotEmpty();
                assertThat(accepted.config().logDirs()).isNotEmpty();
                assertThat(accepted.config().printable()).isNotEmpty();
            }
            case Outcome.Refused refused ->
                assertThat(refused.problems().lines()).isNotEmpty();
        }
    }

    @Property(tries = 500)
    void shouldReadWhatItWrote(@ForAll("settings") Map<String, String> given) {
        if (!(BrokerConfig.read(given, "a test") instanceof Outcome.Accepted accepted)) {
            return;
        }
        // what is printed, secrets aside, reads as the same configuration
        Map<String, String> printed = new HashMap<>();
        for (String line : accepted.config().printable()) {
            int equals = line.indexOf('=');
            if (!line.startsWith("#") && !line.endsWith(BrokerConfig.HIDDEN)) {
                printed.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        BrokerConfig again = BrokerConfig.of(printed);
        assertThat(again.network()).isEqualTo(accepted.config().network());
        assertThat(again.topics().properties(Map.of()))
                .isEqualTo(accepted.config().topics().properties(Map.of()));
    }

    @Property(tries = 500)
    void shouldNameEveryBadNumber(@ForAll("numbers") String one, @ForAll("numbers") String other) {
        if (one.equals(other)) {
            return;
        }
        Outcome outcome = BrokerConfig.read(Map.of(one, "many", other, "few"), "a test");

        assertThat(((Outcome.Refused) outcome).problems().lines())
                .anyMatch(line -> line.startsWith(one + " = many: "))
                .anyMatch(line -> line.startsWith(other + " = few: "));
    }

    @Provide
    Arbitrary<String> numbers() {
        List<String> names = new ArrayList<>();
        for (ConfigDefinition definition : ConfigCatalog.broker().all()) {
            switch (definition.type()) {
                case INT, SHORT, LONG, DOUBLE -> names.add(definition.name());
                case BOOLEAN, STRING, LIST, CLASS, PASSWORD -> {}
            }
        }
        return Arbitraries.of(names);
    }
}
