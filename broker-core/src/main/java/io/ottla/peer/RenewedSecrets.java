package io.ottla.peer;

import io.ottla.types.BrokerId;
import java.util.Map;

/**
 * Secrets among a broker's own settings, encrypted anew: they mean what they meant before.
 *
 * @param values by the names of the settings, as they are to be stored
 */
public record RenewedSecrets(BrokerId broker, Map<String, String> values) {
    public RenewedSecrets {
        values = Map.copyOf(values);
    }

    /** Says nothing of what is in them. */
    @Override
    public String toString() {
        return "RenewedSecrets[broker=" + broker + ", names=" + values.keySet() + "]";
    }
}
