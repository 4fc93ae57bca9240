package io.ottla.console.quotas;

import java.math.BigDecimal;
import java.util.Map;

/**
 * The limits of somebody.
 *
 * @param limits by Kafka's names, of which there may be more than {@link QuotaKey} knows
 */
public record Quota(QuotaOwner owner, Map<String, Double> limits) {
    public Quota {
        limits = Map.copyOf(limits);
    }

    /** Null where it is not limited. */
    public Double limit(QuotaKey key) {
        return limits.get(key.key());
    }

    /** As it is typed; empty where it is not limited. */
    public String typed(QuotaKey key) {
        Double limit = limit(key);
        return limit == null
                ? ""
                : BigDecimal.valueOf(limit).stripTrailingZeros().toPlainString();
    }
}
