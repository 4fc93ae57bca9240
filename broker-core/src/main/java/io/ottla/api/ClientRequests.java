package io.ottla.api;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.protocol.Api;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests by version and by the software that sends them (KIP-511, as in KIP-896): who still has to be upgraded before a
 * version may go. Anybody can say to be anything, so that the series are bounded: beyond {@value #MOST_KINDS} kinds of
 * software that say what they are, and beyond {@value #MOST_SERIES} series, what comes anew counts as {@code other}. Thread-safe.
 */
final class ClientRequests {
    static final int MOST_KINDS = 100;
    static final int MOST_SERIES = 2_000;

    private static final String NAME = "ottla_network_client_requests_total";
    private static final ClientSoftware OTHER = new ClientSoftware("other", "other");

    private final Metrics metrics;
    private final ConcurrentHashMap<ClientSoftware, OfSoftware> known = new ConcurrentHashMap<>();
    private final OfSoftware other = new OfSoftware(OTHER);
    /** Guarded by this. */
    private int series;

    ClientRequests(Metrics metrics) {
        this.metrics = metrics;
        known.put(ClientSoftware.UNKNOWN, new OfSoftware(ClientSoftware.UNKNOWN));
    }

    /** Where a connection's requests count; asked for when it says what it is. */
    OfSoftware of(ClientSoftware software) {
        OfSoftware present = known.get(software);
        return present == null ? add(software) : present;
    }

    private synchronized OfSoftware add(ClientSoftware software) {
        return known.size() <= MOST_KINDS || known.containsKey(software)
                ? known.computeIfAbsent(software, OfSoftware::new)
                : other;
    }

    /** The requests of one kind of software. Thread-safe; counting does not allocate but for the first of a version. */
    final class OfSoftware {
        private final ClientSoftware software;
        private final Counter[][] counters = new Counter[Api.SLOTS][];

        private OfSoftware(ClientSoftware software) {
            this.software = software;
        }

        /** @param newest version that is served */
        void count(Api api, short version, short newest) {
            Counter[] versions = counters[api.slot()];
            Counter counter = versions == null ? null : versions[version];
            if (counter == null) {
                counter = counter(api, version, newest);
            }
            counter.increment();
        }

        private Counter counter(Api api, short version, short newest) {
            synchronized (ClientRequests.this) {
                Counter[] versions = counters[api.slot()];
                if (versions == null) {
                    versions = new Counter[newest + 1];
                    counters[api.slot()] = versions;
                }
                if (versions[version] == null) {
                    versions[version] = make(api, version, newest);
                }
                return versions[version];
            }
        }

        private Counter make(Api api, short version, short newest) {
            if (!equals(other)) {
                if (series >= MOST_SERIES) {
                    return other.counter(api, version, newest);
                }
                series++;
            }
            return metrics.counter(
                    NAME,
                    "Requests by version and by the client's software",
                    Labels.of(
                            "clientSoftwareName",
                            software.name(),
                            "clientSoftwareVersion",
                            software.version(),
                            "request",
                            api.label(),
                            "version",
                            Short.toString(version)));
        }
    }
}
