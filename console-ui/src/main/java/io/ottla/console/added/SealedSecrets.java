package io.ottla.console.added;

import io.ottla.console.state.Json;
import io.ottla.console.state.Sealer;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The secrets of added clusters as one encrypted text a cluster: a JSON object of names and values. What was opened is
 * remembered while an entry has it, since opening takes milliseconds and entries are looked at every few seconds.
 *
 * <p>Thread-safe.
 */
final class SealedSecrets {
    /** What was found in a text. */
    sealed interface Found {
        /** @param outdated whether it should be sealed anew */
        record Secrets(Map<String, String> values, boolean outdated) implements Found {
            /** Without any value. */
            @Override
            public String toString() {
                return "Secrets[names=" + values.keySet() + "]";
            }
        }

        record Closed(String why) implements Found {}
    }

    private final Sealer sealer;
    private final Map<String, Found> known = new ConcurrentHashMap<>();

    SealedSecrets(Sealer sealer) {
        this.sealer = sealer;
    }

    boolean canSeal() {
        return sealer.canSeal();
    }

    String seal(Map<String, String> secrets) {
        return sealer.seal(Json.text(secrets));
    }

    /** @param sealed null for none */
    Found open(String sealed) {
        return sealed == null ? new Found.Secrets(Map.of(), false) : known.computeIfAbsent(sealed, this::opened);
    }

    private Found opened(String sealed) {
        return switch (sealer.open(sealed)) {
            case Sealer.Opened.Closed(String why) -> new Found.Closed(why);
            case Sealer.Opened.Text(String text, boolean outdated) ->
                Json.texts(text)
                        .<Found>map(values -> new Found.Secrets(values, outdated))
                        .orElseGet(() -> new Found.Closed("it holds something else than names and values"));
        };
    }

    /** Forgets all others. */
    void retain(Collection<String> sealed) {
        known.keySet().retainAll(sealed);
    }
}
