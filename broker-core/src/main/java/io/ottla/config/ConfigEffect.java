package io.ottla.config;

import java.util.List;

/** Whether a setting does anything in this broker; the last column of {@code docs/configuration.md}. */
public sealed interface ConfigEffect {
    /**
     * It does what it says.
     *
     * @param tests simple names of the test classes that show it; at least one
     */
    record Effective(List<String> tests) implements ConfigEffect {}

    /** It is taken and shown, and does nothing until this part of the broker is there. */
    record Later(String topic) implements ConfigEffect {}

    /**
     * It is meant to keep somebody out, and will when this part of the broker is there: until then a value other than
     * the default stops the start, because it would leave open what the operator believes closed.
     */
    record Protecting(String topic) implements ConfigEffect {}

    /** It never does anything here. */
    record Without(String why) implements ConfigEffect {}

    static ConfigEffect of(String text) {
        if (text.startsWith("effective")) {
            String tests = text.substring("effective".length()).strip();
            return new Effective(tests.isEmpty() ? List.of() : List.of(tests.split(" +")));
        }
        if (text.startsWith("later: ")) {
            return new Later(text.substring("later: ".length()));
        }
        if (text.startsWith("protecting, later: ")) {
            return new Protecting(text.substring("protecting, later: ".length()));
        }
        if (text.startsWith("without effect: ")) {
            return new Without(text.substring("without effect: ".length()));
        }
        throw new IllegalArgumentException(
                "Expected 'effective', 'later: …', 'protecting, later: …' or 'without effect: …', but it is '" + text
                        + "'");
    }
}
