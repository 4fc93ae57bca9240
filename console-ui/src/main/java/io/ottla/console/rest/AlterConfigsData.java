package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The body of a request that changes several settings at once. */
record AlterConfigsData(
        List<Operation> data, @JsonProperty("validate_only") Boolean validateOnly) {
    /**
     * What is done to one.
     *
     * @param operation {@code SET}, which may be left out, or {@code DELETE}
     */
    record Operation(String name, String value, String operation) {}

    /** By name; empty for what is to be taken away. */
    Map<String, Optional<String>> values() {
        if (data == null || data.isEmpty()) {
            throw refused("Expected at least one entry in data, but the request has none.");
        }
        Map<String, Optional<String>> values = new LinkedHashMap<>();
        for (Operation each : data) {
            if (each == null || each.name() == null || each.name().isBlank()) {
                throw refused("Expected a name in each entry of data.");
            }
            Optional<String> value = switch (each.operation() == null ? "SET" : each.operation()) {
                case "SET" -> {
                    if (each.value() == null) {
                        throw refused("Expected a value to SET " + each.name() + " to, but it has none.");
                    }
                    yield Optional.of(each.value());
                }
                case "DELETE" -> Optional.empty();
                default ->
                    throw refused("Expected SET or DELETE as operation of " + each.name() + ", but got "
                            + each.operation() + ".");
            };
            if (values.put(each.name(), value) != null) {
                throw refused("Expected each setting once in data, but " + each.name() + " is there twice.");
            }
        }
        return values;
    }

    boolean onlyValidates() {
        return Boolean.TRUE.equals(validateOnly);
    }

    private static ApiFailure refused(String message) {
        return new ApiFailure(ApiError.BAD_REQUEST, message);
    }
}
