package io.ottla.simulation;

import io.ottla.protocol.Api;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The network between machines: who listens where, how long frames take, what is cut off from what. A blocked direction
 * loses nothing: it stalls, until it is free again or somebody has given up.
 */
final class SimulatedNetwork {
    private static final int USUAL_NS = 200_000;

    /** How an attempt to connect ended. */
    sealed interface Connected {
        record Open(SimulatedLink link) implements Connected {}

        /** The machine is there and nobody listens. */
        record Refused() implements Connected {}
    }

    /** Where a process listens. */
    private record Door(SimulatedProcess process, String machine, Consumer<SimulatedLink> accepts) {}

    private final Schedule schedule;
    private final SplittableRandom random;
    private final Map<String, Door> doors = new TreeMap<>();
    private final Set<String> blocked = new TreeSet<>();
    private final Set<String> off = new TreeSet<>();
    private final Set<String> refusing = new TreeSet<>();
    private final Map<String, Integer> delaysNs = new HashMap<>();
    private final Set<SimulatedLink> links = new LinkedHashSet<>();
    private final Set<SimulatedLink.End> stalled = new LinkedHashSet<>();
    private final Map<String, Long> requests = new TreeMap<>();
    private long frames;
    private long bytes;

    SimulatedNetwork(Schedule schedule, SplittableRandom random) {
        this.schedule = schedule;
        this.random = random;
    }

    Schedule schedule() {
        return schedule;
    }

    long frames() {
        return frames;
    }

    long bytes() {
        return bytes;
    }

    void count(int of) {
        frames++;
        bytes += of;
    }

    /** A broker takes a request up. */
    void asked(byte[] frame) {
        Api api = Api.forId((short) (frame[0] << 8 | frame[1] & 0xFF));
        requests.merge(api.label(), 1L, Long::sum);
    }

    /** How many requests of each API were taken up. */
    Map<String, Long> requests() {
        return requests;
    }

    /** Open connections. */
    List<SimulatedLink> links() {
        return new ArrayList<>(links);
    }

    void forget(SimulatedLink link) {
        links.remove(link);
    }

    // ---- what the moves do -----------------------------------------------------------------------------

    /** Frames from one machine to the other take so much longer, until told otherwise. */
    void delay(String from, String to, int byNs) {
        delaysNs.put(way(from, to), byNs);
    }

    void delayNone() {
        delaysNs.clear();
    }

    /** Nothing gets from one machine to the other. */
    void block(String from, String to) {
        blocked.add(way(from, to));
    }

    void unblock(String from, String to) {
        blocked.remove(way(from, to));
        flow();
    }

    void unblockAll() {
        blocked.clear();
        flow();
    }

    boolean isBlocked(String from, String to) {
        return !blocked.isEmpty() && blocked.contains(way(from, to));
    }

    private static String way(String from, String to) {
        return from + ">" + to;
    }

    private void flow() {
        List<SimulatedLink.End> free = new ArrayList<>();
        for (SimulatedLink.End end : stalled) {
            if (!isBlocked(end.from(), end.machine())) {
                free.add(end);
            }
        }
        free.forEach(stalled::remove);
        free.forEach(SimulatedLink.End::flow);
    }

    void stalled(SimulatedLink.End end) {
        stalled.add(end);
    }

    /** From now on the machine refuses who connects, as if nobody listened there; or no longer. */
    void refuse(String machine, boolean on) {
        if (on) {
            refusing.add(machine);
        } else {
            refusing.remove(machine);
        }
    }

    /** Breaks the connections of the machine. */
    void breakLinks(String machine) {
        for (SimulatedLink link : links()) {
            if (link.caller().machine().equals(machine)
                    || link.called().machine().equals(machine)) {
                link.reset(random.nextBoolean());
            }
        }
    }

    /** Breaks one connection, where there is any. */
    void breakAny() {
        List<SimulatedLink> open = links();
        if (!open.isEmpty()) {
            open.get(random.nextInt(open.size())).reset(random.nextBoolean());
        }
    }

    /** The machine is off: it answers nobody, and nobody learns that its connections are gone. */
    void powerOff(String machine) {
        off.add(machine);
        doors.values().removeIf(door -> door.machine().equals(machine));
    }

    /** It is on again, and tells whoever still believes in an old connection. */
    void powerOn(String machine) {
        off.remove(machine);
        for (SimulatedLink link : links()) {
            for (SimulatedLink.End end : List.of(link.caller(), link.called())) {
                if (end.machine().equals(machine) && end.process().isDead()) {
                    end.close();
                }
            }
        }
    }

    /** A process is gone; its machine tells its peers. */
    void died(SimulatedProcess process) {
        doors.values().removeIf(door -> door.process() == process);
        links().forEach(link -> link.died(process));
    }

    // ---- what processes do -----------------------------------------------------------------------------

    long latencyNs(String from, String to) {
        int extra = delaysNs.isEmpty() ? 0 : delaysNs.getOrDefault(way(from, to), 0);
        int jitter = random.nextInt(64) == 0 ? USUAL_NS * 20 : USUAL_NS;
        return 20_000L + random.nextInt(jitter) + (extra == 0 ? 0 : random.nextInt(extra));
    }

    /** Whoever connects to that address is given to the process from now on; false where another listens there. */
    boolean listen(SimulatedProcess process, String machine, int port, Consumer<SimulatedLink> accepts) {
        return doors.putIfAbsent(address(machine, port), new Door(process, machine, accepts)) == null;
    }

    void close(SimulatedProcess process, String machine, int port) {
        doors.computeIfPresent(address(machine, port), (at, door) -> door.process() == process ? null : door);
    }

    private static String address(String machine, int port) {
        return machine + ":" + port;
    }

    /**
     * Connects. The caller hears on no particular loop, and never where nobody answers: it has to have patience of its own.
     */
    void connect(SimulatedProcess caller, String from, String to, int port, Consumer<Connected> told) {
        schedule.after(latencyNs(from, to), () -> arrive(caller, from, to, port, told));
    }

    private void arrive(SimulatedProcess caller, String from, String to, int port, Consumer<Connected> told) {
        if (caller.isDead() || off.contains(to) || isBlocked(from, to) || isBlocked(to, from)) {
            return;
        }
        Door door = refusing.contains(to) ? null : doors.get(address(to, port));
        long backNs = latencyNs(to, from);
        if (door == null) {
            caller.after(backNs, () -> told.accept(new Connected.Refused()));
            return;
        }
        SimulatedLink link = new SimulatedLink(this, caller, from, door.process(), to);
        links.add(link);
        door.accepts().accept(link);
        schedule.after(backNs, () -> {
            if (caller.isDead()) {
                link.died(caller);
            } else {
                caller.after(0, () -> told.accept(new Connected.Open(link)));
            }
        });
    }
}
