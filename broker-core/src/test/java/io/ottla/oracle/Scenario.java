package io.ottla.oracle;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * What is asked of both brokers in every version that both serve: one or more requests, in order, on one connection.
 *
 * @param key whose versions are gone through
 * @param clientId as whom
 */
record Scenario(String name, ApiKeys key, String clientId, List<Step> steps) {
    static final String CLIENT = "oracle";

    /** Makes a request; what it can't say in a version is refused by kafka-clients, and the version left out. */
    @FunctionalInterface
    interface Ask {
        ApiMessage of(Side side, short version) throws Exception;
    }

    /** Remembers from an answer what the next request needs. */
    @FunctionalInterface
    interface Heed {
        void take(Side side, ApiMessage answer);
    }

    /**
     * @param key the scenario's, or another, which is then asked in the newest version that both serve
     * @param answered false for what has no answer
     */
    record Step(ApiKeys key, Ask ask, Heed heed, boolean answered) {}

    static Scenario of(String name, ApiKeys key, Ask ask) {
        return new Scenario(name, key, CLIENT, List.of()).then(key, ask);
    }

    Scenario then(ApiKeys other, Ask ask) {
        return with(new Step(other, ask, (side, answer) -> {}, true));
    }

    Scenario then(Ask ask) {
        return then(key, ask);
    }

    Scenario remembering(Ask ask, Heed heed) {
        return with(new Step(key, ask, heed, true));
    }

    Scenario remembering(ApiKeys other, Ask ask, Heed heed) {
        return with(new Step(other, ask, heed, true));
    }

    static Scenario unanswered(String name, ApiKeys key, Ask ask) {
        return new Scenario(name, key, CLIENT, List.of()).with(new Step(key, ask, (side, answer) -> {}, false));
    }

    static Scenario sequence(String name, ApiKeys key) {
        return new Scenario(name, key, CLIENT, List.of());
    }

    Scenario as(String otherClientId) {
        return new Scenario(name, key, otherClientId, steps);
    }

    private Scenario with(Step step) {
        List<Step> all = new ArrayList<>(steps);
        all.add(step);
        return new Scenario(name, key, clientId, List.copyOf(all));
    }
}
