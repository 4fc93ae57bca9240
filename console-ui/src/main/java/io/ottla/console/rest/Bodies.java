package io.ottla.console.rest;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** Checks of what a body has to say, which name its field. */
final class Bodies {
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

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

    /** A topic that a body names. */
    static Topic topic(Visit visit, String name, String field) {
        if (!TOPIC.matcher(name).matches()) {
            throw bad("Expected the name of a topic in " + field + ", but got '" + name + "'.");
        }
        try {
            return visit.topic(name);
        } catch (ClusterFailure failure) {
            if (failure.kind().equals(Optional.of(ClusterFailure.Kind.NO_SUCH_TOPIC))) {
                throw new ApiFailure(
                        ApiError.NO_SUCH_TOPIC,
                        "Expected topics that exist in " + field + ", but there is no '" + name + "'.");
            }
            throw failure;
        }
    }

    /** Partitions that a body names, and that are there. */
    static List<TopicPartition> existing(Visit visit, List<Named> named, String field) {
        List<TopicPartition> partitions = partitions(named, field);
        Map<String, Topic> topics = new HashMap<>();
        for (TopicPartition at : partitions) {
            Topic topic = topics.computeIfAbsent(at.topic(), name -> topic(visit, name, field));
            if (topic.partitions().stream().noneMatch(each -> each.id() == at.partition())) {
                throw new ApiFailure(
                        ApiError.NO_SUCH_PARTITION,
                        "Expected partitions of " + at.topic() + " below "
                                + topic.partitions().size() + " in " + field + ", but got " + at.partition() + ".");
            }
        }
        return partitions;
    }

    static ApiFailure bad(String message) {
        return new ApiFailure(ApiError.BAD_REQUEST, message);
    }
}
