package io.ottla.config;

/**
 * A setting's text and where it comes from.
 *
 * @param origin for messages: {@code server.properties}, {@code --override}, {@code KAFKA_LOG_DIRS}
 */
public record SourcedValue(String value, String origin) {
    /** Without the value, which may be a secret. */
    @Override
    public String toString() {
        return "SourcedValue[from " + origin + "]";
    }
}
