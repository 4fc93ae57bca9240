package io.ottla.chaos.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The network between hosts that have numbers. Host 1 dials host 2 at 127.0.1.2, host 3 dials it at 127.0.3.2, so that a connection
 * tells by its address whose it is: Linux has the whole of 127/8 on the loopback. Brokers name each other as peer-1, peer-2, …;
 * a hosts file for each, given to its JVM, says what these names are to it.
 */
public final class Network implements AutoCloseable {
    private record Pair(int from, int to) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            return from != other.from ? Integer.compare(from, other.from) : Integer.compare(to, other.to);
        }
    }

    private static final long BETWEEN_LOOKS_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Map<Pair, Gate> gates = new TreeMap<>();
    private final Map<Pair, Link> links = new TreeMap<>();

    /** @param ports of each host that can be dialled, at 127.0.0.1 */
    Network(List<Integer> hosts, Map<Integer, Integer> ports) {
        for (int from : hosts) {
            for (int to : hosts) {
                gates.put(new Pair(from, to), new Gate());
            }
        }
        for (int from : hosts) {
            ports.forEach((to, port) -> {
                if (from != to) {
                    links.put(
                            new Pair(from, to),
                            new Link(
                                    new InetSocketAddress(host(from, to), port),
                                    new InetSocketAddress("127.0.0.1", port),
                                    gates.get(new Pair(from, to)),
                                    gates.get(new Pair(to, from))));
                }
            });
        }
    }

    private static String host(int from, int to) {
        return "127.0." + from + "." + to;
    }

    static String nameOf(int host) {
        return "peer-" + host;
    }

    /** Where a host dials another. */
    InetSocketAddress address(int from, int to) {
        return links.get(new Pair(from, to)).address();
    }

    /** Writes what the names of hosts are to one of them; itself it reaches without a proxy. */
    Path hostsFile(int host, Path folder) throws IOException {
        List<String> lines = new ArrayList<>(List.of("127.0.0.1 localhost", "127.0.0.1 " + nameOf(host)));
        for (Pair pair : links.keySet()) {
            if (pair.from == host) {
                lines.add(host(host, pair.to) + " " + nameOf(pair.to));
            }
        }
        return Files.write(folder.resolve("hosts"), lines);
    }

    /** A host has begun or ceased to listen: the proxies follow. @return whether it does */
    boolean lookAt(int host) throws IOException {
        boolean listens = true;
        for (Map.Entry<Pair, Link> each : links.entrySet()) {
            if (each.getKey().to == host) {
                listens &= each.getValue().lookAtTarget();
            }
        }
        return listens;
    }

    /** A host was started: the proxies are to listen as soon as it does, lest others take it for dead. */
    void expect(int host, BooleanSupplier isAlive) {
        Thread.ofVirtual().name("expect-" + host).start(() -> {
            try {
                while (isAlive.getAsBoolean() && !lookAt(host)) {
                    LockSupport.parkNanos(BETWEEN_LOOKS_NS);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Nothing gets from one to the other any more; the other way is left as it is. */
    public void cut(int from, int to) throws IOException {
        gates.get(new Pair(from, to)).shut();
        adjust(from, to);
    }

    /**
     * Both ways are open again.
     *
     * @param resume whether connections go on where they were, or are reset first
     */
    public void heal(int one, int other, boolean resume) throws IOException {
        if (!resume) {
            for (Link link : between(one, other)) {
                link.breakConnections();
            }
        }
        gates.get(new Pair(one, other)).open();
        gates.get(new Pair(other, one)).open();
        adjust(one, other);
    }

    public void healAll() throws IOException {
        for (Pair pair : gates.keySet()) {
            if (gates.get(pair).isShut()) {
                heal(pair.from, pair.to, false);
            }
        }
    }

    private void adjust(int one, int other) throws IOException {
        for (Link link : between(one, other)) {
            link.lookAtTarget();
        }
    }

    private List<Link> between(int one, int other) {
        List<Link> found = new ArrayList<>();
        for (Pair pair : List.of(new Pair(one, other), new Pair(other, one))) {
            if (links.containsKey(pair)) {
                found.add(links.get(pair));
            }
        }
        return found;
    }

    /** Whether a request that is sent on the way from one host to another is answered. */
    public boolean answers(int from, int to, Probe probe, Duration patience) {
        return probe.isAnswered(address(from, to), patience);
    }

    @Override
    public void close() throws IOException {
        for (Link link : links.values()) {
            link.close();
        }
    }
}
