package io.ottla.config;

/**
 * One setting, as the tables {@code *.configs} beside this class have it.
 *
 * @param name as Kafka names it
 * @param section the heading it stands under
 * @param defaultText the default as a text; null where there is none
 * @param importance {@code high}, {@code medium} or {@code low}, as in Kafka's documentation
 * @param scope of a broker's setting; a topic's, a group's and a client's are always dynamic and have
 *     {@link DynamicScope#CLUSTER_WIDE}
 * @param brokerName the broker's setting that is the default of a topic's or group's; null where there is none
 * @param internal whether it is kept out of what clients are shown
 * @param documentation one sentence or two
 */
public record ConfigDefinition(
        String name,
        String section,
        ConfigType type,
        String defaultText,
        ConfigRange range,
        String importance,
        DynamicScope scope,
        String brokerName,
        boolean internal,
        String documentation,
        ConfigEffect effect) {

    /** Whether its value is a secret. */
    public boolean sensitive() {
        return type == ConfigType.PASSWORD;
    }

    /** Reads a text as a value of this setting. */
    Reading read(String text) {
        Reading reading = type.read(text);
        if (reading instanceof Reading.Value read) {
            String refusal = range.refusal(read.value());
            return refusal == null ? reading : new Reading.Refused(refusal);
        }
        return reading;
    }

    /** The default; null where there is none. */
    Object defaultValue() {
        if (defaultText == null) {
            return null;
        }
        return switch (type.read(defaultText)) {
            case Reading.Value read -> read.value();
            case Reading.Refused refused ->
                throw new IllegalStateException("Expected a default of " + name + " that can be read, but "
                        + defaultText + ": " + refused.why());
        };
    }
}
