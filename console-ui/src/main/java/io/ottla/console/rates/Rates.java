package io.ottla.console.rates;

import io.ottla.console.clusters.BrokerFigures;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How busy brokers and topics are, while somebody looks: brokers are asked at most every two seconds, however many look, and
 * not at all when nobody does. A rate is that since a look some ten seconds ago, or a shorter time where there was none.
 *
 * <p>Thread-safe.
 */
public final class Rates {
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    /** Looks older than this are of no use for what goes on now. */
    private static final Duration OLDEST = Duration.ofSeconds(30);
    /** Topics that somebody has looked at lately and that are asked about with each look. */
    private static final int MAX_TOPICS = 400;

    private final BrokerFigures figures;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Look> looks = new ArrayDeque<>();
    /** By name, when it was last looked at; the one that was so longest ago first. */
    private final LinkedHashMap<String, Instant> wanted = new LinkedHashMap<>();

    /** @param figures null where the process knows none: then every rate is unknown */
    public Rates(BrokerFigures figures, InstantSource clock) {
        this.figures = figures;
        this.clock = clock;
    }

    /** Of all brokers that tell, by id. */
    public Map<Integer, BrokerRates> brokers() {
        return read(now -> {
            Map<Integer, BrokerRates> rates = new HashMap<>();
            for (int id : now.brokers().keySet()) {
                rates.put(id, now.broker(id, earlier(now, look -> look.brokers().containsKey(id))));
            }
            return rates;
        });
    }

    /** Of these topics, by name. */
    public Map<String, TopicRates> topics(Collection<String> names) {
        lock.lock();
        try {
            Instant at = clock.instant();
            names.forEach(name -> {
                wanted.remove(name);
                wanted.put(name, at);
            });
            while (wanted.size() > MAX_TOPICS) {
                wanted.remove(wanted.firstEntry().getKey());
            }
        } finally {
            lock.unlock();
        }
        return read(now -> {
            Map<String, TopicRates> rates = new HashMap<>();
            names.forEach(name -> rates.put(name, topic(name, now)));
            return rates;
        });
    }

    /** Unknown as long as a broker that has something of it was not asked twice. */
    private TopicRates topic(String name, Look now) {
        TopicRates sum = null;
        for (int broker : now.brokers().keySet()) {
            Look before = earlier(now, look -> look.knows(broker, name));
            if (before != null || now.counts(broker, name)) {
                TopicRates own = now.topic(broker, name, before);
                sum = sum == null ? own : sum.plus(own);
            }
        }
        return sum == null ? TopicRates.UNKNOWN : sum;
    }

    private <T> T read(Function<Look, T> reading) {
        lock.lock();
        try {
            Instant at = clock.instant();
            if (figures != null && (looks.isEmpty() || age(looks.getLast(), at).compareTo(FRESH) >= 0)) {
                look();
            }
            Instant now = clock.instant();
            looks.removeIf(look -> age(look, now).compareTo(OLDEST) > 0);
            if (looks.isEmpty()) {
                return reading.apply(new Look(now, Set.of(), Map.of(), Map.of(), Map.of()));
            }
            return reading.apply(looks.getLast());
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        Instant at = clock.instant();
        wanted.values().removeIf(last -> last.isBefore(at.minus(OLDEST)));
        Set<String> topics = new TreeSet<>(wanted.keySet());
        looks.addLast(Look.of(at, topics, figures.of(Look.NAMES, List.copyOf(topics))));
    }

    /** Of those that can be compared with it, the youngest that is at least a window older, else the oldest; null for none. */
    private Look earlier(Look last, Predicate<Look> comparable) {
        Look found = null;
        for (Look look : looks) {
            if (look.at().equals(last.at())) {
                break;
            }
            if (!comparable.test(look)) {
                continue;
            }
            if (found == null || Duration.between(look.at(), last.at()).compareTo(WINDOW) >= 0) {
                found = look;
            }
        }
        return found;
    }

    private static Duration age(Look look, Instant at) {
        return Duration.between(look.at(), at);
    }
}
