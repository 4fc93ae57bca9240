package io.ottla.console.quotas;

import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/**
 * Whom quotas limit: a user, a client id, both together, or an address.
 *
 * @param parts of them, those that are there, in this order
 */
public record QuotaOwner(List<Part> parts) {
    public static final List<String> TYPES =
            List.of(ClientQuotaEntity.USER, ClientQuotaEntity.CLIENT_ID, ClientQuotaEntity.IP);
    static final Comparator<QuotaOwner> ORDER = Comparator.comparing(
            owner -> owner.parts().stream().map(Part::order).collect(Collectors.joining("\n")));

    private static final int MAX = 1_000;

    /**
     * One of them.
     *
     * @param type of Kafka's names {@code user}, {@code client-id}, {@code ip}
     * @param name empty for all that have no quota of their own
     */
    public record Part(String type, String name) {
        public boolean isDefault() {
            return name.isEmpty();
        }

        private String order() {
            return TYPES.indexOf(type) + name;
        }
    }

    public QuotaOwner {
        parts = List.copyOf(parts);
    }

    static QuotaOwner of(ClientQuotaEntity entity) {
        List<Part> parts = new ArrayList<>();
        for (String type : TYPES) {
            if (entity.entries().containsKey(type)) {
                parts.add(new Part(type, Objects.toString(entity.entries().get(type), "")));
            }
        }
        return new QuotaOwner(parts);
    }

    /**
     * From fields of a form or an address: {@code user=ann}, or {@code default-user=true} for all that have none of their own.
     *
     * @throws Mistyped where they name nobody, or an address beside a user
     */
    public static QuotaOwner of(Map<String, String> fields) {
        List<Part> parts = new ArrayList<>();
        for (String type : TYPES) {
            String name = fields.getOrDefault(type, "").strip();
            boolean isDefault = fields.containsKey("default-" + type);
            if (isDefault && !name.isEmpty()) {
                throw new Mistyped(Wording.of("quotas.bad.both", Wording.of("quotas." + type), name));
            }
            if (name.length() > MAX) {
                throw new Mistyped(Wording.of("quotas.bad.long", Wording.of("quotas." + type), MAX));
            }
            if (isDefault || !name.isEmpty()) {
                parts.add(new Part(type, name));
            }
        }
        if (parts.isEmpty()) {
            throw new Mistyped(Wording.of("quotas.bad.nobody"));
        }
        QuotaOwner owner = new QuotaOwner(parts);
        if (owner.isAddress() && parts.size() > 1) {
            throw new Mistyped(Wording.of("quotas.bad.mixed"));
        }
        return owner;
    }

    ClientQuotaEntity entity() {
        Map<String, String> entries = new HashMap<>();
        parts.forEach(part -> entries.put(part.type(), part.isDefault() ? null : part.name()));
        return new ClientQuotaEntity(entries);
    }

    boolean isAddress() {
        return parts.stream().anyMatch(part -> part.type().equals(ClientQuotaEntity.IP));
    }

    /** The parameters that name it in an address, after the question mark. */
    public String parameters() {
        return parts.stream()
                .map(part -> part.isDefault()
                        ? "default-" + part.type() + "=true"
                        : part.type() + "=" + Addresses.parameter(part.name()))
                .collect(Collectors.joining("&"));
    }

    /** For the trail. */
    @Override
    public String toString() {
        return parts.stream()
                .map(part -> part.type() + "=" + (part.isDefault() ? "<default>" : part.name()))
                .collect(Collectors.joining(","));
    }
}
