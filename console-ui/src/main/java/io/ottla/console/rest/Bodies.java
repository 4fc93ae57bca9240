package io.ottla.console.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;

/** Checks of what a body has to say, which name its field. */
final class Bodies {
    private Bodies() {}

    static <T> T need(T value, String field) {
        if (value == null) {
            throw bad("Expected " + field + ", but the request has none.");
        }
        return value;
    }

    static <T> List<T> list(List<T> values, String field) {
        List<T> all = values == null ? List.of() : values;
        if (all.stream().anyMatch(Objects::isNull)) {
            throw bad("Expected no null in " + field + ".");
        }
        return all;
    }

    static <E extends Enum<E>> E choice(String value, E standard, Class<E> type, String field) {
        if (value == null) {
            if (standard == null) {
                need(null, field);
            }
            return standard;
        }
        for (E each : type.getEnumConstants()) {
            if (each.name().equalsIgnoreCase(value)) {
                return each;
            }
        }
        throw bad("Expected " + field + " to be one of "
                + String.join(
                        ", ",
                        java.util.Arrays.stream(type.getEnumConstants())
                                .map(each -> each.name().toLowerCase(java.util.Locale.ROOT))
                                .toList())
                + ", but got '" + value + "'.");
    }

    /** A partition as the bodies name it. */
    record Named(String topic, Integer partition) {}

    static List<TopicPartition> partitions(List<Named> named, String field) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Named each : list(named, field)) {
            if (each.topic() == null || each.topic().isEmpty() || each.partition() == null || each.partition() < 0) {
                throw bad("Expected topic and partition in each of " + field + ".");
            }
            partitions.add(new TopicPartition(each.topic(), each.partition()));
        }
        return partitions;
    }

    static ApiFailure bad(String message) {
        return new ApiFailure(ApiError.BAD_REQUEST, message);
    }
}
