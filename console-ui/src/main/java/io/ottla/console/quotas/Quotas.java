package io.ottla.console.quotas;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;

/** What is asked of and done to quotas, for pages and the API alike. */
public final class Quotas {
    private Quotas() {}

    /** All of them, in order. */
    public static List<Quota> list(Visit visit) {
        return list(visit, ClientQuotaFilter.all());
    }

    private static List<Quota> list(Visit visit, ClientQuotaFilter filter) {
        visit.require(Action.VIEW_CLUSTER);
        return visit
                .cluster()
                .await(visit.asking().describeClientQuotas(filter).entities(), Wording.of("doing.quotas"))
                .entrySet()
                .stream()
                .map(entry -> new Quota(QuotaOwner.of(entry.getKey()), entry.getValue()))
                .sorted(Comparator.comparing(Quota::owner, QuotaOwner.ORDER))
                .toList();
    }

    /** Somebody's, with no limits where he has none. */
    public static Quota of(Visit visit, QuotaOwner owner) {
        List<ClientQuotaFilterComponent> parts = owner.parts().stream()
                .map(part -> part.isDefault()
                        ? ClientQuotaFilterComponent.ofDefaultEntity(part.type())
                        : ClientQuotaFilterComponent.ofEntity(part.type(), part.name()))
                .toList();
        return list(visit, ClientQuotaFilter.containsOnly(parts)).stream()
                .filter(quota -> quota.owner().equals(owner))
                .findFirst()
                .orElseGet(() -> new Quota(owner, Map.of()));
    }

    /**
     * Sets some limits and takes others away; what is not named stays.
     *
     * @param limits by Kafka's names; empty for what is to be taken away
     * @throws Mistyped where a limit does not fit whom it is for
     */
    public static void alter(Visit visit, QuotaOwner owner, Map<String, OptionalDouble> limits) {
        if (limits.isEmpty()) {
            throw new Mistyped(Wording.of("quotas.bad.nothing"));
        }
        List<ClientQuotaAlteration.Op> operations = new ArrayList<>();
        Change change = Change.of(Action.EDIT_QUOTAS, owner.toString());
        for (Map.Entry<String, OptionalDouble> limit : new TreeMap<>(limits).entrySet()) {
            OptionalDouble value = limit.getValue();
            operations.add(new ClientQuotaAlteration.Op(
                    limit.getKey(), value.isPresent() ? Double.valueOf(value.getAsDouble()) : null));
            change = change.with(limit.getKey(), value.isPresent() ? value.getAsDouble() : "(none)");
        }
        visit.change(
                change,
                admin -> visit.cluster()
                        .await(
                                admin.alterClientQuotas(List.of(new ClientQuotaAlteration(owner.entity(), operations)))
                                        .all(),
                                Wording.of("doing.alter-quotas")));
    }

    /**
     * Limits as they were typed: only what differs from what there is.
     *
     * @param typed by Kafka's names; an empty text takes away
     * @throws Mistyped naming the one that is no limit
     */
    static Map<String, OptionalDouble> changes(Quota now, Map<String, String> typed) {
        Map<String, OptionalDouble> changes = new HashMap<>();
        for (QuotaKey key : QuotaKey.values()) {
            String text = typed.getOrDefault(key.key(), "").strip();
            if (!text.isEmpty()) {
                double limit = limit(now.owner(), key, text);
                if (!Double.valueOf(limit).equals(now.limit(key))) {
                    changes.put(key.key(), OptionalDouble.of(limit));
                }
            } else if (typed.containsKey(key.key()) && now.limit(key) != null) {
                changes.put(key.key(), OptionalDouble.empty());
            }
        }
        return changes;
    }

    private static double limit(QuotaOwner owner, QuotaKey key, String text) {
        double limit;
        try {
            limit = Double.parseDouble(text);
        } catch (NumberFormatException noNumber) {
            throw new Mistyped(Wording.of("quotas.bad.limit", key.key(), text));
        }
        return checked(owner, key.key(), limit);
    }

    /**
     * The limit, if it can be one.
     *
     * @throws Mistyped naming it
     */
    public static double checked(QuotaOwner owner, String name, double limit) {
        if (!(limit > 0) || Double.isInfinite(limit)) {
            throw new Mistyped(Wording.of("quotas.bad.limit", name, Double.toString(limit)));
        }
        for (QuotaKey key : QuotaKey.values()) {
            if (key.key().equals(name)) {
                if (key.whole() && limit != Math.rint(limit)) {
                    throw new Mistyped(Wording.of("quotas.bad.whole", name, Double.toString(limit)));
                }
                if (key.ofAddress() != owner.isAddress()) {
                    throw new Mistyped(
                            key.ofAddress()
                                    ? Wording.of("quotas.bad.of-address", name)
                                    : Wording.of("quotas.bad.not-of-address", name));
                }
            }
        }
        return limit;
    }
}
