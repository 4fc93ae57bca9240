package io.ottla.controller;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageVersion;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.common.protocol.Errors;

/**
 * Who is registered, and what the controller knows of each. Fencing and leaving are in no node: a controller learns them
 * for itself. Immutable.
 *
 * @param all by id
 * @param calling whether the roll is called: the controller, which was told nothing of the time before its term, waits to
 *     hear from all that live how their logs are, and leaves partitions as they are until then
 */
record Registrations(Map<BrokerId, Registration> all, boolean calling) {
    static final Registrations NONE = new Registrations(Map.of(), false);

    Registrations {
        all = Collections.unmodifiableMap(new TreeMap<>(all));
    }

    /** After these have been found in the store: marks stay with registrations that are still there. */
    Registrations found(Map<BrokerId, BrokerImage> brokers) {
        Registration.Origin come = calling ? Registration.Origin.UNSEEN : Registration.Origin.NEW;
        Map<BrokerId, Registration> next = new TreeMap<>();
        brokers.forEach((id, broker) -> {
            Registration known = all.get(id);
            next.put(id, known == null ? Registration.of(broker, come) : known.found(broker, come));
        });
        return new Registrations(next, calling);
    }

    /**
     * Who is there when a term begins. Those whose process the last controller had taken in, as far as this broker was
     * told, are known; the others may have lost what they had, and nobody has asked them yet.
     *
     * @param seen the cluster as this broker was told of it last; where it was told nothing, the roll is called
     */
    static Registrations opening(Map<BrokerId, BrokerImage> brokers, ClusterImage seen) {
        boolean blind = seen.version().equals(ImageVersion.NONE);
        Map<BrokerId, Registration> next = new TreeMap<>();
        brokers.forEach((id, broker) -> {
            BrokerImage before = seen.brokers().get(id);
            boolean told = before != null && before.isSameLife(broker);
            Registration.Origin origin = told ? Registration.Origin.TOLD : Registration.Origin.NEW;
            next.put(id, Registration.of(broker, blind ? Registration.Origin.UNSEEN : origin));
        });
        return new Registrations(next, blind);
    }

    /** Nobody is waited for any more. */
    Registrations called() {
        return new Registrations(all, false);
    }

    /** Whether all that live have said how their logs are. */
    boolean areHeard() {
        return all.values().stream().allMatch(known -> known.fenced() || known.isHeard());
    }

    Registrations with(Registration changed) {
        Map<BrokerId, Registration> next = new TreeMap<>(all);
        next.put(changed.broker().id(), changed);
        return new Registrations(next, calling);
    }

    /** Null where the broker is not registered with that epoch. */
    Registration of(BrokerId id, BrokerEpoch epoch) {
        Registration known = all.get(id);
        return known != null && known.broker().epoch().equals(epoch) ? known : null;
    }

    /** What to say where {@link #of} finds none. */
    Failure stale(BrokerId id, BrokerEpoch epoch) {
        Registration known = all.get(id);
        return Failure.of(
                Errors.STALE_BROKER_EPOCH,
                "Expected broker " + id + " to be registered with epoch " + epoch + ", but "
                        + (known == null
                                ? "it is not"
                                : "it has epoch " + known.broker().epoch()));
    }

    /** Whether that broker is the same process here as there, be it in another session of its own. */
    boolean isSameLife(BrokerId id, Registrations there) {
        Registration here = all.get(id);
        Registration then = there.all.get(id);
        return here != null && then != null && here.broker().isSameLife(then.broker());
    }

    /** Whether that broker is the same process as the last controller had taken in, where a term has begun with it. */
    boolean isTold(BrokerId id) {
        Registration known = all.get(id);
        return known != null && known.origin() == Registration.Origin.TOLD;
    }

    /** Brokers of both that have been restarted in between. */
    Set<BrokerId> restartedSince(Registrations before) {
        Set<BrokerId> restarted = new HashSet<>();
        for (BrokerId id : all.keySet()) {
            if (before.all.containsKey(id) && !isSameLife(id, before)) {
                restarted.add(id);
            }
        }
        return restarted;
    }

    boolean isLive(BrokerId id) {
        Registration known = all.get(id);
        return known != null && !known.fenced();
    }

    /** Registered and not fenced, in order of their ids. */
    List<BrokerImage> live() {
        return brokers(known -> !known.fenced());
    }

    /** Those that new replicas are given to. */
    List<BrokerImage> placeable() {
        return brokers(known -> !known.fenced() && !known.leaving());
    }

    /** Those that new replicas are given to where there are not enough others: they may be back soon. */
    List<BrokerImage> spare() {
        return brokers(known -> known.fenced() && !known.leaving());
    }

    private List<BrokerImage> brokers(Predicate<Registration> wanted) {
        List<BrokerImage> found = new ArrayList<>(all.size());
        new TreeMap<>(all).values().stream().filter(wanted).forEach(known -> found.add(known.broker()));
        return found;
    }

    Set<BrokerId> leaving() {
        return ids(known -> known.leaving());
    }

    /** Those of whom it is not known how their logs came through, and who may have been killed since they last served. */
    Set<BrokerId> unproven() {
        return ids(known -> known.origin() != Registration.Origin.TOLD && !known.isHeard());
    }

    /** Those that have not said in this term how their logs came through. */
    Set<BrokerId> unheard() {
        return ids(known -> !known.isHeard());
    }

    /** Those that have said that their logs were not closed in order. */
    Set<BrokerId> torn() {
        return ids(known -> known.logs() == Registration.Logs.TORN);
    }

    /** Those that came since the last controller took brokers in: what they led is taken from them. */
    Set<BrokerId> fresh() {
        return ids(known -> known.origin() == Registration.Origin.NEW);
    }

    /** Those that can work at that level of a feature, and at all lower ones. */
    Set<BrokerId> supporting(String feature, short level) {
        return ids(known -> {
            BrokerImage.VersionRange range = known.broker().features().get(feature);
            return range != null && range.max() >= level;
        });
    }

    private Set<BrokerId> ids(Predicate<Registration> wanted) {
        Set<BrokerId> ids = new TreeSet<>();
        Collection<Registration> known = all.values();
        for (Registration each : known) {
            if (wanted.test(each)) {
                ids.add(each.broker().id());
            }
        }
        return ids;
    }
}
