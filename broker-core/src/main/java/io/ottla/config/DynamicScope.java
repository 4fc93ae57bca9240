package io.ottla.config;

/** How far a broker's setting can be changed while it runs (KIP-226). */
public enum DynamicScope {
    /** Only by a restart. */
    READ_ONLY("read-only"),
    /** For one broker. */
    PER_BROKER("per-broker"),
    /** For one broker, and for all as their default. */
    CLUSTER_WIDE("cluster-wide");

    private final String text;

    DynamicScope(String text) {
        this.text = text;
    }

    /** Kafka's word for it. */
    public String text() {
        return text;
    }

    static DynamicScope of(String text) {
        for (DynamicScope scope : values()) {
            if (scope.text.equals(text)) {
                return scope;
            }
        }
        throw new IllegalArgumentException("Expected a dynamic scope, but it is '" + text + "'");
    }
}
