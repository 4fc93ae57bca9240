package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.groups.ResetForm;
import io.ottla.console.groups.ResetRequest;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The body of a request to set offsets.
 *
 * @param to earliest, latest, offset, time, back, shift or group
 * @param value what that needs; of a time that names no zone, UTC is meant
 * @param topic null for all in which the group has committed
 * @param partitions of that topic; null for all
 * @param dryRun whether it is only to be said what would be; true unless it is false
 */
record ResetData(
        String to,
        String value,
        String topic,
        List<Integer> partitions,
        @JsonProperty("dry_run") Boolean dryRun) {

    boolean isDryRun() {
        return !Boolean.FALSE.equals(dryRun);
    }

    ResetRequest request() {
        if (to == null) {
            throw new ApiFailure(
                    ApiError.BAD_REQUEST,
                    "Expected to, one of " + String.join(", ", ResetForm.TARGETS) + ", but the request has none.");
        }
        if (partitions != null && partitions.contains(null)) {
            throw new ApiFailure(ApiError.BAD_REQUEST, "Expected numbers in partitions.");
        }
        String wanted = partitions == null
                ? ""
                : new TreeSet<>(partitions).stream().map(String::valueOf).collect(Collectors.joining(","));
        try {
            return new ResetForm(to, topic == null ? "" : topic, wanted, value == null ? "" : value)
                    .request(ZoneOffset.UTC);
        } catch (ResetForm.Unreadable unreadable) {
            throw Bodies.bad(unreadable.field() + ": " + unreadable.getMessage());
        }
    }
}
