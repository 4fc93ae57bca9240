package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.quotas.Quota;
import io.ottla.console.quotas.QuotaOwner;
import io.ottla.console.quotas.Quotas;
import io.ottla.console.rest.Links.Metadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Somebody's quotas. */
record QuotaData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        List<EntityPart> entity,
        Map<String, Double> limits) {
    /**
     * One of whom they are for.
     *
     * @param type {@code user}, {@code client-id} or {@code ip}
     * @param name null for all that have no quota of their own
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record EntityPart(String type, String name) {}

    static QuotaData of(Quota quota, Links links) {
        return new QuotaData(
                "ClientQuota",
                links.metadata("/quotas?" + quota.owner().parameters()),
                links.cluster(),
                quota.owner().parts().stream()
                        .map(part -> new EntityPart(part.type(), part.isDefault() ? null : part.name()))
                        .toList(),
                new LinkedHashMap<>(quota.limits()));
    }

    /**
     * The body of a request that changes some.
     *
     * @param limits by Kafka's names; null takes one away
     */
    record Alteration(List<EntityPart> entity, Map<String, Double> limits) {
        QuotaOwner owner() {
            if (entity == null || entity.isEmpty() || entity.contains(null)) {
                throw refused(
                        "Expected entity, as [{\"type\": \"user\", \"name\": \"ann\"}], but the request has none.");
            }
            Map<String, String> fields = new LinkedHashMap<>();
            List<String> types = new ArrayList<>();
            for (EntityPart part : entity) {
                if (part.type() == null || !QuotaOwner.TYPES.contains(part.type())) {
                    throw refused("Expected type of " + String.join(", ", QuotaOwner.TYPES) + " in entity, but got "
                            + part.type() + ".");
                }
                if (types.contains(part.type())) {
                    throw refused("Expected each type once in entity, but " + part.type() + " is there twice.");
                }
                if (part.name() != null && part.name().isBlank()) {
                    throw refused("Expected a name in entity, or null for all others, but got an empty one.");
                }
                types.add(part.type());
                fields.put(
                        part.name() == null ? "default-" + part.type() : part.type(),
                        part.name() == null ? "true" : part.name());
            }
            return QuotaOwner.of(fields);
        }

        Map<String, OptionalDouble> changes(QuotaOwner owner) {
            if (limits == null || limits.isEmpty()) {
                throw refused("Expected limits, as {\"producer_byte_rate\": 1048576}, but the request has none.");
            }
            Map<String, OptionalDouble> changes = new LinkedHashMap<>();
            limits.forEach((name, limit) -> changes.put(
                    name,
                    limit == null ? OptionalDouble.empty() : OptionalDouble.of(Quotas.checked(owner, name, limit))));
            return changes;
        }

        private static ApiFailure refused(String message) {
            return new ApiFailure(ApiError.BAD_REQUEST, message);
        }
    }
}
